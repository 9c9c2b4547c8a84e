"""A doctor's desk."""

import pytest

from answers.services import edit_answer
from core.enums import State
from core.moderation import transition
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    SpecialtyFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db


def desk(sign_in, doctor) -> str:
    response = sign_in(doctor.user).get("/desk/")
    assert response.status_code == 200
    return response.content.decode()


def test_what_waits_in_ones_specialty_is_offered(sign_in) -> None:
    question = QuestionFactory(published=True, title="Mine to answer?")
    QuestionFactory(published=True, title="Not mine?")
    specialty = SpecialtyFactory()
    specialty.in_scope.add(question.treatment)
    html = desk(sign_in, DoctorFactory(verified=True, specialty=specialty))
    assert "Mine to answer?" in html
    assert "Not mine?" not in html


def test_every_answer_says_where_it_stands_and_why(sign_in) -> None:
    doctor = DoctorFactory(verified=True)
    AnswerFactory(published=True, doctor=doctor, helpful_count=3)
    AnswerFactory(rejected=True, doctor=doctor, moderation_reason="No doses, please.")
    html = desk(sign_in, doctor)
    assert "helpful to 3" in html
    assert "A moderator’s reason: <q>No doses, please.</q>" in html


@pytest.mark.parametrize(
    ("trait", "said"),
    [
        ({"published": True}, "Not verified yet"),
        ({"expired": True}, "Verification lapsed"),
        ({"suspended": True}, "Licence not current"),
    ],
)
def test_whoever_may_not_answer_now_is_told_why(sign_in, trait: dict, said: str) -> None:
    QuestionFactory(published=True, title="Waiting for somebody?")
    html = desk(sign_in, DoctorFactory(**trait))
    assert said in html
    assert "Waiting for somebody?" not in html


def test_others_have_no_desk(client, sign_in) -> None:
    assert sign_in(UserFactory()).get("/desk/").status_code == 404
    assert client.get("/desk/")["Location"] == "/accounts/login/?next=/desk/"


def test_an_edit_that_was_sent_back_says_so_and_why(sign_in) -> None:
    answer = AnswerFactory(published=True)
    edit = edit_answer(answer=answer, by=answer.doctor.user, summary="Take three.")
    assert "an edit awaits review" in desk(sign_in, answer.doctor)
    transition(edit, to=State.DRAFT, by=moderator(), reason="No doses, please.")
    html = desk(sign_in, answer.doctor)
    assert "an edit was sent back" in html
    assert "<q>No doses, please.</q>" in html
