"""Reviewed treatments and their uses for search engines."""

from __future__ import annotations

from django.db.models import QuerySet

from core.sitemaps import PublicSitemap
from treatments.models import Treatment, TreatmentUse


class TreatmentSitemap(PublicSitemap):
    def items(self) -> QuerySet[Treatment]:
        return Treatment.objects.public().only("slug").order_by("pk")


class UseSitemap(PublicSitemap):
    def items(self) -> QuerySet[TreatmentUse]:
        uses = TreatmentUse.objects.filter(treatment__is_reviewed=True).select_related("treatment")
        return uses.only("slug", "treatment__slug").order_by("pk")
