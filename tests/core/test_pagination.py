"""Cursor pages visit every row once, and hostile cursors get the first page."""

import base64
import json

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from answers.models import Thread
from core.pagination import _decode, paginate
from tests.factories import QuestionFactory

ORDER = ("-asked_at", "-pk")


def walk(order: tuple[str, ...], size: int) -> list[int]:
    seen, query = [], QueryDict("stage=before")
    while True:
        page = paginate(Thread.objects.public(), order=order, params=query, size=size)
        seen += [thread.pk for thread in page]
        if not page.next_url:
            return seen
        assert "stage=before" in page.next_url
        query = QueryDict(page.next_url[1:])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "order", [ORDER, ("-helpful_count", "-pk"), ("asked_at", "pk"), ("-answer_count", "-pk")]
)
def test_every_row_is_seen_once(order: tuple[str, ...]) -> None:
    made = {QuestionFactory(published=True).pk for _ in range(13)}
    seen = walk(order, size=4)
    assert len(seen) == len(set(seen)) == 13
    assert set(seen) == made
    assert seen == list(Thread.objects.order_by(*order).values_list("pk", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "after",
    ["x", "0", "-1", "9" * 5000, "W10", "bnVsbA", "e30",
     base64.urlsafe_b64encode(json.dumps(["2020-13-40T99:00", 5]).encode()).decode(),
     base64.urlsafe_b64encode(json.dumps(["a\x00b", 5]).encode()).decode(),
     base64.urlsafe_b64encode(json.dumps([True, False]).encode()).decode(),
     base64.urlsafe_b64encode(json.dumps([1e400, 10**30]).encode()).decode(),
     base64.urlsafe_b64encode(json.dumps(["2024-01-01T00:00:00", 1]).encode()).decode(),
     base64.urlsafe_b64encode(json.dumps(["0001-01-01T00:00:00+23:59", 1]).encode()).decode(),
     base64.urlsafe_b64encode(json.dumps(["9999-12-31T23:59:59-23:59", 1]).encode()).decode(),
     base64.urlsafe_b64encode(json.dumps(["2024-01-01T00:00:00+23:59", 1]).encode()).decode(),
     base64.urlsafe_b64encode(json.dumps(["2024-01-01T00:00:00+15:59:59.9", 1]).encode()).decode()],
)  # fmt: skip
def test_foreign_cursors_never_break_a_list(client, after: str) -> None:
    """T-FZ-02"""
    QuestionFactory(published=True)
    for sort in ("newest", "helpful", "waiting"):
        assert client.get("/questions/", {"after": after, "sort": sort}).status_code == 200


@given(st.text(max_size=60))
def test_decoding_never_raises(cursor: str) -> None:
    values = _decode(cursor, fields=2)
    assert values is None or len(values) == 2
