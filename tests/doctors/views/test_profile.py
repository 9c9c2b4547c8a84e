"""Who somebody is, what that rests on, and who may see it."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
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
    assert "Checked on" not in html
    assert "<strong>Not verified</strong>" in html  # the record says so


@pytest.mark.parametrize(
    ("trait", "words"),
    [
        ({"suspended": True}, ["Licence not current", "no longer counted"]),
        ({"expired": True}, ["Verification lapsed", "are not counted"]),
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


def test_what_was_checked_stands_apart_from_what_the_doctor_states(client: Client) -> None:
    doctor = DoctorFactory(verified=True, languages="Hungarian")
    checked = CredentialFactory(doctor=doctor, authority="Board of one thing")
    CredentialFactory(doctor=doctor, authority="Academy of another")
    PracticePlace.objects.create(doctor=doctor, name="Riverside", city="Memphis", country="US")
    check(doctor, credential=checked)
    html = page(client, doctor)
    before, after = html.split("What the doctor states", 1)
    assert "Board of one thing" in before.split("What we checked", 1)[1]
    stated = after.split("Every check so far", 1)[0]
    for words in ("Academy of another", "Riverside", "Hungarian", "nobody has checked them"):
        assert words in stated


def test_every_check_stands_in_the_record_with_a_role_instead_of_a_name(client: Client) -> None:
    doctor = DoctorFactory(suspended=True)
    check(doctor, source="Register, entry 5", valid_until=date(2027, 3, 4))
    check(
        doctor, result="suspended", note="Private.", source="Order of the board", checked_on=date(2026, 9, 1)
    )
    record = page(client, doctor).split("Every check so far", 1)[1]
    assert record.index("1 September 2026") < record.index("4 March 2026")
    for words in (
        "Suspended",
        "Order of the board",
        "Verified",
        "Register, entry 5",
        "by a moderator",
        "4 March 2027",
    ):
        assert words in record
    assert some_moderator().handle not in record
    assert "Private." not in record


def test_a_suspension_says_since_when_whatever_was_checked_after_it(client: Client) -> None:
    doctor = DoctorFactory(suspended=True)
    licence = CredentialFactory(doctor=doctor, kind="licence")
    check(doctor, result="suspended", note="x", source="Order of the board", checked_on=date(2026, 9, 1))
    check(doctor, credential=licence, checked_on=date(2026, 9, 2))
    page_ = page(client, doctor).split("Credentials", 1)[0]
    assert "Since 1 September 2026 this licence is not in good standing" in page_


def structured(client: Client, doctor: Doctor) -> dict:
    found = re.findall(r'<script type="application/ld\+json">(.+?)</script>', page(client, doctor))
    return next(data for data in map(json.loads, found) if data["@type"] == "Physician")


def test_machines_are_told_what_was_checked_and_nothing_else(client: Client) -> None:
    doctor = DoctorFactory(verified=True)
    board = CredentialFactory(doctor=doctor, authority="Board of skin", number="SECRET-1")
    licence = CredentialFactory(doctor=doctor, kind="licence", authority="State", region="TN", country="US")
    CredentialFactory(doctor=doctor, authority="Not checked")
    over = CredentialFactory(doctor=doctor, authority="Run out", expires_on=date(2020, 1, 1))
    for credential in (board, licence, over):
        check(doctor, credential=credential, checked_on=timezone.localdate())
    data = structured(client, doctor)
    assert data["medicalSpecialty"] == "Dermatology"
    assert [c["recognizedBy"]["name"] for c in data["hasCredential"]] == ["Board of skin", "State"]
    assert data["areaServed"] == ["TN"]
    assert data["address"]["addressLocality"] == "Memphis"
    assert "hospitalAffiliation" not in data
    assert "SECRET" not in json.dumps(data)


@pytest.mark.parametrize("trait", ["suspended", "expired", "published"])
def test_machines_are_told_nothing_but_the_name_while_no_check_holds(client: Client, trait: str) -> None:
    doctor = DoctorFactory(**{trait: True})
    check(doctor, credential=CredentialFactory(doctor=doctor))
    assert set(structured(client, doctor)) == {"@context", "@type", "name", "url"}


def test_answers_are_counted_by_treatment_and_lead_to_the_list(client: Client) -> None:
    doctor = DoctorFactory(verified=True)
    botox, peel = TreatmentFactory(name="Botox", slug="botox"), TreatmentFactory(name="Peel", slug="peel")
    doctor.specialty.in_scope.add(botox)
    for treatment, number in ((botox, 2), (peel, 1)):
        for _ in range(number):
            AnswerFactory(
                published=True, doctor=doctor, question__treatment=treatment, question__published=True
            )
    AnswerFactory(pending=True, doctor=doctor, question__treatment=botox, question__published=True)
    AnswerFactory(published=True, doctor=doctor, question__treatment=botox, question__removed=True)
    html = page(client, doctor)
    within, outside = html.split("Within the specialty</h3>", 1)[1].split("Outside usual scope</h3>", 1)
    assert (
        f'href="/doctors/{doctor.slug}/answers/?treatment=botox">Botox</a> <span class="figure">2<' in within
    )
    assert 'treatment=peel">Peel</a> <span class="figure">1<' in outside
    assert "these answers count like all others" in outside


def test_nothing_declared_is_said_honestly(client: Client) -> None:
    assert "nobody here has looked for interests that were not declared" in page(
        client, DoctorFactory(verified=True)
    )
    unclaimed = DoctorFactory(published=True, is_imported=True, user=None)
    assert "nobody could declare anything" in page(client, unclaimed)


def test_interests_stand_with_date_and_answer_newest_first(client: Client) -> None:
    doctor = DoctorFactory(verified=True, conflicts="Teaches for a maker.")
    for words, day in (("Paid in spring.", 3), ("Paid in autumn.", 9)):
        published = datetime(2026, day, 1, 12, tzinfo=UTC)
        AnswerFactory(published=True, doctor=doctor, conflict_of_interest=words, published_at=published)
    AnswerFactory(pending=True, doctor=doctor, conflict_of_interest="Not public yet.")
    ledger = page(client, doctor).split("Declared interests", 1)[1]
    order = [
        ledger.index(words)
        for words in ("Teaches for a maker.", "Paid in autumn.", "1 September 2026", "Paid in spring.")
    ]
    assert order == sorted(order)
    assert "Not public yet." not in ledger


def test_it_costs_the_same_whatever_it_holds(client: Client) -> None:
    doctor = DoctorFactory(verified=True, verified_until=timezone.localdate() + timedelta(days=9))

    def queries(number: int) -> int:
        for _ in range(number):
            check(doctor, credential=CredentialFactory(doctor=doctor))
            answer = AnswerFactory(published=True, doctor=doctor, conflict_of_interest="x")
            AnswerFactory(published=True, question=answer.question, stance="against", reason="safety")
        with CaptureQueriesContext(connection) as captured:
            page(client, doctor)
        return len(captured)

    assert queries(6) == queries(12) <= 12
