"""The rules of a release, from ``rules.json`` into the table, as the catalogue is loaded: only what has changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core.rules.editing import save_rule
from core.rules.models import HoldRule
from treatments.catalogue.entries import CatalogueError, Changes, digest, due, remember

FILE = Path(__file__).parent / "rules.json"
KIND = "hold rule"
WHY = "As it comes with this release"
LINES = ("phrases", "exceptions", "should_hold", "should_pass")
DEFAULTS: dict[str, Any] = {
    "detector": "",
    "heeds_denial": False,
    "weight": 1,
    "is_active": True,
    "is_standing": False,
}


def definitions(file: Path = FILE) -> list[dict[str, Any]]:
    """What the file says of each rule, as the fields of one."""
    data = json.loads(file.read_text(encoding="utf-8"))
    return [
        {**DEFAULTS, **row}
        | {name: "\n".join(row.get(name, [])) for name in LINES}
        | {"kinds": [label for kinds in row["kinds"] for label in data["kinds"][kinds]]}
        for row in data["rules"]
    ]


def load(file: Path = FILE) -> Changes:
    """Write the rules that are new or whose entry has changed; what moderators changed stays between releases.

    Raises CatalogueError where an example of a rule does not come out as it should.
    """
    entries = {entry["code"]: entry for entry in definitions(file)}
    digests = {code: digest(entry) for code, entry in entries.items()}
    with transaction.atomic():
        present = {rule.code: rule for rule in HoldRule.objects.all()}
        codes, changes = due(KIND, digests, present=present)
        problems = []
        for code in sorted(codes):
            rule = present.get(code) or HoldRule(code=code)
            for name, value in entries[code].items():
                setattr(rule, name, value)
            try:
                save_rule(rule=rule, by=None, why=WHY)
            except ValidationError as error:
                problems += [f"{file.name}: {code}: {said}" for said in error.messages]
        if problems:
            raise CatalogueError(problems)
        remember(KIND, {code: digests[code] for code in codes})
    return changes
