"""What is between an asker and their own thread: when they last looked, and what they did in the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from answers.enums import Decision
from questions.models import Question

# How many days after publication an asker is asked what they did: once each time.
ASKED_AFTER = (30, 180)
NOTE_LENGTH = 200


class AskerVisit(models.Model):
    """When the asker last opened the thread; what was answered since then is new to them."""

    question = models.OneToOneField(Question, models.CASCADE, primary_key=True, related_name="asker_visit")
    seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.question_id}: {self.seen_at:%Y-%m-%d %H:%M}"


class Outcome(models.Model):
    """What the asker did in the end, as said after a month and again after half a year.

    The decision is one of a few words and stands under the question. The note is the asker's own: nobody else is
    ever shown it, moderators neither. Whoever would rather not say has a row without a decision, and is not
    asked again that time.
    """

    AUTHOR_PATH: ClassVar[str] = "question__author"

    question = models.ForeignKey(Question, models.CASCADE, related_name="outcomes")
    after_days = models.PositiveSmallIntegerField(choices=[(days, str(days)) for days in ASKED_AFTER])
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["question", "after_days"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "after_days"],
                name="answers_outcome_said_once_each_time",
                violation_error_message="You have said this already; change what you said.",
            ),
            models.CheckConstraint(
                condition=Q(after_days__in=ASKED_AFTER), name="answers_outcome_is_one_that_is_asked_for"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["", *Decision.values]), name="answers_outcome_decision_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} after {self.after_days} days: {self.get_decision_display() or 'not said'}"

    @staticmethod
    def first_asked(question: Question) -> datetime:
        """When the asker of a published question is asked for the first time."""
        return (question.published_at or timezone.now()) + timedelta(days=ASKED_AFTER[0])

    @staticmethod
    def due_after(published_at: datetime | None) -> int | None:
        """For which of the times somebody can say it now; None while it is too early."""
        if published_at is None:
            return None
        age = timezone.now() - published_at
        return max((days for days in ASKED_AFTER if age >= timedelta(days=days)), default=None)
