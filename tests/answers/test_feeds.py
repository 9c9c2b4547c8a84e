"""What a feed reader gets."""

from xml.etree import ElementTree

import pytest
from django.test import Client

from answers.feeds import ENTRIES
from tests.factories import AnswerFactory, DoctorFactory, QuestionFactory, TreatmentFactory

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client: Client, url: str) -> list[dict[str, str]]:
    response = client.get(url)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    return [
        {
            "title": entry.findtext(f"{ATOM}title", ""),
            "summary": entry.findtext(f"{ATOM}summary", ""),
            "link": entry.find(f"{ATOM}link").get("href", ""),
            "updated": entry.findtext(f"{ATOM}updated", ""),
        }
        for entry in root.iter(f"{ATOM}entry")
    ]


def test_new_threads_come_with_their_first_words_and_whole_addresses(client: Client, settings) -> None:
    settings.SITE_ORIGIN = "https://candor.example"
    question = QuestionFactory(
        published=True, title="Is 1 < 2 & so?", body_html="<p>Tell <em>me</em> &lt;b&gt;.</p>"
    )
    [entry] = entries(client, "/questions/feed/")
    assert entry["title"] == "Is 1 < 2 & so?"
    assert entry["summary"] == "Tell me &lt;b&gt;."
    assert entry["link"] == f"https://candor.example{question.get_absolute_url()}"


def test_an_answer_makes_a_thread_new_again(client: Client) -> None:
    answer = AnswerFactory(published=True)
    [entry] = entries(client, "/questions/feed/")
    assert entry["updated"][:19] == answer.answered_at.isoformat()[:19]


def test_a_treatment_has_a_feed_of_its_own(client: Client) -> None:
    botox = TreatmentFactory(slug="botox", name="Botox")
    QuestionFactory(published=True, treatment=botox, title="About Botox?")
    QuestionFactory(published=True, title="About something else?")
    assert [entry["title"] for entry in entries(client, "/treatments/botox/feed/")] == ["About Botox?"]
    assert b"Candor: questions about Botox" in client.get("/treatments/botox/feed/").content


def test_a_thread_feed_brings_each_published_answer_with_its_position(client: Client) -> None:
    question = QuestionFactory(published=True)
    doctor = DoctorFactory(verified=True, name="Ann Example", title="MD")
    answer = AnswerFactory(published=True, question=question, doctor=doctor, summary="Yes & no.")
    AnswerFactory(pending=True, question=question)
    [entry] = entries(client, f"/questions/{question.pk}/feed/")
    assert entry["title"] == "Supports: Ann Example, MD"
    assert entry["summary"] == "Yes &amp; no."  # Atom: this element holds HTML
    assert entry["link"].endswith(f"#answer-{answer.pk}")


def test_a_feed_ends_after_its_newest_entries(client: Client) -> None:
    for number in range(ENTRIES + 2):
        QuestionFactory(published=True, title=f"Is this number {number}?")
    titles = [entry["title"] for entry in entries(client, "/questions/feed/")]
    assert (len(titles), titles[0]) == (ENTRIES, f"Is this number {ENTRIES + 1}?")


def test_feeds_of_what_is_not_public_do_not_exist(client: Client) -> None:
    hidden = QuestionFactory(pending=True)
    for url in (f"/questions/{hidden.pk}/feed/", "/treatments/none/feed/"):
        response = client.get(url)
        assert response.status_code == 404
        assert b"There is nothing at this address" in response.content


def test_a_host_that_was_named_stands_in_no_feed(client: Client, settings) -> None:
    """T-CF-06: feeds are cached for everybody."""
    settings.SITE_ORIGIN = "https://candor.example"
    question = AnswerFactory(published=True, question__treatment__slug="botox").question
    for url in ("/questions/feed/", "/treatments/botox/feed/", f"/questions/{question.pk}/feed/"):
        feed = client.get(url, headers={"host": "localhost:1337"}).content.decode()
        assert f'href="https://candor.example{url}"' in feed
        assert "localhost" not in feed
