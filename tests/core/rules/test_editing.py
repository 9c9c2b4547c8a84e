"""A rule is changed with a reason, as a new version, and only when its examples come out as they should."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from config.holding.loading import load
from core.audit import trail
from core.models import HoldRule, HoldRuleVersion
from core.rules.editing import MEANWHILE, problems_of, save_rule
from tests.factories import moderator

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule() -> HoldRule:
    return save_rule(
        rule=HoldRule(
            code="greetings",
            name="Greetings",
            sentence="Is it only a greeting?",
            kinds=["questions.question"],
            phrases="hello|hi everybody",
            should_hold="hello everybody",
            should_pass="good morning",
        ),
        by=moderator(),
        why="To begin with",
    )


def test_each_change_is_a_version_with_who_and_why(rule: HoldRule) -> None:
    person = moderator()
    rule.phrases, rule.should_hold = "hello|hi|hey everybody", "hey everybody"
    save_rule(rule=rule, by=person, why="  Many write hey.  ")
    assert (rule.version, rule.changed_by, rule.why) == (2, person, "Many write hey.")
    latest, first = rule.versions.all()
    assert (latest.number, latest.by, latest.why) == (2, person, "Many write hey.")
    assert (first.number, first.definition["phrases"]) == (1, "hello|hi everybody")
    assert [(row.action, row.actor, row.version, row.reason) for row in trail(rule)] == [
        ("edit", person, 2, "Many write hey."),
        ("add", first.by, 1, "To begin with"),
    ]


def test_saving_without_a_change_is_no_version(rule: HoldRule) -> None:
    save_rule(rule=HoldRule.objects.get(), by=moderator(), why="Nothing")
    assert HoldRuleVersion.objects.count() == 1
    assert trail(rule).count() == 1


def test_a_change_needs_a_reason(rule: HoldRule) -> None:
    rule.name = "Other"
    with pytest.raises(ValidationError, match="Say why"):
        save_rule(rule=rule, by=moderator(), why=" ")
    assert HoldRule.objects.get().name == "Greetings"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("should_hold", "good evening", "This must be held and is not: “good evening”"),
        ("should_pass", "hi everybody", "This must not be held and is: “hi everybody”"),
        ("should_hold", "", "at least one example"),
        ("should_pass", " \n ", "at least one example"),
        ("phrases", "good evening", "This must be held and is not: “hello everybody”"),
        ("phrases", "the my", "no word"),
        ("exceptions", "hello everybody", "This must be held and is not"),
        ("exceptions", "(", "no word"),
        ("kinds", [], "which kinds"),
        ("kinds", ["accounts.user"], "which kinds"),
        ("detector", "telepathy", "no detector"),
        ("should_pass", "x" * 1001, "At most"),
    ],
)
def test_what_would_not_do_what_its_examples_say_is_refused(rule, field, value, said) -> None:
    """The check stands in the verb itself: no form, command or later page can pass it by."""
    setattr(rule, field, value)
    with pytest.raises(ValidationError) as refused:
        save_rule(rule=rule, by=moderator(), why="A try")
    assert said in " ".join(refused.value.messages)
    kept = HoldRule.objects.get()
    assert (kept.version, kept.definition()) == (1, rule.versions.get().definition)


def test_of_two_who_change_it_at_once_the_second_is_told(rule: HoldRule) -> None:
    other = HoldRule.objects.get()
    rule.name = "First"
    save_rule(rule=rule, by=moderator(), why="One")
    other.name = "Second"
    with pytest.raises(ValidationError, match=MEANWHILE):
        save_rule(rule=other, by=moderator(), why="Two")
    assert HoldRule.objects.get().name == "First"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("is_active", False),
        ("weight", 1),
        ("detector", ""),
        ("kinds", ["doctors.doctor"]),
        ("exceptions", "pain"),
    ],
)
def test_the_rule_that_keeps_people_safe_is_not_weakened(field, value) -> None:
    load()
    rule = HoldRule.objects.get(code="red-flags")
    setattr(rule, field, value)
    assert "nothing can be taken from it" in " ".join(problems_of(rule))


def test_phrases_can_be_added_to_it() -> None:
    load()
    rule = HoldRule.objects.get(code="red-flags")
    rule.phrases, rule.should_hold = "green smoke", f"{rule.should_hold}\nthere is green smoke"
    assert save_rule(rule=rule, by=moderator(), why="A new device").version == 2


@pytest.mark.parametrize(
    "fields", [{"weight": 4}, {"phrases": "", "detector": ""}, {"is_standing": True, "is_active": False}]
)
def test_the_database_holds_what_it_can(rule: HoldRule, fields: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        HoldRule.objects.update(**fields)
