"""Whether what leaves one site arrives at another, whatever is in it."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answers.exchange import fields
from answers.exchange.exporter import records
from answers.exchange.importer import Importer
from answers.exchange.incoming import read_thread
from answers.exchange.lines import parsed
from answers.exchange.report import Report
from answers.models import Answer, SecondOpinion
from answers.opinions import give_opinion
from answers.services import edit_answer
from core.enums import State
from core.moderation import transition
from doctors.models import Doctor
from questions.models import Question
from tests.answers.exchange.samples import answer, doctor, exported, thread, verdicts
from tests.factories import (
    AnswerFactory,
    CredentialFactory,
    DoctorFactory,
    QuestionFactory,
    SecondOpinionFactory,
    TreatmentFactory,
    moderator,
)
from treatments.models import Treatment, TreatmentUse


def test_an_export_tells_only_what_is_public(take: Any, botox: Treatment) -> None:
    AnswerFactory(pending=True, body="not yet")
    AnswerFactory(removed=True, body="no more")
    AnswerFactory(published=True, doctor__state=State.REMOVED, body="hidden author")
    SecondOpinionFactory(pending=True, note="not yet")
    SecondOpinionFactory(removed=True, note="no more")
    SecondOpinionFactory(published=True, note="hidden author", doctor__state=State.REMOVED)
    QuestionFactory(pending=True, title="Unseen")
    text = "\n".join(exported())
    assert "Unseen" not in text
    assert not any(words in text for words in ("not yet", "no more", "hidden author"))


def _a_lively_site() -> None:
    """One thread from here with an edited answer by a verified doctor, and several from elsewhere."""
    boss = moderator()
    question = QuestionFactory(published=True, title="Is Q&amp;A <b> &lt; safe?", alias="Gems", place="Leeds")
    author = CredentialFactory(doctor__verified=True).doctor
    mine = AnswerFactory(pending=True, question=question, doctor=author, stance="against", reason="safety")
    mine.citations = [{"kind": "link", "value": "https://x.example/?a=1&copy=2"}]
    mine.conflict_of_interest = "None & nothing"
    mine.save()
    transition(mine, to=State.PUBLISHED, by=boss)
    new = {"summary": "On reflection, no.", "body": "**New** text"}
    revision = edit_answer(answer=mine, by=mine.doctor.user, **new)
    transition(revision, to=State.PUBLISHED, by=boss)
    friend = CredentialFactory(doctor__verified=True, doctor__name="O'Neil &amp; Co").doctor
    opinion = give_opinion(answer=mine, by=friend.user, about=2, kind="cosign", note="So it is & was.")
    transition(opinion, to=State.PUBLISHED, by=boss)
    SecondOpinionFactory(published=True, dispute=True, answer=mine, doctor=DoctorFactory(suspended=True))


def _from_elsewhere() -> list[dict[str, Any]]:
    return [
        thread("e-1", answers=[answer("e-a"), answer("e-b"), answer("e-c", doctor=doctor("O&amp;#39;Neil"))]),
        thread("e-2", asked_at=None, body=None, answers=[answer(answered_at="2013-01-01T01:02:03.456789Z")]),
        thread("e-3", title="é\u200b\u0301 \u202ex", body="&lt;p&gt; \x00 \\N \\", asked_at="2012-03-04"),
        thread("e-6", body=""),
        thread("e-4", treatments=["Zorbing & Co"], use="Knees", source_url="https://example.org/?a=b&c=d"),
        thread(
            "e-5",
            body="<p onclick=x>Hi<script>1</script>",
            body_format="html",
            stage="after",
            treatments=None,
        ),
    ]


def _empty_the_site() -> None:
    """What is left, accounts and the trail, no export looks at."""
    for model in (Answer, Question, Doctor, TreatmentUse, Treatment):
        model.objects.all().delete()


@pytest.mark.django_db
def test_what_is_exported_arrives_elsewhere_exactly_as_it_was(take: Any) -> None:
    TreatmentFactory(name="Botox", slug="botox")
    take(*_from_elsewhere(), create_treatments=True)
    _a_lively_site()
    before = exported()
    assert len(before) == 7
    assert verdicts(take(*(line.encode() for line in before))) == ["known"] * 7
    reviewed = list(Treatment.objects.public().values("name", "slug"))
    _empty_the_site()
    for names in reviewed:
        TreatmentFactory(**names)
    rows = take(*(line.encode() for line in before), create_treatments=True)
    assert verdicts(rows) == ["stored", "joined", *["stored"] * 6]
    assert exported() == before
    assert [opinion.kind for opinion in SecondOpinion.objects.public()] == ["cosign", "dispute"]
    assert not SecondOpinion.objects.counted().exists()
    assert not Doctor.objects.verified_now().exists()


def test_a_file_written_twice_is_the_same_file(tmp_path: Path, take: Any, botox: Treatment) -> None:
    take(*_from_elsewhere(), create_treatments=True)
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        call_command("export_threads", tmp_path / name, stdout=io.StringIO())
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()
    assert len(gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()).splitlines()) == 6
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_threads", tmp_path / "no" / "where.jsonl", stdout=io.StringIO())


def _encoded(data: dict[str, Any]) -> bytes:
    return json.dumps(data).encode()


hostile = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
any_text = st.text(st.characters(), max_size=60)
KEYS = "id title body body_format asked_at asker treatments use answers versions source_url stage".split()
ANSWER_KEYS = (
    "id body doctor stance answered_at helpful_count accepted credentials citations versions "
    "second_opinions".split()
)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.dictionaries(st.sampled_from(KEYS), hostile).map(_encoded))
def test_no_line_does_worse_than_be_refused(raw: bytes) -> None:
    with contextlib.suppress(fields.Refused):
        read_thread(parsed(raw))


@settings(max_examples=150, deadline=None)
@given(any_text)
def test_a_line_of_text_survives_leaving_and_arriving(value: str) -> None:
    stored = fields.fit_line(value, "x", limit=1000)
    assert fields.fit_line(fields.written_line(stored) or "", "x", limit=1000) == stored


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=any_text,
    body=any_text,
    extra=st.dictionaries(st.sampled_from(ANSWER_KEYS), hostile, max_size=2),
    name=any_text,
)
def test_whatever_reads_well_is_stored_and_leaves_as_it_stands(
    botox: Treatment, tmp_path: Path, title: str, body: str, extra: dict[str, Any], name: str
) -> None:
    Question.objects.all().delete()
    line = thread(title=title, body=body, answers=[answer(doctor=doctor(name)) | extra])
    with Report(tmp_path / "r.tsv") as report:
        Importer(report=report).run([(1, json.dumps(line).encode())])
    assert "database" not in (tmp_path / "r.tsv").read_text()
    for record in records():
        again = read_thread(json.loads(json.dumps(record)))
        question = Question.objects.get()
        assert (again.text["title"], again.text["body"]) == (question.title, question.body)
