"""The screen of an appeal: the thing, what was decided and why, what its author says, and one decision."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from config.desk import queue
from config.desk.forms import AppealDecisionForm
from config.desk.kinds import KINDS
from config.desk.screens import changes, surroundings
from config.notifications import decide_appeal_and_tell
from core.appeals import may_decide_appeal
from core.audit import trail
from core.enums import AppealState
from core.models import Appeal
from core.moderation import NotPermitted, ReasonMissing, TransitionError

STATUS = {ReasonMissing: 400, NotPermitted: 403}


def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """One appeal, read by senior moderators other than its author, and decided by one who did not decide first."""
    user = cast("User", request.user)
    if not KINDS["appeal"].may_be_moderated_by(user):
        raise PermissionDenied
    found = get_object_or_404(Appeal.objects.select_related("entry__actor", "decided_by"), pk=pk)
    if found.author_id == user.pk:
        raise PermissionDenied("Nobody decides on their own appeal.")
    if request.method != "POST":
        return _screen(request, found)
    form = AppealDecisionForm(request.POST)
    if not form.is_valid():
        return _screen(request, found, form=form, status=400)
    try:
        decide_appeal_and_tell(appeal=found, by=user, **form.cleaned_data)
    except TransitionError as error:
        form.add_error(None, str(error))
        fresh = Appeal.objects.select_related("entry__actor", "decided_by").get(pk=pk)
        return _screen(request, fresh, form=form, status=STATUS.get(type(error), 409))
    messages.success(request, f"Appeal {found.pk} is {found.get_state_display().lower()}.")
    following = _following(request, found)
    return redirect((following.url if following else reverse("admin:index")) + _query(request))


def _screen(
    request: HttpRequest, found: Appeal, *, form: AppealDecisionForm | None = None, status: int = 200
) -> HttpResponse:
    user = cast("User", request.user)
    name = found.object_type.partition(".")[2]
    target = KINDS[name].rows().filter(pk=found.object_id).first() if name in KINDS else None
    following = _following(request, found)
    context: dict[str, Any] = admin.site.each_context(request) | {"object": target}
    if target is not None:
        kind = KINDS[name]
        context |= surroundings(kind, target) | {
            "kind": kind,
            "trail": trail(target),
            "item_url": reverse("admin:moderation_item", args=[name, target.pk]),
            "changes": changes(kind, target) if kind.parent else [],
        }
    context |= {
        "title": f"Appeal {found.pk}",
        "appeal": found,
        "is_open": found.state == AppealState.OPEN,
        "can_decide": found.state == AppealState.OPEN and may_decide_appeal(user, found, target),
        "form": form or AppealDecisionForm(),
        "next_url": following.url + _query(request) if following else "",
        "queue_url": reverse("admin:index") + _query(request),
    }
    return TemplateResponse(request, "admin/moderation/appeal.html", context, status=status)


def _following(request: HttpRequest, found: Appeal) -> queue.Place | None:
    filters = queue.Filters.of(request.GET)
    return queue.next_after(found, user=cast("User", request.user), filters=filters)


def _query(request: HttpRequest) -> str:
    chosen = queue.Filters.of(request.GET).query
    return f"?{urlencode(chosen)}" if chosen else ""
