"""What machines read beside the pages: structured data, feeds and sitemaps keep to their formats."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from answers.services import withdraw_answer
from core.sitemaps import PAGE
from questions.models import Question
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    LabelStatusFactory,
    QuestionFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UseFactory,
)

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
# What each type must say to be of use, by schema.org and the search engines' own lists.
REQUIRED = {
    "QAPage": {"mainEntity", "url"},
    "Question": {"name", "text", "answerCount", "author", "url"},
    "Answer": {"text", "url", "author", "upvoteCount"},
    "MedicalWebPage": {"url", "inLanguage"},
    "MedicalTherapy": {"name"},
    "Physician": {"name", "url"},
    "Person": {"name"},
    "Organization": {"name", "url"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name"},
    "PostalAddress": set(),
    "MedicalAudience": {"audienceType"},
}


@pytest.fixture
def site(settings) -> dict[str, Any]:
    settings.SITE_ORIGIN = "https://candor.example"
    treatment = TreatmentFactory(name="Botox", slug="botox")
    SpecialtyFactory().in_scope.add(treatment)
    use = UseFactory(treatment=treatment, slug="calf-reduction")
    LabelStatusFactory(use=use, checked_on="2026-11-20")
    question = QuestionFactory(published=True, treatment=treatment, use=use)
    answers = [
        AnswerFactory(published=True, question=question, confirmed_at=timezone.now()) for _ in range(2)
    ]
    empty = QuestionFactory(published=True, treatment=treatment)
    return {"question": question, "doctor": answers[0].doctor, "empty": empty}


def data_on(path: str) -> list[dict[str, Any]]:
    page = Client().get(path).content.decode()
    return [
        json.loads(block) for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    ]


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every typed object in a block of structured data."""
    if isinstance(value, dict):
        if "@type" in value:
            yield value
        for inner in value.values():
            yield from parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from parts(inner)


def types_of(part: dict[str, Any]) -> list[str]:
    return part["@type"] if isinstance(part["@type"], list) else [part["@type"]]


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("{thread}", "QAPage"),
        ("/treatments/botox/", "MedicalWebPage"),
        ("/treatments/botox/uses/calf-reduction/", "MedicalWebPage"),
        ("{profile}", "Physician"),
        ("/treatments/botox/questions/", "BreadcrumbList"),
    ],
)
def test_structured_data_says_what_its_type_requires(site, path: str, type_: str) -> None:
    path = path.format(thread=site["question"].get_absolute_url(), profile=site["doctor"].get_absolute_url())
    blocks = data_on(path)
    assert any(type_ in types_of(block) for block in blocks)
    for part in parts(blocks):
        for name in types_of(part):
            assert REQUIRED[name] <= part.keys(), part
        for address in (part.get("url"), part.get("item")):
            assert address is None or address.startswith("https://candor.example/")


def test_a_page_names_who_reviewed_it_and_when_or_neither(site) -> None:
    [use] = [b for b in data_on("/treatments/botox/uses/calf-reduction/") if "MedicalWebPage" in b["@type"]]
    assert (use["lastReviewed"], use["reviewedBy"]["name"]) == ("2026-11-20", "Candor")
    TreatmentFactory(name="Unlooked", slug="unlooked")
    [guide] = [b for b in data_on("/treatments/unlooked/") if "MedicalWebPage" in b["@type"]]
    assert not {"lastReviewed", "reviewedBy"} & guide.keys()


def test_only_doctors_verified_today_are_physicians(site) -> None:
    AnswerFactory(
        published=True, question=site["question"], doctor=DoctorFactory(suspended=True, name="Sam Out")
    )
    [page] = [b for b in data_on(site["question"].get_absolute_url()) if "QAPage" in b["@type"]]
    said = {a["author"]["name"]: a["author"]["@type"] for a in page["mainEntity"]["suggestedAnswer"]}
    assert said.pop("Sam Out, MD") == "Person"
    assert set(said.values()) == {"Physician"}


def test_a_thread_without_an_answer_asks_not_to_be_indexed(site) -> None:
    empty, answered = site["empty"].get_absolute_url(), site["question"].get_absolute_url()
    assert '<meta name="robots" content="noindex, follow">' in Client().get(empty).content.decode()
    assert 'name="robots"' not in Client().get(answered).content.decode()
    listed = Client().get("/sitemap-threads.xml").content.decode()
    assert answered in listed
    assert empty not in listed


