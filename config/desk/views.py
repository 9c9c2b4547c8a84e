"""The pages of the desk: the queue, one item, a link. ``ModerationDesk`` serves them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from config.desk import queue
from config.desk.cases import before_deciding
from config.desk.checks import CheckForm, VerificationForm, check_forms
from config.desk.decisions import decide, steps_for
from config.desk.editing import EditForm, edit_form
from config.desk.filters import AGE_LABELS, ASSIGNEES, CAUSES, RISK_LABELS, Filters
from config.desk.forms import BulkForm, CaseDecisionForm, DecisionForm, LinkForm, UnlinkForm
from config.desk.kinds import KINDS, Kind, kind_or_404
from config.desk.screens import amendments, link_form, surroundings
from core.audit import trail
from core.bulk import undoable
from core.claims import claim
from core.enums import State
from core.moderation import NotPermitted, ReasonMissing, TransitionError
from core.text import number_in
from doctors.models import Case, Credential, Doctor
from doctors.permissions import may_verify
from questions.models import Question
from questions.permissions import LINKABLE, may_link
from questions.services import MEANWHILE
from treatments.models import Treatment

if TYPE_CHECKING:
    from accounts.models import User
    from config.desk.decisions import Step
    from core.models import Moderated

STATUS = {ReasonMissing: 400, NotPermitted: 403}


def overview(request: HttpRequest, context: dict[str, Any], *, bulk: BulkForm | None = None) -> HttpResponse:
    """What waits, with counts by cause and kind; a cursor is the key of the last line shown."""
    user, filters = _moderator(request), Filters.of(request.GET)
    after = _row_of(request.GET.get("after", ""))
    lines = queue.waiting(user=user, filters=filters, after=after, limit=queue.PAGE + 1)
    more = lines[queue.PAGE - 1].key if len(lines) > queue.PAGE else ""
    context |= tabs(queue.counts(user=user, filters=filters), filters) | {
        "title": "Waiting for a decision",
        "lines": lines[: queue.PAGE],
        "next_url": queue_url(filters, after=more) if more else "",
        "first_url": queue_url(filters) if after else "",
        "filters": filters,
        "item_query": query_of(filters),
        "treatments": Treatment.objects.order_by("name").values_list("pk", "name"),
        "ages": AGE_LABELS.items(),
        "risks": RISK_LABELS.items(),
        "assignees": ASSIGNEES.items(),
        "bulk": bulk or BulkForm(),
        # On the first page, where one comes back to after deciding.
        "bulk_action": None if after else undoable(user),
    }
    return TemplateResponse(request, "admin/index.html", context, status=400 if bulk else 200)


def tabs(rows: list[dict[str, Any]], filters: Filters) -> dict[str, Any]:
    """The causes over all kinds, and the kinds within the cause that is open: each leads to what it counts."""
    kinds = [
        {
            **row,
            "count": queue.in_cause(row, filters.cause),
            "url": queue_url(replace(filters, kind=row["kind"].name)),
        }
        for row in rows
        if not filters.cause or CAUSES[filters.cause].of(row["kind"])
    ]
    causes = [
        {
            "name": name,
            "label": cause.label,
            "count": sum(queue.in_cause(row, name) for row in rows),
            "url": queue_url(replace(filters, cause=name, kind="")),
        }
        for name, cause in CAUSES.items()
        if any(cause.of(row["kind"]) for row in rows)
    ]
    return {
        "counts": kinds,
        "causes": causes,
        "total": sum(row["count"] for row in kinds),
        "everything": sum(row["count"] for row in rows),
        "all_url": queue_url(replace(filters, kind="")),
        "everything_url": queue_url(replace(filters, cause="", kind="")),
    }


def item(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """One item with everything needed to decide on it, and the decision."""
    kind, obj, user = found(request, name, pk)
    if request.method != "POST":
        return screen(request, kind, obj)
    form = _decision_form(obj, steps_for(kind, obj, user), request.POST)
    if not form.is_valid():
        return screen(request, kind, obj, form=form, status=400)
    before, filled = obj.state, form.cleaned_data
    try:
        if isinstance(obj, Case):
            before_deciding(obj, to=filled["to"], by=user, version=filled["version"])
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
        return screen(request, kind, fresh, form=form, status=STATUS.get(type(error), 409))
    return onwards(request, kind, obj, before)


def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Link a question to the thread it repeats or varies, or undo that. What was wrong is said on its screen."""
    kind, question, user = found(request, "question", pk)
    assert isinstance(question, Question)  # noqa: S101  # of this kind are questions only
    if request.method != "POST":
        return redirect(item_url(kind, pk))
    form, status = link_form(question, request.POST), 400
    if form.is_valid():
        try:
            messages.success(request, form.carry_out(by=user))
        except TransitionError as error:
            form.add_error(None, str(error))
            status = STATUS.get(type(error), 409)
        else:
            return redirect(item_url(kind, pk))
    fresh = kind.rows().get(pk=pk)
    if (
        fresh.is_linked != question.is_linked
    ):  # linked or undone in this very moment: the form is another one now
        messages.error(request, MEANWHILE)
        return redirect(item_url(kind, pk))
    return screen(request, kind, fresh, link=form, status=status)


