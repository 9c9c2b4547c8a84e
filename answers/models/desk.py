"""What a doctor keeps to write with: texts not yet sent, and sentences used again. Nobody else reads either."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from doctors.models import Doctor
from questions.models import Question

REPLY_LENGTH = 4000


class AnswerDraft(models.Model):
    """What a doctor has typed for a question and not sent; ``version`` counts how often it was saved."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="drafts")
    doctor = models.ForeignKey(Doctor, models.CASCADE, related_name="drafts")
    version = models.PositiveIntegerField(default=0)
    fields = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["question", "doctor"],
                name="answers_answerdraft_one_per_doctor",
                violation_error_message="There is a draft for this question already.",
            )
        ]
        indexes = [models.Index(fields=["doctor", "-saved_at", "-id"], name="answers_draft_of_doctor")]

    def __str__(self) -> str:
        return f"Draft {self.version} for {self.question}"


class SavedReply(models.Model):
    """A passage a doctor puts into answers, under a name of their own."""

    doctor = models.ForeignKey(Doctor, models.CASCADE, related_name="saved_replies")
    name = models.CharField(max_length=80)
    text = models.TextField(max_length=REPLY_LENGTH)

    class Meta:
        default_permissions = ()
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["doctor", "name"],
                name="answers_savedreply_named_once",
                violation_error_message="You have a saved reply of this name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name
