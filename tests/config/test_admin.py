"""The rules in the admin: the form, the dry run beside it, and what they cost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.holding.loading import load
from core.models import AuditEntry, HoldRule, Signal
from tests.factories import AnswerFactory, QuestionFactory, UserFactory, moderator

pytestmark = pytest.mark.django_db
ADD = "/admin/core/holdrule/add/"


@pytest.fixture
def desk(sign_in):
    return sign_in(moderator(handle="ada"))


def typed(**fields) -> dict:
    return {
        "code": "greetings",
        "name": "Greetings",
        "sentence": "Is it only a greeting?",
        "kinds": ["questions.question"],
        "weight": "1",
        "phrases": "hello everybody",
        "detector": "",
        "exceptions": "",
        "should_hold": "hello everybody",
        "should_pass": "good morning",
        "is_active": "on",
        "reason": "People greet.",
        "seen": "0",
        "versions-TOTAL_FORMS": "0",
        "versions-INITIAL_FORMS": "0",
        **fields,
    }


def address(rule: HoldRule) -> str:
    return reverse("admin:core_holdrule_change", args=[rule.pk])


def test_a_rule_is_added_and_changed_with_its_reason(desk) -> None:
    assert desk.post(ADD, typed()).status_code == 302
    rule = HoldRule.objects.get()
    assert (rule.version, rule.changed_by.handle, rule.why) == (1, "ada", "People greet.")
    desk.post(address(rule), typed(name="Hellos", seen="1", reason="Shorter."))
    rule.refresh_from_db()
    assert (rule.name, rule.version, rule.why) == ("Hellos", 2, "Shorter.")
    assert [row.reason for row in AuditEntry.objects.all()] == ["Shorter.", "People greet."]
    page = desk.get(address(rule)).text
    assert "Shorter." in page
    assert "People greet." in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"should_hold": "good night"}, "This must be held and is not: “good night”"),
        ({"should_pass": "hello everybody"}, "This must not be held and is: “hello everybody”"),
        ({"should_pass": ""}, "at least one example"),
        ({"phrases": "(a+)+$"}, "is no word"),
        ({"phrases": ""}, "A rule needs phrases or a detector."),
        ({"reason": ""}, "This is required: please write something."),
        ({"kinds": []}, "This field is required."),
    ],
)
def test_what_cannot_be_saved_is_said_and_not_saved(desk, fields: dict, said: str) -> None:
    page = desk.post(ADD, typed(**fields))
    assert page.status_code == 200
    assert said in page.text
    assert not HoldRule.objects.exists()


def test_a_rule_that_was_changed_meanwhile_is_not_overwritten(desk) -> None:
    desk.post(ADD, typed())
    rule = HoldRule.objects.get()
    desk.post(address(rule), typed(name="First", seen="1"))
    page = desk.post(address(rule), typed(name="Second", seen="1"))
    assert "Somebody changed this rule while you were at it" in page.text
    assert HoldRule.objects.get().name == "First"


def test_red_flags_cannot_be_switched_off(desk) -> None:
    load()
    rule = HoldRule.objects.get(code="red-flags")
    fields = {name: getattr(rule, name) for name in ("name", "sentence", "kinds", "weight", "detector")}
    more = {"phrases": "", "should_hold": rule.should_hold, "should_pass": rule.should_pass, "seen": "1"}
    data = typed(**fields, **more)
    del data["is_active"]
    assert "nothing can be taken from it" in desk.post(address(rule), data).text
    assert HoldRule.objects.get(code="red-flags").is_active


class TestADryRun:
    def test_it_shows_what_the_rule_as_typed_would_hold_and_saves_nothing(self, desk) -> None:
        held = QuestionFactory(published=True, title="Hello everybody and <b>good</b> day")
        QuestionFactory(published=True, title="Something else")
        page = desk.post(ADD, typed(_dry_run="1", reason="")).text
        assert "Questions: 1 of 2 held (50.0 %)" in page
        assert "<mark>Hello everybody</mark> and &lt;b&gt;good" in page
        assert f"/admin/moderation/question/{held.pk}/" in page
        assert not HoldRule.objects.exists()
        assert not Signal.objects.exists()

    def test_what_was_tried_is_saved_from_there(self, desk) -> None:
        page = desk.post(ADD, typed(_dry_run="1")).text
        assert '<input type="hidden" name="phrases" value="hello everybody">' in page
        assert 'name="_dry_run"' not in page
        assert 'name="reason" value="People greet."' in page

    def test_a_rule_that_could_not_be_saved_says_why_instead(self, desk) -> None:
        page = desk.post(ADD, typed(_dry_run="1", should_hold="good night")).text
        assert "This must be held and is not" in page
        assert not HoldRule.objects.exists()

    def test_it_reads_the_last_of_each_kind_only(self, desk, monkeypatch) -> None:
        monkeypatch.setattr("core.rules.trial.try_out.__kwdefaults__", {"last": 3})
        AnswerFactory(published=True, question__published=True, body="hello everybody")
        for _ in range(5):
            QuestionFactory(published=True, title="hello everybody")
        data = typed(_dry_run="1", kinds=["questions.question", "answers.answer"])
        with CaptureQueriesContext(connection) as queries:
            page = desk.post(ADD, data).text
        assert "Questions: 3 of 3 held" in page
        assert "Answers: 1 of 1 held" in page
        assert len(queries) <= 16

    def test_it_is_for_moderators(self, sign_in) -> None:
        assert sign_in(UserFactory()).post(ADD, typed(_dry_run="1")).status_code == 403

    def test_nothing_is_inline(self, desk) -> None:
        load()
        for text in (
            desk.post(ADD, typed(_dry_run="1")).text,
            desk.get(address(HoldRule.objects.first())).text,
        ):
            for inline in ("style=", "<style", "onclick=", "javascript:"):
                assert inline not in text
