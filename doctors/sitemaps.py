"""Public profiles for search engines; imported ones nobody has claimed or verified are left out."""

from __future__ import annotations

from django.db.models import QuerySet

from core.sitemaps import PublicSitemap
from doctors.models import Doctor


class DoctorSitemap(PublicSitemap):
    def items(self) -> QuerySet[Doctor]:
        return Doctor.objects.in_directory().only("slug").order_by("pk")
