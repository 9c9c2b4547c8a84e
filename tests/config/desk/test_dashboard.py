"""The dashboard counts what the trail says, tells nobody of anybody else, and costs the same whatever is there."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answers.routing import route_questions
from config.holding.loading import load
from core.audit import record
from core.enums import State
from core.models import AuditEntry, HoldRule, Signal
from core.moderation import transition
from core.rules.editing import save_rule
from questions.models import Question
from questions.services import ask_question, edit_question
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    ReportFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PATH = "/admin/moderation/dashboard/"


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOW, tick=False):
        yield


def decided(
    by, action: str = "publish", *, ago: timedelta = timedelta(hours=1), hours: int = 3, **more
) -> None:
    obj = more.pop("obj", None) or by
    record(actor=by, action=action, obj=obj, at=NOW - ago, waited=timedelta(hours=hours), **more)


def text_of(page: str, section: str) -> str:
    found = re.search(
        rf'<section class="desk-box" aria-labelledby="{section}">(.*?)</section>', page, re.DOTALL
    )
    assert found
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[1]))


def test_what_waits_and_since_when(sign_in) -> None:
    QuestionFactory(pending=True, submitted_at=NOW - timedelta(days=4))
    QuestionFactory(pending=True, submitted_at=NOW - timedelta(hours=2))
    waiting = text_of(sign_in(moderator()).get(PATH).text, "waiting")
    assert "Questions 2 4 days" in waiting
    assert "Answers 0 –" in waiting


def test_decisions_by_day_and_hour(sign_in) -> None:
    me = moderator()
    for minutes in (5, 10, 90):
        decided(me, ago=timedelta(minutes=minutes))
    decided(me, "reject", ago=timedelta(days=3))
    decided(me, ago=timedelta(days=40))
    decided(me, "submit")
    page = sign_in(me).get(PATH).text
    shown = text_of(page, "decided")
    assert "Friday, 20 November 3 2 2" in shown
    assert "Tuesday, 17 November 1 1 1" in shown
    assert "Saturday, 7 November 0 0 –" in shown
    assert "Decisions per day, the latest first" in page
    assert page.count("chart__number") == 14


def test_how_long_people_waited(sign_in) -> None:
    me = moderator()
    for hours in (1, 2, 9, 30, 40):
        decided(me, hours=hours, obj=QuestionFactory.build(pk=hours))
    decided(me, hours=90)
    speed = text_of(sign_in(me).get(PATH).text, "speed")
    assert "Questions 9 h 5" in speed
    assert "Accounts – 1" in speed


def test_appeals(sign_in) -> None:
    me = moderator()
    assert "None yet" in text_of(sign_in(me).get(PATH).text, "appeals")
    for action in ("grant appeal", "decline appeal", "decline appeal"):
        entry = AuditEntry(actor=me, action=action, object_type="core.appeal", object_id=1)
        entry.save()
    assert "1 of 3 appeals decided so far was granted" in text_of(sign_in(me).get(PATH).text, "appeals")


class TestRulesThatHold:
    """Whether a rule is right to hold is what moderators made of what it held."""

    @pytest.fixture(autouse=True)
    def _rules(self) -> None:
        load()

    def test_by_rule_of_what_was_decided(self, sign_in) -> None:
        me = moderator()
        for to in ("rejected", "draft", "published", "pending"):
            held = ask("You are an idiot.")
            if to != "pending":
                transition(held, to=to, by=me, reason="So it is.", code="abuse")
        transition(ask("All is well."), to="rejected", by=me, reason="So it is.", code="abuse")
        page = sign_in(me).get(PATH).text
        shown = text_of(page, "rules")
        assert "Insults insults 1 4 1 1 2 67 %" in shown
        assert "insults 1 3 Filled" in shown  # the bar: three decisions
        assert "Decisions on what each version of a rule held; the table beneath" in page

    def test_a_text_sent_again_before_it_is_decided_counts_once(self, sign_in) -> None:
        me, held = moderator(), ask("You are an idiot.")
        for body in ("You are such an idiot.", "You are an idiot indeed."):
            edit_question(question=held, by=held.author, body=body)
        assert Signal.objects.filter(code="insults").count() == 3
        transition(held, to="rejected", by=me, reason="So it is.", code="abuse")
        assert "Insults insults 1 1 0 0 1 100 %" in text_of(sign_in(me).get(PATH).text, "rules")

    def test_another_version_is_counted_by_itself(self, sign_in) -> None:
        me, rule = moderator(), HoldRule.objects.get(code="insults")
        transition(ask("You are an idiot."), to="published", by=me)
        rule.phrases += "\nblockhead"
        save_rule(rule=rule, by=me, why="One more word.")
        transition(ask("That blockhead."), to="rejected", by=me, reason="So it is.", code="abuse")
        shown = text_of(sign_in(me).get(PATH).text, "rules")
        assert "Insults insults 1 1 0 1 0 0 %" in shown
        assert "Insults insults 2 1 0 0 1 100 %" in shown

    def test_what_was_decided_before_it_was_held_does_not_count(self, sign_in) -> None:
        me, question = moderator(), ask("All is well.")
        transition(question, to="draft", by=me, reason="So it is.", code="unclear")
        with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
            edit_question(question=question, by=question.author, body="You idiot.")
            assert "Insults insults 1 1 1 0 0 –" in text_of(sign_in(me).get(PATH).text, "rules")


def ask(body: str) -> Question:
    treatment = TreatmentFactory()
    return ask_question(
        by=UserFactory(), submission_key=uuid4(), treatment=treatment, title="Is it well?", body=body
    )


def test_ones_own_figures_and_nobody_elses(sign_in) -> None:
    me, other = moderator(), moderator(handle="somebody-else")
    decided(me, "reject")
    for _ in range(7):
        decided(other, "publish")
    page = sign_in(me).get(PATH).text
    assert "Reject 1" in text_of(page, "own")
    assert "7" not in text_of(page, "own")
    assert "somebody-else" not in page


def test_it_costs_the_same_with_much_and_little(sign_in) -> None:
    me = moderator()
    client = sign_in(me)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(PATH).status_code == 200
        return len(captured)

    before = cost()
    ReportFactory()
    DoctorFactory(pending=True)
    QuestionFactory.create_batch(5, pending=True)
    for number in range(30):
        decided(me, ago=timedelta(hours=7 * number))
    assert cost() == before <= 12


def test_the_queue_leads_there(sign_in) -> None:
    assert PATH in sign_in(moderator()).get("/admin/").text


def test_what_no_doctor_answers_is_named_with_who_was_told(sign_in) -> None:
    treatment = TreatmentFactory(name="Botox")
    SpecialtyFactory(slug="dermatology").in_scope.add(treatment)
    DoctorFactory(verified=True)
    question = QuestionFactory(pending=True, treatment=treatment, title="Does nobody know?")
    client = sign_in(moderator())
    assert "None: every public question was answered" in client.get(PATH).content.decode()
    transition(question, to=State.PUBLISHED, by=moderator())
    for hours in (0, 25, 50, 75):
        route_questions(at=timezone.now() + timedelta(hours=hours))
    page = client.get(PATH).content.decode()
    assert "1 public question without an answer" in page
    assert "Does nobody know?</a></th><td>Botox</td><td>Dermatology</td>" in page
    AnswerFactory(pending=True, question=question)
    assert "Does nobody know?" not in client.get(PATH).content.decode()
