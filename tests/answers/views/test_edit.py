"""A doctor changes an answer."""

import pytest

from answers.services import edit_answer
from core.enums import State
from core.moderation import transition
from tests.factories import AnswerFactory, DoctorFactory, QuestionFactory, UserFactory, moderator

pytestmark = pytest.mark.django_db
GOOD = {
    "stance": "exam",
    "confidence": "low",
    "summary": "I would look first.",
    "body": "Other words.",
    "send": "",
}


def test_readers_see_the_published_version_until_a_moderator_agrees(sign_in, client) -> None:
    """T-AZ-08"""
    answer = AnswerFactory(published=True, summary="It is fine.")
    html = sign_in(answer.doctor.user).post(f"/answers/{answer.pk}/edit/", GOOD, follow=True).content.decode()
    assert "Your edit awaits review; the published version stays up until then." in html
    assert "I would look first." not in client.get(answer.question.get_absolute_url()).content.decode()
    transition(answer.revisions.get(state=State.PENDING), to=State.PUBLISHED, by=moderator())
    html = client.get(answer.question.get_absolute_url()).content.decode()
    assert "I would look first." in html
    assert "Needs an in-person exam" in html


def test_one_goes_on_from_the_edit_that_waits(sign_in) -> None:
    citations = [{"kind": "pmid", "value": "123"}]
    answer = AnswerFactory(published=True)
    words = {name: GOOD[name] for name in ("stance", "confidence", "body")}
    edit_answer(
        answer=answer, by=answer.doctor.user, summary="A first attempt.", citations=citations, **words
    )
    html = sign_in(answer.doctor.user).get(f"/answers/{answer.pk}/edit/").content.decode()
    assert "This is your edit that waits for review" in html
    assert "A first attempt." in html
    assert "PMID 123" in html


def test_an_answer_that_was_sent_back_shows_why(sign_in) -> None:
    answer = AnswerFactory(moderation_reason="No doses, please.")
    assert (
        "No doses, please." in sign_in(answer.doctor.user).get(f"/answers/{answer.pk}/edit/").content.decode()
    )


def test_a_suspended_doctor_cannot_rewrite(sign_in) -> None:
    answer = AnswerFactory(published=True, doctor=DoctorFactory(suspended=True))
    assert sign_in(answer.doctor.user).post(f"/answers/{answer.pk}/edit/", GOOD).status_code == 403
    assert answer.revisions.filter(state=State.PENDING).count() == 0


def test_for_everybody_else_there_is_no_such_page(sign_in) -> None:
    answer = AnswerFactory(published=True)
    for person in (UserFactory(), DoctorFactory(verified=True).user, answer.question.author, moderator()):
        assert sign_in(person).post(f"/answers/{answer.pk}/edit/", GOOD).status_code == 404


@pytest.mark.parametrize("end", ["edit", "withdraw"])
def test_under_a_question_that_is_gone_the_doctor_ends_at_the_desk(sign_in, end: str) -> None:
    answer = AnswerFactory(published=True, question=QuestionFactory(withdrawn=True))
    response = sign_in(answer.doctor.user).post(f"/answers/{answer.pk}/{end}/", GOOD, follow=True)
    assert response.status_code == 200
    assert "A question that is not public now" in response.content.decode()


@pytest.mark.parametrize("trait", ["pending", "removed", "withdrawn"])
@pytest.mark.parametrize("address", ["/desk/?show=published", "/answers/{}/edit/", "/answers/{}/withdraw/"])
def test_whoever_answered_does_not_read_on_in_a_question_that_is_gone(
    sign_in, trait: str, address: str
) -> None:
    """T-AZ-04: its asker may write into it what nobody has approved."""
    question = QuestionFactory(**{trait: True}, title="Taken back?", body="Written since.")
    answer = AnswerFactory(published=True, question=question)
    html = sign_in(answer.doctor.user).get(address.format(answer.pk), follow=True).content.decode()
    assert "Taken back?" not in html
    assert "Written since." not in html
