"""Who somebody is, what that rests on, and who may see it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from doctors.models import Doctor, PracticePlace, Verification
from tests.factories import (
    AnswerFactory,
    CredentialFactory,
    DoctorFactory,
    TreatmentFactory,
    UserFactory,
    moderator,
    some_moderator,
)

pytestmark = pytest.mark.django_db


def page(client: Client, doctor: Doctor) -> str:
    response = client.get(doctor.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def check(doctor: Doctor, **fields: object) -> Verification:
    values = {
        "result": "verified",
        "source": "Board register",
        "checked_by": some_moderator(),
        "checked_on": date(2026, 3, 4),
    }
    return Verification.objects.create(doctor=doctor, **{**values, **fields})


def test_credentials_are_named_in_full_and_numbers_are_masked(client: Client) -> None:
    doctor = DoctorFactory(verified=True)
    CredentialFactory(doctor=doctor, authority="American Board of Plastic Surgery", number="SECRET-55123")
    CredentialFactory(
        doctor=doctor,
        kind="licence",
        authority="Tennessee Board of Medical Examiners",
        region="TN",
        number="",
    )
    html = page(client, doctor)
    assert "American Board of Plastic Surgery" in html
    assert "Tennessee Board of Medical Examiners" in html
    assert "•123" in html
    assert "SECRET" not in html


def test_it_says_when_and_against_what_but_not_who_checked(client: Client) -> None:
    doctor = DoctorFactory(verified=True)
    board = CredentialFactory(doctor=doctor)
    CredentialFactory(doctor=doctor, kind="licence", authority="State board")
    check(doctor, source="Letter of the hospital", note="Rang twice.")
    check(doctor, source="Register of the board", credential=board, checked_on=date(2026, 5, 6))
    html = page(client, doctor)
    assert "Checked on 6 May 2026 against: <bdi>Register of the board</bdi>" in html
    assert "Checked on 4 March 2026 against: <bdi>Letter of the hospital</bdi>" in html
    assert "Rang twice" not in html
    assert some_moderator().email not in html
    assert some_moderator().handle not in html


def test_a_refused_check_is_no_check(client: Client) -> None:
    doctor = DoctorFactory(published=True)
    CredentialFactory(doctor=doctor)
    check(doctor, result="refused", source="Register without this name")
    html = page(client, doctor)
    assert "As stated by the doctor; not checked yet" in html
    assert "Register without this name" not in html


@pytest.mark.parametrize(
    ("trait", "words"),
    [
        ({"suspended": True}, ["Licence not current", "no longer counted"]),
        ({"expired": True}, ["Verification lapsed", "licence not current", "are not counted"]),
        ({"published": True}, ["Not verified", "what the doctor states"]),
        (
            {"published": True, "is_imported": True, "user": None},
            ["Not verified", "Nobody has claimed this profile"],
        ),
    ],
)
def test_standing_is_said_plainly(client: Client, trait: dict, words: list[str]) -> None:
    html = page(client, DoctorFactory(**trait))
    assert [w for w in words if w not in html] == []


def test_a_suspension_gives_its_day_and_source_but_not_its_note(client: Client) -> None:
    doctor = DoctorFactory(suspended=True)
    check(doctor)
    check(
        doctor,
        result="suspended",
        source="State board",
        note="A private matter",
        checked_on=date(2026, 10, 14),
    )
    html = page(client, doctor)
    assert "Since 14 October 2026" in html
    assert "State board" in html
    assert "A private matter" not in html


def test_the_credential_that_was_suspended_is_named(client: Client) -> None:
    doctor = DoctorFactory(suspended=True)
    CredentialFactory(doctor=doctor)
    licence = CredentialFactory(doctor=doctor, kind="licence", authority="State board")
    check(doctor)
    check(doctor, result="suspended", note="x", credential=licence, checked_on=date(2026, 10, 14))
    html = page(client, doctor)
    assert html.count("Not in good standing since 14 October 2026") == 1
    assert html.count("Checked on 4 March 2026") == 1


def test_a_verified_doctor_has_no_warning(client: Client) -> None:
    html = page(client, DoctorFactory(verified=True))
    assert 'class="notice' not in html
    assert "not counted" not in html


def test_the_rest_of_a_profile(client: Client) -> None:
    doctor = DoctorFactory(
        verified=True,
        bio="First line.\n\n<b>Second</b> line.",
        languages="English, Hungarian",
        conflicts="Paid by a maker.",
    )
    PracticePlace.objects.create(doctor=doctor, name="Riverside", city="Memphis", country="US")
    doctor.specialty.in_scope.add(
        TreatmentFactory(name="Botox"), TreatmentFactory(name="Hidden", is_reviewed=False)
    )
    answer = AnswerFactory(published=True, doctor=doctor, summary="Rather not.")
    hidden = AnswerFactory(pending=True, doctor=doctor, summary="Not yet public.")
    html = page(client, doctor)
    for words in (
        "&lt;b&gt;Second&lt;/b&gt; line.",
        "English, Hungarian",
        "Paid by a maker.",
        "Riverside",
        "Botox",
        answer.summary,
    ):
        assert words in html
    assert "Hidden" not in html
    assert hidden.summary not in html


@pytest.mark.parametrize("trait", ["pending", "rejected", "removed", "withdrawn"])
def test_what_is_not_public_is_seen_by_its_owner_and_moderators_only(
    client: Client, sign_in: Callable[..., Client], trait: str
) -> None:
    doctor = DoctorFactory(**{trait: True})
    url = doctor.get_absolute_url()
    assert client.get(url).status_code == 404
    assert sign_in(UserFactory()).get(url).status_code == 404
    own = sign_in(doctor.user).get(url)
    assert "only you and the moderators see this profile" in own.content.decode()
    assert "no-store" in own["Cache-Control"]
    assert "noindex" in own.content.decode()
    assert "ld+json" not in own.content.decode()
    assert "only the doctor and the moderators" in page(sign_in(moderator()), doctor)


def test_search_engines_are_told_of_listed_profiles_only(client: Client) -> None:
    listed = DoctorFactory(verified=True)
    imported = DoctorFactory(published=True, is_imported=True, user=None)
    assert '"@type": "Physician"' in page(client, listed)
    assert "aggregateRating" not in page(client, listed)
    assert "noindex" in page(client, imported)
    assert "Physician" not in page(client, imported)
    xml = client.get("/sitemap-doctors.xml").content.decode()
    assert listed.get_absolute_url() in xml
    assert imported.get_absolute_url() not in xml


def test_it_costs_the_same_whatever_it_holds(client: Client, django_assert_max_num_queries) -> None:
    doctor = DoctorFactory(verified=True, verified_until=timezone.localdate() + timedelta(days=9))
    for _ in range(8):
        check(doctor, credential=CredentialFactory(doctor=doctor))
        AnswerFactory(published=True, doctor=doctor)
    with django_assert_max_num_queries(6):
        page(client, doctor)
