"""The terms as a file, and the way from it into the table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from treatments.catalogue import CatalogueError
from treatments.catalogue.glossary import FILE, load
from treatments.models import Term

pytestmark = pytest.mark.django_db
PTOSIS = {"slug": "ptosis", "name": "Ptosis", "also": "", "explanation": "Drooping.", "source": None}


@pytest.fixture
def file(tmp_path: Path):
    def write(*rows: object) -> Path:
        path = tmp_path / "glossary.json"
        path.write_text(json.dumps(list(rows)))
        return path

    return write


def test_the_shipped_terms_are_many_short_and_told_apart() -> None:
    changes = load()
    assert changes.new >= 30
    assert str(load()) == f"0 new, 0 changed, {changes.new} as before"
    assert {"off-label", "masseter", "keloid", "vascular-occlusion"} <= set(
        Term.objects.values_list("slug", flat=True)
    )
    assert Term.objects.get(slug="vascular-occlusion").source is not None
    assert all(row["explanation"].endswith(".") for row in json.loads(FILE.read_text()))


def test_what_moderators_changed_stays_until_the_file_says_something_new(file) -> None:
    load(file(PTOSIS))
    Term.objects.update(explanation="A lid that hangs.")
    assert str(load(file(PTOSIS))) == "0 new, 0 changed, 1 as before"
    assert Term.objects.get().explanation == "A lid that hangs."
    before = Term.objects.get().changed_at
    assert str(load(file({**PTOSIS, "explanation": "It droops."}))) == "0 new, 1 changed, 0 as before"
    term = Term.objects.get()
    assert term.explanation == "It droops."
    assert term.changed_at > before


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([{"slug": "x"}], "term 1: expected an object with"),
        ([{**PTOSIS, "source": "nowhere"}], "there is no source “nowhere”"),
        ([{**PTOSIS, "explanation": "x" * 301}], "ptosis: explanation: Ensure this value has at most 300"),
        ([{**PTOSIS, "slug": "no slug"}], "no slug: slug:"),
        ([PTOSIS, {**PTOSIS, "name": "Other"}], "slug “ptosis” is given 2 times"),
        (
            [PTOSIS, {**PTOSIS, "slug": "p2", "name": "Lid", "also": "PTOSIS"}],
            "word “ptosis” is given 2 times",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(file, rows: list, problem: str) -> None:
    with pytest.raises(CatalogueError, match=problem):
        load(file(*rows))
    assert not Term.objects.exists()


def test_a_word_explained_by_hand_already_stands_in_the_way(file) -> None:
    Term.objects.create(slug="by-hand", name="ptosis", explanation="Mine.")
    with pytest.raises(CatalogueError, match="the site explains “ptosis” already, as by-hand"):
        load(file(PTOSIS))


def test_no_list_is_no_glossary(tmp_path: Path) -> None:
    path = tmp_path / "glossary.json"
    path.write_text("{}")
    with pytest.raises(CatalogueError, match="expected a list"):
        load(path)
    path.write_text("[")
    with pytest.raises(CatalogueError, match="not JSON"):
        load(path)
