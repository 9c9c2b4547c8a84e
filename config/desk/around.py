"""What else a moderator should know of one item: its author's record, the thread, texts that are nearly the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Count, DateTimeField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, Left
from django.urls import reverse
from rapidfuzz import fuzz, process

from answers.models import Answer, FactAsked, FactGiven, SecondOpinion
from config.desk.kinds import KINDS
from core.enums import ReportState, State
from core.models import Moderated, Report
from doctors.models import ReviewEntry, ReviewReply
from questions.models import Question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from doctors.models import Doctor

LAST, IN_THREAD = 8, 12
# Compared are the beginnings of the author's last texts and of the last that wait about the same treatment.
OWN_TEXTS, WAITING_TEXTS, LOOKED_THROUGH, BEGINNING = 50, 200, 2000, 2000
NEARLY, FOUND, TOO_SHORT = 85, 5, 30
# What an author writes, by model: how a text of theirs is reached, and where its treatment is.
WRITTEN: dict[type[Moderated], tuple[tuple[str, ...], str]] = {
    Question: (("title", "body"), "treatment"),
    Answer: (("summary", "body"), "question__treatment"),
    SecondOpinion: (("note",), "answer__question__treatment"),
    FactAsked: (("text",), "question__treatment"),
    FactGiven: (("text",), "asked__question__treatment"),
    ReviewEntry: (("text",), "review__treatment"),
    ReviewReply: (("text",), "review__treatment"),
}


def _of_author(model: type[Moderated], person: User | None, doctor: Doctor | None) -> QuerySet:
    rows: QuerySet = model._base_manager.exclude(state=State.DRAFT, submitted_at=None)
    if model is Question:
        return rows.filter(author=person) if person is not None else rows.none()
    if model is FactGiven:  # that somebody would rather not say is nobody's business
        theirs = rows.filter(asked__question__author=person).exclude(text="")
        return theirs if person is not None else rows.none()
    if model is ReviewEntry:
        return rows.filter(review__author=person) if person is not None else rows.none()
    by = {"review__doctor" if model is ReviewReply else "doctor": doctor}
    return rows.filter(**by) if doctor is not None else rows.none()


def latest_of(obj: Moderated, person: User | None, doctor: Doctor | None) -> list[dict[str, Any]]:
    """The last things of the same author in whatever state: ``{kind, id, state, title, url}``. One query."""
    parts = [
        _of_author(model, person, doctor)
        .exclude(pk=_root(obj).pk if isinstance(_root(obj), model) else None)
        .annotate(
            q_kind=Value(str(model._meta.model_name), CharField()),
            q_title=Left(Cast(KINDS[str(model._meta.model_name)].title, CharField()), 120),
            q_at=Coalesce("moderated_at", "submitted_at", output_field=DateTimeField()),
        )
        .order_by("-pk")
        .values_list("q_kind", "pk", "state", "q_title", "q_at")[:LAST]
        for model in WRITTEN
    ]
    rows = parts[0].union(*parts[1:], all=True).order_by("-q_at", "-pk")[:LAST]
    return [
        {
            "kind": KINDS[name],
            "id": pk,
            "state": State(state),
            "title": title,
            "url": reverse("admin:moderation_item", args=[name, pk]),
        }
        for name, pk, state, title, _ in rows
    ]


def reports_against(person: User | None, doctor: Doctor | None) -> dict[str, int]:
    """How often what this author wrote was reported, by what became of it. One query."""
    theirs = Q(pk__in=[])
    for model in WRITTEN:
        written = _of_author(model, person, doctor).values("pk")
        theirs |= Q(object_type=model._meta.label_lower, object_id__in=written)
    counted = Report.objects.filter(theirs).order_by().values_list("state").annotate(times=Count("pk"))
    return {state.value: dict(counted).get(state.value, 0) for state in ReportState}


def others_in_thread(question: Question, shown: Answer | None) -> Sequence[Answer]:
    """The other answers of a thread, each for a line. One query."""
    rows = Answer.objects.filter(question=question).exclude(pk=shown.pk if shown else 0)
    return list(rows.exclude(state=State.DRAFT).select_related("doctor").order_by("pk")[:IN_THREAD])


def nearly_the_same(obj: Moderated, person: User | None, doctor: Doctor | None) -> list[dict[str, Any]]:
    """Texts that hardly differ from this one: ``{kind, id, state, own, percent, url}``. One query."""
    root = _root(obj)
    model = type(root)
    if model not in WRITTEN:
        return []
    fields, treatment = WRITTEN[model]
    text = _plain("\n".join(getattr(obj, name) for name in fields)[:BEGINNING])
    if len(text) < TOO_SHORT:
        return []
    found: dict[int, tuple[str, State, bool]] = {}
    for own, pk, state, other in _texts(root, fields, treatment, person, doctor):
        found.setdefault(pk, (_plain(other), State(state), own))
    close = process.extract(
        text,
        {pk: entry[0] for pk, entry in found.items()},
        scorer=fuzz.ratio,
        score_cutoff=NEARLY,
        limit=FOUND,
    )
    name = str(model._meta.model_name)
    return [
        {
            "kind": KINDS[name],
            "id": pk,
            "state": found[pk][1],
            "own": found[pk][2],
            "percent": int(score),
            "url": reverse("admin:moderation_item", args=[name, pk]),
        }
        for _, score, pk in close
    ]


def _texts(
    root: Moderated, fields: tuple[str, ...], treatment: str, person: User | None, doctor: Doctor | None
) -> QuerySet:
    """``(whether the author's, key, state, text)`` of all that is compared: a bounded number, however much waits."""
    model = type(root)
    waiting = model._base_manager.filter(state=State.PENDING).order_by("-pk")
    value: Any = root
    for step in treatment.split("__"):
        value = getattr(value, f"{step}_id" if step == "treatment" else step)
    if model is not Question:  # their treatment is another table's: no index leads to it
        waiting = model._base_manager.filter(pk__in=waiting.values("pk")[:LOOKED_THROUGH]).order_by("-pk")
    parts = (
        (True, _of_author(model, person, doctor).order_by("-pk"), OWN_TEXTS),
        (False, waiting.filter(**{treatment: value}), WAITING_TEXTS),
    )
    text = Concat(*[part for name in fields for part in (name, Value("\n"))], output_field=TextField())
    own, others = (
        rows.exclude(pk=root.pk)
        .annotate(q_own=Value(is_own), q_text=Left(text, BEGINNING))
        .values_list("q_own", "pk", "state", "q_text")[:most]
        for is_own, rows, most in parts
    )
    return own.union(others, all=True)


def _root(obj: Any) -> Moderated:
    """What an edit is of; everything else is itself."""
    parent = KINDS[str(obj._meta.model_name)].parent
    return getattr(obj, parent) if parent else obj


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
