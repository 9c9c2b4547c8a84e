"""How appeals find their things: one's own, in whatever state."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.http import Http404

from accounts.models import User
from answers.models import Answer, AnswerRevision, FactAsked, FactGiven, SecondOpinion
from core.models import Appeal, Moderated
from core.statements import DECIDED
from doctors.models import (
    Doctor,
    DoctorRevision,
    Portrait,
    ProfileClaim,
    ReviewEntry,
    ReviewReply,
    VisitProof,
)
from questions.models import Question, QuestionRevision

# What can be appealed about, and the field of the author's own words by which they know it.
NAMED_BY: dict[type[Moderated], str] = {
    Question: "title",
    QuestionRevision: "title",
    Answer: "summary",
    AnswerRevision: "summary",
    SecondOpinion: "note",
    FactAsked: "text",
    FactGiven: "text",
    Doctor: "name",
    DoctorRevision: "beginning",
    Portrait: "sent_on",
    ProfileClaim: "authority",
    ReviewEntry: "text",
    ReviewReply: "text",
    VisitProof: "review",
}
_BY_NAME = {str(model._meta.model_name): model for model in NAMED_BY}
_ABOUT = re.compile(r"(?P<name>[a-z]+)-(?P<pk>[0-9]{1,18})")


def own_or_404(about: str, *, user: User) -> Moderated:
    """The thing that ``answer-12`` names, if this person wrote it. Others' are missed as what never was."""
    found = _ABOUT.fullmatch(about)
    model = _BY_NAME.get(found["name"]) if found else None
    obj = model._base_manager.filter(pk=int(found["pk"])).first() if found and model else None
    if obj is None or obj.author_user_id() != user.pk:
        raise Http404
    return obj


def name_of(obj: Moderated | None) -> str:
    """What the author called it; empty where it has no words of its own, or is gone."""
    return str(getattr(obj, NAMED_BY[type(obj)])) if obj is not None else ""


def with_names(appeals: Iterable[Appeal]) -> list[Appeal]:
    """The same appeals, each with what it is about, in words. One query per kind of thing."""
    rows: list[Any] = list(appeals)
    for model in NAMED_BY:
        concerned = [row for row in rows if row.object_type == model._meta.label_lower]
        found = model._base_manager.in_bulk({row.object_id for row in concerned}) if concerned else {}
        for row in concerned:
            row.name = name_of(found.get(row.object_id)) or f"Decision of {row.entry.at:%-d %B %Y}"
    for row in rows:
        row.what = str(apps.get_model(row.object_type)._meta.verbose_name)
        row.decided = DECIDED[row.entry.action]
    return rows
