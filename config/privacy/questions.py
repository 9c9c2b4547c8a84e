"""What becomes of somebody's questions: those that others need stay without their author, the rest goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from answers.cards import forget
from answers.models import Answer, AskerVisit, FactAsked, FactGiven, Outcome
from answers.threads import refresh_many
from config.privacy.trail import Traces
from core.enums import State
from core.models import Amendment, Signal
from questions.models import Question, QuestionRevision

GONE_TITLE = "Erased with its author’s account"
# What may lead to the person or to their other questions.
NAMELESS: dict[str, Any] = {"author": None, "alias": "", "place": "", "moderation_reason": ""}
WORDLESS: dict[str, Any] = {
    "title": GONE_TITLE,
    "slug": "",
    "body": "",
    "body_html": "",
    "difference": "",
    "external_id": None,
    "source_url": "",
}


# An answer that readers see, or soon will.
ANSWERED = (State.PUBLISHED, State.PENDING)


def take_apart(user: User, traces: Traces) -> set[int]:
    """Keys of the threads that readers see otherwise now."""
    own = Question.objects.filter(author=user)
    list(own.select_for_update().order_by("pk").values_list("pk"))  # nobody answers meanwhile
    answers = Answer.objects.filter(question=OuterRef("pk")).exclude(doctor__user=user)
    leads = Question.objects.filter(duplicate_of=OuterRef("pk")).exclude(author=user)
    answered = Q(Exists(answers.filter(state__in=ANSWERED))) | Q(Exists(leads))
    stays = set(own.filter(answered, state=State.PUBLISHED).values_list("pk", flat=True))
    rest = own.exclude(pk__in=stays)
    hollow = set(rest.filter(Q(Exists(answers)) | Q(Exists(leads))).values_list("pk", flat=True))
    going = list(rest.exclude(pk__in=hollow))
    _part(stays, traces)
    _empty(hollow, traces)
    _remove(going, traces)
    return stays | hollow


def _part(keys: set[int], traces: Traces) -> None:
    """Threads that stay: edits and replies that are not public go, and what moderators noticed about the words."""
    revisions = QuestionRevision.objects.filter(question__in=keys)
    _take_away(revisions.exclude(state__in=[State.PUBLISHED, State.REMOVED]), traces)
    given = FactGiven.objects.filter(asked__question__in=keys)
    _take_away(given.exclude(state=State.PUBLISHED), traces)
    labels = {"questions.question": keys}
    for kept in (revisions, given):
        kept.update(moderation_reason="")
        labels[kept.model._meta.label_lower] = set(kept.values_list("pk", flat=True))
    for label, rows in labels.items():
        for kind in (Amendment, Signal):
            kind._default_manager.filter(object_type=label, object_id__in=rows).delete()
    _part_from_asker(keys)


def _take_away(rows: QuerySet, traces: Traces) -> None:
    for row in rows:
        traces.goes(row)
    rows.delete()


def _part_from_asker(keys: set[int]) -> None:
    for kind in (Outcome, AskerVisit):
        kind._default_manager.filter(question__in=keys).delete()
    Question.objects.filter(pk__in=keys).update(**NAMELESS)


def _empty(keys: set[int], traces: Traces) -> None:
    """What nobody sees any more but something of others hangs on: the row stays, without a word."""
    questions = Question.objects.filter(pk__in=keys)
    _gather(questions, traces)
    QuestionRevision.objects.filter(question__in=keys).delete()
    FactGiven.objects.filter(asked__question__in=keys).delete()
    questions.filter(state=State.PUBLISHED).update(state=State.WITHDRAWN)
    questions.update(**WORDLESS)
    _part_from_asker(keys)


def _remove(questions: list[Question], traces: Traces) -> None:
    _gather(questions, traces)
    keys = {question.pk for question in questions}
    for asked in FactAsked.objects.filter(question__in=keys):
        traces.goes(asked)
    Question.objects.filter(duplicate_of__in=keys).update(duplicate_of=None)
    Question.objects.filter(pk__in=keys, state=State.PUBLISHED).update(state=State.WITHDRAWN)
    refresh_many(keys)  # lists and counts have no key to what they repeat
    Question.objects.filter(pk__in=keys).delete()


def _gather(questions: Iterable[Question], traces: Traces) -> None:
    """What goes, by key and by the title that others may have been told."""
    for question in questions:
        traces.goes(question)
        traces.words.add(question.title)
        for revision in question.revisions.all():
            traces.goes(revision)
            traces.words.add(revision.title)
        for given in FactGiven.objects.filter(asked__question=question):
            traces.goes(given)
        forget(question.pk)
