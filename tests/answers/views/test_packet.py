"""The consult packet: what one carries into an appointment."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.enums import State
from core.moderation import transition
from questions.keeping import keep_question
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    LabelStatusFactory,
    QuestionFactory,
    SecondOpinionFactory,
    SourceFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
    moderator,
)
from treatments.models import Caution, SafetyNotice

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    source = SourceFactory(title="Package leaflet", dated="2025-01")
    treatment = TreatmentFactory(
        name="Botox",
        slug="botox",
        is_prescription_only=True,
        emergency_signs="Trouble swallowing.",
        emergency_source=source,
    )
    Caution.objects.create(
        treatment=treatment,
        kind="pregnancy",
        text="No data in pregnancy.",
        source=source,
        checked_on=date(2026, 3, 1),
    )
    SafetyNotice.objects.create(
        treatment=treatment, product="Lot 7", text="Too strong.", source=source, issued_on=date(2026, 5, 3)
    )
    use = UseFactory(treatment=treatment, name="Calf reduction")
    LabelStatusFactory(use=use, status="off_label", source=source, checked_on=date(2026, 2, 1))
    question = QuestionFactory(
        published=True, treatment=treatment, use=use, title="Can Botox make my calves thinner?"
    )
    for number in range(3):
        AnswerFactory(
            published=True,
            question=question,
            doctor__name=f"Ada Against{number}",
            doctor__verified=True,
            stance="against",
            reason="safety",
            summary="I would not.",
        )
    AnswerFactory(published=True, question=question, stance="conditions", summary="Low dose only.")
    return question


def words(client: Client, url: str = "/me/packet/") -> str:
    return " ".join(client.get(url).content.decode().split())


def test_a_reason_given_only_in_disputes_is_quoted_from_them(client: Client, question) -> None:
    answer = question.answers.first()
    for number in range(3):
        SecondOpinionFactory(
            published=True, dispute=True, answer=answer, reason="goal", note=f"Not for {number}."
        )
    client.post(f"/questions/{question.pk}/save/")
    page = words(client)
    for said in ("Not for 0.", "Not for 1.", "<li>And 1 more</li>", f"on {answer.doctor.name}’s answer"):
        assert said in page
    assert "Not for 2." not in page


def test_it_has_everything_one_needs_on_one_paper(client: Client, question, settings) -> None:
    settings.SITE_ORIGIN = "https://candor.example"
    client.post(f"/questions/{question.pk}/save/")
    page = words(client)
    assert "The question" in page
    assert "3 of 4 doctors advise against it." in page
    assert "Ada Against0, MD" in page
    assert ", dermatology" in page
    assert "Where they disagree" in page
    assert "Safety · 3 doctors" in page
    assert "United States:" in page
    assert "Off-label" in page
    assert "Source: Package leaflet (2025-01), checked 1 February 2026" in page
    assert "No data in pregnancy." in page
    assert "Emergency signs:</strong> Trouble swallowing." in page
    assert "Safety notice, Lot 7, 3 May 2026:</strong> Too strong." in page
    assert "Who will do it" in page
    assert "The label does not cover this use." in page
    assert "Notes" in page
    assert "Not medical advice." in page
    assert f"https://candor.example{question.get_absolute_url()}" in page
    assert timezone.localdate().strftime("%Y") in page


def test_the_asker_reads_what_i_asked(sign_in, question) -> None:
    keep_question(question=question, by=question.author)
    assert "What I asked" in words(sign_in(question.author))


def test_one_thread_needs_not_be_kept(client: Client, question) -> None:
    other = QuestionFactory(published=True, title="Another thread altogether?")
    client.post(f"/questions/{other.pk}/save/")
    page = words(client, f"/me/packet/?thread={question.pk}")
    assert question.title in page
    assert other.title not in page


@pytest.mark.parametrize("value", ["0", "-1", "x", "٣", "9" * 30, "1e3", "pending", "nobody"])
def test_a_thread_that_nobody_may_read_is_not_there(client: Client, value: str) -> None:
    """T-AZ-03"""
    pk = QuestionFactory(pending=True).pk if value == "pending" else value
    assert client.get("/me/packet/", {"thread": pk}).status_code == 404


def test_nothing_kept_leads_to_the_questions(client: Client) -> None:
    page = words(client)
    assert "There is nothing to print yet" in page
    assert "Questions to ask" not in page


def test_doctors_who_do_not_count_are_marked(client: Client, question) -> None:
    AnswerFactory(published=True, question=question, doctor=DoctorFactory(suspended=True), summary="Not now.")
    page = words(client, f"/me/packet/?thread={question.pk}")
    assert "3 of 4 doctors" in page
    assert "· not counted" in page


def test_what_is_not_public_is_not_printed(sign_in, question) -> None:
    """T-AZ-04"""
    person = UserFactory()
    AnswerFactory(pending=True, question=question, summary="zebracanary")
    AnswerFactory(
        published=True, question=question, doctor=DoctorFactory(removed=True), summary="zebracanary"
    )
    hidden = QuestionFactory(published=True, title="zebracanary?")
    keep_question(question=question, by=person)
    keep_question(question=hidden, by=person)
    transition(hidden, to=State.REMOVED, by=moderator(), reason="x")
    assert "zebracanary" not in words(sign_in(person))


def test_a_notice_that_ceased_to_hold_is_not_printed(client: Client, question) -> None:
    SafetyNotice.objects.update(withdrawn_on=date(2026, 5, 3) + timedelta(days=3))
    assert "Too strong." not in words(client, f"/me/packet/?thread={question.pk}")


@pytest.mark.parametrize("role", ["visitor", "person"])
def test_twenty_threads_are_printed_the_rest_is_said_and_all_costs_the_same(
    question, sign_in, role: str
) -> None:
    client = Client() if role == "visitor" else sign_in(UserFactory())

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/me/packet/")
        return len(captured)

    client.post(f"/questions/{question.pk}/save/")
    few = queries()
    later = []
    for number in range(22):
        title = f"Is this number {number}?"
        later.append(QuestionFactory(published=True, treatment=question.treatment, title=title))
        AnswerFactory(published=True, question=later[-1])
        client.post(f"/questions/{later[-1].pk}/save/")
    page = words(client)
    assert "These are the 20 threads kept last; 3 more are left out." in page
    assert page.count('class="sheet"') == 20
    assert later[-1].title in page
    assert question.title not in page
    assert queries() == few <= 10


def test_a_thread_with_very_many_answers_names_the_most_helpful(
    client: Client, monkeypatch, question
) -> None:
    monkeypatch.setattr("answers.packet.LINES_AT_MOST", 2)
    page = words(client, f"/me/packet/?thread={question.pk}")
    assert "And 2 more answers in the thread." in page


def test_what_to_ask_follows_the_country_of_the_address(client: Client, question) -> None:
    LabelStatusFactory(use=question.use, jurisdiction="GB", status="not_permitted")
    client.post(f"/questions/{question.pk}/save/")
    assert "The label does not cover this use." in words(client)
    abroad = words(client, "/me/packet/?country=GB")
    assert "This use is not permitted in some countries." in abroad
    assert "The label does not cover this use." not in abroad
