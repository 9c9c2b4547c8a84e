"""What the pages of uses read: rows that repeat what is public, and can be computed again at any time.

Their keys are none to the database: to check one it would lock a row that somebody else is deciding on.
"""

from __future__ import annotations

from typing import Self

from django.db import models

from answers.models.answer import Answer
from answers.models.opinion import SecondOpinion
from core.enums import State
from doctors.models import Doctor, verified_today
from questions.models import Question
from treatments.models import TreatmentUse


class UsePositionQuerySet(models.QuerySet):
    def counted(self) -> Self:
        """Those that take a position, of public profiles that are verified today."""
        return self.filter(verified_today("doctor__"), doctor__state=State.PUBLISHED).exclude(stance="")


class UsePosition(models.Model):
    """What a doctor said last of a use over all its threads: in an answer, or in a second opinion.

    :mod:`answers.positions` keeps one row of each; the later one is the doctor's position. Whether the doctor counts
    today is asked when it is read. ``stance`` is empty where none of the doctor's answers takes a position.
    """

    use = models.ForeignKey(
        TreatmentUse, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    doctor = models.ForeignKey(
        Doctor, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    is_answer = models.BooleanField()
    question = models.ForeignKey(Question, models.DO_NOTHING, db_constraint=False, related_name="+")
    answer = models.ForeignKey(
        Answer, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    opinion = models.ForeignKey(
        SecondOpinion, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    stance = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=7, blank=True)
    reason = models.CharField(max_length=11, blank=True)
    is_worded = models.BooleanField(help_text="Whether it says something in a sentence")
    at = models.DateTimeField()

    objects = UsePositionQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["use", "doctor", "is_answer"], name="answers_useposition_said_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.use_id}: {self.doctor_id} {self.stance}"


class UseThread(models.Model):
    """A public thread as its use counts it; :mod:`answers.activity` keeps it, and the counts with it."""

    question = models.OneToOneField(
        Question, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    use = models.ForeignKey(
        TreatmentUse, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    last_activity_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["use", "-last_activity_at"], name="answers_usethread_latest")]

    def __str__(self) -> str:
        return f"{self.use_id}: {self.question_id}"


class UseCount(models.Model):
    """How many public threads a use has."""

    use = models.OneToOneField(
        TreatmentUse, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    threads = models.IntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.use_id}: {self.threads}"
