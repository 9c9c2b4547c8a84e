"""Pictures with files, a doctor who may show cases, and who decides."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from core.images import photos
from core.images.models import Photo
from doctors import casework, consenting
from doctors.enums import Alike, ShownIn, SignedHow
from doctors.models import Case, Doctor
from tests.core.images import samples
from tests.factories import DoctorFactory, TreatmentFactory
from tests.working import do_tasks


def picture(size: tuple[int, int] = (90, 70)) -> bytes:
    return samples.written(samples.drawn(size), "JPEG")


def kept(doctor: Doctor, size: tuple[int, int] = (90, 70)) -> Photo:
    return photos.keep(BytesIO(picture(size)), by=doctor.user)


def agreed(**changed: Any) -> dict[str, Any]:
    from django.utils import timezone

    from core.dates import months_later

    today = timezone.localdate()
    return {
        "label": "Record 7",
        "uses": list(ShownIn.values),
        "is_adult": True,
        "how": SignedHow.SCREEN,
        "signed_on": today,
        "until": months_later(today, 24),
        **changed,
    }


def complete(doctor: Doctor, **consent: Any) -> tuple[Case, str]:
    """A draft with nothing missing, through the verbs; and the token of the person in it."""
    given, token = consenting.ask(doctor=doctor, by=doctor.user, fields=agreed(**consent))
    case = casework.begin(doctor=doctor, by=doctor.user, consent=given)
    casework.add_pair(
        case=case, by=doctor.user, view="front", before=kept(doctor), after=kept(doctor, (80, 70))
    )
    fields = {
        "treatment": TreatmentFactory(),
        "technique": "Eight points",
        "days_after": 30,
        "alike": list(Alike.values)[:6],
        "is_unedited": True,
    }
    return casework.describe(case=case, by=doctor.user, fields=fields), token


def sent(doctor: Doctor, **consent: Any) -> tuple[Case, str]:
    case, token = complete(doctor, **consent)
    case = casework.send(case=case, by=doctor.user)
    do_tasks()
    return case, token


@pytest.fixture
def doctor(db: None, in_a_store: Any, tmp_path: Any, settings: Any) -> Doctor:
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    return DoctorFactory(verified=True)
