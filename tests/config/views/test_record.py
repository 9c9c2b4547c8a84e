"""The pages below the trust page."""

import pytest
from django.test import Client

from config.ledger import SMALLEST
from core.audit import record
from core.moderation import transition
from tests.factories import QuestionFactory, SourceFactory, moderator
from treatments.models import Term

pytestmark = pytest.mark.django_db


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


class TestLedger:
    def test_an_empty_one_says_so(self, client: Client) -> None:
        html = page(client, "/trust/ledger/")
        assert "No decision in this time" in html
        assert '<svg class="chart"' not in html

    def test_it_counts_what_was_decided_and_tells_nobodys_words(self, client: Client, sign_in) -> None:
        judge = moderator(handle="judge-of-marzipan")
        for number in range(SMALLEST):
            question = QuestionFactory(pending=True, title=f"Marzipan {number}?")
            url = f"/admin/moderation/question/{question.pk}/"
            data = {"to": "rejected", "version": 1, "reason_code": "spam", "reason": "Marzipan is bulk."}
            assert sign_in(judge).post(url, data).status_code == 302
        html = page(client, "/trust/ledger/")
        assert "It was sent in bulk or by a machine." in html
        assert f'data-label="Rejected">{SMALLEST}</td>' in html
        assert f">{SMALLEST}</text>" in html
        assert "under 1 h" in html
        assert "marzipan" not in html.lower()

    def test_imports_are_named_and_not_counted(self, client: Client) -> None:
        question = QuestionFactory()
        record(actor=moderator(), action="import", obj=question)
        html = page(client, "/trust/ledger/")
        assert "No decision in this time" in html
        assert "took over 1 questions from elsewhere" in html

    def test_another_year_is_a_click_away(self, client: Client) -> None:
        transition(QuestionFactory(pending=True), to="published", by=moderator())
        year = page(client, "/trust/ledger/").split('<a href="?year=')[1][:4]
        html = page(client, f"/trust/ledger/?year={year}")
        assert f"in {year}, counted from a log" in html
        assert "The last twelve months" in html

    def test_it_costs_five_queries_at_most(self, client: Client, django_assert_max_num_queries) -> None:
        for _ in range(12):
            transition(QuestionFactory(pending=True), to="published", by=moderator())
        with django_assert_max_num_queries(5):
            page(client, "/trust/ledger/")


class TestTerms:
    def test_each_stands_under_its_letter_with_its_source(
        self, client: Client, django_assert_num_queries
    ) -> None:
        source = SourceFactory(title="The label", url="https://example.org/label")
        Term.objects.create(slug="ptosis", name="Ptosis", explanation="Drooping.", source=source)
        Term.objects.create(slug="off-label", name="off-label", also="off label", explanation="Beyond.")
        with django_assert_num_queries(1):
            html = page(client, "/trust/terms/")
        assert html.index(">O</h2>") < html.index('<dt id="off-label">') < html.index(">P</h2>")
        assert "Also: off label." in html
        assert '<a href="https://example.org/label" rel="nofollow noopener">The label' in html

    def test_none_is_said(self, client: Client) -> None:
        assert "No terms yet" in page(client, "/trust/terms/")
