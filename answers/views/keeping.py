"""Keep and carry: threads put aside, in the browser or on the account, and the paper made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from answers.packet import THREADS_AT_MOST, packet_of
from answers.shelf import kept_ids, public_among, threads_with_bars
from core.text import number_in
from questions.keeping import TooMany, keep_question, let_go
from questions.kept import KEPT_AT_MOST, keep_in, kept_in
from questions.models import Question
from treatments.countries import chosen

if TYPE_CHECKING:
    from accounts.models import User

# Made for one reader, with or without a session.
personal = cache_control(private=True, no_store=True)
ROWS = 50


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Keep a thread, or take it off the list again; the form names which, so that a second click changes nothing."""
    question = get_object_or_404(Question.objects.public().select_related("treatment"), pk=pk)
    ids = kept_ids(request)
    if request.method != "POST":
        return _save_page(request, question, ids)
    wanted = request.POST.get("keep", "yes") != "no"
    try:
        response = _after(request, question)
        if request.user.is_authenticated:
            _keep_on_account(question, request.user, wanted)
        else:
            keep_in(response, _changed(ids[::-1], question.pk, wanted))
    except TooMany as error:
        return _save_page(request, question, ids, problem=str(error))
    return response


def _save_page(request: HttpRequest, question: Question, ids: list[int], problem: str = "") -> HttpResponse:
    context = {
        "question": question,
        "is_kept": question.pk in ids,
        "at_most": KEPT_AT_MOST,
        "problem": problem,
        "crumbs": [(question.title, question.get_absolute_url()), ("Keep", None)],
    }
    return render(request, "answers/keep.html", context, status=409 if problem else 200)


def _keep_on_account(question: Question, user: User, wanted: bool) -> None:
    if wanted:
        keep_question(question=question, by=user)
    else:
        let_go(questions=[question.pk], by=user)


def _changed(ids: list[int], pk: int, wanted: bool) -> list[int]:
    """The browser's list with the thread, or without it. Raises TooMany."""
    others = [other for other in ids if other != pk]
    if not wanted:
        return others
    if len(others) >= KEPT_AT_MOST:
        raise TooMany(
            f"This browser keeps {KEPT_AT_MOST} threads already. "
            "Take one off your list, or sign in: an account keeps more."
        )
    return ids if pk in ids else [*others, pk]


def _after(request: HttpRequest, question: Question) -> HttpResponse:
    """Back to where the form stood."""
    if request.POST.get("from") == "list":
        return redirect("answers:saved")
    if request.user.is_authenticated:
        return redirect(f"{question.get_absolute_url()}#keep")
    return redirect("answers:save", question.pk)


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def saved(request: HttpRequest) -> HttpResponseBase:
    """The threads one keeps, latest first; its form takes off what is no longer public."""
    ids = kept_ids(request)
    public = public_among(ids)
    hidden = [pk for pk in ids if pk not in set(public)]
    if request.method == "POST":
        response = redirect("answers:saved")
        if request.user.is_authenticated:
            let_go(questions=hidden, by=request.user)
        else:
            keep_in(response, public[::-1])
        return response
    first = _first_row(request, len(public))
    context = {
        "threads": threads_with_bars(public[first : first + ROWS]),
        "total": len(public),
        "hidden": len(hidden),
        "page": _neighbours(first, len(public)),
        "crumbs": [("Kept threads", None)],
    }
    return render(request, "answers/saved.html", context)


def _first_row(request: HttpRequest, total: int) -> int:
    """Of the page asked for; unknown pages are the first."""
    first = (number_in(request.GET.get("page", "")) - 1) * ROWS
    return first if 0 <= first < total else 0


def _neighbours(first: int, total: int) -> dict[str, str]:
    following = f"?page={first // ROWS + 2}" if first + ROWS < total else ""
    return {"next_url": following, "first_url": "?" if first else ""}


@personal
@require_safe
def kept_here(request: HttpRequest) -> HttpResponse:
    """What this browser's cookie keeps, for the script that marks kept threads. No query."""
    return JsonResponse({"kept": kept_in(request)})


@personal
@require_safe
def packet(request: HttpRequest) -> HttpResponse:
    """The consult packet of the kept threads, the latest twenty, or of the one that is named."""
    named = request.GET.get("thread", "")
    if named:
        ids = public_among([number_in(named)])
        if not ids:
            raise Http404
    else:
        ids = public_among(kept_ids(request))
    context = {
        "packet": packet_of(ids[:THREADS_AT_MOST], viewer=request.user, place=chosen(request)),
        "left_out": len(ids[THREADS_AT_MOST:]),
        "is_of_one": bool(named),
        "printed_on": timezone.localdate(),
        "origin": settings.SITE_ORIGIN,
        "crumbs": [("Kept threads", reverse("answers:saved")), ("Consult packet", None)],
    }
    return render(request, "answers/packet.html", context)
