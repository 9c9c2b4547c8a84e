"""Doctors who are away until a day."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from doctors.models import Doctor
from doctors.services import stay_away
from tests.factories import DoctorFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_present_are_those_who_are_back_on_that_day_or_never_left() -> None:
    here, back, gone = (DoctorFactory(away_until=day) for day in (None, date(2030, 5, 4), date(2030, 5, 5)))
    assert set(Doctor.objects.present(on=date(2030, 5, 4))) == {here, back}
    assert gone in Doctor.objects.present(on=date(2030, 5, 5))


def test_only_the_doctor_says_when_they_are_away() -> None:
    doctor = DoctorFactory(verified=True)
    stay_away(doctor=doctor, by=doctor.user, until=timezone.localdate() + timedelta(days=1))
    doctor.refresh_from_db()
    assert doctor.is_away
    with pytest.raises(PermissionDenied):
        stay_away(doctor=doctor, by=UserFactory(), until=None)
