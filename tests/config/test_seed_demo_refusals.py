"""When the demonstration is not told, and what an interrupted telling leaves behind: nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

import answers.demo
import doctors.demo
from accounts.models import User
from config import demo
from questions.models import Question
from tests.treatments.merging import merged
from treatments.merging import plan_of
from treatments.models import Treatment
from treatments.selectors import by_address

pytestmark = pytest.mark.django_db


def test_production_is_left_alone() -> None:
    with override_settings(DEMO=False), pytest.raises(CommandError, match="not a demonstration"):
        call_command("seed_demo")
    assert not User.objects.exists()


def test_without_a_catalogue_it_says_what_to_do() -> None:
    with pytest.raises(CommandError, match="load_catalogue"):
        call_command("seed_demo")


def test_wrong_content_is_named_by_file_and_entry_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    call_command("load_catalogue", verbosity=0)
    rows = answers.demo.read()["a1.json"][:1]
    rows[0]["answers"][0]["stance"] = "maybe"
    rows[0]["answers"][1]["doctor"] = "hollis"
    (tmp_path / "wrong.json").write_text(json.dumps(rows))
    monkeypatch.setattr(answers.demo, "FOLDER", tmp_path)
    with pytest.raises(CommandError) as refusal:
        call_command("seed_demo")
    assert f"wrong.json: {rows[0]['key']}: rowe: unknown stance “maybe”" in str(refusal.value)
    assert "hollis: there is no such doctor" in str(refusal.value)
    assert not User.objects.exists()


def test_an_interrupted_run_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("load_catalogue", verbosity=0)

    def interrupted(given: Any) -> Iterator[Any]:
        yield given[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.seed(interrupted)
    assert not User.objects.exists()
    assert not Question.objects.exists()


def test_the_content_fits_a_catalogue_in_which_treatments_were_merged() -> None:
    call_command("load_catalogue", verbosity=0)
    source, target = Treatment.objects.get(slug="botox"), Treatment.objects.get(slug="dysport")
    plan = plan_of(source, target)
    chosen = {group.key.replace("-", "_"): group.options[0] for group in plan.conflicts}
    merged(source, target, **chosen | ({"signs": target} if len(plan.signs) > 1 else {}))
    files, profiles = answers.demo.read(), doctors.demo.read()
    assert demo.problems(files, profiles, by_address()) == []
