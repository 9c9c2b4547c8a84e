"""Decisions on lower floors that change what threads show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from accounts.notify import tell, tell_author, tell_many
from answers.cards import forget
from answers.models import (
    Answer,
    AnswerDraft,
    AnswerRevision,
    DoctorCount,
    FactAsked,
    FactGiven,
    SavedReply,
    SecondOpinion,
    UseCount,
)
from answers.notifications import ANSWERED, FACT_ASKED, FACT_GIVEN, FOLLOWED
from answers.routing import send_out_again, start_route
from answers.tasks import route_questions
from answers.threads import refresh, refresh_many
from core.enums import State
from core.moderation import NotPossible
from core.signals import transitioned
from doctors.models import Doctor, ProfileClaim
from questions.models import Follow, Question, QuestionRevision
from questions.signals import relinked
from treatments.merging import Companion, Merge, goes_along
from treatments.models import Treatment

_held: ContextVar[set[int] | None] = ContextVar("held", default=None)


@contextmanager
def threads_held() -> Iterator[None]:
    """Bring threads in line once, at the end of many decisions in one transaction; lists are stale till then."""
    ids: set[int] = set()
    token = _held.set(ids)
    try:
        yield
        refresh(ids)
    finally:
        _held.reset(token)


def _refresh(ids: Iterable[int]) -> None:
    held = _held.get()
    if held is None:
        refresh(ids)
    else:
        held.update(ids)


@receiver(transitioned, sender=Answer)
def not_published_under_a_duplicate(obj: Answer, after: str, **_: Any) -> None:
    """Nobody would read it there; the lock decides between publishing an answer and linking its question.

    It stands first: whoever links holds the question before the thread, and so does whoever publishes.
    """
    if after == State.PUBLISHED and Question.locked(obj.question_id).duplicate_of_id is not None:
        raise NotPossible(
            "Its question leads to another thread now: undo that link first, then publish this."
        )


@receiver(transitioned, sender=Question)
@receiver(transitioned, sender=QuestionRevision)
@receiver(transitioned, sender=Answer)
@receiver(transitioned, sender=AnswerRevision)
def part_of_a_thread_decided(
    obj: Question | QuestionRevision | Answer | AnswerRevision, before: str, after: str, **_: Any
) -> None:
    """Only what becomes public or ceases to be changes the thread."""
    if State.PUBLISHED not in (before, after):
        return
    if isinstance(obj, Question) and after != State.PUBLISHED:
        forget(obj.pk)
    if isinstance(obj, AnswerRevision):
        _refresh([obj.answer.question_id])
    else:
        _refresh([obj.pk if isinstance(obj, Question) else obj.question_id])


@receiver(transitioned, sender=Question)
def question_goes_to_doctors(obj: Question, after: str, **_: Any) -> None:
    """Published for the first time, it is theirs to be told of."""
    if after == State.PUBLISHED and start_route(obj):
        route_questions.enqueue()


@receiver(transitioned, sender=SecondOpinion)
def second_opinion_decided(obj: SecondOpinion, before: str, after: str, **_: Any) -> None:
    """It takes a position in its thread, and perhaps the last one that its doctor took on the use."""
    if State.PUBLISHED in (before, after):
        _refresh([obj.answer.question_id])


@receiver(relinked)
def question_relinked(question: Question, ids: Iterable[int], **_: Any) -> None:
    """A duplicate leaves the lists and comes back to them, but takes nobody's answer out of sight."""
    if question.duplicate_of_id is not None:
        held = set(question.answers.values_list("state", flat=True))
        if State.PUBLISHED in held:
            raise NotPossible(
                "It has answers, which nobody would find any more: link it as a variant instead."
            )
        if State.PENDING in held:
            raise NotPossible("An answer to it waits for a moderator: decide on that first.")
        forget(question.pk)
    elif not question.is_linked and send_out_again(question):
        route_questions.enqueue()
    _refresh(ids)


@receiver(transitioned, sender=Doctor)
def profile_decided(obj: Doctor, **_: Any) -> None:
    """A hidden profile hides its answers, so the threads they stood in count again."""
    _refresh(obj.answers.values_list("question_id", flat=True))


@receiver(transitioned, sender=Answer)
@receiver(transitioned, sender=AnswerRevision)
@receiver(transitioned, sender=SecondOpinion)
def told_to_its_author(
    obj: Answer | AnswerRevision | SecondOpinion, before: str, after: str, **_: Any
) -> None:
    noun = {Answer: "answer", AnswerRevision: "answer-edit", SecondOpinion: "opinion"}[type(obj)]
    url = obj.get_absolute_url() if after == State.PUBLISHED else reverse("answers:desk")
    tell_author(obj=obj, before=before, after=after, noun=noun, url=url)


