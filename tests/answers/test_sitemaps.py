"""What search engines are told of the threads."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from answers.models import Answer, SecondOpinion
from tests.factories import AnswerFactory, QuestionFactory, SecondOpinionFactory

pytestmark = pytest.mark.django_db
NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_public_threads_stand_in_the_sitemap_with_the_day_of_their_last_answer(
    client: Client, settings
) -> None:
    settings.SITE_ORIGIN = "https://candor.example"
    answer = AnswerFactory(published=True)
    QuestionFactory(pending=True)
    root = ElementTree.fromstring(client.get("/sitemap-threads.xml").content)
    assert [(url.findtext(f"{NS}loc"), url.findtext(f"{NS}lastmod")) for url in root] == [
        (f"https://candor.example{answer.question.get_absolute_url()}", f"{answer.answered_at:%Y-%m-%d}")
    ]


def test_the_index_names_every_section(client: Client) -> None:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    names = ("pages", "treatments", "uses", "threads", "doctors", "cases")
    paths = [entry.findtext(f"{NS}loc", "").rsplit("/", 1)[1] for entry in root]
    assert paths == [f"sitemap-{name}.xml" for name in names]


def test_a_confirmation_an_edit_and_a_second_opinion_are_changes_of_a_thread(client: Client) -> None:
    def changed_on() -> str | None:
        root = ElementTree.fromstring(client.get("/sitemap-threads.xml").content)
        return root[0].findtext(f"{NS}lastmod")

    now = timezone.now()
    answer = AnswerFactory(published=True, answered_at=now - timedelta(days=90), confirmed_at=None)
    Answer.objects.filter(pk=answer.pk).update(confirmed_at=now + timedelta(days=1))
    assert changed_on() == f"{now + timedelta(days=1):%Y-%m-%d}"
    answer.keep_version(now + timedelta(days=2))
    assert changed_on() == f"{now + timedelta(days=2):%Y-%m-%d}"
    given = SecondOpinionFactory(published=True, answer=answer)
    SecondOpinion.objects.filter(pk=given.pk).update(published_at=now + timedelta(days=3))
    assert changed_on() == f"{now + timedelta(days=3):%Y-%m-%d}"
