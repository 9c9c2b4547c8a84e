"""The screen of an account: what was imposed on it, what was removed of it, and doing either or undoing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from accounts.models import Sanction, User
from accounts.permissions import may_sanction
from accounts.sanctions import impose, lift
from config.desk.forms import SanctionForm, SweepForm, WhyForm
from config.desk.sweeps import remove_everything, restore_batch
from core.audit import trail
from core.models import Batch
from core.moderation import TransitionError

TRAIL = 50


def account(request: HttpRequest, pk: int) -> HttpResponse:
    """History for every moderator; for senior ones the forms, of which each posts its own name as ``do``."""
    user = cast("User", request.user)
    if not user.has_perm("accounts.view_sanction"):
        raise PermissionDenied
    person = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        return _screen(request, person)
    if not may_sanction(user, person):
        raise PermissionDenied
    action, _, number = request.POST.get("do", "").partition("-")
    if action not in DEEDS:
        return _screen(request, person, status=400)
    form = FORMS[action](request.POST, prefix=request.POST["do"])
    if not form.is_valid():
        return _screen(request, person, form=form, status=400)
    try:
        said = DEEDS[action](person, user, form, int(number) if number.isdecimal() else 0)
    except (TransitionError, ValidationError) as error:
        form.add_error(None, error.messages if isinstance(error, ValidationError) else str(error))
        return _screen(request, person, form=form, status=409)
    messages.success(request, said)
    return redirect("admin:moderation_account", person.pk)


def _impose(person: User, by: User, form: forms.Form, _: int) -> str:
    sanction = impose(person=person, by=by, **form.cleaned_data)
    return f"{sanction.get_kind_display()} recorded; it is felt at once."


def _lift(person: User, by: User, form: forms.Form, number: int) -> str:
    sanction = get_object_or_404(Sanction, pk=number, user=person)
    lift(sanction=sanction, by=by, reason=form.cleaned_data["reason"])
    return f"{sanction.get_kind_display()} lifted."


def _sweep(person: User, by: User, form: Any, _: int) -> str:
    batch = remove_everything(
        person=person, by=by, reason=form.explanation(), code=form.cleaned_data["reason_code"]
    )
    return f"Taken down or rejected: {batch.entries.count()} things. They can be restored below, as one."


def _restore(person: User, by: User, form: forms.Form, number: int) -> str:
    batch = get_object_or_404(Batch, pk=number, about=person)
    restored = restore_batch(batch=batch, by=by, reason=form.cleaned_data["reason"])
    return (
        f"Restored: {restored} of {batch.entries.count()} things. What was touched since then stays as it is."
    )


FORMS: dict[str, type[forms.Form]] = {
    "impose": SanctionForm,
    "lift": WhyForm,
    "sweep": SweepForm,
    "restore": WhyForm,
}
DEEDS: dict[str, Callable[[User, User, Any, int], str]] = {
    "impose": _impose,
    "lift": _lift,
    "sweep": _sweep,
    "restore": _restore,
}


def _screen(
    request: HttpRequest, person: User, *, form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    def shown(name: str, number: int | None = None) -> forms.Form:
        prefix = f"{name}-{number}" if number else name
        return form if form is not None and form.prefix == prefix else FORMS[name](prefix=prefix)

    sanctions = list(person.sanctions.select_related("imposed_by", "lifted_by"))
    batches = list(
        Batch.objects.filter(about=person).select_related("by", "undone_by").prefetch_related("entries")
    )
    context = admin.site.each_context(request) | {
        "title": f"Account {person.handle}",
        "person": person,
        "can_sanction": may_sanction(cast("User", request.user), person),
        "sanctions": [(row, shown("lift", row.pk)) for row in sanctions],
        "batches": [(row, shown("restore", row.pk)) for row in batches],
        "impose": shown("impose"),
        "sweep": shown("sweep"),
        "trail": trail(person)[:TRAIL],
    }
    return TemplateResponse(request, "admin/moderation/account.html", context, status=status)
