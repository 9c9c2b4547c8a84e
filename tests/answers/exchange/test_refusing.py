"""What is wrong with a line, or with a whole file, and that nothing else suffers from it."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from answers.exchange import fields, lines
from answers.exchange.batches import BATCH_LINES
from answers.exchange.importer import Importer
from answers.exchange.report import Report
from answers.models import Answer, Thread
from core.text import MAX_BODY, plain
from questions.models import Question
from tests.answers.exchange.samples import answer, doctor, thread, verdicts
from treatments.models import Treatment


def test_entities_are_decoded_once_and_markup_in_text_stays_text(take: Any, botox: Treatment) -> None:
    take(thread(title="Is it &quot;safe&quot; &amp; &lt;b&gt;?", body="Tom &amp; <b>Jerry</b> &lt;i&gt;"))
    question = Question.objects.get()
    assert question.title == 'Is it "safe" & <b>?'
    assert question.body_html == "<p>Tom &amp; &lt;b&gt;Jerry&lt;/b&gt; &lt;i&gt;</p>"


def test_a_title_of_controls_alone_is_something_but_a_blank_one_is_not(take: Any, botox: Treatment) -> None:
    assert verdicts(take(thread("1", title="\x01\x02"), thread("2", title=" &nbsp; "))) == [
        "stored",
        "refused",
    ]
    assert Question.objects.get().title == fields.NOTHING_VISIBLE


@pytest.mark.parametrize("body_format", ["text", "markdown", "html"])
def test_a_long_title_is_shortened_with_the_whole_above_the_body(
    take: Any, botox: Treatment, body_format: str
) -> None:
    title = "Is it *safe* & <b>sound</b> &lt;i&gt;? " * 12
    rows = take(thread(title=title.replace("&", "&amp;"), body="Body.", body_format=body_format))
    assert verdicts(rows) == ["stored"]
    assert "title shortened" in rows[0][2]
    question = Question.objects.get()
    assert len(question.title) <= 300
    assert question.title.endswith("…")
    assert plain(question.body_html).split("\n")[0] == title.strip()
    assert plain(question.body_html).endswith("Body.")


def test_an_answer_without_words_is_left_out_and_reported(take: Any, botox: Treatment) -> None:
    rows = take(thread(answers=[answer("a"), answer("b", body=" ", doctor=doctor("B"))]))
    assert rows == [(1, "stored", "left out, being empty: answer 2")]
    assert Answer.objects.count() == 1


def test_an_empty_body_is_a_body_and_an_absent_one_is_not(take: Any, botox: Treatment) -> None:
    assert verdicts(take(thread("1", body=""), thread("2", body=None))) == ["stored", "refused"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": None}, "id is missing"),
        ({"id": 7}, "id is not text"),
        ({"id": "a\u202eb"}, "id has invisible"),
        ({"id": "x" * 161}, "160 characters"),
        ({"title": None}, "title is missing"),
        ({"title": "x" * (MAX_BODY + 1)}, "title is longer than 100000"),
        ({"title": "x" * 400, "body": "x" * (MAX_BODY - 100)}, "together"),
        ({"body": "x" * (MAX_BODY + 1)}, "body is longer than 100,000"),
        ({"body": None}, "neither a body nor an answer"),
        ({"body_format": "rtf"}, "body_format is none of"),
        ({"asked_at": "2012-02-31"}, "asked_at is not a date"),
        ({"asked_at": 1330855200}, "asked_at is not a date"),
        ({"asked_at": "2999-01-01T00:00:00Z"}, "in the future"),
        ({"asker": "Gems"}, "asker is not an object"),
        ({"asker": {"alias": "x" * 41}}, "alias is longer than 40"),
        ({"treatments": "botox"}, "treatments is not a list"),
        ({"source_url": "javascript:alert(1)"}, "source_url is not"),
        ({"answers": {"a": 1}}, "answers is not a list"),
        ({"answers": [{"body": "x"}]}, "answer 1: doctor is missing"),
        ({"answers": [answer(), {"doctor": {"name": "x"}}]}, "answer 2: body is missing"),
        ({"answers": [answer(doctor=doctor(""))]}, "the doctor has no name"),
        ({"answers": [answer(doctor=doctor(country="USA"))]}, "country is longer than 2"),
        ({"answers": [answer(stance="maybe")]}, "stance is none of"),
        ({"answers": [answer(helpful_count=-1)]}, "helpful_count is not a count"),
        ({"answers": [answer(helpful_count=True)]}, "helpful_count is not a count"),
        ({"answers": [answer(accepted="yes")]}, "accepted is neither"),
        (
            {"answers": [answer(accepted=True), answer(accepted=True, doctor=doctor("B"))]},
            "more than one answer is accepted",
        ),
        ({"answers": [answer(citations=[{"kind": "link", "value": "javascript:1"}])]}, "citations"),
        ({"answers": [answer(credentials={"standing": "god"})]}, "standing in credentials"),
        ({"versions": [{"number": 1, "published_at": None}]}, "numbered upwards and dated"),
        (
            {"versions": [{"number": 1, "published_at": "2020-01-01", "title": "Another"}]},
            "the last version is not the text",
        ),
    ],
)
def test_what_is_wrong_is_refused_with_its_reason_and_nothing_else_is_lost(
    take: Any, botox: Treatment, change: dict[str, Any], reason: str
) -> None:
    rows = take(thread("before"), thread() | change, thread("after"))
    assert verdicts(rows) == ["stored", "refused", "stored"]
    assert reason in rows[1][2]


@pytest.mark.parametrize(
    "raw",
    [b"{", b"[1]", b"null", b'{"id": NaN}', b'"\xff\xfe"', b"[" * 100_000, b'{"id": ' + b"9" * 5000 + b"}"],
)
def test_what_is_no_json_object_is_refused(take: Any, botox: Treatment, raw: bytes) -> None:
    assert verdicts(take(raw, thread())) == ["refused", "stored"]


def test_a_byte_order_mark_windows_lines_and_empty_lines_do_not_matter(take: Any, botox: Treatment) -> None:
    first = b"\xef\xbb\xbf" + json.dumps(thread("1")).encode() + b"\r"
    assert verdicts(take(first, b"", b"  \r", thread("2"))) == ["stored", "skipped", "skipped", "stored"]


def test_a_line_above_the_limit_is_refused_unread(
    take: Any, botox: Treatment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MAX_LINE", 1000)
    rows = take(thread("1"), b"x" * 500_000, thread("2"))
    assert verdicts(rows) == ["stored", "refused", "stored"]
    assert "longer than 1,000 bytes" in rows[1][2]


def test_what_the_database_alone_objects_to_costs_only_its_own_line(
    take: Any, botox: Treatment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("answers.exchange.incoming.ALIAS_LENGTH", 4000)
    rows = take(thread("1"), thread("2"), thread("3", asker={"alias": "x" * 100}), thread("4"), thread("5"))
    assert verdicts(rows) == ["stored", "stored", "refused", "stored", "stored"]
    assert "the database refused it" in rows[2][2]
    assert Thread.objects.count() == 4


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.jsonl cannot be read: No such file or directory\.$"):
        call_command("import_threads", tmp_path / "nowhere.jsonl", verbosity=0)


def test_a_damaged_archive_keeps_what_came_before_the_damage(tmp_path: Path, botox: Treatment) -> None:
    whole = gzip.compress(b"".join(json.dumps(thread(f"t{n}")).encode() + b"\n" for n in range(2000)))
    source = tmp_path / "in.jsonl.gz"
    source.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CommandError, match="damaged after line"):
        call_command("import_threads", source, report=tmp_path / "r.tsv", verbosity=0, stdout=io.StringIO())
    assert 0 < Question.objects.count() < 2000


def test_an_interrupt_leaves_whole_batches(botox: Treatment, tmp_path: Path) -> None:
    def interrupted() -> Iterator[tuple[int, bytes]]:
        for number in range(1, 3 * BATCH_LINES):
            yield number, json.dumps(thread(f"t{number}", answers=[answer()])).encode()
        raise KeyboardInterrupt

    with Report(tmp_path / "r.tsv") as report, pytest.raises(KeyboardInterrupt):
        Importer(report=report).run(interrupted())
    assert Question.objects.count() == Answer.objects.count() == Thread.objects.count() == 2 * BATCH_LINES
