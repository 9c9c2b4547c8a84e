"""When an import has ended, its words are known, however it ran."""

from __future__ import annotations

from typing import Any

import pytest

from answers.exchange import batches
from answers.models import Thread, Word
from answers.search import search_threads
from answers.threads import count_words
from tests.answers.exchange.samples import thread


def words() -> set[tuple[str, str, int]]:
    return set(Word.objects.values_list("word", "stem", "threads"))


def lines(count: int = 30) -> list[dict[str, Any]]:
    return [
        thread(id=f"t{n}", title=f"Is café number {n} painful?", answers=[], treatments=[])
        for n in range(count)
    ]


@pytest.mark.django_db(transaction=True)
def test_words_are_counted_beside_the_storing_as_if_at_once(
    take: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_LINES", 7)
    take(*lines())
    counted = words()
    assert ("", "", 30) in counted
    assert ("painful", "pain", 30) in counted
    count_words()
    assert words() == counted


@pytest.mark.django_db
def test_words_are_counted_within_a_transaction_too(take: Any) -> None:
    take(*lines())
    counted = words()
    assert ("cafe", "cafe", 30) in counted
    count_words()
    assert words() == counted
    assert len(search_threads("painfull caffe")) == 20


@pytest.mark.django_db
def test_the_next_import_counts_what_an_interrupted_one_left(take: Any) -> None:
    take(*lines())
    counted = words()
    Word.objects.all().delete()
    take(*lines())
    assert words() == counted


@pytest.mark.django_db
def test_what_waits_for_a_moderator_is_neither_listed_nor_counted(take: Any) -> None:
    take(*lines(), state="pending")
    assert not Thread.objects.exists()
    assert not Word.objects.exclude(threads=0).exists()
