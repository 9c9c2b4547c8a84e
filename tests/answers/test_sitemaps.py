"""What search engines are told of the threads."""

from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.factories import AnswerFactory, QuestionFactory

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
    names = ("pages", "treatments", "uses", "threads", "doctors")
    paths = [entry.findtext(f"{NS}loc", "").rsplit("/", 1)[1] for entry in root]
    assert paths == [f"sitemap-{name}.xml" for name in names]
