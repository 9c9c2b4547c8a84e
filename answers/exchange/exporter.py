"""The public threads in the import format, with stance, versions and credentials as shown.

Read in portions by rising key rather than through one long cursor: memory stays flat, and a slow reader
at the end of a pipe does not hold a transaction open (the server would end it after a minute).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Prefetch

from answers.exchange.fields import written_line, written_moment
from answers.models import Answer, AnswerRevision, SecondOpinion
from doctors.models import Doctor
from questions.models import Question, QuestionRevision, QuestionTreatment
from treatments.models import Treatment

PORTION = 200
NATIVE_ID = "candor-"


def records(*, keys: Iterable[int] | None = None) -> Iterator[dict[str, Any]]:
    """One object per public thread, oldest row first; of ``keys`` only, if given."""
    questions = Question.objects.public().select_related("treatment", "use", "author").order_by("pk")
    questions = questions.prefetch_related(
        Prefetch("treatment_rows", QuestionTreatment.objects.select_related("treatment")),
        Prefetch("revisions", QuestionRevision.objects.public().order_by("number"), to_attr="kept"),
    )
    if keys is not None:
        questions = questions.filter(pk__in=list(keys))
    last = 0
    while portion := list(questions.filter(pk__gt=last)[:PORTION]):
        answers = _answers_of(portion)
        for question in portion:
            yield _thread(question, answers[question.pk])
        last = portion[-1].pk


def _answers_of(questions: Sequence[Question]) -> defaultdict[int, list[Answer]]:
    answers = Answer.objects.public().filter(question__in=questions).order_by("pk")
    answers = answers.select_related("doctor__specialty", "accepted").prefetch_related(
        "imported_as",
        Prefetch(
            "second_opinions",
            SecondOpinion.objects.public().select_related("doctor__specialty").order_by("pk"),
            to_attr="seconded",
        ),
        Prefetch("revisions", AnswerRevision.objects.public().order_by("number"), to_attr="kept"),
    )
    grouped: defaultdict[int, list[Answer]] = defaultdict(list)
    for answer in answers:
        grouped[answer.question_id].append(answer)
    return grouped


def thread_id(question: Question) -> str:
    """The id it came with, else one of its random key: a row number would be another thread's elsewhere."""
    return question.external_id or f"{NATIVE_ID}{question.submission_key.hex}"


def _thread(question: Any, answers: list[Answer]) -> dict[str, Any]:
    """The object of a question that was loaded by :func:`records`."""
    name = thread_id(question)
    handle = question.author.handle if question.author and not question.is_imported else ""
    treatments = [row.treatment for row in question.treatment_rows.all()]
    return {
        "id": name,
        **_question_text(question),
        "asked_at": written_moment(question.asked_at) if question.is_dated else None,
        "asker": {"alias": written_line(question.alias or handle), "place": written_line(question.place)},
        "treatments": [_treatment(treatment) for treatment in treatments],
        "use": _use(question),
        "stage": question.stage or None,
        "age_band": question.age_band or None,
        "source_url": question.source_url or None,
        "answers": [_answer(answer, name) for answer in answers],
        "versions": [
            {**_dated(version, question), **_question_text(version)}
            for version in question.kept or [question]
        ],
    }


def _question_text(text: Any) -> dict[str, Any]:
    return {"title": written_line(text.title), "body": text.body, "body_format": text.body_format}


def _treatment(treatment: Treatment) -> str | None:
    """The address of a reviewed treatment; the name of one that an import made, to be made elsewhere."""
    return treatment.slug if treatment.is_reviewed else written_line(treatment.name)


def _use(question: Question) -> str | None:
    if question.use is None or question.treatment is None:
        return None
    return question.use.slug if question.treatment.is_reviewed else written_line(question.use.name)


def _answer(answer: Any, thread: str) -> dict[str, Any]:
    names = [row.external_id for row in answer.imported_as.all()]
    name, *others = names or [f"{thread}-{NATIVE_ID}{answer.pk}"]
    return {
        "id": name,
        **({"joined_ids": others} if others else {}),
        **_answer_text(answer),
        "answered_at": written_moment(answer.answered_at) if answer.is_dated else None,
        "helpful_count": answer.helpful_count,
        "accepted": answer.is_accepted,
        "doctor": _doctor(answer.doctor),
        "credentials": _credentials(answer.author_snapshot),
        "versions": [
            {
                **_dated(version, answer),
                **_answer_text(version),
                "credentials": _credentials(version.author_snapshot),
            }
            for version in answer.kept or [answer]
        ],
        **({"second_opinions": [_opinion(one) for one in answer.seconded]} if answer.seconded else {}),
    }


def _opinion(opinion: SecondOpinion) -> dict[str, Any]:
    return {
        "kind": opinion.kind,
        "stance": opinion.stance,
        "reason": opinion.reason or None,
        "note": written_line(opinion.note),
        "about_number": opinion.about_number,
        "published_at": written_moment(opinion.published_at),
        "doctor": _doctor(opinion.doctor),
        "credentials": _credentials(opinion.author_snapshot),
    }


def _answer_text(text: Any) -> dict[str, Any]:
    return {
        "body": text.body,
        "body_format": text.body_format,
        "stance": text.stance or None,
        "reason": text.reason or None,
        "confidence": text.confidence or None,
        "summary": written_line(text.summary),
        "citations": text.citations,
        "conflict_of_interest": written_line(text.conflict_of_interest),
    }


def _doctor(doctor: Doctor) -> dict[str, Any]:
    specialty = doctor.specialty.name if doctor.specialty else doctor.specialty_as_given
    given = {"name": doctor.name, "title": doctor.title, "specialty": specialty, "city": doctor.city}
    given |= {"region": doctor.region, "country": doctor.country}
    return {name: written_line(value) for name, value in given.items()}


def _credentials(snapshot: dict[str, Any]) -> dict[str, Any]:
    """What stands beside the text, as it was when that was published."""
    return {
        name: (written_line(value) or "") if isinstance(value, str) else value
        for name, value in snapshot.items()
    }


def _dated(version: Any, owner: Question | Answer) -> dict[str, Any]:
    """Number and date. What was stored without a version of its own counts as its first."""
    number = getattr(version, "number", 1)
    return {"number": number, "published_at": written_moment(version.published_at or owner.published_at)}
