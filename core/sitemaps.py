"""What every sitemap of ours shares: addresses on the configured origin, and a size that stays quick."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import Max, Min

if TYPE_CHECKING:
    from django.db.models import QuerySet

PAGE = 10_000


class KeyRanges(Paginator):
    """Pages of rows by ranges of their keys, so that the hundredth page costs what the first costs.

    The first page begins with the first row. A page holds at most as many rows as its range is wide, or fewer, or
    none.
    """

    object_list: QuerySet[Any]

    @cached_property
    def keys(self) -> range:
        ends = self.object_list.order_by().aggregate(first=Min("pk"), last=Max("pk"))
        return range(ends["first"] or 1, (ends["last"] or 1) + 1)

    @property
    def num_pages(self) -> int:
        return -(-len(self.keys) // self.per_page)

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        first = self.keys.start + (number - 1) * self.per_page
        rows = self.object_list.filter(pk__gte=first, pk__lt=first + self.per_page).order_by("pk")
        return self._get_page(rows, number, self)  # type: ignore[attr-defined]

    def validate_number(self, number: Any) -> int:
        """As Django's, but for a number no count could reach."""
        if len(str(number)) > 9:
            raise EmptyPage("There is no such page.")
        return super().validate_number(number)


class PublicSitemap(Sitemap):
    limit = PAGE

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_ORIGIN).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_ORIGIN).scheme

    def get_latest_lastmod(self) -> None:
        """Left out of the index: Django would read every row of a section to find it."""


class RowsSitemap(PublicSitemap):
    """A section of rows that may be very many; ``items()`` gives a queryset."""

    @property
    def paginator(self) -> KeyRanges:
        return KeyRanges(self.items(), self.limit)  # type: ignore[arg-type]
