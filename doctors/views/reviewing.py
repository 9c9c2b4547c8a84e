"""The pages on which a patient reviews, goes on with a review, and takes it back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.consents import agree
from accounts.enums import Purpose
from accounts.http import SignedInRequest, writing_required
from core.enums import State
from core.moderation import TransitionError
from core.statements import statement_of
from doctors.forms import ProofForm
from doctors.models import Doctor, Review, ReviewEntry
from doctors.permissions import (
    REVIEWS_AT_ONCE,
    may_change_entry,
    may_review,
    may_show_visit,
    may_withdraw_entry,
)
from doctors.review_forms import EntryForm, ReviewForm, initial_of
from doctors.reviewing import (
    OPEN,
    TooManyWaiting,
    Waiting,
    add_entry,
    change_entry,
    review_doctor,
    show_visit,
    withdraw_entry,
    withdraw_review,
)
from doctors.reviews import own_reviews
from treatments.models import Treatment

SENT = "Your review is with the moderators. They look at each in the same way, whether it is good or bad; you are told."
CHANGED = "Changed. It is with the moderators."
SENT_BEFORE = "You have reviewed this doctor for this treatment already. Below you can add how it is by now."
TOO_MANY = f"{REVIEWS_AT_ONCE} reviews of yours wait for a moderator. Send this one once some are decided."
GONE = "It is withdrawn. Nobody else sees it any more."
PROOF = "Thank you. A moderator looks at it, and it is deleted as soon as that is done."
GET_OR_POST = ["GET", "HEAD", "POST"]


@writing_required
@require_http_methods(GET_OR_POST)
def review(request: SignedInRequest, slug: str) -> HttpResponseBase:
    """First of which treatment, then the form; what is sent is shown once as readers will see it."""
    doctor = get_object_or_404(Doctor.objects.public().for_display(), slug=slug)
    if not may_review(request.user, doctor):
        return render(request, "doctors/review_not.html", {"doctor": doctor}, status=403)
    treatment = Treatment.objects.public().filter(slug=request.GET.get("treatment", "")).first()
    context: dict[str, Any] = {"doctor": doctor, "treatment": treatment, "crumbs": _crumbs(doctor)}
    if treatment is None:
        context["treatments"] = Treatment.objects.public().order_by("name").values_list("slug", "name")
        return render(request, "doctors/review_of.html", context)
    earlier = Review.objects.filter(author=request.user, doctor=doctor, treatment=treatment).first()
    if earlier is not None:
        messages.info(request, SENT_BEFORE)
        return redirect("doctors:my-reviews")
    form = ReviewForm(request.POST or None, request.FILES or None, user=request.user, treatment=treatment)
    context["form"] = form
    if request.method == "POST" and form.is_valid() and "send" in request.POST:
        return _send(request, form, context)
    if request.method == "POST" and form.is_valid():
        context["preview"] = _preview(form, _to_be(form, context))
    return render(request, "doctors/review.html", context, status=422 if form.errors else 200)


def _send(request: SignedInRequest, form: ReviewForm, context: dict[str, Any]) -> HttpResponse:
    agree(user=request.user, purpose=Purpose.HEALTH)
    try:
        entry = review_doctor(
            by=request.user,
            doctor=context["doctor"],
            treatment=context["treatment"],
            about=form.about(),
            said=form.said(),
            costs=form.costs(),
            photos=form.held,
        )
    except (TooManyWaiting, ValidationError) as error:
        form.add_error(None, TOO_MANY if isinstance(error, TooManyWaiting) else error)
        return render(request, "doctors/review.html", context, status=429)
    messages.success(request, SENT)
    return redirect(entry.own_url)


def _to_be(form: ReviewForm, context: dict[str, Any]) -> Review:
    return Review(author=form.user, doctor=context["doctor"], treatment=context["treatment"], **form.about())


def _preview(form: EntryForm, review: Review) -> ReviewEntry:
    """As readers will see it; not saved."""
    return ReviewEntry(review=review, day=review.days_since, **form.said())


@writing_required
@require_http_methods(GET_OR_POST)
def add(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """How it is by now. While the last entry waits, that one is changed instead."""
    mine = _own_review(request, pk)
    waiting = mine.entries.filter(state__in=OPEN).first()
    if waiting is not None and request.method != "POST":
        return redirect(waiting.own_url)
    if not may_review(request.user, mine.doctor):
        return render(request, "doctors/review_not.html", {"doctor": mine.doctor}, status=403)
    last = mine.entries.exclude(state=State.WITHDRAWN).order_by("-pk").first()
    initial = initial_of(last, costs_alone=True) if last else None
    form = EntryForm(request.POST or None, request.FILES or None, user=request.user, initial=initial)
    deed = partial(add_entry, review=mine, by=request.user)
    return _entry(request, form, mine, deed, done=SENT)


@login_required
@require_http_methods(GET_OR_POST)
def entry(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """One's own entry: what became of it, and the form while it may be changed."""
    mine = _own_entry(request, pk)
    if not may_change_entry(request.user, mine):
        context = {
            "entry": mine,
            "review": mine.review,
            "statement": statement_of(mine),
            "crumbs": _own_crumbs(),
        }
        return render(request, "doctors/review_own.html", context)
    form = EntryForm(
        request.POST or None,
        request.FILES or None,
        user=request.user,
        initial=initial_of(mine),
        held_before=mine.photos.count(),
    )
    deed = partial(change_entry, entry=mine, by=request.user)
    return _entry(request, form, mine.review, deed, done=CHANGED, entry=mine, statement=statement_of(mine))


