"""What a doctor replies to a review."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.enums import State
from core.models import Moderated, ModeratedQuerySet, queue_index
from doctors.models.review import Review, may_be_shown

REPLY_LENGTH = 1000


class ReviewReplyQuerySet(ModeratedQuerySet):
    # Beneath a review that readers see.
    PUBLIC: ClassVar[Q] = Q(state=State.PUBLISHED) & may_be_shown("review__")


class ReviewReply(Moderated):
    """The one thing the doctor says to a review. ``template`` is the code of the words it was begun with, if any."""

    AUTHOR_PATH: ClassVar[str] = "review__doctor__user"

    review = models.OneToOneField(Review, models.CASCADE, related_name="reply")
    text = models.CharField("what the doctor replies", max_length=REPLY_LENGTH)
    template = models.CharField(max_length=20, blank=True, editable=False)

    objects = ReviewReplyQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Moderated.Meta):
        verbose_name = "reply to a review"
        verbose_name_plural = "replies to reviews"
        ordering = ["review"]
        default_permissions = ("view", "moderate")  # type: ignore[assignment]
        indexes = [queue_index("doctors_reviewreply_waiting")]
        constraints = [
            *Moderated.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(text=""),
                name="doctors_reviewreply_says_something",
                violation_error_message="Write what you reply.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.review.get_absolute_url()

    @property
    def own_url(self) -> str:
        return reverse("doctors:reply", args=[self.review_id])

    @property
    def is_public(self) -> bool:
        """Of a row at hand what ``public()`` is of many."""
        return super().is_public and self.review.is_public

    @property
    def wording(self) -> str:
        return self.text

    def party_ids(self) -> set[int | None]:
        """Whoever wrote what it replies to."""
        return {self.review.author_id}

    @classmethod
    def locked(cls, pk: int) -> Self:
        """After the review, as everybody locks the two."""
        Review.locked(cls._base_manager.values_list("review", flat=True).get(pk=pk))
        return super().locked(pk)
