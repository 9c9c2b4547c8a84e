"""What a moderator changed of somebody's words, and why, is told to that person and to moderators, and to nobody else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from answers.models import Answer
from answers.services import edit_answer
from core.amending import amend_and_publish
from core.enums import State
from core.moderation import transition
from core.remarks import SHOWN, with_remarks
from questions.models import Question
from questions.services import edit_question, reclassify
from tests.factories import (
    AnswerFactory,
    QuestionFactory,
    SecondOpinionFactory,
    TreatmentFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
WHY = "No names of other people, please."


def amend(row, *, by=None, **fields) -> None:
    amend_and_publish(
        row,
        by=by or User.objects.filter(handle="careful-one").first() or moderator(handle="careful-one"),
        fields=fields,
        labels={name: name.capitalize() for name in fields},
        prepare=lambda row: row.render() if hasattr(row, "render") else None,
        reason=WHY,
        version=row.version,
    )


def amended_question() -> tuple[Question, object, list[str]]:
    question = QuestionFactory(pending=True, body="I saw Dr Miller.")
    amend(question, body="I saw a doctor.")
    return question, question.author, ["/me/", question.get_absolute_url()]


def amended_edit_of_a_question() -> tuple[Question, object, list[str]]:
    question = QuestionFactory(published=True)
    amend(
        edit_question(question=question, by=question.author, body="I saw Dr Miller."), body="I saw a doctor."
    )
    return question, question.author, ["/me/", question.get_absolute_url()]


def amended_answer() -> tuple[Answer, object, list[str]]:
    answer = AnswerFactory(pending=True, body="Ask Dr Miller.")
    amend(answer, body="Ask a doctor.")
    return answer, answer.doctor.user, ["/desk/?show=published", answer.question.get_absolute_url()]


def amended_edit_of_an_answer() -> tuple[Answer, object, list[str]]:
    answer = AnswerFactory(published=True)
    amend(edit_answer(answer=answer, by=answer.doctor.user, body="Ask Dr Miller."), body="Ask a doctor.")
    return answer, answer.doctor.user, ["/desk/?show=published", answer.question.get_absolute_url()]


def amended_second_opinion() -> tuple[object, object, list[str]]:
    opinion = SecondOpinionFactory(pending=True, dispute=True, note="As Dr Miller says.")
    amend(opinion, note="As others say.")
    return (
        opinion,
        opinion.doctor.user,
        ["/desk/?show=opinions", reverse("answers:second-opinion", args=[opinion.answer_id])],
    )


KINDS = [
    amended_question,
    amended_edit_of_a_question,
    amended_answer,
    amended_edit_of_an_answer,
    amended_second_opinion,
]


@pytest.mark.parametrize("make", KINDS)
def test_the_author_reads_the_reason_wherever_the_text_is_theirs(make, sign_in) -> None:
    _, author, addresses = make()
    for address in addresses:
        page = sign_in(author).get(address).text
        assert WHY in page, address
        assert "careful-one" not in page, address


@pytest.mark.parametrize("make", KINDS)
def test_moderators_read_it_on_the_screen_of_the_thing_and_in_its_history(make, sign_in) -> None:
    row, *_ = make()
    desk = sign_in(moderator())
    screen = desk.get(reverse("admin:moderation_item", args=[row._meta.model_name, row.pk])).text
    made = screen.partition('id="amended"')[2].partition("</section>")[0]
    assert f'<q dir="auto">{WHY}</q>' in made
    assert "careful-one" in made


@pytest.mark.parametrize("make", KINDS)
def test_readers_and_other_authors_learn_nothing_of_it(make, sign_in) -> None:
    row, *_ = make()
    answer = getattr(row, "answer", row)
    thread = (answer.question if hasattr(answer, "question") else answer).get_absolute_url()
    for reader in (Client(), sign_in(UserFactory())):
        page = reader.get(thread).text
        assert WHY not in page
        assert "Miller" not in page


def test_where_it_was_filed_is_said_with_why(sign_in) -> None:
    question, laser = QuestionFactory(published=True), TreatmentFactory(name="Laser")
    reclassify(
        question=question, treatment=laser, use=None, by=moderator(), reason="It is about lasers.", version=1
    )
    for address in ("/me/", question.get_absolute_url()):
        page = sign_in(question.author).get(address).text
        assert "A moderator filed it elsewhere" in page
        assert "to Laser. It is about lasers." in page
    assert "It is about lasers." not in Client().get(question.get_absolute_url()).text


def test_the_latest_stand_first_and_old_ones_go() -> None:
    question, by = QuestionFactory(pending=True), moderator()
    transition(question, to=State.PUBLISHED, by=by, reason="Said 0")
    for number in range(1, SHOWN + 2):
        edit = edit_question(question=question, by=question.author, body=f"Version {number} of it.")
        transition(edit, to=State.PUBLISHED, by=by, reason=f"Said {number}" if number != 2 else "")
    [told] = with_remarks([Question.objects.get(pk=question.pk)])
    assert [entry.reason for entry in told.remarks] == ["Said 4", "Said 3", "Said 1"]


def test_nothing_is_said_of_what_is_not_public_and_many_cost_what_one_costs() -> None:
    rows = [row for row, *_ in (amended_question(), amended_edit_of_a_question())]
    waiting = QuestionFactory(pending=True)
    with CaptureQueriesContext(connection) as queries:
        told = with_remarks([*rows, waiting])
    assert [len(row.remarks) for row in told] == [1, 1, 0]
    assert len(queries) == 2
