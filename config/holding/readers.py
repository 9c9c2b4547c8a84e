"""How each moderated kind is read by the rules: its words, its subject, its author and what else they wrote."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.db.models import prefetch_related_objects

from answers.models import Answer, AnswerRevision, FactAsked, FactGiven, SecondOpinion
from config.holding.cases import SAME_DAY
from core.images.models import Photo
from core.rules.detectors import LAST_OF_AUTHOR
from core.rules.reading import Reader, register_reader
from doctors.models import Case, Doctor, DoctorRevision, Portrait, ProfileClaim, ReviewEntry, ReviewReply
from questions.models import Question, QuestionRevision
from questions.red_flags import families_of

PICTURES = "photos__photo"
OF_ANSWER = ("summary", "body", "conflict_of_interest")
OF_CASE = ("technique", "product", "amount", "words")
OF_DOCTOR = ("name", "title", "languages", "bio", "conflicts")


def _lines(obj: Any, names: Iterable[str]) -> str:
    return "\n".join(text for text in (str(getattr(obj, name)) for name in names) if text)


def _questions_beside(question: Question) -> Iterable[str]:
    rows = Question.objects.filter(author=question.author_id).exclude(pk=question.pk).order_by("-pk")
    return (f"{title}\n{body}" for title, body in rows.values_list("title", "body")[:LAST_OF_AUTHOR])


def _answers_beside(answer: Answer) -> Iterable[str]:
    rows = Answer.objects.filter(doctor=answer.doctor_id).exclude(pk=answer.pk).order_by("-pk")
    return chain.from_iterable([body] for body in rows.values_list("body", flat=True)[:LAST_OF_AUTHOR])


def _cases_beside(case: Case) -> Iterable[str]:
    rows = Case.objects.filter(doctor=case.doctor_id).exclude(pk=case.pk).order_by("-pk")
    return (
        f"{technique}\n{words}"
        for technique, words in rows.values_list("technique", "words")[:LAST_OF_AUTHOR]
    )


def _marks(case: Case) -> Iterable[str]:
    """Where its doctor practises, and that both pictures were taken on one day."""
    countries = {case.doctor.country, *(place.country for place in case.doctor.places.all())}
    return (*countries, *((SAME_DAY,) if case.days_after == 0 else ()))


def _reviews_beside(entry: ReviewEntry) -> Iterable[str]:
    rows = ReviewEntry.objects.filter(review__author=entry.review.author_id).exclude(pk=entry.pk)
    return iter(rows.order_by("-pk").values_list("text", flat=True)[:LAST_OF_AUTHOR])


def _asked(question: Question) -> str:
    """With the name and the place given, which readers see too."""
    return "\n".join(text for text in (question.wording, question.alias, question.place) if text)


def pictures_of(holder: Any) -> list[Photo]:
    """In their order."""
    prefetch_related_objects([holder], PICTURES)
    return [held.photo for held in holder.photos.all()]


def register() -> None:
    """Called once when the site starts."""
    register_reader(
        Question,
        Reader(
            text=_asked,
            about=lambda question: families_of(question.treatment),
            author=lambda question: question.author,
            others=_questions_beside,
            related=("author", "treatment__parent"),
            photos=pictures_of,
            prefetched=(PICTURES,),
        ),
    )
    register_reader(
        QuestionRevision,
        Reader(
            text=lambda edit: edit.wording,
            about=lambda edit: families_of(edit.question.treatment),
            author=lambda edit: edit.question.author,
            others=lambda edit: _questions_beside(edit.question),
            related=("question__author", "question__treatment__parent"),
        ),
    )
    register_reader(
        Answer,
        Reader(
            text=lambda answer: _lines(answer, OF_ANSWER),
            author=lambda answer: answer.doctor.user,
            others=_answers_beside,
            related=("doctor__user",),
        ),
    )
    register_reader(
        AnswerRevision,
        Reader(
            text=lambda edit: _lines(edit, OF_ANSWER),
            author=lambda edit: edit.answer.doctor.user,
            others=lambda edit: _answers_beside(edit.answer),
            related=("answer__doctor__user",),
        ),
    )
    register_reader(
        SecondOpinion,
        Reader(
            text=lambda opinion: opinion.note,
            author=lambda opinion: opinion.doctor.user,
            related=("doctor__user",),
        ),
    )
    register_reader(
        FactAsked,
        Reader(
            text=lambda asked: asked.text,
            author=lambda asked: asked.doctor.user,
            related=("doctor__user",),
        ),
    )
    register_reader(
        FactGiven,
        Reader(
            text=lambda given: given.wording,
            about=lambda given: families_of(given.asked.question.treatment),
            author=lambda given: given.asked.question.author,
            related=("asked__question__author", "asked__question__treatment__parent"),
        ),
    )
    register_reader(
        Doctor,
        Reader(
            text=lambda doctor: _lines(doctor, OF_DOCTOR),
            author=lambda doctor: doctor.user,
            related=("user",),
        ),
    )
    register_reader(
        DoctorRevision,
        Reader(
            text=lambda edit: _lines(edit, Doctor.TEXT_FIELDS),
            author=lambda edit: edit.doctor.user,
            related=("doctor__user",),
        ),
    )
    register_reader(
        Case,
        Reader(
            text=lambda case: _lines(case, OF_CASE),
            author=lambda case: case.doctor.user,
            others=_cases_beside,
            related=("doctor__user",),
            photos=pictures_of,
            prefetched=(PICTURES, "doctor__places"),
            marks=_marks,
        ),
    )
    register_reader(
        Portrait,
        Reader(
            text=lambda portrait: "",
            author=lambda portrait: portrait.doctor.user,
            related=("doctor__user",),
            photos=pictures_of,
            prefetched=(PICTURES,),
        ),
    )
    register_reader(
        ProfileClaim,
        Reader(text=lambda claim: claim.words, author=lambda claim: claim.claimant, related=("claimant",)),
    )
    register_reader(
        ReviewEntry,
        Reader(
            text=lambda entry: entry.wording,
            about=lambda entry: families_of(entry.review.treatment),
            author=lambda entry: entry.review.author,
            others=_reviews_beside,
            related=("review__author", "review__treatment__parent"),
            photos=pictures_of,
            prefetched=(PICTURES,),
        ),
    )
    register_reader(
        ReviewReply,
        Reader(
            text=lambda reply: reply.text,
            author=lambda reply: reply.review.doctor.user,
            related=("review__doctor__user",),
        ),
    )
