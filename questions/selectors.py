"""Reading questions: each function a fixed number of queries."""

from __future__ import annotations

from core.text import number_in
from questions.models import Question


def canonical_thread(given: str) -> Question | None:
    """The thread a question can be another case of, by what an address says; of a variant, its own canonical thread.

    None for anything else, and for what is not public as for what never was. One query, none for no number.
    """
    if not (number := number_in(given)):
        return None
    named = Question.objects.public().select_related("treatment", "variant_of__treatment")
    question = named.filter(pk=number).first()
    if question is None or question.variant_of is None:
        return question
    return question.variant_of if question.variant_of.is_public else None
