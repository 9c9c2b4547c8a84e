"""The pages of the desk: the queue, one item, a verification. ``ModerationDesk`` serves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from config.desk import queue
from config.desk.decisions import decide, steps_for
from config.desk.forms import DecisionForm, LinkForm, UnlinkForm, VerificationForm
from config.desk.kinds import KINDS, Kind, kind_or_404
from config.desk.screens import link_form, surroundings
from core.audit import trail
from core.enums import State
from core.moderation import NotPermitted, ReasonMissing, TransitionError
from doctors.models import Doctor
from doctors.permissions import may_verify
from doctors.services import record_verification
from questions.models import Question
from questions.permissions import LINKABLE, may_link
from questions.services import MEANWHILE
from treatments.models import Treatment

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Appeal, Moderated, Report

STATUS = {ReasonMissing: 400, NotPermitted: 403}


def overview(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """What waits, with counts by kind; a cursor is the key of the last line shown."""
    user, filters = _moderator(request), queue.Filters.of(request.GET)
    after = _row_of(request.GET.get("after", ""))
    lines = queue.waiting(user=user, filters=filters, after=after, limit=queue.PAGE + 1)
    counts = queue.counts(user=user, filters=filters)
    more = lines[queue.PAGE - 1].key if len(lines) > queue.PAGE else ""
    context |= {
        "title": "Waiting for a decision",
        "lines": lines[: queue.PAGE],
        "counts": [{**row, "url": _queue_url(filters, kind=row["kind"].name)} for row in counts],
        "total": sum(row["count"] for row in counts),
        "all_url": _queue_url(filters, kind=""),
        "next_url": _queue_url(filters, after=more) if more else "",
        "first_url": _queue_url(filters) if after else "",
        "filters": filters,
        "item_query": f"?{urlencode(filters.query)}" if filters.query else "",
        "treatments": Treatment.objects.order_by("name").values_list("pk", "name"),
        "ages": queue.AGE_LABELS.items(),
    }
    return TemplateResponse(request, "admin/index.html", context)


def item(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """One item with everything needed to decide on it, and the decision."""
    kind, obj, user = _found(request, name, pk)
    if request.method != "POST":
        return _screen(request, kind, obj)
    form = DecisionForm(request.POST, kind=obj._meta.label_lower, steps=steps_for(kind, obj, user))
    if not form.is_valid():
        return _screen(request, kind, obj, form=form, status=400)
    before, filled = obj.state, form.cleaned_data
    try:
        decide(
            kind,
            obj,
            to=filled["to"],
            by=user,
            reason=form.explanation(),
            code=filled["reason_code"],
            version=filled["version"],
        )
    except TransitionError as error:
        form.add_error(None, str(error))
        fresh = kind.rows().get(pk=pk)
        return _screen(request, kind, fresh, form=form, status=STATUS.get(type(error), 409))
    return _onwards(request, kind, obj, before)


def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a verification of a doctor. What was wrong with it is said on the doctor's screen."""
    kind, doctor, user = _found(request, "doctor", pk)
    assert isinstance(doctor, Doctor)  # noqa: S101  # of this kind are doctors only
    if request.method != "POST":
        return redirect(_item_url(kind, pk))
    form = VerificationForm(request.POST, doctor=doctor)
    if form.is_valid():
        try:
            record_verification(doctor=doctor, by=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"Recorded: {doctor} is now “{doctor.standing_now.label}”.")
            return redirect(_item_url(kind, pk))
    return _screen(request, kind, kind.rows().get(pk=pk), verification=form, status=400)


def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Link a question to the thread it repeats or varies, or undo that. What was wrong is said on its screen."""
    kind, question, user = _found(request, "question", pk)
    assert isinstance(question, Question)  # noqa: S101  # of this kind are questions only
    if request.method != "POST":
        return redirect(_item_url(kind, pk))
    form, status = link_form(question, request.POST), 400
    if form.is_valid():
        try:
            messages.success(request, form.carry_out(by=user))
        except TransitionError as error:
            form.add_error(None, str(error))
            status = STATUS.get(type(error), 409)
        else:
            return redirect(_item_url(kind, pk))
    fresh = kind.rows().get(pk=pk)
    if (
        fresh.is_linked != question.is_linked
    ):  # linked or undone in this very moment: the form is another one now
        messages.error(request, MEANWHILE)
        return redirect(_item_url(kind, pk))
    return _screen(request, kind, fresh, link=form, status=status)


def _screen(
    request: HttpRequest,
    kind: Kind,
    obj: Moderated,
    *,
    form: DecisionForm | None = None,
    verification: VerificationForm | None = None,
    link: LinkForm | UnlinkForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user, filters = _moderator(request), queue.Filters.of(request.GET)
    following = queue.next_after(obj, user=user, filters=filters)
    steps = steps_for(kind, obj, user)
    context = (
        admin.site.each_context(request)
        | surroundings(kind, obj)
        | {
            "title": f"{kind.label} {obj.pk}",
            "kind": kind,
            "object": obj,
            "steps": steps,
            "is_own": user.pk in {obj.author_user_id(), obj.stand_in_id()},
            "form": form or DecisionForm(kind=obj._meta.label_lower, steps=steps),
            "trail": trail(obj),
            "next_url": following.url + _query(filters) if following else "",
            "queue_url": _queue_url(filters),
            "can_verify": False,
        }
    )
    if isinstance(obj, Question) and may_link(user, obj) and (obj.is_linked or obj.state in LINKABLE):
        context["link"] = link or link_form(obj)
    if isinstance(obj, Doctor):
        context["can_verify"] = may_verify(user, obj)
        context["can_change"] = user.has_perm("doctors.change_doctor") and obj.user_id != user.pk
        context["verification"] = verification or VerificationForm(doctor=obj)
    return TemplateResponse(request, "admin/moderation/item.html", context, status=status)


def _onwards(request: HttpRequest, kind: Kind, obj: Moderated, before: str) -> HttpResponse:
    """After a decision from the queue, the next item of it; after any other, the item again."""
    messages.success(request, f"{kind.label} {obj.pk} is now “{State(obj.state).label}”.")
    if before != State.PENDING:
        return redirect(_item_url(kind, obj.pk))
    filters = queue.Filters.of(request.GET)
    following = queue.next_after(obj, user=_moderator(request), filters=filters)
    return redirect(following.url + _query(filters) if following else _queue_url(filters))


def _found(request: HttpRequest, name: str, pk: int) -> tuple[Kind, Moderated, User]:
    kind, user = kind_or_404(name), _moderator(request)
    if not kind.may_be_moderated_by(user):
        raise PermissionDenied
    return kind, get_object_or_404(kind.rows(), pk=pk), user


def _row_of(key: str) -> Moderated | Report | Appeal | None:
    """The row a cursor names, waiting or not any more; ``None`` for anything that is no cursor."""
    name, _, number = key.partition("-")
    if name not in KINDS or not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    return KINDS[name].model._base_manager.filter(pk=int(number)).first()


def _moderator(request: HttpRequest) -> User:
    """The signed-in person; the desk is closed to everybody else before it comes to this."""
    return cast("User", request.user)


def _item_url(kind: Kind, pk: int) -> str:
    return reverse("admin:moderation_item", args=[kind.name, pk])


def _query(filters: queue.Filters, **more: str) -> str:
    chosen = {name: value for name, value in {**filters.query, **more}.items() if value}
    return f"?{urlencode(chosen)}" if chosen else ""


def _queue_url(filters: queue.Filters, **more: str) -> str:
    return reverse("admin:index") + _query(filters, **more)
