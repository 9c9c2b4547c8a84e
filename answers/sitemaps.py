"""Public threads for search engines."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from answers.models import Thread
from core.sitemaps import RowsSitemap


class ThreadSitemap(RowsSitemap):
    """Threads that somebody has answered; the others ask not to be indexed."""

    def items(self) -> QuerySet[Thread]:
        return (
            Thread.objects.public()
            .filter(answer_count__gt=0)
            .select_related("question")
            .only("last_activity_at", "question__slug")
            .order_by("pk")
        )

    def location(self, item: Thread) -> str:
        return item.question.get_absolute_url()

    def lastmod(self, item: Thread) -> datetime:
        return item.last_activity_at
