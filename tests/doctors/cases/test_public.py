"""Which cases anybody may see, and what the database refuses whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.enums import State
from doctors.enums import EndedBy, ShownIn
from doctors.models import Case, CasePhoto, Consent, ConsentEvent, Doctor, PracticePlace
from tests.factories import CaseFactory, ConsentFactory, DoctorFactory

pytestmark = pytest.mark.django_db


def change(case: Case, of: str, **fields: object) -> None:
    row = {"consent": case.consent, "doctor": case.doctor, "case": case}[of]
    type(row)._base_manager.filter(pk=row.pk).update(**fields)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda case: change(case, "consent", revoked_at=timezone.now()),
        lambda case: change(case, "consent", until=timezone.localdate() - timedelta(days=1)),
        lambda case: change(case, "consent", uses=[]),
        lambda case: change(case, "consent", is_identifiable=False),
        lambda case: change(case, "consent", is_sensitive=False),
        lambda case: change(case, "doctor", state=State.REMOVED),
        lambda case: change(case, "doctor", standing="suspended"),
        lambda case: change(case, "doctor", verified_until=timezone.localdate() - timedelta(days=1)),
        lambda case: change(case, "doctor", country="DE"),
        lambda case: PracticePlace.objects.create(doctor=case.doctor, name="x", city="x", country="DE"),
        lambda case: change(case, "case", state=State.WITHDRAWN),
        lambda case: Case.objects.filter(pk=case.pk).update(
            ended_at=timezone.now(), ended_by=EndedBy.SUBJECT, technique=""
        ),
    ],
)
def test_a_case_and_its_pictures_are_public_while_everything_about_it_allows_it(
    spoil: Callable[[Case], None],
) -> None:
    """T-MS-05."""
    consent = ConsentFactory(is_identifiable=True, is_sensitive=True)
    case = CaseFactory(
        published=True, consent=consent, doctor=consent.doctor, is_identifiable=True, is_sensitive=True
    )
    assert list(Case.objects.public()) == [case]
    assert CasePhoto.objects.public().count() == 2
    spoil(case)
    assert list(Case.objects.public()) == []
    assert CasePhoto.objects.public().count() == 0


def test_a_case_is_shown_where_its_person_agreed() -> None:
    """T-PR-04."""
    case = CaseFactory(published=True, consent__uses=[ShownIn.DOCTOR])
    assert list(Case.objects.public().used_in(ShownIn.DOCTOR)) == [case]
    assert not Case.objects.public().used_in(ShownIn.GALLERY)


def sent(case: Case) -> None:
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state=State.PENDING)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"consent": None}, "consent in force"),
        ({"consent__revoked_at": timezone.now()}, "consent in force"),
        ({"consent__until": timezone.localdate() - timedelta(days=1)}, "consent in force"),
        ({"consent__signed_on": None, "consent__how": "link"}, "consent in force"),
        ({"consent__uses": []}, "consent in force"),
        ({"is_identifiable": True}, "consent in force"),
        ({"is_sensitive": True}, "consent in force"),
        ({"views": ()}, "each view before and after"),
        ({"is_unedited": False}, "complete_when_sent"),
        ({"treatment": None}, "complete_when_sent"),
    ],
)
def test_the_database_refuses_to_send_what_is_not_complete_and_covered(fields: dict, rule: str) -> None:
    """T-MS-06, T-PR-04, T-PR-09."""
    case = CaseFactory(**fields)
    with pytest.raises(IntegrityError, match=rule):
        sent(case)


def test_the_database_refuses_another_doctors_consent_and_a_picture_alone() -> None:
    """T-AZ-13."""
    other = CaseFactory(consent=ConsentFactory(doctor=DoctorFactory(verified=True)))
    with pytest.raises(IntegrityError, match="consent in force"):
        sent(other)
    alone = CaseFactory()
    alone.photos.get(role="after").delete()
    with pytest.raises(IntegrityError, match="each view before and after"):
        sent(alone)


def test_a_consent_is_only_ever_narrowed_and_its_history_stays() -> None:
    consent = ConsentFactory(uses=[ShownIn.DOCTOR], revoked_at=timezone.now())
    for wider in ({"uses": list(ShownIn.values)}, {"is_identifiable": True}, {"revoked_at": None}):
        with pytest.raises(IntegrityError, match="only ever narrowed"), transaction.atomic():
            Consent.objects.filter(pk=consent.pk).update(**wider)
    event = ConsentEvent.objects.create(
        consent=consent, change="given", party="doctor", uses=[], is_identifiable=False
    )
    for deed in (event.delete, event.save):
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            deed()


def test_nobody_else_sees_what_is_not_public(django_assert_num_queries) -> None:
    case = CaseFactory(pending=True)
    assert list(Case.objects.visible_to(case.doctor.user)) == [case]
    assert list(Case.objects.visible_to(DoctorFactory(verified=True).user)) == []
    CaseFactory.create_batch(3, published=True)
    with django_assert_num_queries(3):
        for each in Case.objects.public().for_display():
            _ = (
                each.doctor.specialty,
                each.treatment,
                [held.photo.renditions.all() for held in each.photos.all()],
            )


def test_a_count_of_nine_says_what_fails() -> None:
    case = CaseFactory(alike=["pose", "light"])
    case.refresh_from_db()
    assert case.comparable_count == 2
    assert case.met.count(True) == 2
    assert len(case.failing) == 7
    assert "The background differs" in case.failing
    assert Doctor.objects.count() == 1
