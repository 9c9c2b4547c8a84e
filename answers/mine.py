"""An asker's own questions, as their page shows them: each function a fixed number of queries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    IntegerChoices,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject
from django.utils import timezone

from accounts.models import Notification
from answers.models import ASKED_AFTER, Answer, AnswerQuerySet, AskerVisit, FactAsked, Outcome
from answers.shelf import NAMED, count_of
from core.enums import State
from doctors.models import verified_today
from questions.models import Question, QuestionRevision

if TYPE_CHECKING:
    from accounts.models import User

TEXTS = ("body", "body_html")
ASKED_AT_MOST = 5
# For how long a question of a missed night is still asked.
MISSED = timedelta(days=14)
NEVER = datetime(1, 1, 1, tzinfo=UTC)


class Part(IntegerChoices):
    """In which part of the list a question stands."""

    MEND = 0, "Sent back to you"
    NEW = 1, "Answered since you looked"
    REST = 2, "Everything else"


def own_questions(user: User) -> QuerySet[Question]:
    """Somebody's questions in every state, each with its ``part``, its news and what was said of it.

    ``new_count`` and ``new_rows`` (the latest few, as ``{"id", "text", "by"}``) are the answers since the asker
    last opened the thread; ``answer_count`` counts all; ``settled_by`` names who settled it.
    """
    edits = QuestionRevision.objects.to_tell()
    return (
        Question.objects.by_author(user)
        .for_display()
        .select_related("duplicate_of", "variant_of")
        .prefetch_related(Prefetch("revisions", queryset=edits, to_attr="waiting_edits"), "outcomes")
        .defer(*(f"{path}{text}" for path in ("", "duplicate_of__", "variant_of__") for text in TEXTS))
        .annotate(seen_at=_seen_at())
        .annotate(
            part=_part(),
            answer_count=count_of(_answers()),
            new_count=count_of(_new_answers()),
            new_rows=_rows(_new_answers().order_by("-published_at", "-pk")),
            settled_by=Subquery(_answers().filter(accepted__isnull=False).values("doctor__name")[:1]),
        )
    )


def _seen_at() -> Coalesce:
    visits = AskerVisit.objects.filter(question=OuterRef("pk")).values("seen_at")
    return Coalesce(Subquery(visits), Value(NEVER), output_field=DateTimeField())


def _answers() -> AnswerQuerySet:
    """The public answers to an outer question."""
    return Answer.objects.public().filter(question=OuterRef("pk"))


def _new_answers() -> AnswerQuerySet:
    return _answers().filter(published_at__gt=OuterRef("seen_at"))


def _rows(answers: QuerySet[Answer]) -> ArraySubquery:
    return ArraySubquery(answers.values(row=JSONObject(id="pk", text="summary", by="doctor__name"))[:NAMED])


def _part() -> Case:
    """What the asker has to do comes first, then what is new."""
    sent_back = Q(state=State.DRAFT, moderated_by__isnull=False)
    edits = QuestionRevision.objects.filter(question=OuterRef("pk"), state=State.DRAFT)
    return Case(
        When(sent_back | Exists(edits.filter(moderated_by__isnull=False)), then=Part.MEND.value),
        When(Exists(_new_answers()), then=Part.NEW.value),
        default=Part.REST.value,
    )


def asked_for_outcome(user: User) -> list[Question]:
    """The public questions of which their asker is asked now what they did, the latest first. One query."""
    now = timezone.now()
    said = Outcome.objects.filter(question=OuterRef("pk"))
    unsaid = [~Exists(said.filter(after_days=days)) for days in ASKED_AFTER]
    once, again = (Q(published_at__lte=now - timedelta(days=days)) for days in ASKED_AFTER)
    due = Q(once & ~again, unsaid[0]) | Q(again, unsaid[1])
    own = Question.objects.public().by_author(user).filter(due, is_imported=False)
    return list(own.defer(*TEXTS).order_by("-pk")[:ASKED_AT_MOST])


def asked_for_facts(user: User) -> list[FactAsked]:
    """What doctors verified today asked this person in public and wait for, the first first. One query."""
    waiting = FactAsked.objects.public().open().filter(verified_today("doctor__"), question__author=user)
    mended = Q(given__isnull=True) | Q(given__state=State.DRAFT)
    rows = waiting.filter(mended).select_related("doctor", "question")
    return list(rows.defer("question__body", "question__body_html").order_by("pk")[:ASKED_AT_MOST])


def outcome_said(question: Question, after_days: int | None = None) -> Outcome | None:
    """What the asker said last, or that time."""
    said = Outcome.objects.filter(question=question).order_by("-after_days")
    return said.filter(after_days=after_days).first() if after_days else said.first()


def to_be_asked(after_days: int, at: datetime) -> QuerySet[Question]:
    """Whose askers have not been told yet that it is time to say what they did; nights may be missed."""
    event = Concat(
        Value("question-"),
        Cast(OuterRef("pk"), CharField()),
        Value(f" after {after_days}"),
        output_field=CharField(),
    )
    told = Notification.objects.filter(to=OuterRef("author"), event=event)
    said = Outcome.objects.filter(question=OuterRef("pk"), after_days=after_days)
    day = at - timedelta(days=after_days)
    since = {"route__since__lte": day, "route__since__gt": day - MISSED}
    asked = Question.objects.public().filter(~Exists(told), ~Exists(said), author__isnull=False, **since)
    return asked.defer(*TEXTS).order_by("pk")
