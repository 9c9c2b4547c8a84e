"""Changing a rule: only where its examples come out as they should, as a new version, with who and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core.audit import record
from core.rules.models import HoldRule, HoldRuleVersion
from core.rules.phrases import PhraseError, parse
from core.rules.reading import DETECTORS, READERS, STANDING, Reading
from core.rules.running import findings

if TYPE_CHECKING:
    from accounts.models import User

MEANWHILE = "Somebody changed this rule while you were at it. Nothing was saved; open it again."
MOST_EXAMPLES, LONGEST_EXAMPLE = 100, 1000


def problems_of(rule: HoldRule) -> list[str]:
    """What keeps a rule from being saved, in sentences; an example that comes out wrong is named."""
    problems = []
    for lines in (rule.phrases, rule.exceptions):
        try:
            parse(lines)
        except PhraseError as error:
            problems.append(str(error))
    if rule.detector and rule.detector not in DETECTORS:
        problems.append(f"There is no detector “{rule.detector}”.")
    if not rule.kinds or not set(rule.kinds) <= set(READERS):
        problems.append("Say which kinds of things it reads.")
    return problems or _weakened(rule) or _examples_that_fail(rule)


def save_rule(*, rule: HoldRule, by: User | None, why: str) -> HoldRule:
    """Check and store a rule as its next version; without a change nothing happens.

    ``by`` is nobody for rules that come with a release. Raises ValidationError, also where somebody else has
    changed the rule since ``rule`` was read.
    """
    why = why.strip()
    if not why:
        raise ValidationError("Say why; whoever reads this rule next wants to know.")
    if problems := problems_of(rule):
        raise ValidationError(problems)
    with transaction.atomic():
        current = HoldRule.objects.select_for_update().filter(pk=rule.pk).first() if rule.pk else None
        if current is not None and current.version != rule.version:
            raise ValidationError(MEANWHILE)
        if current is not None and current.definition() == rule.definition():
            return current
        rule.version, rule.changed_at, rule.changed_by, rule.why = rule.version + 1, timezone.now(), by, why
        rule.full_clean()
        rule.save()
        HoldRuleVersion.objects.create(
            rule=rule, number=rule.version, definition=rule.definition(), at=rule.changed_at, by=by, why=why
        )
        if by is not None:
            record(actor=by, action="edit" if current else "add", obj=rule, reason=why)
    return rule


def _weakened(rule: HoldRule) -> list[str]:
    """A rule that keeps people safe gains phrases here; what it rests on changes with a release, after review."""
    shipped = next((entry for entry in STANDING if entry["code"] == rule.code), None)
    if shipped is None:
        return []
    same = all(
        getattr(rule, name) == shipped[name] for name in ("detector", "exceptions", "weight", "is_active")
    )
    if same and rule.is_standing and set(shipped["kinds"]) <= set(rule.kinds):
        return []
    return ["This rule keeps people safe. Phrases can be added to it; nothing can be taken from it here."]


def _examples_that_fail(rule: HoldRule) -> list[str]:
    held, passed = _lines(rule.should_hold), _lines(rule.should_pass)
    detector = DETECTORS.get(rule.detector)
    if (detector is None or detector.reads_text) and not (held and passed):
        return ["Give at least one example that must be held and one that must not."]
    if len(held) + len(passed) > MOST_EXAMPLES or any(len(line) > LONGEST_EXAMPLE for line in held + passed):
        return [f"At most {MOST_EXAMPLES} examples of {LONGEST_EXAMPLE} characters each."]
    problems = [f"This must be held and is not: “{line}”" for line in held if not _fires(rule, line)]
    return problems + [f"This must not be held and is: “{line}”" for line in passed if _fires(rule, line)]


def _fires(rule: HoldRule, text: str) -> bool:
    return bool(findings(Reading(text), [rule]))


def _lines(text: str) -> list[str]:
    return [line for line in (raw.strip() for raw in text.splitlines()) if line]
