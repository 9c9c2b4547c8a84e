"""What is done at the desk besides a single decision: keeping and releasing, editing, deciding together, undoing."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from config.desk import views
from config.desk.editing import PUBLISH, edit_form
from config.desk.filters import Filters
from config.desk.forms import BulkForm
from config.desk.kinds import KINDS, Kind, kind_or_404
from core import bulk, claims
from core.enums import State
from core.models import BulkAction
from core.moderation import UNDO, TransitionError

if TYPE_CHECKING:
    from accounts.models import User
    from config.desk.site import ModerationDesk
    from core.models import Moderated

NAMED = 5


@require_POST
def claim(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Keep what one has open, or release it and go on."""
    kind, user = kind_or_404(name), cast("User", request.user)
    if not kind.may_be_moderated_by(user):
        raise PermissionDenied
    obj = get_object_or_404(kind.model._base_manager, pk=pk)
    if request.POST.get("do") != "release":
        if kind.waiting().filter(pk=pk).exclude(**{kind.model.AUTHOR_PATH: user.pk}).exists():
            claims.claim(obj, by=user)
        return HttpResponse(status=204)
    claims.release(obj, by=user)
    messages.success(request, f"{kind.label} {pk} is released: anybody can take it.")
    return redirect(views.queue_url(Filters.of(request.GET)))


@require_POST
def edit(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Publish as changed by the moderator, or file a question elsewhere. What was wrong is said on its screen."""
    kind, obj, user = views.found(request, name, pk)
    form = edit_form(kind, obj, user, request.POST)
    if form is None:
        raise PermissionDenied("There is nothing to change here.")
    before, status = obj.state, 400
    if form.is_valid():
        try:
            done = form.carry_out(by=user)
        except TransitionError as error:
            form.add_error(None, str(error))
            status = views.STATUS.get(type(error), 409)
        else:
            if form.cleaned_data["do"] == PUBLISH:
                return views.onwards(request, kind, obj, before, said=done)
            messages.success(request, done)
            return redirect(views.item_url(kind, pk))
    return views.screen(request, kind, kind.rows().get(pk=pk), edit=form, status=status)


@require_POST
def decide_together(request: HttpRequest) -> HttpResponse:
    """Publish or reject what was ticked in the queue, each by itself; what could not be is named."""
    user, form = cast("User", request.user), BulkForm(request.POST)
    if not form.is_valid():
        return cast("ModerationDesk", admin.site).queue_again(request, form)
    kind: Kind = form.cleaned_data["kind"]
    if not kind.may_be_moderated_by(user):
        raise PermissionDenied
    action, skipped = bulk.decide_all(
        cast("type[Moderated]", kind.model),
        form.cleaned_data["rows"],
        to=form.cleaned_data["to"],
        by=user,
        reason=form.explanation(),
        code=form.cleaned_data["reason_code"],
    )
    if action.items:
        minutes = UNDO.seconds // 60
        done = f"{kind.plural} now “{State(action.to).label}”: {len(action.items)}."
        messages.success(request, f"{done} You can undo this for {minutes} minutes.")
    _name_skipped(request, kind, skipped)
    return redirect(views.queue_url(Filters.of(request.GET)))


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Put back what was decided together, as far as nobody has touched it since."""
    action = get_object_or_404(BulkAction, pk=pk)
    kind = next((kind for kind in KINDS.values() if kind.model._meta.label_lower == action.object_type), None)
    if kind is None:
        raise Http404("Nothing of this kind is moderated.")
    user = cast("User", request.user)
    if action.by_id != user.pk:
        raise PermissionDenied("Only whoever decided this can undo it.")
    try:
        count, skipped = bulk.undo(action, model=cast("type[Moderated]", kind.model), by=user)
    except TransitionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{kind.plural} back in the queue: {count}.")
        _name_skipped(request, kind, skipped)
    return redirect(views.queue_url(Filters.of(request.GET)))


def _name_skipped(request: HttpRequest, kind: Kind, skipped: bulk.Skipped) -> None:
    for pk, why in skipped[:NAMED]:
        messages.warning(request, f"{kind.label} {pk} was left as it is. {why}")
    if more := skipped[NAMED:]:
        numbers = ", ".join(str(pk) for pk, _ in more)
        messages.warning(request, f"{kind.plural} left as they are, too: {numbers}.")
