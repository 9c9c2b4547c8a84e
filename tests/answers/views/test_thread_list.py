"""Lists of threads, of the site and of one treatment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.pagination import PAGE_SIZE
from tests.factories import AnswerFactory, DoctorFactory, QuestionFactory, TreatmentFactory, UseFactory

pytestmark = pytest.mark.django_db


def page(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_a_row_says_what_is_asked_and_where_the_doctors_stand(client) -> None:
    use = UseFactory(name="Calf slimming", treatment__name="Botox")
    question = QuestionFactory(
        published=True, title="Slimmer calves?", treatment=use.treatment, use=use, stage="after"
    )
    for _ in range(3):
        AnswerFactory(published=True, question=question, stance="against", reason="safety")
    html = page(client, "/questions/")
    row = html[html.index('<article class="row">') : html.index("</article>")]
    for words in ("Slimmer calves?", "<span>Botox</span>", "Calf slimming", "Had it done"):
        assert words in row
    assert "All 3 doctors advise against it" in row


def test_what_waits_says_for_how_long(client) -> None:
    QuestionFactory(published=True, asked_at=timezone.now() - timedelta(days=2, hours=1))
    assert "Waiting 2 days" in page(client, "/questions/?sort=waiting")


def test_an_answer_that_counts_no_longer_is_no_position(client) -> None:
    AnswerFactory(published=True, doctor=DoctorFactory(expired=True))
    assert "No verified doctor has taken a position yet" in page(client, "/questions/")


def test_pages_follow_each_other_without_a_gap_and_keep_their_filters(client) -> None:
    for number in range(PAGE_SIZE + 2):
        QuestionFactory(published=True, title=f"Is this number {number}?", stage="after")
    QuestionFactory(published=True, title="Quite another one?", stage="before")
    response = client.get("/questions/?stage=after")
    seen = [thread.question.title for thread in response.context["page"]]
    rest = client.get("/questions/" + response.context["page"].next_url)
    seen += [thread.question.title for thread in rest.context["page"]]
    assert seen == [f"Is this number {number}?" for number in reversed(range(PAGE_SIZE + 2))]
    assert "Back to the start" in rest.content.decode()


def test_an_empty_list_says_what_to_do(client) -> None:
    assert "Be the first to ask." in page(client, "/questions/")
    QuestionFactory(published=True, stage="before")
    assert "No thread fits these filters" in page(client, "/questions/?stage=after")


def test_a_filtered_list_is_not_for_search_engines(client) -> None:
    noindex = '<meta name="robots" content="noindex, follow">'
    assert noindex not in page(client, "/questions/")
    assert noindex in page(client, "/questions/?stage=after")


class TestOfATreatment:
    def test_only_its_own_threads_stand_there(self, client) -> None:
        botox = TreatmentFactory(slug="botox", name="Botox")
        QuestionFactory(published=True, treatment=botox, title="About Botox?")
        QuestionFactory(published=True, title="About a laser?")
        html = page(client, "/treatments/botox/questions/")
        assert "<h1>Questions about Botox</h1>" in html
        assert "About Botox?" in html
        assert "About a laser?" not in html

    def test_its_uses_narrow_it(self, client) -> None:
        use = UseFactory(slug="lines", treatment__slug="botox")
        QuestionFactory(published=True, treatment=use.treatment, use=use, title="About lines?")
        QuestionFactory(published=True, treatment=use.treatment, title="About calves?")
        html = page(client, "/treatments/botox/questions/?use=lines")
        assert "About lines?" in html
        assert "About calves?" not in html

    def test_a_treatment_under_review_has_no_page(self, client) -> None:
        TreatmentFactory(slug="snake-oil", is_reviewed=False)
        for slug in ("snake-oil", "none"):
            assert client.get(f"/treatments/{slug}/questions/").status_code == 404


def test_a_question_about_no_treatment_we_know_names_none(client) -> None:
    QuestionFactory(published=True, treatment=None, title="Something imported?")
    html = client.get("/questions/").content.decode()
    assert "Something imported?" in html
    assert ">None<" not in html


def test_everything_a_doctor_published_stands_on_a_page_of_its_own(client) -> None:
    doctor = DoctorFactory(verified=True)
    shown = AnswerFactory(published=True, doctor=doctor, summary="A public sentence.")
    hidden = AnswerFactory(pending=True, doctor=doctor, summary="A waiting sentence.")
    html = page(client, f"/doctors/{doctor.slug}/answers/")
    assert shown.summary in html
    assert hidden.summary not in html
    assert client.get("/doctors/nobody/answers/").status_code == 404
