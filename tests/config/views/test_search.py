"""The search page as a reader meets it."""

import logging

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import AnswerFactory, DoctorFactory, QuestionFactory, TreatmentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client):
    def get(query: str, **params: str) -> str:
        response = client.get(reverse("search"), {"q": query, **params})
        assert response.status_code == 200
        return response.content.decode()

    return get


@pytest.fixture
def botox():
    return TreatmentFactory(name="Botox", slug="botox")


def questions(html: str) -> int:
    return html.count('<article class="row">')


class TestWhatIsFound:
    def test_threads_treatments_and_doctors_stand_on_one_page(self, page, botox) -> None:
        QuestionFactory(published=True, treatment=botox, title="Can Botox make my calves smaller?")
        DoctorFactory(verified=True, name="Botox Bob")
        html = page("botox calves")
        assert 'href="/treatments/botox/"' in html
        assert "Botox Bob" in html
        assert "1 found" in html

    def test_a_doctor_looked_for_by_name_stands_before_the_threads_and_is_no_misspelling(self, page) -> None:
        for _ in range(30):
            QuestionFactory(published=True, title="I had it done in July")
        DoctorFactory(verified=True, name="Julia Rowe")
        html = page("julia rowe")
        assert html.index("Julia Rowe") < html.index('id="threads-title"')
        assert "Did you mean" not in html

    def test_where_the_words_stand_is_shown_and_marked(self, page) -> None:
        QuestionFactory(published=True, title="Legs", body="They said my calves would shrink.")
        assert "<mark>calves</mark>" in page("calves")

    def test_the_stand_of_the_doctors_is_shown(self, page) -> None:
        question = QuestionFactory(published=True, title="Thinner calves?")
        for _ in range(3):
            AnswerFactory(question=question, published=True, stance="supports")
        assert "All 3 doctors support it" in page("calves")

    def test_a_misspelling_is_put_right_and_offered(self, page) -> None:
        QuestionFactory(published=True, title="Does rosacea go away?")
        html = page("rosecea")
        assert "Did you mean" in html
        assert "?q=rosacea" in html
        assert questions(html) == 1

    def test_nothing_found_says_what_to_do(self, page) -> None:
        html = page("pterodactyl")
        assert "No question has these words yet" in html
        assert reverse("questions:ask") in html

    def test_nothing_asked_says_how_to(self, page) -> None:
        assert "as you would say it" in page("")


class TestFilters:
    def test_a_treatment_and_being_answered_narrow_it(self, page, botox) -> None:
        QuestionFactory(published=True, title="Is bruising usual?", treatment=botox)
        answered = AnswerFactory(
            published=True, question__title="Is bruising bad?", stance="supports"
        ).question
        assert questions(page("bruising")) == 2
        assert questions(page("bruising", treatment="botox")) == 1
        html = page("bruising", answered="yes", stance="supports")
        assert questions(html) == 1
        assert answered.get_absolute_url() in html

    def test_filters_that_leave_nothing_offer_the_way_back(self, page, botox) -> None:
        QuestionFactory(published=True, title="Is bruising usual?")
        html = page("bruising", treatment="botox")
        assert "Search without filters" in html
        assert 'href="?q=bruising"' in html

    def test_the_query_travels_with_the_filters(self, page) -> None:
        QuestionFactory(published=True, title="Is bruising usual?")
        assert '<input type="hidden" name="q" value="bruising"' in page("bruising")


class TestPaging:
    @pytest.fixture(autouse=True)
    def _many(self, botox) -> None:
        for number in range(25):
            QuestionFactory(published=True, treatment=botox, title=f"Is bruising {number} usual?")

    def test_twenty_a_page_and_each_thread_once(self, page) -> None:
        first, second = page("bruising"), page("bruising", page="2")
        assert (questions(first), questions(second)) == (20, 5)
        assert "page=2" in first
        assert "page=" not in second.split('class="pages"')[1].split("</nav>")[0]

    @pytest.mark.parametrize("number", ["0", "-1", "11", "999999999999999999", "x", "٣", "1e3", ""])
    def test_a_page_that_is_none_is_the_first(self, page, number: str) -> None:
        assert questions(page("bruising", page=number)) == 20

    def test_a_page_after_the_last_is_empty_and_not_an_error(self, page) -> None:
        assert questions(page("bruising", page="9")) == 0

    def test_it_costs_six_queries(self, client: Client, django_assert_num_queries) -> None:
        with django_assert_num_queries(6):
            client.get(reverse("search"), {"q": "bruising"})


class TestHostileValues:
    @pytest.mark.parametrize(
        "query",
        [
            "x" * 3000,
            "' OR 1=1 --",
            '"><script>alert(1)</script>',
            "%s %(a)s {0}",
            "\\",
            "the",
            "\u202e",
            "& | !",
        ],
    )
    def test_any_query_is_answered(self, page, query: str) -> None:
        QuestionFactory(published=True)
        assert "<script>alert" not in page(query)

    def test_unknown_filters_are_ignored(self, page) -> None:
        QuestionFactory(published=True, title="Is bruising usual?")
        html = page("bruising", treatment="nonsense", stance="'", answered="maybe", stage="9", sort="x")
        assert questions(html) == 1

    def test_nul_is_turned_away(self, client: Client) -> None:
        assert client.get("/search/?q=a%00b").status_code == 400


class TestPrivacy:
    @pytest.mark.parametrize("trait", ["pending", "rejected", "removed", "withdrawn"])
    def test_what_is_not_public_is_not_found(self, page, trait: str) -> None:
        QuestionFactory(**{trait: True}, title="Unmistakable pterodactyl")
        AnswerFactory(**{trait: True}, body_html="<p>A pterodactyl</p>", summary="Pterodactyl")
        assert questions(page("pterodactyl")) == 0

    def test_authors_do_not_find_their_own_pending_text_here(self, sign_in) -> None:
        user = UserFactory()
        QuestionFactory(pending=True, author=user, title="Unmistakable pterodactyl")
        assert questions(sign_in(user).get("/search/?q=pterodactyl").content.decode()) == 0

    def test_everybody_gets_the_same_page_without_a_cookie(self, client: Client) -> None:
        QuestionFactory(published=True, title="Is bruising usual?")
        one, two = (Client().get("/search/?q=bruising") for _ in range(2))
        assert one.content == two.content
        assert not one.cookies

    def test_terms_are_not_logged(self, page, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)
        page("embarrassing pterodactyl")
        assert "pterodactyl" not in caplog.text

    def test_results_stay_out_of_search_engines(self, page) -> None:
        assert '<meta name="robots" content="noindex, follow">' in page("botox")
