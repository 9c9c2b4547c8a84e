"""The sitemap index."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories import AnswerFactory

pytestmark = pytest.mark.django_db


def test_the_index_reads_no_row_of_what_it_leads_to(
    client: Client, django_assert_num_queries: Callable
) -> None:
    """It is asked for by everybody's crawlers, and a large site has a million threads."""
    AnswerFactory(published=True)
    with django_assert_num_queries(5) as queries:  # a count or the last key of each section that has rows
        client.get("/sitemap.xml")
    assert all("COUNT(*)" in query["sql"] or "MAX(" in query["sql"] for query in queries.captured_queries)


def test_a_host_that_was_named_stands_in_no_address(client: Client, settings) -> None:
    """T-CF-06: the index is cached for everybody."""
    settings.SITE_ORIGIN = "https://candor.example"
    page = client.get("/sitemap.xml", headers={"host": "localhost:1337"}).content.decode()
    assert "<loc>https://candor.example/sitemap-threads.xml</loc>" in page
    assert "localhost" not in page
