"""Reviewed treatments and their uses for search engines."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, QuerySet

from core.sitemaps import PublicSitemap
from treatments.models import Treatment, TreatmentUse
from treatments.selectors import with_checked_on


class TreatmentSitemap(PublicSitemap):
    def items(self) -> QuerySet[Treatment]:
        return with_checked_on(Treatment.objects.public()).only("slug").order_by("pk")

    def lastmod(self, item: Treatment) -> date | None:
        """As its guide says it."""
        return item.checked_on  # type: ignore[attr-defined]


class UseSitemap(PublicSitemap):
    def items(self) -> QuerySet[TreatmentUse]:
        uses = TreatmentUse.objects.filter(treatment__is_reviewed=True).select_related("treatment")
        return uses.annotate(reviewed_on=Max("labels__checked_on")).order_by("pk")

    def lastmod(self, item: TreatmentUse) -> date | None:
        """When somebody last held a document beside a label status of it."""
        return item.reviewed_on  # type: ignore[attr-defined]