@receiver(transitioned, sender=FactAsked)
def asked_under_a_public_question(obj: FactAsked, after: str, **_: Any) -> None:
    """Nobody is asked about a question that readers do not see; whoever decides holds the question."""
    if after == State.PUBLISHED and not obj.question.is_public:
        raise NotPossible(
            "Its question is not public now: nobody would be asked. Send this back or reject it."
        )


@receiver(transitioned, sender=FactAsked)
def fact_asked_decided(obj: FactAsked, before: str, after: str, **_: Any) -> None:
    """The doctor is told what was decided; the asker, once, when they can say something to it."""
    own = reverse("answers:ask-fact", args=[obj.question_id])
    url = obj.get_absolute_url() if after == State.PUBLISHED else own
    tell_author(obj=obj, before=before, after=after, noun="asked-fact", url=url)
    asker = obj.question.author
    if after == State.PUBLISHED and obj.closed_at is None and asker is not None and obj.is_public:
        url = reverse("answers:give-fact", args=[obj.pk])
        tell(to=asker, kind=FACT_ASKED.name, about=obj, event=f"factasked-{obj.pk} new", url=url)


@receiver(transitioned, sender=FactGiven)
def fact_given_decided(obj: FactGiven, before: str, after: str, **_: Any) -> None:
    """The asker is told; once it is public, so are the doctor who asked and those who are writing an answer there."""
    url = obj.get_absolute_url() if after == State.PUBLISHED else obj.own_url
    tell_author(obj=obj, before=before, after=after, noun="given-fact", url=url)
    if before != State.PENDING or after != State.PUBLISHED:
        return
    question = obj.asked.question_id
    writing = AnswerDraft.objects.filter(question=question, doctor__state=State.PUBLISHED)
    people = {*writing.values_list("doctor__user", flat=True), obj.asked.doctor.user_id}
    event = f"factgiven-{obj.pk} new"
    tell_many(
        to=[pk for pk in people if pk],
        kind=FACT_GIVEN.name,
        about=obj,
        event=event,
        url=obj.get_absolute_url(),
    )


@receiver(transitioned, sender=Answer)
def told_to_who_waits_for_it(obj: Answer, before: str, after: str, **_: Any) -> None:
    """When an answer appears for the first time: to the asker, and to those who follow the thread."""
    if before != State.PENDING or after != State.PUBLISHED or obj.published_at != obj.moderated_at:
        return
    question, event, url = obj.question, f"answer-{obj.pk} new", obj.permalink
    if question.author is not None:
        tell(to=question.author, kind=ANSWERED.name, about=obj, event=event, url=url)
    followers = Follow.objects.filter(question=question).exclude(user=obj.doctor.user_id)
    people = followers.values_list("user", flat=True)
    tell_many(to=people, kind=FOLLOWED.name, about=obj, event=event, url=url)


@receiver(transitioned, sender=ProfileClaim)
def profile_taken_back(obj: ProfileClaim, before: str, **_: Any) -> None:
    """What somebody wrote with at a desk that was not theirs is for nobody else; their verification counts no more."""
    if before == State.PUBLISHED:
        AnswerDraft.objects.filter(doctor=obj.doctor_id).delete()
        SavedReply.objects.filter(doctor=obj.doctor_id).delete()
        _refresh(Answer.objects.filter(doctor=obj.doctor_id).values_list("question_id", flat=True))


def told_of_merge(source: Treatment, target: Treatment) -> Iterator[str]:
    """How many answers a merge counts elsewhere."""
    answers = Answer.objects.public().filter(
        question__in=Question.objects.about(source).public().values("pk")
    )
    yield f"Answers in these threads, which count for {target} from then on: {answers.count()}."


def moved_with_merge(merge: Merge) -> None:
    """Threads are found by the new names and by the old ones.

    The target's own threads learn its new names when they are next decided on or indexed: a search for such a name
    asks for the others as well. What ends has nothing left to count.
    """
    refresh_many(merge.carried[Question])
    UseCount.objects.filter(use__in=merge.uses, threads=0).delete()
    DoctorCount.objects.filter(treatment=merge.source, answers=0).delete()


goes_along(Companion(told_of_merge, moved_with_merge))
