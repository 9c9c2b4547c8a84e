"""What the doctors' pages show of answers, each part one partial and a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

from answers.consensus import MINIMUM_POSITIONS
from answers.of_doctor import (
    COMPARED_AT_MOST,
    answers_counted,
    company_of,
    interests_declared,
    treatments_answered,
)
from answers.selectors import public_answers_by
from doctors.models import Doctor

register = template.Library()
NEWEST = 6
SCOPES = ((True, "Within the specialty"), (False, "Outside usual scope"), (None, "Scope not known"))


@register.inclusion_tag("answers/_doctor_answers.html")
def doctor_answers(doctor: Doctor) -> dict[str, Any]:
    """A doctor's newest public answers. One query."""
    newest = list(public_answers_by(doctor).order_by("-published_at", "-pk")[: NEWEST + 1])
    return {"doctor": doctor, "answers": newest[:NEWEST], "more": len(newest) > NEWEST}


@register.inclusion_tag("answers/_doctor_treatments.html")
def doctor_treatments(doctor: Doctor) -> dict[str, Any]:
    """What the public answers are about, apart what of it lies outside the specialty. One query."""
    rows = treatments_answered(doctor)
    groups = [(title, [row for row in rows if row["in_scope"] is scope]) for scope, title in SCOPES]
    filled = [(title, found) for title, found in groups if found]
    return {
        "doctor": doctor,
        "groups": filled,
        "outside": any(row["in_scope"] is False for row in rows),
    }


@register.inclusion_tag("answers/_doctor_agreement.html")
def doctor_agreement(doctor: Doctor) -> dict[str, Any]:
    """How often the doctor stood with most colleagues, in words. Two queries, none while nothing counts."""
    return {
        "doctor": doctor,
        "company": company_of(doctor) if doctor.is_public and doctor.is_verified_now else None,
        "minimum": MINIMUM_POSITIONS,
        "at_most": COMPARED_AT_MOST,
    }


@register.inclusion_tag("answers/_doctor_interests.html")
def doctor_interests(doctor: Doctor) -> dict[str, Any]:
    """Everything the doctor declared, in general and beside answers. One query."""
    declared, more = interests_declared(doctor)
    return {"doctor": doctor, "declared": declared, "more": more}


@register.simple_tag
def answer_counts(doctors: Iterable[Doctor]) -> dict[int, int]:
    """``{doctor id: public answers}`` for cards. One query."""
    return answers_counted(doctors)
