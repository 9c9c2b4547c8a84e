"""The rows of a batch of checked threads, table by table, written in one go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from answers.exchange.answering import IncomingAnswer
from answers.exchange.catalogue import Catalogue
from answers.exchange.copying import insert, reserve
from answers.exchange.incoming import IncomingThread
from answers.exchange.profiles import Key, doctors_for
from answers.exchange.seconding import IncomingOpinion
from answers.exchange.versions import IncomingVersion
from answers.models import AcceptedAnswer, Answer, AnswerRevision, ImportedAnswer, SecondOpinion
from core.enums import State
from core.models import AuditEntry
from core.rules.running import hold_many
from doctors.models import Doctor
from questions.models import Question, QuestionRevision, QuestionTreatment, question_slug


@dataclass(frozen=True, slots=True)
class Resolved:
    """A thread whose treatments and use have been found; ids of rows."""

    thread: IncomingThread
    treatments: list[int]
    use: int | None


@dataclass(frozen=True, slots=True)
class Decision:
    """As what the rows arrive: published by ``by``, or waiting for the moderators."""

    state: State
    by: User
    at: datetime

    @property
    def is_public(self) -> bool:
        return self.state == State.PUBLISHED

    def fields(self) -> dict[str, Any]:
        """The columns of ``Moderated``."""
        waiting = {"state": self.state.value, "submitted_at": self.at}
        if not self.is_public:
            return waiting
        return waiting | {"published_at": self.at, "moderated_at": self.at, "moderated_by_id": self.by.pk}


def write(batch: list[Resolved], *, catalogue: Catalogue, decision: Decision) -> list[int]:
    """Store the threads; the keys of their questions in order. The caller's transaction undoes a failure."""
    answers = [(resolved, answer) for resolved in batch for answer in resolved.thread.answers]
    people = [answer.doctor for _, answer in answers]
    people += [opinion.doctor for _, answer in answers for opinion in answer.opinions]
    doctors, new_doctors = doctors_for(people, catalogue=catalogue, decided=decision.fields())
    questions = reserve(Question, len(batch))
    question_of = {resolved.thread.id: pk for resolved, pk in zip(batch, questions, strict=True)}
    keys = reserve(Answer, len(answers)) if answers else []
    written = [
        (pk, question_of[resolved.thread.id], resolved.thread, answer)
        for pk, (resolved, answer) in zip(keys, answers, strict=True)
    ]
    pairs = list(zip(questions, batch, strict=True))
    decided = decision.fields()
    insert(Question, (_question(pk, resolved, decision) | decided for pk, resolved in pairs))
    insert(QuestionTreatment, _treatments(pairs))
    insert(Answer, (_answer(*each, doctors, decision) | decided for each in written))
    insert(ImportedAnswer, _names(written))
    insert(AcceptedAnswer, ({"answer_id": pk, "question_id": q} for pk, q, _, a in written if a.accepted))
    opinions = [(pk, opinion) for pk, _, _, answer in written for opinion in answer.opinions]
    opinion_keys = reserve(SecondOpinion, len(opinions)) if opinions else []
    insert(
        SecondOpinion,
        (_opinion(pk, *each, doctors, decided) for pk, each in zip(opinion_keys, opinions, strict=True)),
    )
    if decision.is_public:
        insert(QuestionRevision, _question_versions(pairs, decided))
        insert(AnswerRevision, _answer_versions(written, decided))
    audited: dict[Any, list[int]] = {
        Question: questions,
        Doctor: new_doctors,
        Answer: keys,
        SecondOpinion: opinion_keys,
    }
    insert(AuditEntry, _audit(audited, decision))
    if not decision.is_public:  # what is published as it comes has passed the moderators by
        for model, rows in audited.items():
            hold_many(model, rows)
    return questions


def _question(pk: int, resolved: Resolved, decision: Decision) -> dict[str, Any]:
    thread = resolved.thread
    main = resolved.treatments[0] if resolved.treatments else None
    return {
        "id": pk,
        **thread.text,
        "slug": question_slug(thread.text["title"]),
        "alias": thread.alias,
        "place": thread.place,
        "treatment_id": main,
        "use_id": resolved.use,
        "stage": thread.stage,
        "age_band": thread.age_band,
        "asked_at": thread.dated(decision.at),
        "is_dated": thread.asked_at is not None,
        "external_id": thread.id,
        "source_url": thread.source_url,
        "is_imported": True,
        "import_digest": thread.digest,
    }


def _treatments(pairs: list[tuple[int, Resolved]]) -> Iterator[dict[str, Any]]:
    for pk, resolved in pairs:
        for position, treatment in enumerate(resolved.treatments):
            yield {"question_id": pk, "treatment_id": treatment, "position": position}


Written = tuple[int, int, IncomingThread, IncomingAnswer]


def _answer(
    pk: int,
    question: int,
    thread: IncomingThread,
    answer: IncomingAnswer,
    doctors: dict[Key, int],
    decision: Decision,
) -> dict[str, Any]:
    return {
        "id": pk,
        "question_id": question,
        "doctor_id": doctors[answer.doctor.key],
        **answer.text,
        "author_snapshot": answer.snapshot,
        "answered_at": answer.answered_at or thread.dated(decision.at),
        "is_dated": answer.answered_at is not None,
        "helpful_count": answer.helpful_count,
        "is_imported": True,
    }


def _opinion(
    pk: int, answer: int, opinion: IncomingOpinion, doctors: dict[Key, int], decided: dict[str, Any]
) -> dict[str, Any]:
    """Its date is that of its words, where they are published at once."""
    dated = {"published_at": opinion.published_at} if "published_at" in decided else {}
    return {
        "id": pk,
        "answer_id": answer,
        "doctor_id": doctors[opinion.doctor.key],
        **opinion.said,
        "author_snapshot": opinion.snapshot,
        **decided,
        **dated,
    }


def _names(written: list[Written]) -> Iterator[dict[str, Any]]:
    for pk, _, _, answer in written:
        for position, name in enumerate(answer.ids):
            yield {"external_id": name, "answer_id": pk, "position": position}


def _question_versions(
    pairs: list[tuple[int, Resolved]], decided: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    for pk, resolved in pairs:
        for version in resolved.thread.versions or [_first(resolved.thread.text, decided)]:
            yield {"question_id": pk, **version.text, **decided, **_dated(version)}


def _answer_versions(written: list[Written], decided: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for pk, _, _, answer in written:
        for version in answer.versions or [_first(answer.text, decided)]:
            snapshot = answer.snapshot if version.snapshot is None else version.snapshot
            row = {"answer_id": pk, **version.text, **decided, **_dated(version)}
            yield row | {"author_snapshot": snapshot}


def _first(text: dict[str, Any], decided: dict[str, Any]) -> IncomingVersion:
    return IncomingVersion(number=1, published_at=decided["published_at"], text=text, snapshot=None)


def _dated(version: IncomingVersion) -> dict[str, Any]:
    return {"number": version.number, "published_at": version.published_at}


def _audit(written: dict[Any, list[int]], decision: Decision) -> Iterator[dict[str, Any]]:
    for model, keys in written.items():
        for pk in keys:
            yield {
                "at": decision.at,
                "actor_id": decision.by.pk,
                "action": "import",
                "object_type": model._meta.label_lower,
                "object_id": pk,
                "to_state": decision.state.value,
                "version": 1,
            }
