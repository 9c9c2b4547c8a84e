"""What the pages of doctors read: how often threads are, and rows that repeat what is public.

These can be computed again at any time; their keys are none to the database, as those of the uses are.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from doctors.models import Doctor
from questions.models import Question
from treatments.models import Treatment


class Readership(models.Model):
    """How often a thread was read by people who are not signed in, as far as their browsers say so; not who or when.

    Kept from the moment a thread is read; nothing else knows it.
    """

    question = models.OneToOneField(Question, models.CASCADE, primary_key=True, related_name="readership")
    times = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.question_id}: read {self.times} times"


class AnsweredThread(models.Model):
    """Who has a public answer in a thread, as :class:`DoctorCount` counts it. :mod:`answers.activity` keeps both."""

    question = models.OneToOneField(
        Question, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    treatment = models.ForeignKey(
        Treatment, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    doctors = ArrayField(models.BigIntegerField())

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.question_id}: {self.doctors}"


class DoctorCount(models.Model):
    """How many public answers a doctor has in threads whose main treatment is this one, or none."""

    doctor = models.ForeignKey(
        Doctor, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    treatment = models.ForeignKey(
        Treatment, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    answers = models.IntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["doctor", "treatment"], name="answers_doctorcount_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.doctor_id}: {self.treatment_id} {self.answers}"
