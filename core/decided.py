"""Rows about decisions themselves: the reasons they may be given with, appeals against them, several taken as one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import validate_slug
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.enums import AppealState

if TYPE_CHECKING:
    from datetime import datetime

APPEAL_LENGTH = 1000
APPEAL_DAYS = 30
# A text is never refused for what it thinks of something: no reason may say so, in its code or in its words.
FORBIDDEN = (
    "negativ", "disagree", "dislik", "unfavou?rabl", "unflatter", "critici", "critical", "unhappy", "dissatisf",
    "bad review", "low rating", "one star", "wrong opinion", "bad press", "reputation",
)  # fmt: skip
FORBIDDEN_WORDS = rf"(^|[^[:alpha:]])({'|'.join(FORBIDDEN)})"
NO_SUCH_REASON = (
    "Nothing is refused for being negative or for disagreeing: this site has no such reason, and may not get one. "
    "Say which rule the text breaks."
)


class Reason(models.Model):
    """One entry of the closed list of reasons. Its code is never deleted, changed or used for something else."""

    code = models.CharField(
        max_length=20,
        unique=True,
        validators=[validate_slug],
        help_text="Short, lower case, for counting; it can never be changed.",
    )
    sentence = models.CharField(max_length=300, help_text="Which rule it is, said to the author in one line.")
    mend = models.CharField(
        "how to mend it",
        max_length=300,
        blank=True,
        help_text="What the author can do about it, if anything.",
    )
    kinds = ArrayField(
        models.CharField(max_length=60),
        blank=True,
        default=list,
        help_text="Of what. None ticked: of anything.",
    )
    decisions = ArrayField(models.CharField(max_length=20), help_text="What can be decided for this reason.")
    is_active = models.BooleanField(
        "in use",
        default=True,
        help_text="Without it, the reason is not offered any more; what it explained stays.",
    )
    position = models.PositiveSmallIntegerField(default=100, help_text="Smaller numbers stand first.")

    class Meta:
        default_permissions = ("add", "change", "view")
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(code__iregex=FORBIDDEN_WORDS)
                & ~Q(sentence__iregex=FORBIDDEN_WORDS)
                & ~Q(mend__iregex=FORBIDDEN_WORDS),
                name="core_reason_none_for_being_negative",
                violation_error_message=NO_SUCH_REASON,
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def fits(self, *, kind: str, decision: str) -> bool:
        return decision in self.decisions and (not self.kinds or kind in self.kinds)


class AppealQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(state=AppealState.OPEN)


class Appeal(models.Model):
    """An author's one objection to one decision. Like the audit trail, it names its object without a key to it."""

    AUTHOR_PATH: ClassVar[str] = "author"

    entry = models.ForeignKey(
        "core.AuditEntry",
        models.PROTECT,
        db_constraint=False,  # rows of the trail never go, and nothing else may refuse what its triggers refuse
        editable=False,
        related_name="+",
        verbose_name="decision",
    )
    object_type = models.CharField(max_length=60, editable=False)
    object_id = models.BigIntegerField(editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="appeals"
    )
    text = models.CharField(max_length=APPEAL_LENGTH)
    risk = models.PositiveSmallIntegerField(default=0, editable=False)
    state = models.CharField(
        max_length=8, choices=AppealState.choices, default=AppealState.OPEN, editable=False
    )
    submitted_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    reason = models.TextField(blank=True, editable=False)

    objects = AppealQuerySet.as_manager()

    class Meta:
        default_permissions = ("view", "moderate")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="core_appeal_object"),
            models.Index(
                fields=["-risk", "submitted_at"], condition=Q(state="open"), name="core_appeal_queue"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                name="core_appeal_one_per_decision",
                violation_error_message="You have appealed against this decision already.",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True, decided_by__isnull=True, reason="")
                | (
                    Q(state__in=["granted", "declined"], decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(reason="")
                ),
                name="core_appeal_decided_by_somebody_with_a_reason",
                violation_error_message="A decision needs a person, a time and a reason.",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(author__isnull=True) | ~Q(decided_by=F("author")),
                name="core_appeal_not_decided_by_its_author",
                violation_error_message="Nobody decides on their own appeal.",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="core_appeal_says_something",
                violation_error_message="Please say why the decision should be looked at again.",
            ),
        ]

    def __str__(self) -> str:
        return f"Appeal against {self.entry_id}: {self.object_type} {self.object_id}"

    @classmethod
    def moderate_permission(cls) -> str:
        return "core.moderate_appeal"

    def target(self) -> Any:
        """The thing itself as it stands now, public or not; ``None`` once it is gone."""
        return apps.get_model(self.object_type)._base_manager.filter(pk=self.object_id).first()


def appeal_until(at: datetime) -> datetime:
    """The last moment to appeal against what was decided ``at`` that moment."""
    return at + timedelta(days=APPEAL_DAYS)


class Batch(models.Model):
    """Decisions on everything of one person's, taken as one and undone as one."""

    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="batches"
    )
    entries = models.ManyToManyField(
        "core.AuditEntry", db_constraint=False, related_name="batches", editable=False
    )
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    reason = models.TextField(editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    undone_reason = models.TextField(blank=True, editable=False)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "batches"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="core_batch_has_a_reason"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undone_reason="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_reason="")),
                name="core_batch_undone_by_somebody_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Batch {self.pk} about {self.about_id}"
