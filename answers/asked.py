"""Reading what doctors asked of askers, and what these gave: with a thread, and for whoever is asked or asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Q, Value, When
from django.db.models.functions import JSONObject

from answers.models import FACTS_OF_A_QUESTION, FactAsked, FactAskedQuerySet, FactGiven
from core.enums import State
from doctors.models import Doctor
from questions.models import Question

if TYPE_CHECKING:
    from core.models import Viewer

# Asked in public, and nothing is said to it in public.
UNANSWERED = FactAskedQuerySet.PUBLIC & ~Q(given__state=State.PUBLISHED)
FACT_FIELDS = (
    "pk",
    "text",
    "published_at",
    "doctor_id",
    "doctor__name",
    "doctor__title",
    "doctor__slug",
    "doctor__standing",
    "doctor__verified_until",
    "doctor__licence_until",
)


def fact_rows() -> ArraySubquery:
    """What was asked in public of the asker of an outer question, and given to it in public."""
    asked = FactAsked.objects.public().filter(question=OuterRef("pk")).order_by("published_at", "pk")
    given = Case(When(given__state=State.PUBLISHED, then=F("given__text")), default=Value(""))
    given_on = Case(When(given__state=State.PUBLISHED, then=F("given__published_at")))
    row = JSONObject(
        **{name: name for name in FACT_FIELDS}, given_id="given__pk", given=given, given_on=given_on
    )
    return ArraySubquery(asked.values(row=row)[:FACTS_OF_A_QUESTION])


def facts_of(question: Question) -> list[FactAsked]:
    """The facts that :func:`fact_rows` loaded with the question, each with ``reply``: what is public of it, or None."""
    facts = []
    for row in question.fact_rows:  # type: ignore[attr-defined]
        fact = FactAsked(
            pk=row["pk"], text=row["text"], question=question, published_at=_moment(row["published_at"])
        )
        fact.doctor = Doctor(
            pk=row["doctor_id"],
            **{name: row[f"doctor__{name}"] for name in ("name", "title", "slug", "standing")},
            **{name: _day(row[f"doctor__{name}"]) for name in ("verified_until", "licence_until")},
        )
        if row["given"]:
            fact.reply = FactGiven(
                pk=row["given_id"], text=row["given"], published_at=_moment(row["given_on"])
            )
        facts.append(fact)
    return facts


def public_facts(question: Question) -> list[FactAsked]:
    """The same of a question that was loaded without them. One query."""
    question.fact_rows = Question.objects.filter(pk=question.pk).values_list(fact_rows())[0][0]  # type: ignore[attr-defined]
    return facts_of(question)


def facts_at_hand(question: Question, *, viewer: Viewer) -> list[FactAsked]:
    """What is asked of the viewer here and not answered in public, or asked by them and not public yet. One query."""
    mine = Q(doctor__user=viewer, state__in=[State.DRAFT, State.PENDING])
    if question.author_id == viewer.pk:
        mine = UNANSWERED
    rows = list(
        FactAsked.objects.filter(mine, question=question).select_related("doctor", "given").order_by("pk")
    )
    for row in rows:
        row.said = getattr(row, "given", None)
    return rows


def with_replies(asked: Iterable[FactAsked]) -> list[FactAsked]:
    """The same rows, loaded with what was given, each with ``reply``: what is public of that, or None. No query."""
    rows = list(asked)
    for row in rows:
        given = getattr(row, "given", None)
        row.reply = given if given is not None and given.is_public else None
    return rows


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