@pytest.mark.parametrize("path", ["/questions/feed/", "/treatments/botox/feed/", "/questions/{pk}/feed/"])
def test_feeds_have_what_atom_requires(site, path: str) -> None:
    """RFC 4287, 4.1.1 and 4.1.2."""
    response = Client().get(path.format(pk=site["question"].pk))
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(response.content)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            [found] = element.findall(f"{ATOM}{name}")
            assert found.text
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated", "")).tzinfo
        assert element.findtext(f"{ATOM}id", "").startswith("https://candor.example/")
    assert [link.get("rel") for link in feed.findall(f"{ATOM}link")] == ["alternate", "self"]
    for entry in entries:
        assert entry.find(f"{ATOM}author/{ATOM}name") is not None or feed.find(f"{ATOM}author") is not None
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)


def test_sitemaps_hold_absolute_addresses_with_their_last_change(site) -> None:
    index = ElementTree.fromstring(Client().get("/sitemap.xml").content)
    sections = [urlsplit(loc.text or "").path for loc in index.iter(f"{MAP}loc")]
    assert "/sitemap-threads.xml" in sections
    for section in sections:
        urls = ElementTree.fromstring(Client().get(section).content).findall(f"{MAP}url")
        assert len(urls) <= PAGE
        for url in urls:
            assert url.findtext(f"{MAP}loc", "").startswith("https://candor.example/")
            changed = url.findtext(f"{MAP}lastmod")
            assert changed is None or datetime.fromisoformat(changed)
    [thread] = ElementTree.fromstring(Client().get("/sitemap-threads.xml").content).findall(f"{MAP}url")
    assert thread.findtext(f"{MAP}lastmod")


def test_a_section_of_many_rows_is_split_by_their_keys(site, django_assert_num_queries) -> None:
    """The last part of a million threads costs what the first costs: no OFFSET anywhere."""
    far = QuestionFactory(
        published=True, pk=site["question"].pk + 3 * PAGE, treatment=site["question"].treatment
    )
    AnswerFactory(published=True, question=far)
    index = Client().get("/sitemap.xml").content.decode()
    assert "/sitemap-threads.xml?p=4<" in index
    assert "/sitemap-threads.xml?p=5<" not in index
    with django_assert_num_queries(2) as queries:
        last = Client().get("/sitemap-threads.xml?p=4").content.decode()
    assert far.get_absolute_url() in last
    assert site["question"].get_absolute_url() not in last
    assert not any("OFFSET" in query["sql"] for query in queries.captured_queries)
    for number in ("0", "5", "-1", "x", "9" * 30):
        assert Client().get(f"/sitemap-threads.xml?p={number}").status_code == 404


def test_a_withdrawn_answer_takes_its_thread_out_of_the_sitemap(site) -> None:
    answer = AnswerFactory(published=True, question=site["empty"])
    address = site["empty"].get_absolute_url()
    assert address in Client().get("/sitemap-threads.xml").content.decode()
    withdraw_answer(answer=answer, by=answer.doctor.user)
    assert address not in Client().get("/sitemap-threads.xml").content.decode()


def test_markup_somebody_typed_as_text_stays_text_in_a_feed_reader(site) -> None:
    """T-IN-02: a summary is HTML to whoever reads the feed."""
    typed = "Is <img src=x onerror=alert(1)> safe?"
    QuestionFactory(published=True, body_html=f"<p>{escape(typed)}</p>")
    AnswerFactory(published=True, question=site["question"], summary=typed)
    for path in ("/questions/feed/", f"/questions/{site['question'].pk}/feed/"):
        feed = ElementTree.fromstring(Client().get(path).content)
        assert escape(typed) in [summary.text for summary in feed.iter(f"{ATOM}summary")]
        assert typed not in [summary.text for summary in feed.iter(f"{ATOM}summary")]


def test_an_entry_stays_the_same_when_its_title_changes(site) -> None:
    def ids() -> list[str | None]:
        return [
            e.text for e in ElementTree.fromstring(Client().get("/questions/feed/").content).iter(f"{ATOM}id")
        ]

    before = ids()
    Question.objects.filter(pk=site["question"].pk).update(title="Otherwise", slug="otherwise")
    assert ids() == before
