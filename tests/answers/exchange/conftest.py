"""A small catalogue and one way of importing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.answers.exchange.samples import Rows, written
from tests.factories import TreatmentFactory
from treatments.enums import SynonymKind
from treatments.models import Treatment, TreatmentSynonym


@pytest.fixture
def botox(db: None) -> Treatment:
    treatment = TreatmentFactory(name="Botox", slug="botox")
    TreatmentSynonym.objects.create(treatment=treatment, name="Botulinum toxin", kind=SynonymKind.GENERIC)
    return treatment


@pytest.fixture
def take(tmp_path: Path) -> Any:
    """``take(line, …)`` imports the lines and gives ``[(line, verdict, reason), …]``."""

    def run(*items: Any, **options: Any) -> Rows:
        report = tmp_path / "report.tsv"
        source = written(tmp_path / "in.jsonl", *items)
        call_command("import_threads", source, report=report, verbosity=0, stdout=io.StringIO(), **options)
        rows = [row.split("\t") for row in report.read_text().splitlines()[1:]]
        return [(int(number), verdict, reason) for number, _, verdict, reason in rows]

    return run