def screen(
    request: HttpRequest,
    kind: Kind,
    obj: Moderated,
    *,
    form: DecisionForm | None = None,
    verification: VerificationForm | None = None,
    checks: list[CheckForm] | None = None,
    due: Credential | None = None,
    link: LinkForm | UnlinkForm | None = None,
    edit: EditForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """One item. ``due`` is the credential for whose check a doctor stands in the queue: it goes on from there."""
    user, filters = _moderator(request), Filters.of(request.GET)
    steps = steps_for(kind, obj, user)
    is_own = obj.concerns(user)
    context = (
        admin.site.each_context(request)
        | surroundings(kind, obj)
        | {
            "title": f"{kind.label} {obj.pk}",
            "kind": kind,
            "object": obj,
            "steps": steps,
            "is_own": is_own,
            "claim": claim(due or obj, by=user)
            if (due or obj.state == State.PENDING) and not is_own
            else None,
            "edit_url": reverse("admin:moderation_edit", args=[kind.name, obj.pk]) + query_of(filters),
            "edit": edit or edit_form(kind, obj, user),
            "amendments": amendments(obj),
            "form": form or _decision_form(obj, steps),
            "trail": trail(obj),
            "can_verify": False,
        }
        | (along("credential", due.pk, filters) if due else along(kind.name, obj.pk, filters))
        | {"due": due}
    )
    if isinstance(obj, Question) and may_link(user, obj) and (obj.is_linked or obj.state in LINKABLE):
        context["link"] = link or link_form(obj, similar=context["similar"])
    if isinstance(obj, Doctor):
        context["can_verify"] = may_verify(user, obj)
        context["can_change"] = user.has_perm("doctors.change_doctor") and obj.user_id != user.pk
        context["verification"] = verification or VerificationForm(doctor=obj)
        context["checks_url"] = reverse("admin:moderation_checks", args=[obj.pk]) + query_of(filters)
        if context["can_verify"]:
            sent = {form.row.credential: form for form in checks or ()}
            context["checks"] = [
                (
                    form.row,
                    sent[form.row.credential].beside(form.row) if form.row.credential in sent else form,
                )
                for form in check_forms(row for row, _ in context["checks"])
            ]
    return TemplateResponse(request, "admin/moderation/item.html", context, status=status)


def _decision_form(obj: Moderated, steps: dict[State, Step], data: Any = None) -> DecisionForm:
    return (CaseDecisionForm if isinstance(obj, Case) else DecisionForm)(
        data, kind=obj._meta.label_lower, steps=steps
    )


def step(request: HttpRequest, name: str, pk: int, *, back: bool = False) -> HttpResponse:
    """On to what stands beside one thing in the queue. Looked up when asked for: screens need not know."""
    kind, user, filters = kind_or_404(name), _moderator(request), Filters.of(request.GET)
    if not kind.may_be_moderated_by(user):
        raise PermissionDenied
    obj = kind.row(pk)
    if obj is None:
        raise Http404
    place = (queue.previous_to if back else queue.next_after)(obj, user=user, filters=filters)
    if place is None:
        messages.info(request, "Nothing stands before it." if back else "Nothing else waits for you here.")
        return redirect(queue_url(filters))
    return redirect(place.url + query_of(filters))


def along(name: str, pk: int, filters: Filters) -> dict[str, str]:
    """The addresses from one thing in the queue to the others, and of claiming it."""
    pages = ("claim", "next", "previous")
    found = {f"{page}_url": reverse(f"admin:moderation_{page}", args=[name, pk]) for page in pages}
    return {page: url + query_of(filters) for page, url in found.items()} | {"queue_url": queue_url(filters)}


def onwards(request: HttpRequest, kind: Kind, obj: Moderated, before: str, *, said: str = "") -> HttpResponse:
    """After a decision from the queue, the next item of it; after any other, the item again."""
    messages.success(request, said or f"{kind.label} {obj.pk} is now “{State(obj.state).label}”.")
    if before != State.PENDING:
        return redirect(item_url(kind, obj.pk))
    filters = Filters.of(request.GET)
    following = queue.next_after(obj, user=_moderator(request), filters=filters)
    return redirect(following.url + query_of(filters) if following else queue_url(filters))


def found(request: HttpRequest, name: str, pk: int) -> tuple[Kind, Moderated, User]:
    kind, user = kind_or_404(name), _moderator(request)
    if not kind.may_be_moderated_by(user):
        raise PermissionDenied
    if not kind.is_text:
        raise Http404
    return kind, get_object_or_404(kind.rows(), pk=pk), user


def _row_of(key: str) -> Any:
    """The row a cursor names, waiting or not any more; ``None`` for anything that is no cursor."""
    name, _, number = key.partition("-")
    return KINDS[name].row(number_in(number)) if name in KINDS else None


def _moderator(request: HttpRequest) -> User:
    """The signed-in person; the desk is closed to everybody else before it comes to this."""
    return cast("User", request.user)


def item_url(kind: Kind, pk: int) -> str:
    return reverse("admin:moderation_item", args=[kind.name, pk])


def query_of(filters: Filters, **more: str) -> str:
    chosen = {name: value for name, value in {**filters.query, **more}.items() if value}
    return f"?{urlencode(chosen)}" if chosen else ""


def queue_url(filters: Filters, **more: str) -> str:
    return reverse("admin:index") + query_of(filters, **more)
