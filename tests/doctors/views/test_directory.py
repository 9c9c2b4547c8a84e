"""The directory, whole and within one treatment."""

import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client

from doctors.filters import DoctorFilter
from doctors.models import Doctor
from tests.factories import AnswerFactory, DoctorFactory, SpecialtyFactory, TreatmentFactory

pytestmark = pytest.mark.django_db


def names(client: Client, url: str = "/doctors/") -> list[str]:
    response = client.get(url)
    assert response.status_code == 200
    return re.findall(r'doctor__name"><a href="[^"]+"><bdi>([^<]+)', response.content.decode())


def test_it_lists_public_profiles_by_name(client: Client) -> None:
    DoctorFactory(verified=True, name="Zoe Last")
    DoctorFactory(suspended=True, name="Adam First")
    DoctorFactory(pending=True, name="Pending Person")
    DoctorFactory(removed=True, name="Removed Person")
    assert names(client) == ["Adam First", "Zoe Last"]


def test_imported_profiles_are_listed_once_verified(client: Client) -> None:
    DoctorFactory(published=True, is_imported=True, user=None, name="Imported Only")
    DoctorFactory(verified=True, is_imported=True, name="Imported Verified")
    assert names(client) == ["Imported Verified"]


def test_standing_is_said_in_words(client: Client) -> None:
    DoctorFactory(suspended=True)
    DoctorFactory(expired=True)
    DoctorFactory(published=True)
    html = client.get("/doctors/").content.decode()
    for words in ("Licence not current", "Verification lapsed", "Not verified"):
        assert words in html


@pytest.fixture
def two():
    """A dermatologist in Memphis and a surgeon in Leeds; the surgeon's specialty covers eyelids."""
    DoctorFactory(
        verified=True, name="Dana Derm", specialty=SpecialtyFactory(slug="dermatology"), languages="English"
    )
    surgery = SpecialtyFactory(slug="plastic-surgery")
    DoctorFactory(
        verified=True,
        name="Sam Surgeon",
        specialty=surgery,
        city="Leeds",
        region="England",
        country="GB",
        languages="English, Hungarian",
    )
    family = TreatmentFactory(name="Eyelid surgery", slug="eyelids")
    TreatmentFactory(name="Blepharoplasty", parent=family)
    TreatmentFactory(name="Hidden", is_reviewed=False)
    surgery.in_scope.add(family)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?specialty=dermatology", ["Dana Derm"]),
        ("?treatment=eyelids", ["Sam Surgeon"]),
        ("?treatment=blepharoplasty", ["Sam Surgeon"]),
        ("?place=memphis", ["Dana Derm"]),
        ("?place=Leeds, England", ["Sam Surgeon"]),
        ("?place=Leeds, TN", []),
        ("?place=UK", ["Sam Surgeon"]),
        ("?place=us", ["Dana Derm"]),
        ("?place=mem", ["Dana Derm"]),
        ("?place=emphis", []),
        ("?place=engl", ["Sam Surgeon"]),
        ("?place=united kingdom", ["Sam Surgeon"]),
        ("?place=%25", []),
        ("?language=hungarian", ["Sam Surgeon"]),
        ("?language=HUNG", ["Sam Surgeon"]),
        ("?language=english, hungarian", ["Sam Surgeon"]),
        ("?language=english", ["Dana Derm", "Sam Surgeon"]),
        ("?language=garian", []),
        ("?language=', :*|", ["Dana Derm", "Sam Surgeon"]),
        ("?name=SURG", ["Sam Surgeon"]),
        ("?name=surg&specialty=dermatology", []),
    ],
)
def test_it_can_be_narrowed(client: Client, two, query: str, found: list[str]) -> None:
    assert names(client, f"/doctors/{query}") == found


@pytest.mark.parametrize(
    "query",
    [
        "?specialty=phrenology",
        "?treatment=hidden",
        "?treatment=' OR 1=1 --",
        "?after=!!!",
        "?after=WyJ4Il0",
        "?user__email=a",
        "?name=%FF",
        "?specialty=dermatology'",
        f"?name={'x' * 500}",
    ],
)
def test_unknown_and_hostile_values_are_no_error(client: Client, two, query: str) -> None:
    response = client.get(f"/doctors/{query}")
    assert response.status_code == 200


def test_it_goes_on_where_the_page_before_ended(client: Client) -> None:
    for number in range(25):
        DoctorFactory(verified=True, name=f"Doctor {number:02}", slug=f"d{number}")
    first = client.get("/doctors/").content.decode()
    assert len(names(client)) == 20
    onward = re.search(r'href="(\?after=[^"]+)"', first)
    assert onward is not None
    assert names(client, f"/doctors/{onward[1]}") == [f"Doctor {n}" for n in range(20, 25)]


def test_nobody_found_leaves_a_way_back(client: Client, two) -> None:
    assert "No doctor fits these filters" in client.get("/doctors/?name=nobody").content.decode()


def test_within_a_treatment_there_are_those_whose_specialty_covers_it(client: Client, two) -> None:
    assert names(client, "/treatments/blepharoplasty/doctors/") == ["Sam Surgeon"]
    assert names(client, "/treatments/blepharoplasty/doctors/?place=Memphis") == []
    html = client.get("/treatments/blepharoplasty/doctors/").content.decode()
    assert 'name="treatment"' not in html


def test_cards_count_what_is_published(client: Client) -> None:
    busy, quiet = (
        DoctorFactory(verified=True, name="Busy Bee"),
        DoctorFactory(verified=True, name="Quiet One"),
    )
    for _ in range(3):
        AnswerFactory(published=True, doctor=busy)
    AnswerFactory(pending=True, doctor=quiet)
    AnswerFactory(published=True, doctor=quiet, question__removed=True)
    cards = client.get("/doctors/").content.decode().split('<article class="doctor">')[1:]
    assert "3 answers" in cards[0]
    assert "answer" not in cards[1].split("</article>")[0]


def test_a_check_that_holds_today_is_said_in_words(client: Client) -> None:
    DoctorFactory(verified=True)
    assert "Verified now, last checked" in client.get("/doctors/").content.decode()


def test_a_treatment_nobody_covers_leads_to_all_doctors(client: Client) -> None:
    TreatmentFactory(name="Rare", slug="rare")
    html = client.get("/treatments/rare/doctors/").content.decode()
    assert "No doctor with this in their specialty yet" in html
    assert 'href="/doctors/">All doctors' in html


def test_a_narrowed_directory_costs_five_queries(client: Client, two, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(5):
        client.get("/doctors/?treatment=eyelids&specialty=plastic-surgery&place=Leeds&language=english")


@pytest.mark.parametrize(
    ("query", "index"), [("place=mem", "doctors_doctor_city"), ("language=hung", "doctors_doctor_languages")]
)
def test_places_and_languages_are_found_by_an_index(query: str, index: str) -> None:
    """Not by reading every profile; the planner is asked to name what it could use."""
    found = DoctorFilter(QueryDict(query), queryset=Doctor.objects.all()).qs.order_by()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in found.explain()
