"""What a reader keeps and follows, as the pages of it show it: each function a fixed number of queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from answers.consensus import with_bars
from answers.models import Answer, Thread
from questions.kept import kept_in
from questions.models import Follow, Question, SavedQuestion

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User

# Of the news of one thing, those that are named; the rest is counted.
NAMED = 5


def kept_ids(request: HttpRequest) -> list[int]:
    """Everything this reader keeps, latest first: on the account, or in the browser's cookie. At most one query."""
    if not request.user.is_authenticated:
        return led_to(kept_in(request))[::-1]
    rows = SavedQuestion.objects.filter(user=request.user).order_by("-pk")
    return list(rows.values_list("question_id", flat=True))


def led_to(ids: list[int]) -> list[int]:
    """The same threads, of duplicates those they lead to, each once. One query, none without any."""
    pairs = Question.objects.duplicates().filter(pk__in=ids).values_list("pk", "duplicate_of") if ids else []
    ends = dict(pairs)
    return list(dict.fromkeys(ends.get(pk) or pk for pk in ids))


def public_among(ids: list[int]) -> list[int]:
    """Those of them that anybody may read, in the same order. One query."""
    public = set(Question.objects.public().filter(pk__in=ids).values_list("pk", flat=True))
    return [pk for pk in ids if pk in public]


def threads_with_bars(ids: list[int]) -> list[Thread]:
    """Public threads in this order, each with its bar. Two queries."""
    found = Thread.objects.public().for_display().in_bulk(ids)
    return with_bars([found[pk] for pk in ids if pk in found])


def _new_answers() -> QuerySet[Answer]:
    """Of the thread of an outer follow, since its owner last looked; one's own are no news."""
    new = Answer.objects.public().filter(question=OuterRef("question"), published_at__gt=OuterRef("seen_at"))
    return new.exclude(doctor__user=OuterRef("user"))


def _new_threads() -> QuerySet[Question]:
    """The same for the treatment of an outer follow."""
    new = Question.objects.public().filter(
        treatment_rows__treatment=OuterRef("treatment"), published_at__gt=OuterRef("seen_at")
    )
    return new.exclude(author=OuterRef("user"))


def _of(user: User) -> QuerySet[Follow]:
    """What can still be read of what somebody follows."""
    is_public = Exists(Question.objects.public().filter(pk=OuterRef("question")))
    return Follow.objects.filter(user=user).exclude(~is_public, treatment=None)


def news_count(user: User) -> int:
    """How many of the things somebody follows have something new. One query."""
    return _of(user).filter(Exists(_new_answers()) | Exists(_new_threads())).count()


def follows_with_news(user: User) -> list[Follow]:
    """Everything somebody follows, that with news first, then the latest. One query.

    Each has ``news_count`` and ``news``, the latest few as ``{"id", "text", "slug", "by"}``: answers of a thread,
    threads of a treatment.
    """
    answers = _new_answers().order_by("-published_at", "-pk")
    threads = _new_threads().order_by("-published_at", "-pk")
    follows = (
        _of(user)
        .select_related("question__treatment", "treatment")
        .defer("question__body", "question__body_html")
        .annotate(
            answer_count=count_of(_new_answers()),
            thread_count=count_of(_new_threads()),
            answer_rows=ArraySubquery(
                answers.values(row=JSONObject(id="pk", text="summary", by="doctor__name"))[:NAMED]
            ),
            thread_rows=ArraySubquery(
                threads.values(row=JSONObject(id="pk", text="title", slug="slug"))[:NAMED]
            ),
        )
        .annotate(news_count=F("answer_count") + F("thread_count"))
        .order_by("-pk")
    )
    return sorted(follows, key=lambda row: not row.news_count)  # type: ignore[attr-defined]


def count_of(rows: QuerySet) -> Coalesce:
    """How many rows a subquery has."""
    counted = rows.order_by().annotate(n=Func(F("pk"), function="COUNT")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
