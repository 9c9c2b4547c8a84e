"""The sitemap index: one section per kind of public page."""

from __future__ import annotations

from django.urls import reverse

from answers.sitemaps import ThreadSitemap
from core.sitemaps import PublicSitemap
from doctors.sitemaps import DoctorSitemap
from treatments.sitemaps import TreatmentSitemap, UseSitemap


class PageSitemap(PublicSitemap):
    def items(self) -> list[str]:
        return ["home", "treatments:index", "answers:list", "doctors:directory", "trust"]

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS = {
    "pages": PageSitemap,
    "treatments": TreatmentSitemap,
    "uses": UseSitemap,
    "threads": ThreadSitemap,
    "doctors": DoctorSitemap,
}
