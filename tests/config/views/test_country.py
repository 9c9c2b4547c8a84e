"""Every page in the reader's country, from its address alone."""

import re

import pytest
from django.test import Client

from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    LabelStatusFactory,
    QuestionFactory,
    SourceFactory,
    TreatmentFactory,
    UseFactory,
)

pytestmark = pytest.mark.django_db
PAGES = ["thread", "guide", "matrix", "use"]


@pytest.fixture
def pages() -> dict[str, str]:
    """Calf reduction: off-label in the US, not permitted in the UK, nothing listed for Canada."""
    botox = TreatmentFactory(
        name="Botox", emergency_signs="Trouble swallowing.", emergency_source=SourceFactory()
    )
    calves = UseFactory(treatment=botox, name="Calf reduction", slug="calves")
    LabelStatusFactory(use=calves, jurisdiction="US", status="off_label")
    LabelStatusFactory(use=calves, jurisdiction="GB", status="not_permitted", note="As the agency says.")
    question = QuestionFactory(published=True, treatment=botox, use=calves)
    for code in ("US", "GB", "SE", ""):
        AnswerFactory(published=True, question=question, doctor=DoctorFactory(verified=True, country=code))
    return {
        "thread": question.get_absolute_url(),
        "guide": "/treatments/botox/",
        "matrix": "/treatments/botox/uses/",
        "use": "/treatments/botox/uses/calves/",
    }


def read(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    assert not response.cookies
    return response.content.decode()


def part(html: str, name: str) -> str:
    """The words of the first element that changes with the country."""
    found = html[html.index(f'data-country-part="{name}"') :]
    return " ".join(re.sub(r"<[^>]+>", " ", found[found.index(">") + 1 :]).split())


@pytest.mark.parametrize("page", PAGES)
def test_labels_and_numbers_follow_the_address(client: Client, pages: dict[str, str], page: str) -> None:
    at_home, in_britain = read(client, pages[page]), read(client, pages[page] + "?country=GB")
    assert part(at_home, "numbers").startswith("911 (US, Canada). Elsewhere:")
    assert part(in_britain, "numbers").startswith("999 or 112 (UK). Elsewhere: 911")
    name = {"thread": "label", "guide": "uses", "matrix": "matrix", "use": "label"}[page]
    assert "Off-label" in part(at_home, name)[:400]
    assert "Not permitted" in part(in_britain, name)[:400]
    assert '<option value="GB" selected>' in in_britain


@pytest.mark.parametrize("page", PAGES)
def test_there_is_one_address_for_search_engines(client: Client, pages: dict[str, str], page: str) -> None:
    html = read(client, pages[page] + "?country=GB")
    assert re.search(r'rel="canonical" href="[^"]*"', html)[0].endswith(f'{pages[page]}"')


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("asked", ["XX", "us", "", "%00x"[3:], "%27%22%3E%3Cb%3E"])
def test_unknown_countries_are_the_default(
    client: Client, pages: dict[str, str], page: str, asked: str
) -> None:
    html = read(client, f"{pages[page]}?country={asked}")
    assert part(html, "numbers") == part(read(client, pages[page]), "numbers")
    assert '<option value="US" selected>' in html


@pytest.mark.parametrize("page", PAGES)
def test_what_a_visitor_has_chosen_before_changes_no_byte(pages: dict[str, str], page: str) -> None:
    first = Client().get(pages[page])
    second = Client(headers={"cookie": "country=GB", "accept-language": "en-GB"}).get(pages[page])
    assert first.content == second.content
    assert "public" in second["Cache-Control"]


@pytest.mark.parametrize("page", ["thread", "matrix", "use"])
def test_a_country_without_a_document_is_said_plainly(
    client: Client, pages: dict[str, str], page: str
) -> None:
    html = read(client, pages[page] + "?country=CA")
    assert "Not listed here" in html
    if page == "thread":
        assert "No label document for Canada is listed here for calf reduction." in " ".join(html.split())


def test_a_thread_whose_use_has_no_label_anywhere_says_so(client: Client) -> None:
    botox = TreatmentFactory(name="Botox")
    question = QuestionFactory(published=True, treatment=botox, use=UseFactory(treatment=botox))
    assert "No label document for the United States" in read(client, question.get_absolute_url())
    without = QuestionFactory(published=True, treatment=botox)
    assert "No label document" not in read(client, without.get_absolute_url())


def test_answers_say_on_whose_practice_they_rest_if_it_is_elsewhere(
    client: Client, pages: dict[str, str]
) -> None:
    def notes(query: str) -> list[str]:
        html = read(client, pages["thread"] + query)
        return sorted(re.findall(r"rests on practice in ([^<]+)<", html))

    assert notes("") == ["the European Union", "the United Kingdom"]
    assert notes("?country=GB") == ["the European Union", "the United States"]
    assert notes("?country=EU") == ["the United Kingdom", "the United States"]
    assert len(notes("?country=AU")) == 3


def test_an_answer_rests_on_where_its_author_practised_then(client: Client) -> None:
    answer = AnswerFactory(
        published=True, author_snapshot={"country": "GB"}, doctor=DoctorFactory(verified=True, country="US")
    )
    assert "rests on practice in the United Kingdom" in read(client, answer.question.get_absolute_url())


def test_publication_keeps_the_country_of_practice() -> None:
    assert DoctorFactory(verified=True, country="SE").snapshot()["country"] == "SE"


def test_sorting_stays_in_the_country(client: Client, pages: dict[str, str]) -> None:
    matrix = read(client, pages["matrix"] + "?country=GB&status=not-permitted")
    assert 'href="?sort=threads&amp;status=not-permitted&amp;country=GB"' in matrix
    assert "uses.csv?status=not-permitted&amp;country=GB" in matrix
    assert '<input type="hidden" name="status" value="not-permitted">' in matrix
    thread = read(client, pages["thread"] + "?country=GB")
    assert '<input type="hidden" name="country" value="GB">' in thread


def test_the_answer_to_a_form_offers_no_way_to_lose_what_was_written(client: Client) -> None:
    html = client.post("/accounts/login/", {"login": "x", "password": "y"}).content.decode()
    assert "data-country-form" not in html
    assert "999" in html


def test_the_trust_page_names_the_source_of_every_number(client: Client) -> None:
    html = read(client, "/trust/")
    for words in ("2018/1972", "CRTC 2014-342", "Public Law 106-81", "Ofcom", "Emergency Call Service"):
        assert words in html


def test_an_address_with_more_than_can_be_read_is_no_error(client: Client) -> None:
    html = read(client, "/trust/?" + "&".join(f"p{n}=1" for n in range(400)))
    assert part(html, "numbers").startswith("911")
