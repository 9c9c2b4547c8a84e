"""Doctors say other words of themselves: readers see them once a moderator has approved them, and no earlier."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import Notification
from core.enums import State
from core.models import AuditEntry
from core.moderation import TransitionError, transition
from doctors.models import Doctor, DoctorRevision, ProfileClaim
from doctors.services import edit_profile
from doctors.withdrawing import withdraw_edit
from tests.factories import DoctorFactory, ProfileClaimFactory, UserFactory, moderator, senior
from tests.racing import at_once

pytestmark = pytest.mark.django_db
EDIT = "/desk/profile/"
BEFORE = {"languages": "English", "conflicts": "Speaker for Acme", "bio": "I have practised since 2001."}
AFTER = {"languages": "English, French", "conflicts": "", "bio": "I have practised since 2002."}


@pytest.fixture
def doctor() -> Doctor:
    return DoctorFactory(verified=True, name="Ada Moss", **BEFORE)


def test_the_published_words_stay_until_the_edit_is_approved(doctor: Doctor, sign_in) -> None:
    page = Client().get(doctor.get_absolute_url()).content
    assert EDIT.encode() not in page
    own = sign_in(doctor.user)
    assert f'href="{EDIT}"' in own.get(doctor.get_absolute_url()).content.decode()
    assert f'href="{EDIT}"' in own.get("/desk/").content.decode()
    assert "since 2001" in own.get(EDIT).content.decode()
    assert own.post(EDIT, AFTER).url == EDIT
    assert Client().get(doctor.get_absolute_url()).content == page
    shown = own.get(EDIT).content.decode()
    assert "awaiting review" in shown
    assert "since 2002" in shown

    edit = DoctorRevision.objects.get(state=State.PENDING)
    desk = sign_in(moderator())
    path = f"/admin/moderation/doctorrevision/{edit.pk}/"
    screen = desk.get(path).content.decode()
    assert "<del>Speaker" in screen
    assert "2002" in screen
    desk.post(path, {"to": "published", "version": edit.version})
    doctor.refresh_from_db()
    assert doctor.text() == AFTER
    after = Client().get(doctor.get_absolute_url()).content.decode()
    assert "since 2002" in after
    assert "Acme" not in after
    assert Notification.objects.filter(to=doctor.user, kind="profile-edit-published").count() == 1
    versions = doctor.revisions.filter(state=State.PUBLISHED).values_list("number", "bio")
    assert list(versions) == [(1, BEFORE["bio"]), (2, AFTER["bio"])]
    assert "<del>Speaker" in desk.get(path).content.decode()


def test_what_waits_is_changed_or_withdrawn_by_its_doctor(doctor: Doctor, sign_in) -> None:
    own = sign_in(doctor.user)
    own.post(EDIT, AFTER)
    own.post(EDIT, {**AFTER, "bio": "Since 2003."})
    edit = DoctorRevision.objects.get(state=State.PENDING)
    assert (edit.bio, edit.version) == ("Since 2003.", 2)
    assert "Withdraw your edit?" in own.get(f"{EDIT}withdraw/").content.decode()
    own.post(f"{EDIT}withdraw/")
    assert own.post(f"{EDIT}withdraw/").url == EDIT
    edit.refresh_from_db()
    assert edit.state == State.WITHDRAWN
    assert "since 2001" in own.get(EDIT).content.decode()
    assert not DoctorRevision.objects.pending().exists()


def test_what_is_sent_back_says_why_and_is_sent_again(doctor: Doctor, sign_in) -> None:
    edit = edit_profile(doctor=doctor, by=doctor.user, fields=AFTER)
    transition(edit, to=State.DRAFT, by=moderator(), reason="Which register?")
    own = sign_in(doctor.user)
    page = own.get(EDIT).content.decode()
    assert "Which register?" in page
    assert "since 2002" in page
    own.post(EDIT, AFTER)
    edit.refresh_from_db()
    assert edit.state == State.PENDING
    transition(edit, to=State.REJECTED, by=moderator(), reason="It is an advertisement.")
    page = own.get(EDIT).content.decode()
    assert "an advertisement" in page
    assert f"about=doctorrevision-{edit.pk}" in page
    assert "since 2001" in page


def test_the_same_words_are_not_sent_and_too_many_lose_nothing(doctor: Doctor, sign_in) -> None:
    own = sign_in(doctor.user)
    assert "just that already" in own.post(EDIT, BEFORE).content.decode()
    refused = own.post(EDIT, {**AFTER, "languages": "x" * 121})
    assert refused.status_code == 400
    assert "since 2002" in refused.content.decode()
    assert not DoctorRevision.objects.exists()
    doctor.refresh_from_db()
    assert doctor.text() == BEFORE


def test_only_its_doctor_edits_a_profile_and_only_while_it_is_public(doctor: Doctor, sign_in) -> None:
    waiting = DoctorFactory(pending=True)
    for profile, by in ((doctor, UserFactory()), (waiting, waiting.user)):
        with pytest.raises(PermissionDenied):
            edit_profile(doctor=profile, by=by, fields=AFTER)
    assert sign_in(waiting.user).get(EDIT).url == "/desk/apply/"
    assert sign_in(UserFactory()).post(EDIT, AFTER).url == "/desk/apply/"
    assert not DoctorRevision.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_withdrawing_an_edit_while_it_is_approved_only_one_happens(doctor: Doctor) -> None:
    edit, me = edit_profile(doctor=doctor, by=doctor.user, fields=AFTER), moderator()
    again = DoctorRevision.objects.get(pk=edit.pk)
    outcomes = at_once(
        lambda: withdraw_edit(edit=edit, by=doctor.user),
        lambda: transition(again, to=State.PUBLISHED, by=me),
    )
    assert sum(isinstance(one, TransitionError) for one in outcomes) == 1, outcomes
    edit.refresh_from_db()
    doctor.refresh_from_db()
    assert doctor.text() == (AFTER if edit.state == State.PUBLISHED else BEFORE)


@pytest.mark.django_db(transaction=True)
def test_two_windows_make_one_edit(doctor: Doctor) -> None:
    at_once(*[lambda: edit_profile(doctor=doctor, by=doctor.user, fields=AFTER)] * 2)
    assert DoctorRevision.objects.pending().count() == 1
    assert AuditEntry.objects.filter(object_type="doctors.doctorrevision", action="submit").count() == 1


def test_what_somebody_said_of_a_profile_that_was_not_theirs_goes_with_them() -> None:
    imported = DoctorFactory(published=True, is_imported=True, user=None, **BEFORE)
    claim, me = ProfileClaimFactory(pending=True, doctor=imported), senior()
    transition(claim, to=State.PUBLISHED, by=me)
    person = ProfileClaim.objects.get().claimant
    imported.refresh_from_db()
    transition(edit_profile(doctor=imported, by=person, fields=AFTER), to=State.PUBLISHED, by=me)
    edit_profile(doctor=Doctor.objects.get(pk=imported.pk), by=person, fields={**AFTER, "bio": "Mine."})
    transition(claim, to=State.REMOVED, by=me, reason="The document was forged.")
    imported.refresh_from_db()
    assert imported.text() == BEFORE
    assert not DoctorRevision.objects.exists()
