"""The screen of a report: the thing as readers see it, what was done to it since, who reported it, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from config.desk import queue
from config.desk.filters import Filters
from config.desk.forms import ReportDecisionForm
from config.desk.kinds import KINDS
from config.desk.screens import changes, surroundings
from config.desk.views import along
from config.notifications import decide_reports_and_tell
from core.audit import trail
from core.claims import claim, settle
from core.enums import ReportState, State
from core.models import Moderated, Report, Versioned
from core.moderation import NotPermitted, ReasonMissing, TransitionError
from core.reports import is_theirs, may_decide

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

STATUS = {ReasonMissing: 400, NotPermitted: 403}
EDITS = 5
EARLIER = 20


def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything reported of one thing, and one decision about all of it."""
    user = cast("User", request.user)
    if not KINDS["report"].may_be_moderated_by(user):
        raise PermissionDenied
    found = get_object_or_404(Report, pk=pk)
    if is_theirs(user, found):
        raise PermissionDenied("Nobody reads what is said of their own.")
    if request.method != "POST":
        return _screen(request, found)
    form = ReportDecisionForm(request.POST)
    if not form.is_valid():
        return _screen(request, found, form=form, status=400)
    filled = form.cleaned_data
    try:
        decide_reports_and_tell(report=found, by=user, **filled)
        settle(found)
    except TransitionError as error:
        form.add_error(None, str(error))
        return _screen(request, found, form=form, status=STATUS.get(type(error), 409))
    return _onwards(request, found, filled["to"])


def _onwards(request: HttpRequest, found: Report, to: str) -> HttpResponse:
    """What was upheld is acted on next, on the screen of the thing itself; else the queue goes on."""
    target = found.target()
    if to == ReportState.UPHELD and isinstance(target, Moderated):
        messages.success(request, "Upheld. Nothing has been changed yet: that is decided here.")
        return redirect(_item_url(target))
    messages.success(request, f"Report {found.pk} is now “{ReportState(to).label}”.")
    following = _following(request, found)
    return redirect((following.url if following else reverse("admin:index")) + _query(request))


def _screen(
    request: HttpRequest, found: Report, *, form: ReportDecisionForm | None = None, status: int = 200
) -> HttpResponse:
    user = cast("User", request.user)
    rows = list(Report.objects.alike(found).select_related("reporter", "decided_by").order_by("pk"))
    waiting = [row for row in rows if row.state == ReportState.OPEN]
    can_decide = bool(waiting) and may_decide(user, waiting)
    context = admin.site.each_context(request) | _thing(found, (waiting or [found])[0].submitted_at)
    context |= {
        "title": f"Report {found.pk}",
        "report": found,
        "waiting": waiting,
        "earlier": [row for row in rows if row.state != ReportState.OPEN][-EARLIER:],
        "seen": waiting[-1].pk if waiting else 0,
        "can_decide": can_decide,
        "claim": claim(found, by=user) if can_decide else None,
        "form": form or ReportDecisionForm(),
    }
    context |= along("report", found.pk, Filters.of(request.GET))
    return TemplateResponse(request, "admin/moderation/report.html", context, status=status)


def _thing(found: Report, since: datetime) -> dict[str, Any]:
    """The thing, what stands around it, the versions published since, and everything ever decided about it."""
    name = found.object_type.partition(".")[2]
    target = KINDS[name].rows().filter(pk=found.object_id).first() if name in KINDS else None
    if target is None:
        return {"object": None}
    return surroundings(KINDS[name], target) | {
        "kind": KINDS[name],
        "object": target,
        "item_url": _item_url(target),
        "edits": _edits(name, target, since) if isinstance(target, Versioned) else [],
        "trail": trail(target),
    }


def _edits(name: str, target: Versioned, since: datetime) -> list[dict[str, Any]]:
    """The latest versions readers got since it was reported, word by word."""
    kind = KINDS[f"{name}revision"]
    later = target.revisions.filter(state=State.PUBLISHED, published_at__gt=since).order_by("-number")
    return [{"version": row, "changes": changes(kind, row)} for row in later[:EDITS]]


def _following(request: HttpRequest, found: Report) -> queue.Place | None:
    filters = Filters.of(request.GET)
    return queue.next_after(found, user=cast("User", request.user), filters=filters)


def _item_url(target: Moderated) -> str:
    return reverse("admin:moderation_item", args=[target._meta.model_name, target.pk])


def _query(request: HttpRequest) -> str:
    chosen = Filters.of(request.GET).query
    return f"?{urlencode(chosen)}" if chosen else ""
