"""Invented cases for the demonstration: drawings, shown with consents and approved by the same verbs as real ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.dates import months_later
from core.enums import State
from core.images import photos, rendering
from core.images.models import Photo
from core.moderation import transition
from doctors import casework, consenting
from doctors.enums import Alike, Role, ShownIn, SignedHow, View
from doctors.figures import figure
from doctors.models import Case, Consent, Doctor
from treatments.models import BodyArea, Treatment

ALL = tuple(Alike.values)


@dataclass(frozen=True)
class Shown:
    """One case. ``differs`` is what of the nine is not the same; ``ends_in`` are the days its consent still holds."""

    doctor: str
    treatment: str
    drawn: str
    view: View
    technique: str
    area: str
    days_after: int
    differs: tuple[str, ...] = ()
    is_sensitive: bool = False
    ends_in: int = 500
    uses: tuple[str, ...] = tuple(ShownIn.values)
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"Invented person: {self.drawn}"


SHOWN = (
    Shown(
        "rowe",
        "botox",
        "forehead",
        View.FRONT,
        "Five points in the forehead, brows supported",
        "forehead",
        28,
        differs=(Alike.LIGHT, Alike.DISTANCE, Alike.EXPRESSION),
        facts={
            "product": "Botox",
            "amount": "14 units",
            "age_band": "35-44",
            "skin_type": "3",
            "sex": "female",
            "words": "Invented for the demonstration. One faint line stays when the brows are raised, as was agreed.",
        },
    ),
    Shown(
        "nakamura",
        "rhinoplasty",
        "nose",
        View.LEFT,
        "Hump taken down, bridge kept",
        "nose",
        370,
        facts={
            "age_band": "25-34",
            "skin_type": "4",
            "words": "Invented for the demonstration. Swelling of the tip took the whole year to go.",
        },
    ),
    Shown(
        "chen",
        "kybella",
        "chin",
        View.LEFT,
        "Two sessions, six weeks apart",
        "neck",
        120,
        differs=(Alike.CLEAR,),
        ends_in=25,
        facts={"product": "Kybella", "amount": "2 × 4 ml", "age_band": "45-54", "skin_type": "2"},
    ),
    Shown(
        "osei",
        "breast-reduction",
        "chest",
        View.FRONT,
        "Vertical scar, about 400 g on each side",
        "breast",
        200,
        differs=(Alike.BACKGROUND, Alike.CAMERA),
        is_sensitive=True,
        uses=(ShownIn.GALLERY, ShownIn.DOCTOR),
        facts={
            "age_band": "35-44",
            "skin_type": "5",
            "words": "Invented for the demonstration. The scars are red still and fade over a second year.",
        },
    ),
)


def seed(doctors: dict[str, Doctor], *, moderator: User, cases: Iterable[Shown] = SHOWN) -> int:
    """Add those that are not there; how many. Each comes whole or not at all."""
    added = 0
    for one in cases:
        doctor = doctors.get(one.doctor)
        treatment = Treatment.objects.public().filter(slug=one.treatment).first()
        if doctor is None or treatment is None:
            continue
        if Consent.objects.filter(doctor=doctor, label=one.label).exists():
            continue
        sides = [_drawn(one, doctor, role) for role in Role]
        _tell(one, doctor, treatment, sides, moderator=moderator)
        added += 1
    return added


def _drawn(one: Shown, doctor: Doctor, role: Role) -> Photo:
    assert doctor.user is not None  # noqa: S101  # every invented doctor has an account
    photo = photos.keep(BytesIO(figure(one.drawn, is_after=role == Role.AFTER)), by=doctor.user)
    rendering.render_by_key(photo.pk)
    return photo


@transaction.atomic
def _tell(one: Shown, doctor: Doctor, treatment: Treatment, sides: list[Photo], *, moderator: User) -> Case:
    by: Any = doctor.user
    consent, _ = consenting.ask(doctor=doctor, by=by, fields=_agreed(one))
    case = casework.begin(doctor=doctor, by=by, consent=consent)
    casework.add_pair(case=case, by=by, view=one.view, before=sides[0], after=sides[1])
    fields = {
        "treatment": treatment,
        "technique": one.technique,
        "body_area": BodyArea.objects.filter(slug=one.area).first(),
        "days_after": one.days_after,
        "alike": [item for item in ALL if item not in one.differs],
        "is_unedited": True,
        "is_sensitive": one.is_sensitive,
        **one.facts,
    }
    case = casework.describe(case=case, by=by, fields=fields)
    case = casework.send(case=case, by=by)
    casework.look_through(case=case, by=moderator, version=case.version)
    transition(case, to=State.PUBLISHED, by=moderator)
    return case


def _agreed(one: Shown) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "label": one.label,
        "uses": list(one.uses),
        "is_identifiable": False,
        "is_sensitive": one.is_sensitive,
        "is_adult": True,
        "how": SignedHow.SCREEN,
        "signed_on": months_later(today, -6),
        "until": today + timedelta(days=one.ends_in),
    }
