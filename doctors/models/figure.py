"""What is shown of private details of reviews: figures, and whom each counts. ADR 19 says when they move."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from doctors.enums import FigureKind
from doctors.models.review import Review


class Figure(models.Model):
    """One figure of a treatment or a doctor, as of the night it moved last. Readers get ``shown`` and nothing else.

    No key leads to what it is of: figures of what is merged or gone are emptied by the next night.
    """

    kind = models.CharField(max_length=8, choices=FigureKind.choices)
    of = models.PositiveBigIntegerField(help_text="The doctor or treatment, as the kind has it")
    part = models.CharField(max_length=40, help_text="Which of its figures: US USD 2026, or listened")
    counted = models.PositiveIntegerField(default=0)
    groups = models.JSONField(default=dict, blank=True, help_text="How many people each group has")
    shown = models.JSONField(default=dict, blank=True)
    moved_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["kind", "of", "part"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "of", "part"], name="doctors_figure_each_once"),
            models.CheckConstraint(
                condition=Q(kind__in=FigureKind.values), name="doctors_figure_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(shown={}) | Q(counted__gte=8),
                name="doctors_figure_shows_no_small_group",
                violation_error_message="A figure of fewer than eight people is not shown.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.of}: {self.part}"


class Contribution(models.Model):
    """That a figure counts a review, and with what; or that it has left and is not counted again."""

    figure = models.ForeignKey(Figure, models.CASCADE, related_name="contributions")
    review = models.ForeignKey(Review, models.CASCADE, related_name="contributions")
    group = models.PositiveIntegerField(
        null=True, blank=True, help_text="With whom it came; none once it has left"
    )
    said = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["figure", "review"], name="doctors_contribution_each_review_once"
            ),
            models.CheckConstraint(
                condition=Q(group=None, said="") | (Q(group__isnull=False) & ~Q(said="")),
                name="doctors_contribution_of_who_left_says_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} in {self.figure_id}"
