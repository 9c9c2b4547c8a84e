"""What doctors say of one use over all its threads: each doctor once, with the latest counted answer."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber

from answers.enums import Reason, Stance
from answers.models import Answer
from doctors.models import Doctor
from doctors.selectors import verified_first
from treatments.models import TreatmentUse

LINES_A_POSITION = 4
LINES_A_REASON = 2
DOCTORS = 4


def lines_on_use(use: TreatmentUse) -> list[dict[str, Any]]:
    """One-line summaries by position, the latest first: ``{"stance", "label", "count", "answers"}``. One query."""
    order = list(Stance.values)
    groups = _grouped(use, "stance", LINES_A_POSITION)
    groups.sort(key=lambda group: order.index(group["value"]))
    return [{**group, "stance": group["value"], "label": Stance(group["value"]).label} for group in groups]


def reasons_on_use(use: TreatmentUse) -> list[dict[str, Any]]:
    """The reasons given, most frequent first, as :func:`answers.consensus.reasons_against`. One query."""
    groups = _grouped(use, "reason", LINES_A_REASON)
    groups.sort(key=lambda group: -group["count"])
    return [
        {**group, "label": Reason(group["value"]).label, "stance": group["answers"][0].stance}
        for group in groups
    ]


def doctors_on_use(use: TreatmentUse) -> list[Doctor]:
    """Doctors whose public answers are about a use, those who count first. One query."""
    written = Answer.objects.public().filter(question__use=use, doctor=OuterRef("pk"))
    doctors = Doctor.objects.public().for_display().filter(Exists(written))
    return list(verified_first(doctors)[:DOCTORS])


def _latest(use: TreatmentUse) -> QuerySet[Answer]:
    """Each doctor's latest position, as :func:`answers.consensus.bars_for_uses` counts it."""
    return (
        Answer.objects.counted()
        .filter(question__use=use)
        .order_by("doctor_id", "-published_at", "-pk")
        .distinct("doctor_id")
    )


def _grouped(use: TreatmentUse, field: str, limit: int) -> list[dict[str, Any]]:
    """``{"value", "count", "answers"}`` for each value of a field; at most ``limit`` answers, all counted."""
    place = Window(RowNumber(), partition_by=F(field), order_by=(F("published_at").desc(), F("pk").desc()))
    ranked = (
        Answer.objects.filter(pk__in=_latest(use).values("pk"))
        .exclude(**{field: ""})
        .annotate(place=place, held=Window(Count("pk"), partition_by=F(field)))
        .filter(place__lte=limit)
        .select_related("doctor__specialty", "question")
        .defer("body", "body_html", "question__body", "question__body_html")
        .order_by("place")
    )
    groups: dict[str, dict[str, Any]] = {}
    for answer in ranked:
        value = getattr(answer, field)
        group = groups.setdefault(value, {"value": value, "count": answer.held, "answers": []})
        group["answers"].append(answer)
    return list(groups.values())
