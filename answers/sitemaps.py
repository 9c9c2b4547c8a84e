"""Public threads for search engines."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from answers.models import Thread
from core.sitemaps import PublicSitemap


class ThreadSitemap(PublicSitemap):
    def items(self) -> QuerySet[Thread]:
        return (
            Thread.objects.public()
            .select_related("question")
            .defer("words", "question__body", "question__body_html")
            .order_by("pk")
        )

    def location(self, item: Thread) -> str:
        return item.question.get_absolute_url()

    def lastmod(self, item: Thread) -> datetime:
        return item.last_activity_at
