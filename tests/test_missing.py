"""A machine that lacks something says so, and CI does not pass over it."""

from __future__ import annotations

import pytest

from tests.missing import missing


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_it_is_skipped_at_ones_desk_and_fails_under_ci(
    ci: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match=r"NOT RUN: no kettle\. Buy one\."):
        missing("NOT RUN: no kettle.", remedy="Buy one.")
