"""The sitemap index: one section per kind of public page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from answers.sitemaps import ThreadSitemap
from core.sitemaps import PublicSitemap
from doctors.sitemaps import CaseSitemap, DoctorSitemap
from treatments.sitemaps import TreatmentSitemap, UseSitemap


class PageSitemap(PublicSitemap):
    def items(self) -> list[str]:
        return [
            "home",
            "treatments:index",
            "answers:list",
            "doctors:directory",
            "trust",
            "ledger",
            "terms",
            "privacy",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {
    "pages": PageSitemap,
    "treatments": TreatmentSitemap,
    "uses": UseSitemap,
    "threads": ThreadSitemap,
    "doctors": DoctorSitemap,
    "cases": CaseSitemap,
}


def index(request: HttpRequest) -> TemplateResponse:
    """Django's index, but on the configured origin: shared caches would keep the host a request named."""
    response: TemplateResponse = views.index(request, SITEMAPS, sitemap_url_name="sitemap-section")
    for section in (response.context_data or {})["sitemaps"]:
        address = urlsplit(section.location)
        section.location = settings.SITE_ORIGIN + address._replace(scheme="", netloc="").geturl()
    return response
