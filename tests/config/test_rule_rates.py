"""The command that says how much each rule would hold."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from config.holding.loading import load
from core.models import Signal
from tests.factories import QuestionFactory

pytestmark = pytest.mark.django_db


def test_it_counts_by_kind_and_rule_and_writes_nothing() -> None:
    load()
    QuestionFactory(published=True, body="That idiot.")
    QuestionFactory(published=True, body="All is well.")
    out = StringIO()
    call_command("rule_rates", kind=["questions.question"], stdout=out)
    lines = {line.split()[1]: line.split() for line in out.getvalue().splitlines()}
    assert lines["insults"][2:] == ["1", "of", "2", "50.0", "%"]
    assert lines["any"][2] == "1"
    assert lines["links"][2] == "0"
    assert not Signal.objects.exists()


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(CommandError, match=r"No rule reads “accounts\.user”"):
        call_command("rule_rates", kind=["accounts.user"])
