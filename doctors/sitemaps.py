"""Public profiles for search engines; imported ones nobody has claimed or verified are left out."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from core.sitemaps import RowsSitemap
from doctors.models import Doctor


class DoctorSitemap(RowsSitemap):
    def items(self) -> QuerySet[Doctor]:
        return Doctor.objects.in_directory().only("slug", "verified_on", "published_at").order_by("pk")

    def lastmod(self, item: Doctor) -> date | None:
        """When somebody last checked the credentials, or first approved the profile."""
        return item.verified_on or (item.published_at and item.published_at.date())