def _entry(
    request: SignedInRequest,
    form: EntryForm,
    mine: Review,
    deed: Callable[..., ReviewEntry],
    *,
    done: str,
    **more: Any,
) -> HttpResponse:
    context = {"form": form, "review": mine, "doctor": mine.doctor, "crumbs": _own_crumbs(), **more}
    if request.method == "POST" and form.is_valid() and "send" in request.POST:
        try:
            made = deed(said=form.said(), costs=form.costs(), photos=form.held)
        except (Waiting, ValidationError) as error:
            form.add_error(None, str(error) if isinstance(error, Waiting) else error)
            return render(request, "doctors/review_entry.html", context, status=409)
        messages.success(request, done)
        return redirect(made.own_url)
    if request.method == "POST" and form.is_valid():
        context["preview"] = _preview(form, mine)
    return render(request, "doctors/review_entry.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(GET_OR_POST)
def withdraw_one(request: SignedInRequest, pk: int) -> HttpResponse:
    mine = _own_entry(request, pk)
    if mine.state == State.WITHDRAWN:  # the same form sent again
        return redirect("doctors:my-reviews")
    if not may_withdraw_entry(request.user, mine):
        raise PermissionDenied("A moderator has taken this down already; there is nothing to withdraw.")
    return _asked(
        request, {"entry": mine, "review": mine.review}, partial(withdraw_entry, entry=mine, by=request.user)
    )


@login_required
@require_http_methods(GET_OR_POST)
def withdraw_all(request: SignedInRequest, pk: int) -> HttpResponse:
    mine = _own_review(request, pk)
    if not mine.entries.filter(state__in=[*OPEN, State.PUBLISHED]).exists():
        return redirect("doctors:my-reviews")
    return _asked(request, {"review": mine}, partial(withdraw_review, review=mine, by=request.user))


def _asked(request: SignedInRequest, context: dict[str, Any], deed: Callable[[], None]) -> HttpResponse:
    if request.method != "POST":
        return render(request, "doctors/review_withdraw.html", {**context, "crumbs": _own_crumbs()})
    try:
        deed()
    except TransitionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, GONE)
    return redirect("doctors:my-reviews")


@writing_required
@require_http_methods(GET_OR_POST)
def visit(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Send what shows that one was there, and read what became of it."""
    mine = _own_review(request, pk)
    proof = getattr(mine, "proof", None)
    form = (
        ProofForm(request.POST or None, request.FILES or None) if may_show_visit(request.user, mine) else None
    )
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            show_visit(review=mine, by=request.user, paper=form.cleaned_data["evidence"])
        except ValidationError as error:
            form.add_error("evidence", error)
        else:
            messages.success(request, PROOF)
            return redirect("doctors:show-visit", pk)
    context = {
        "review": mine,
        "proof": proof,
        "statement": statement_of(proof) if proof else None,
        "form": form,
        "crumbs": _own_crumbs(),
    }
    return render(request, "doctors/review_visit.html", context, status=422 if form and form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD"])
def mine(request: SignedInRequest) -> HttpResponse:
    """All that I wrote, and what became of it."""
    context = {"reviews": own_reviews(request.user)[:MOST], "crumbs": [("My reviews", None)]}
    return render(request, "doctors/my_reviews.html", context)


# Nobody has had more done; the page is one list.
MOST = 100


def _own_review(request: SignedInRequest, pk: int) -> Review:
    rows = Review.objects.select_related("doctor__specialty", "treatment", "use", "author", "proof")
    return get_object_or_404(rows, pk=pk, author=request.user)


def _own_entry(request: SignedInRequest, pk: int) -> ReviewEntry:
    rows = ReviewEntry.objects.select_related(
        "review__doctor__specialty", "review__treatment", "review__use", "review__author"
    )
    found = get_object_or_404(rows, pk=pk)
    if found.author_user_id() != request.user.pk:
        raise Http404
    return found


def _crumbs(doctor: Doctor) -> list[tuple[str, str | None]]:
    return [
        ("Doctors", reverse("doctors:directory")),
        (str(doctor), doctor.get_absolute_url()),
        ("Review", None),
    ]


def _own_crumbs() -> list[tuple[str, str | None]]:
    return [("My reviews", reverse("doctors:my-reviews")), ("Review", None)]
