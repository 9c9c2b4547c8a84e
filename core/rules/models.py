"""Rules that hold, every version of them, and what they found."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

WEIGHTS = [(1, "Look at it soon"), (2, "Look at it early"), (3, "Look at once")]


class HoldRule(models.Model):
    """What to look for, in which kinds of things, and how urgent it is. Changed by ``core.rules.editing`` alone."""

    # What a version keeps, and what makes a new one when it changes.
    DEFINITION: ClassVar[tuple[str, ...]] = (
        "name",
        "sentence",
        "kinds",
        "phrases",
        "detector",
        "exceptions",
        "heeds_denial",
        "weight",
        "should_hold",
        "should_pass",
        "is_active",
        "is_standing",
    )

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    sentence = models.CharField(max_length=240, help_text="What a moderator should ask of what it holds")
    kinds = models.JSONField(default=list, help_text="What it reads")
    phrases = models.TextField(blank=True, help_text="One per line")
    detector = models.CharField(max_length=40, blank=True)
    exceptions = models.TextField(
        blank=True, help_text="Phrases in which a find does not count, one per line"
    )
    heeds_denial = models.BooleanField(
        "heeds denials", default=False, help_text="“no chest pain” does not count"
    )
    weight = models.PositiveSmallIntegerField("risk", choices=WEIGHTS, default=1)
    should_hold = models.TextField("must be held", blank=True, help_text="Examples, one per line")
    should_pass = models.TextField("must not be held", blank=True, help_text="Examples, one per line")
    is_active = models.BooleanField("active", default=True)
    is_standing = models.BooleanField("always on", default=False, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    why = models.CharField("why it was changed", max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = "hold rule"
        default_permissions = ("add", "change", "view")
        ordering = ["-weight", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__in=[weight for weight, _ in WEIGHTS]),
                name="core_holdrule_weight_is_known",
                violation_error_message="This risk does not exist.",
            ),
            models.CheckConstraint(
                condition=~Q(phrases="") | ~Q(detector=""),
                name="core_holdrule_looks_for_something",
                violation_error_message="A rule needs phrases or a detector.",
            ),
            models.CheckConstraint(
                condition=Q(is_standing=False) | Q(is_active=True, weight=3),
                name="core_holdrule_standing_stays_on",
                violation_error_message="This rule keeps people safe: it stays on, and at the highest risk.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def definition(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.DEFINITION}


class HoldRuleVersion(models.Model):
    """A rule as it was from a moment on. Without ``by`` it came with a release."""

    rule = models.ForeignKey(HoldRule, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=300)

    class Meta:
        default_permissions = ("view",)
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="core_holdruleversion_numbered"),
            models.CheckConstraint(condition=~Q(why=""), name="core_holdruleversion_is_explained"),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class Signal(models.Model):
    """A rule fired on a version of something. Its name and sentence stay as they were; for moderators alone."""

    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    object_version = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True, help_text="Found when it was last handed in or changed")
    rule = models.ForeignKey(HoldRule, models.PROTECT, null=True, related_name="signals")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    sentence = models.CharField(max_length=240)
    rule_version = models.PositiveIntegerField()
    weight = models.PositiveSmallIntegerField()
    words = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ("view",)
        ordering = ["-weight", "name"]
        indexes = [
            models.Index(
                fields=["object_type", "object_id"], condition=Q(is_current=True), name="core_signal_current"
            ),
            models.Index(fields=["code", "at"], name="core_signal_of_rule"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["object_type", "object_id", "code"],
                condition=Q(is_current=True),
                name="core_signal_once_per_rule",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.object_type} {self.object_id}"
