"""Public profiles and cases for search engines.

Left out are imported profiles that nobody has claimed or verified, and cases that are sensitive or whose person did
not agree to stand where search engines look.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet

from core.sitemaps import RowsSitemap
from doctors.enums import ShownIn
from doctors.models import Case, Doctor


class DoctorSitemap(RowsSitemap):
    def items(self) -> QuerySet[Doctor]:
        return Doctor.objects.in_directory().only("slug", "verified_on", "published_at").order_by("pk")

    def lastmod(self, item: Doctor) -> date | None:
        """When somebody last checked the credentials, or first approved the profile."""
        return item.verified_on or (item.published_at and item.published_at.date())


class CaseSitemap(RowsSitemap):
    def items(self) -> QuerySet[Case]:
        found = Case.objects.public().not_sensitive().used_in(ShownIn.GALLERY)
        return found.only("published_at").order_by("pk")

    def lastmod(self, item: Case) -> datetime | None:
        return item.published_at
