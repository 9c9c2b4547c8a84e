"""A doctor writes an answer."""

import pytest

from answers.models import Answer
from core.enums import State
from tests.factories import AnswerFactory, DoctorFactory, QuestionFactory, UserFactory

pytestmark = pytest.mark.django_db
GOOD = {
    "stance": "against",
    "reason": "safety",
    "confidence": "high",
    "summary": "I would not do it.",
    "body": "It weakens a **muscle** you need.",
    "sources": "PMID 123",
}


@pytest.fixture
def question():
    return QuestionFactory(published=True, title="Slimmer calves?")


@pytest.fixture
def doctor():
    return DoctorFactory(verified=True)


@pytest.fixture
def send(sign_in, question, doctor):
    client = sign_in(doctor.user)

    def post(button: str = "send", **data: str):
        return client.post(f"/questions/{question.pk}/answer/", {**GOOD, button: "", **data}, follow=True)

    return post


def test_the_form_stands_under_the_question(sign_in, question, doctor) -> None:
    html = sign_in(doctor.user).get(f"/questions/{question.pk}/answer/").content.decode()
    assert "Slimmer calves?" in html
    assert html.index(question.body_html) < html.index("Where do you stand?")


def test_the_preview_shows_it_as_readers_will_see_it_and_keeps_nothing(send) -> None:
    html = send("preview").content.decode()
    assert "Preview: as the reader will see it" in html
    assert "<strong>muscle</strong>" in html
    assert "pubmed.ncbi.nlm.nih.gov/123" in html
    assert not Answer.objects.exists()


@pytest.mark.parametrize(("is_listed", "chip"), [(True, "Within specialty"), (False, "Outside usual scope")])
def test_the_preview_says_whether_it_is_within_the_specialty(send, question, doctor, is_listed, chip) -> None:
    if is_listed:
        doctor.specialty.in_scope.add(question.treatment)
    assert chip in send("preview").content.decode()


def test_a_sent_answer_is_the_doctors_to_see_and_awaits_review(send, client, question, doctor) -> None:
    html = send().content.decode()
    answer = Answer.objects.get()
    assert (answer.doctor, answer.state) == (doctor, State.PENDING)
    assert "Your answer is with the moderators." in html
    assert "Awaiting review: only you and the moderators see this" in html
    assert "I would not do it." not in client.get(question.get_absolute_url()).content.decode()


def test_a_second_answer_leads_to_the_first(send) -> None:
    send()
    assert "You have answered this question already; this is your answer." in send().content.decode()
    assert Answer.objects.get().summary == "I would not do it."


def test_another_text_for_a_question_answered_in_another_tab_is_not_lost(send) -> None:
    send()
    html = send(body="Quite another text, written in a second tab.").content.decode()
    assert "You have answered this question already, perhaps in another tab." in html
    assert "Quite another text, written in a second tab." in html
    assert f"/answers/{Answer.objects.get().pk}/edit/" in html


def test_what_is_missing_is_said_and_nothing_is_lost(send) -> None:
    response = send(reason="", sources="hearsay")
    html = response.content.decode()
    assert response.status_code == 422
    assert "Choose the reason why you advise against it." in html
    assert "is no source we can read" in html
    assert GOOD["body"] in html


@pytest.mark.parametrize("summary", ["\u202e\u200b", "\u0958" * 200])
def test_a_summary_of_nothing_or_too_much_is_said_to_be_wrong(send, summary: str) -> None:
    """T-FZ-04"""
    assert "Your answer in one sentence: " in send(summary=summary).content.decode()
    assert not Answer.objects.exists()


@pytest.mark.parametrize("trait", [{}, {"published": True}, {"suspended": True}, {"expired": True}])
def test_doctors_who_are_not_verified_today_are_refused(sign_in, question, trait: dict) -> None:
    """T-AZ-07"""
    client, url = sign_in(DoctorFactory(**trait).user), f"/questions/{question.pk}/answer/"
    for response in (client.get(url), client.post(url, GOOD)):
        assert response.status_code == 403
        assert b"This page is not open to you" in response.content
    assert not Answer.objects.exists()


def test_a_doctor_suspended_while_writing_is_refused_at_the_end(sign_in, question, doctor) -> None:
    """T-AZ-07"""
    client = sign_in(doctor.user)
    assert client.get(f"/questions/{question.pk}/answer/").status_code == 200
    type(doctor).objects.filter(pk=doctor.pk).update(standing="suspended")
    assert client.post(f"/questions/{question.pk}/answer/", GOOD).status_code == 403
    assert not Answer.objects.exists()


def test_others_are_refused_or_asked_to_sign_in(client, sign_in, question) -> None:
    url = f"/questions/{question.pk}/answer/"
    assert sign_in(UserFactory()).post(url, GOOD).status_code == 403
    assert client.get(url)["Location"] == f"/accounts/login/?next={url}"


def test_what_is_not_public_cannot_be_answered(sign_in, doctor) -> None:
    hidden = AnswerFactory(published=True, question=QuestionFactory(removed=True)).question
    assert sign_in(doctor.user).get(f"/questions/{hidden.pk}/answer/").status_code == 404
