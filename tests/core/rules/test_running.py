"""Rules run wherever something is handed in or changed; they raise its place and refuse nothing."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from answers.models import Answer
from answers.services import answer_question, edit_answer
from config.holding.loading import load
from core.enums import State
from core.models import HoldRule, Moderated, Signal
from core.moderation import transition
from core.rules.reading import READERS
from core.rules.running import has_signals, hold_many, signals_of
from doctors.services import submit_profile
from questions.models import Question
from questions.red_flags import LOOK_AT_ONCE
from questions.services import ask_question, edit_question
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    SecondOpinionFactory,
    TreatmentFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
FIELDS = {
    "stance": "supports",
    "reason": "",
    "confidence": "medium",
    "citations": [],
    "conflict_of_interest": "",
}


@pytest.fixture
def rules() -> None:
    load()


def ask(body: str, title: str = "A question about it", **fields) -> Question:
    return ask_question(
        by=fields.pop("by", None) or UserFactory(),
        submission_key=uuid.uuid4(),
        treatment=TreatmentFactory(),
        title=title,
        body=body,
        **fields,
    )


def codes(obj) -> list[str]:
    return sorted(signals_of(obj).values_list("code", flat=True))


def test_every_moderated_kind_is_read() -> None:
    kinds = {model._meta.label_lower for model in _leaves(Moderated)}
    assert kinds - {"doctors.visitproof"} == set(READERS)  # which is a file without a word


def _leaves(model):
    for child in model.__subclasses__():
        if child._meta.abstract:
            yield from _leaves(child)
        else:
            yield child


def test_a_question_is_held_with_the_words_and_the_version_of_the_rule(rules) -> None:
    question = ask("My number is +1 (555) 010-0199, text me on whatsapp.")
    assert (question.state, question.risk) == (State.PENDING, 2)
    (signal,) = signals_of(question)
    rule = HoldRule.objects.get(code="contact")
    assert (signal.rule, signal.rule_version, signal.name, signal.sentence) == (
        rule,
        1,
        rule.name,
        rule.sentence,
    )
    assert "+1 (555) 010-0199" in signal.words
    assert list(Question.objects.filter(has_signals(Question))) == [question]


def test_an_ordinary_question_is_not(rules) -> None:
    question = ask("I had it done twice and wonder how long I should wait before the next session.")
    assert (question.state, question.risk, codes(question)) == (State.PENDING, 0, [])
    assert not Question.objects.filter(has_signals(Question)).exists()


def test_red_flags_pin_a_question_even_where_no_rule_was_loaded() -> None:
    """T-MS-01: nobody has to remember to load anything."""
    question = ask("Since today I have trouble breathing.")
    assert question.risk == LOOK_AT_ONCE
    (signal,) = signals_of(question)
    assert (signal.code, signal.rule, signal.words) == ("red-flags", None, ["trouble breathing"])


def test_a_change_while_it_waits_is_read_again(rules) -> None:
    question = ask("Write to me at jane@example.org.")
    edit_question(question=question, by=question.author, title=question.title, body="Nothing of the kind.")
    question.refresh_from_db()
    assert (question.risk, codes(question)) == (0, [])
    edit_question(question=question, by=question.author, title=question.title, body="That idiot did it.")
    question.refresh_from_db()
    assert (question.risk, codes(question)) == (2, ["insults"])
    kept = Signal.objects.filter(object_id=question.pk).values_list("object_version", "code", "is_current")
    assert sorted(kept) == [(1, "contact", False), (3, "insults", True)]


def test_an_edit_of_what_is_published_is_read_by_itself(rules) -> None:
    question = QuestionFactory(published=True)
    edit = edit_question(question=question, by=question.author, title="See www.mynose.com for it", body="x")
    assert codes(edit) == ["links"]
    assert codes(question) == []


def test_what_is_sent_back_and_sent_again_is_read_again(rules) -> None:
    question = ask("You idiot.")
    transition(question, to=State.DRAFT, by=moderator(), reason="Please mend it.")
    HoldRule.objects.filter(code="insults").update(is_active=False)
    transition(question, to=State.PENDING, by=question.author)
    assert (question.risk, codes(question)) == (0, [])


def test_answers_their_edits_second_opinions_and_profiles_are_read(rules) -> None:
    doctor = DoctorFactory(verified=True)
    selling = "Book a free consultation at our clinic."
    answer = answer_question(
        question=QuestionFactory(published=True),
        by=doctor.user,
        summary="It depends.",
        body=selling,
        **FIELDS,
    )
    assert codes(answer) == ["solicitation"]
    published = AnswerFactory(published=True, doctor=DoctorFactory(verified=True))
    edit = edit_answer(
        answer=published, by=published.doctor.user, summary="It depends.", body=selling, **FIELDS
    )
    assert codes(edit) == ["solicitation"]
    opinion = SecondOpinionFactory(note="This idiot is wrong.", dispute=True)
    transition(opinion, to=State.PENDING, by=opinion.doctor.user)
    assert codes(opinion) == ["insults"]
    profile = DoctorFactory(bio="Call us at 0161 496 0123.", user=UserFactory())
    submit_profile(doctor=profile, by=profile.user)
    assert "contact" in codes(profile)


def test_the_same_text_again_is_held_but_not_somebody_elses(rules) -> None:
    text = "I had three sessions on my cheeks last spring and the dark spots came back stronger than before."
    person = UserFactory()
    first = ask(text, by=person)
    again = ask(text.replace("spring", "summer"), by=person)
    other = ask(text)
    assert (codes(first), codes(again), codes(other)) == ([], ["near-duplicate"], [])
    assert "the same as" in signals_of(again).get().words[0]


def test_many_texts_from_a_new_account_are_held(rules) -> None:
    person = UserFactory()
    asked = [
        ask(f"About thing number {n} only", title=f"Thing {n} of many others", by=person) for n in range(4)
    ]
    assert [codes(question) for question in asked] == [[], [], [], ["burst"]]


def test_rows_written_in_one_go_are_read_in_few_queries(rules) -> None:
    rows = [QuestionFactory(pending=True, body="That idiot.") for _ in range(5)]
    with CaptureQueriesContext(connection) as queries:
        hold_many(Question, [row.pk for row in rows])
    assert len(queries) <= 10
    assert set(Question.objects.values_list("risk", flat=True)) == {2}
    assert all(codes(row) == ["insults"] for row in rows)


def test_what_fired_is_told_to_moderators_alone(rules, sign_in, client) -> None:
    """Neither the words of a rule nor that one fired is on any page of its author's."""
    question = ask("That idiot, call me at 0161 496 0123.")
    sentences = set(signals_of(question).values_list("sentence", flat=True))
    own = sign_in(question.author)
    for page in (question.get_absolute_url(), "/me/questions/", "/admin/"):
        text = own.get(page, follow=True).text
        assert not any(sentence in text for sentence in sentences)
        assert "Held by rules" not in text
    assert client.get(question.get_absolute_url()).status_code == 404
    desk = sign_in(moderator()).get(f"/admin/moderation/question/{question.pk}/").text
    assert "Held by rules" in desk
    assert all(sentence in desk for sentence in sentences)
    assert '<q dir="auto">0161 496 0123</q>' in desk


def test_a_rule_never_refuses(rules) -> None:
    worst = (
        "I'm 15, you idiot. Trouble breathing. www.shop.com, me@example.org, 0161 496 0123, Dr. Smithson. "
        * 150
    )
    question = ask(worst[:15_000])
    assert question.state == State.PENDING
    assert not Answer.objects.exists()
    assert len(codes(question)) >= 6
    assert all(len(signal.words) <= 6 for signal in signals_of(question))
