"""Public threads for search engines."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from answers.models import Answer, Thread
from core.enums import State
from core.sitemaps import RowsSitemap
from questions.models import QuestionRevision


class ThreadSitemap(RowsSitemap):
    """Threads that somebody has answered; the others ask not to be indexed."""

    def items(self) -> QuerySet[Thread]:
        return (
            Thread.objects.public()
            .filter(answer_count__gt=0)
            .select_related("question")
            .only("last_activity_at", "question__slug")
            .annotate(changed_at=Greatest("last_activity_at", *_changes()))
            .order_by("pk")
        )

    def location(self, item: Thread) -> str:
        return item.question.get_absolute_url()

    def lastmod(self, item: Thread) -> datetime:
        """The last answer, edit, confirmation or second opinion."""
        return item.changed_at  # type: ignore[attr-defined]


def _changes() -> list[Subquery]:
    """When the answers of an outer thread were last changed, confirmed or spoken about."""
    # From the answers of the thread on: begun at the second opinions, all answers of the site may be read.
    answers = Answer.objects.public().filter(question=OuterRef("pk")).order_by().values("question")
    spoken = Q(second_opinions__state=State.PUBLISHED, second_opinions__doctor__state=State.PUBLISHED)
    edits = QuestionRevision.objects.filter(question=OuterRef("pk"), published_at__isnull=False)
    return [
        Subquery(answers.values(at=Max("confirmed_at"))),
        Subquery(answers.values(at=Max("revisions__published_at"))),
        Subquery(answers.values(at=Max("second_opinions__published_at", filter=spoken))),
        Subquery(edits.order_by().values("question").values(at=Max("published_at"))),
    ]
