"""What can be reported here, and how reports find their things again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.http import Http404

from answers.models import Answer, FactAsked, FactGiven, SecondOpinion
from core.models import Moderated, Report
from doctors.models import Case, Doctor, ReviewEntry, ReviewReply
from questions.models import Question

# The name in addresses, and what is loaded with it for a line that names it.
REPORTABLE: dict[str, tuple[type[Moderated], tuple[str, ...]]] = {
    "question": (Question, ()),
    "answer": (Answer, ("question", "doctor")),
    "secondopinion": (SecondOpinion, ("answer__question", "doctor")),
    "factasked": (FactAsked, ("question", "doctor")),
    "factgiven": (FactGiven, ("asked__question", "asked__doctor")),
    "doctor": (Doctor, ()),
    "case": (Case, ("treatment", "use", "doctor")),
    "reviewentry": (ReviewEntry, ("review__doctor", "review__author")),
    "reviewreply": (ReviewReply, ("review__doctor",)),
}
# What may be said to show somebody, or to be somebody's work.
PICTURED = frozenset({"question", "case", "doctor"})
_ABOUT = re.compile(r"(?P<name>[a-z]+)-(?P<pk>[0-9]{1,18})")


def public_or_404(about: str) -> Moderated:
    """The public thing that ``answer-12`` names. What is hidden is missed as what never was."""
    found = _ABOUT.fullmatch(about)
    if found is None or found["name"] not in REPORTABLE:
        raise Http404
    obj = _public(found["name"]).filter(pk=int(found["pk"])).first()
    if obj is None:
        raise Http404
    return obj


def with_things(reports: Iterable[Report]) -> list[Report]:
    """The same reports, each with the public ``thing`` it is about, or ``None``. One query per kind of thing."""
    rows = list(reports)
    for name, (model, _) in REPORTABLE.items():
        concerned = [row for row in rows if row.object_type == model._meta.label_lower]
        found = _public(name).in_bulk({row.object_id for row in concerned}) if concerned else {}
        for row in concerned:
            row.thing = found.get(row.object_id)  # type: ignore[attr-defined]
    return rows


def _public(name: str) -> Any:
    model, related = REPORTABLE[name]
    return model._default_manager.public().select_related(*related)
