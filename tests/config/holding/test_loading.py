"""The rules of a release come into the table once, and what moderators change stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from config.holding.loading import FILE, definitions, load
from core.models import HoldRule
from core.rules.editing import save_rule
from tests.factories import moderator
from treatments.catalogue.entries import CatalogueError

pytestmark = pytest.mark.django_db
WANTED = {
    "contact",
    "solicitation",
    "links",
    "names",
    "self-injection",
    "minors",
    "insults",
    "near-duplicate",
    "burst",
}


def test_the_shipped_rules_cover_what_is_held_and_prove_themselves() -> None:
    load()
    assert WANTED | {"red-flags"} <= set(HoldRule.objects.values_list("code", flat=True))
    for rule in HoldRule.objects.all():
        assert (rule.version, rule.versions.get().by) == (1, None)
        assert rule.sentence


def test_what_moderators_changed_stays_until_the_file_says_something_new(tmp_path: Path) -> None:
    load()
    rule = HoldRule.objects.get(code="insults")
    rule.name = "Rude words"
    save_rule(rule=rule, by=moderator(), why="Shorter")
    assert str(load()) == f"0 new, 0 changed, {len(definitions())} as before"
    assert HoldRule.objects.get(code="insults").name == "Rude words"
    data = json.loads(FILE.read_text())
    next(row for row in data["rules"] if row["code"] == "insults")["weight"] = 1
    changed = tmp_path / "rules.json"
    changed.write_text(json.dumps(data))
    load(changed)
    rule.refresh_from_db()
    assert (rule.name, rule.weight, rule.version, rule.versions.count()) == ("Insults", 1, 3, 3)


def test_a_file_whose_example_fails_is_not_loaded(tmp_path: Path) -> None:
    data = json.loads(FILE.read_text())
    next(row for row in data["rules"] if row["code"] == "insults")["should_hold"].append("How kind of you")
    wrong = tmp_path / "rules.json"
    wrong.write_text(json.dumps(data))
    with pytest.raises(CatalogueError, match="insults: This must be held and is not: “How kind of you”"):
        load(wrong)
    assert not HoldRule.objects.exists()
