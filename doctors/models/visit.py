"""What shows a moderator that the writer of a review was there."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.urls import reverse

from core.models import Moderated, queue_index
from doctors.models.credential import KeptFile
from doctors.models.review import Review


class VisitProof(Moderated):
    """Somebody shows that they were there. Published means that a moderator saw it; nothing of it is for readers.

    The file is gone as soon as it is decided (``doctors.receivers``).
    """

    AUTHOR_PATH: ClassVar[str] = "review__author"

    review = models.OneToOneField(Review, models.CASCADE, related_name="proof")

    class Meta(Moderated.Meta):
        verbose_name = "proof of a visit"
        verbose_name_plural = "proofs of visits"
        ordering = ["review"]
        default_permissions = ("view", "moderate")  # type: ignore[assignment]
        indexes = [queue_index("doctors_visitproof_waiting")]

    def __str__(self) -> str:
        return f"Proof of a visit: {self.review}"

    def get_absolute_url(self) -> str:
        return self.review.get_absolute_url()

    @property
    def own_url(self) -> str:
        return reverse("doctors:show-visit", args=[self.review_id])

    def party_ids(self) -> set[int | None]:
        """The doctor who was visited."""
        return {self.review.doctor.user_id}

    @classmethod
    def locked(cls, pk: int) -> Self:
        """After the review, as everybody locks the two."""
        Review.locked(cls._base_manager.values_list("review", flat=True).get(pk=pk))
        return super().locked(pk)


class VisitPaper(KeptFile):
    """The file of a proof, until it is decided."""

    proof = models.OneToOneField(VisitProof, models.CASCADE, related_name="paper")
