"""The thread: what was asked, where the doctors stand, why they differ, and every answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from answers import structured_data
from answers.asked import facts_at_hand, facts_of
from answers.cards import Card
from answers.consensus import LINES_AT_MOST, bar_for_answers, in_lines, majority_first
from answers.elsewhere import led_on
from answers.enums import Stance
from answers.freshness import in_one_phrase, with_freshness
from answers.models import Answer, HelpfulVote
from answers.permissions import (
    answering_doctor,
    asking_doctor,
    is_author,
    may_accept,
    may_confirm,
    may_edit,
    may_second,
    may_vote,
    may_withdraw,
)
from answers.reasons import reasons_against, why_most
from answers.selectors import (
    answers_of,
    bodies_of,
    doctors_beside,
    kin_of,
    labels_of,
    notices_of,
    opinions_of,
    outcome_of,
    similar_threads,
    thread_question,
)
from answers.services import note_visit
from core.enums import State
from core.remarks import with_remarks
from core.statements import with_statements
from core.text import number_in
from questions import permissions as asking
from questions.models import Question, QuestionRevision
from questions.red_flags import matching
from questions.selectors import photos_of
from treatments.countries import country_of
from treatments.selectors import by_age
from treatments.terms import explain

ANSWERS_A_PAGE = 60
SORTS = {
    "helpful": lambda a: (not a.is_accepted, -a.helpful_count, a.pk),
    "newest": lambda a: (-a.taken_at.timestamp(), a.pk),
    "stance": lambda a: (list(Stance.values).index(a.stance) if a.stance else len(Stance), a.pk),
}


@require_safe
def thread(request: HttpRequest, pk: int, slug: str | None = None) -> HttpResponseBase:
    """At most six queries for a visitor, whatever the number of answers."""
    question = thread_question(pk, viewer=request.user)
    if question is None or question.leads_on:
        return led_on(pk=pk)
    if slug != (question.slug or "question"):
        query = request.META.get("QUERY_STRING")
        return redirect(question.get_absolute_url() + (f"?{query}" if query else ""), permanent=True)
    answers = answers_of(question, viewer=request.user)
    public = [a for a in answers if a.is_public]
    opinions = opinions_of(answers, viewer=request.user)
    shown, page = _shown(answers, request)
    for a in shown:
        a.is_shown = True
    country, labels = country_of(request), labels_of(question)
    bodies_of([*shown, *structured_data.listed(public)])
    bar = bar_for_answers(public, opinions)
    lines = majority_first(public, bar)
    reasons = reasons_against(lines, opinions)
    similar = similar_threads(question)
    context = {
        "question": question,
        "answers": shown,
        "lines": in_lines(lines),
        "lines_left": max(len(lines) - LINES_AT_MOST, 0),
        "answer_count": len(public),
        "bar": bar,
        "card": Card.of(question, bar),
        "reasons": reasons,
        "why_most": why_most(bar, reasons),
        "labels": labels,
        "label": next((row for row in labels if row.jurisdiction == country.chosen), None),
        "similar": similar,
        "doctors": doctors_beside(question, public, similar),
        "outcome": outcome_of(question),
        "facts": facts_of(question),
        "photos": photos_of(question),
        "sort": page["sort"],
        "stance": page["stance"],
        "stances": [s for s in Stance if any(a.stance == s for a in public)],
        "page": page,
        "crumbs": _crumbs(question),
        **kin_of(question),
        "structured": structured_data.thread(question, public) if question.is_public else None,
        **_currency(question, answers),
        **_personal(request, question, shown),
        # The last: the others read the texts as they were written.
        "terms": explain(([question, *shown], "body_html"), version=question.terms_version),  # type: ignore[attr-defined]
    }
    return render(request, "answers/thread.html", context)


def _currency(question: Question, answers: list[Answer]) -> dict[str, Any]:
    """The safety notices by age, and how current the answers are in their light. No query."""
    notices = notices_of(question)
    with_freshness(answers, treatment=question.treatment, notices=notices)
    return {"notices": by_age(notices), "freshness": in_one_phrase(a for a in answers if a.is_public)}


def _shown(answers: list[Answer], request: HttpRequest) -> tuple[list[Answer], dict[str, Any]]:
    """The answers of this page in the asked order; unknown values mean the first page, most helpful first."""
    sort = request.GET.get("sort", "helpful")
    stance = request.GET.get("stance", "")
    sort = sort if sort in SORTS else "helpful"
    stance = stance if stance in Stance.values else ""
    chosen = sorted((a for a in answers if not stance or a.stance == stance), key=SORTS[sort])
    last = max((len(chosen) - 1) // ANSWERS_A_PAGE + 1, 1)
    asked = number_in(request.GET.get("page", ""))
    current = asked if 1 <= asked <= last else 1
    first = (current - 1) * ANSWERS_A_PAGE
    stays = country_of(request).query
    query = f"?{stays}{'&' if stays else ''}sort={sort}&stance={stance}&page="
    return chosen[first : first + ANSWERS_A_PAGE], {
        "sort": sort,
        "stance": stance,
        "next_url": f"{query}{current + 1}#answers" if current < last else "",
        "first_url": f"{query}1#answers" if current > 1 else "",
    }


def _crumbs(question: Question) -> list[tuple[str, str | None]]:
    crumbs: list[tuple[str, str | None]] = []
    if question.treatment and question.treatment.is_reviewed:
        treatment = question.treatment
        crumbs += [
            ("Treatments", reverse("treatments:index")),
            (treatment.name, treatment.get_absolute_url()),
        ]
        if question.use:
            crumbs.append(
                (question.use.name, reverse("treatments:use", args=[treatment.slug, question.use.slug]))
            )
        else:
            crumbs.append(("Questions", reverse("answers:of-treatment", args=[treatment.slug])))
    else:
        crumbs.append(("Questions", reverse("answers:list")))
    return [*crumbs, (question.title, None)]


def _personal(request: HttpRequest, question: Question, shown: list[Answer]) -> dict[str, Any]:
    """What only signed-in people get; for everybody else the page is the same, byte for byte."""
    user = request.user
    if not user.is_authenticated:
        return {}
    doctor = answering_doctor(user, question)
    voted = set(HelpfulVote.objects.filter(user=user, answer__in=shown).values_list("answer_id", flat=True))
    for a in shown:
        a.voted = a.pk in voted
        a.can_vote = may_vote(user, a)
        a.can_edit = may_edit(user, a)
        a.can_withdraw = may_withdraw(user, a)
        a.can_confirm = may_confirm(user, a)
        a.can_second = may_second(doctor, a)
    answered = doctor and Answer.objects.filter(question=question, doctor=doctor).exists()
    is_asker = asking.is_asker(user, question)
    if is_asker and question.is_public and _is_being_read(request):
        note_visit(question=question, by=user, at=timezone.now())
    waiting_edit = question.revisions.in_work().first() if is_asker else None
    with_remarks(with_statements([question] if is_asker else []))
    with_statements([waiting_edit] if waiting_edit else [])
    with_remarks(with_statements(a for a in shown if is_author(user, a)))
    return {
        "can_answer": bool(doctor) and not answered,
        "can_ask_fact": asking_doctor(user, question) is not None,
        "facts_at_hand": facts_at_hand(question, viewer=user) if is_asker or doctor else [],
        "can_accept": may_accept(user, question),
        "is_asker": is_asker,
        "can_edit": asking.may_edit(user, question),
        "can_withdraw": asking.may_withdraw(user, question),
        "waiting_edit": waiting_edit,
        "red_flags": _red_flags(question, waiting_edit) if is_asker else [],
    }


def _is_being_read(request: HttpRequest) -> bool:
    """Whether somebody looks at the page; a browser that loads it ahead may never show it."""
    return request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", "")


def _red_flags(question: Question, waiting_edit: QuestionRevision | None) -> list[str]:
    """What the asker should do at once, going by the words that moderators have yet to read."""
    text = question if question.state in {State.PENDING, State.DRAFT} else waiting_edit
    if text is None or not text.risk:
        return []
    flags = matching(text.wording, treatment=question.treatment)
    return [flag.advice for flag in flags]


@require_safe
def answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The citable address of an answer leads to its place in the thread, on whichever page that is.

    With ``?opinion=`` it leads to the line of a second opinion at the answer.
    """
    found = Answer.objects.visible_to(request.user).select_related("question").filter(pk=pk).first()
    if found is None:
        return led_on(answers__pk=pk, answers__state=State.PUBLISHED)
    if not Question.objects.visible_to(request.user).filter(pk=found.question_id).exists():
        return led_on(pk=found.question_id)
    in_order = sorted(answers_of(found.question, viewer=request.user), key=SORTS["helpful"])
    number = next((n for n, a in enumerate(in_order) if a.pk == found.pk), 0) // ANSWERS_A_PAGE + 1
    page = f"?page={number}" if number > 1 else ""
    opinion = number_in(request.GET.get("opinion", ""))
    place = f"opinion-{opinion}" if opinion else f"answer-{found.pk}"
    return redirect(f"{found.question.get_absolute_url()}{page}#{place}")
