"""What the gallery shows of cases: covered, and while their pictures are being prepared."""

from __future__ import annotations

from typing import Any

from core.images.models import Photo, Rendition
from doctors.enums import Alike
from doctors.gallery import Card, Pair
from doctors.models import Case, Doctor
from treatments.models import Treatment


def cases() -> dict[str, Any]:
    """``{cards, pair}``."""
    pair = Pair(1, "front view", _photo(1), _photo(2), "Before: face, front view", "After: face, front view")
    cards = [Card(_case(1, 9), [pair]), Card(_case(2, 6), [], is_covered=True)]
    return {"cards": cards, "pair": pair}


def _case(pk: int, alike: int) -> Case:
    case = Case(
        pk=pk,
        doctor=Doctor(name="Julia Rowe", title="MD"),
        treatment=Treatment(name="Botox", slug="botox"),
        age_band="35-44",
        skin_type="3",
        days_after=30,
        alike=Alike.values[:alike],
    )
    case.comparable_count = alike
    return case


def _photo(pk: int) -> Photo:
    photo = Photo(pk=pk, width=600, height=750)
    photo._prefetched_objects_cache = {"renditions": Rendition.objects.none()}  # type: ignore[attr-defined]
    return photo
