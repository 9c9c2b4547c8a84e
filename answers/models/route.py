"""How a question that waits finds its doctors: what is due next, and who was told."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from answers.enums import Step
from answers.models.answer import Answer
from core.enums import State
from doctors.models import Specialty
from questions.models import Question


class RouteQuerySet(models.QuerySet):
    def of_waiting(self) -> Self:
        """Of public questions that nobody has answered; an answer that moderators read counts as one."""
        answered = Answer.objects.filter(
            question=OuterRef("question"), state__in=[State.PENDING, State.PUBLISHED]
        )
        public = Question.objects.public().filter(pk=OuterRef("question"))
        return self.filter(Exists(public), ~Exists(answered))

    def due(self, at: datetime, step: int) -> Self:
        return self.of_waiting().filter(step=step, due_at__lte=at)

    def with_moderators(self) -> Self:
        """Those that nobody answered, and that moderators were told of; the longest wait first."""
        return self.of_waiting().filter(step=Step.NOWHERE).order_by("since", "question")


class Route(models.Model):
    """Where a new question goes next, and when. Made when it is published; imported questions have none."""

    question = models.OneToOneField(Question, models.CASCADE, primary_key=True, related_name="route")
    since = models.DateTimeField(default=timezone.now)
    step = models.PositiveSmallIntegerField(choices=Step.choices, default=Step.NEAR)
    due_at = models.DateTimeField(null=True, default=timezone.now)

    objects = RouteQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="answers_route_due"),
            models.Index(fields=["since"], name="answers_route_since"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(step__in=Step.values), name="answers_route_step_is_known"),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | ~Q(step=Step.NOWHERE),
                name="answers_route_ends_with_the_moderators",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.get_step_display()}"


class RoundQuerySet(models.QuerySet):
    def with_something_waiting(self) -> Self:
        """Rounds of which at least one question is public and unanswered still."""
        reached = Reached.objects.filter(round=OuterRef("pk"), question__route__in=Route.objects.of_waiting())
        return self.filter(Exists(reached))


class Round(models.Model):
    """One time that questions went out: what a doctor is told of once, however many questions there were."""

    step = models.PositiveSmallIntegerField(choices=Step.choices)
    at = models.DateTimeField(default=timezone.now)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_step_display()}, {self.at:%Y-%m-%d %H:%M}"


class Reached(models.Model):
    """The doctors of a specialty were told of a question: once, whatever happens.

    A doctor has one specialty, so this says it of each of them, in a row where there could be a thousand.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="reached")
    question = models.ForeignKey(Question, models.CASCADE, db_index=False, related_name="reached")
    specialty = models.ForeignKey(Specialty, models.CASCADE, related_name="reached")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "specialty"], name="answers_reached_once")]

    def __str__(self) -> str:
        return f"{self.question_id} to {self.specialty_id}"
