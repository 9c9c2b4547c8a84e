"""The two pages of a merge: choosing what a treatment is part of, and what would become of it, with the deed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from core.moderation import NotPermitted, ReasonMissing, TransitionError
from treatments.forms import MergeForm
from treatments.merging import Plan, plan_of, told
from treatments.models import Treatment, TreatmentRedirect
from treatments.permissions import may_merge
from treatments.search import catalogue, matching, words_of
from treatments.services import merge

FOUND = 20
FORM = "treatments_treatment_change"
STATUS = {ReasonMissing: 400, NotPermitted: 403}


def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Search for the treatment this one is part of; at first those of a like name."""
    _require_keeper(request)
    source = Treatment.objects.filter(pk=pk).first()
    if source is None:
        return _gone(request, pk)
    asked = request.GET.get("q", "").strip()[:120]
    found = _called(asked) if asked else _alike(source)
    context = {
        "title": f"Merge {source} into another treatment",
        "source": source,
        "asked": asked,
        "found": [treatment for treatment in found if treatment.pk != source.pk],
    }
    return _page(request, "admin/treatments/merge.html", context)


def _called(asked: str) -> list[Treatment]:
    """Treatments with these letters in a name or in the address, reviewed or not."""
    names = ("name", "generic", "slug", "synonyms__name")
    is_called = Q(*((f"{name}__icontains", asked) for name in names), _connector=Q.OR)
    return list(Treatment.objects.filter(is_called).distinct()[: FOUND + 1])


def _alike(source: Treatment) -> list[Treatment]:
    """Reviewed treatments a search for the name of this one would mean."""
    entries = [entry for entry in catalogue() if not entry.is_use]
    keys = [entry.treatment_id for entry in matching(entries, words_of(source.name))]
    return [row for pk, row in Treatment.objects.in_bulk(keys).items()]


def preview(request: HttpRequest, pk: int, into: int) -> HttpResponse:
    """What moves, what contradicts what and what is left behind, in words and numbers; confirmed, it is done."""
    _require_keeper(request)
    rows = Treatment.objects.select_related("parent__parent", "emergency_source").in_bulk([pk, into])
    if pk not in rows:
        return _gone(request, pk)
    source, target = rows[pk], get_object_or_404(Treatment, pk=into) if into not in rows else rows[into]
    plan = plan_of(source, target)
    form = MergeForm(request.POST or None, plan=plan)
    if request.method != "POST":
        return _preview(request, plan, form)
    if not form.is_valid():
        return _preview(request, plan, form, status=400)
    try:
        merge(source=source, target=target, by=request.user, **form.values())  # type: ignore[arg-type]
    except TransitionError as error:
        return _refused(request, pk, into, form, error)
    messages.success(request, f"{source} is part of {target} now. Its addresses lead here.")
    return redirect(f"admin:{FORM}", target.pk)


def _refused(
    request: HttpRequest, pk: int, into: int, form: MergeForm, error: TransitionError
) -> HttpResponse:
    """Shown again as things stand now, with what was typed."""
    rows = Treatment.objects.select_related("parent__parent", "emergency_source").in_bulk([pk, into])
    if len(rows) < len({pk, into}):
        messages.error(request, str(error))
        return _gone(request, pk if pk not in rows else into)
    fresh = MergeForm(request.POST, plan=plan_of(rows[pk], rows[into]))
    fresh.is_valid()
    fresh.look_again(str(error))
    return _preview(request, fresh.plan, fresh, status=STATUS.get(type(error), 409))


def _preview(request: HttpRequest, plan: Plan, form: MergeForm, status: int = 200) -> HttpResponse:
    context = {
        "title": f"Merge {plan.source} into {plan.target}",
        "plan": plan,
        "told": [] if plan.obstacles else told(plan.source, plan.target),
        "form": form,
    }
    return _page(request, "admin/treatments/merge_into.html", context, status=status)


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    whole = {**admin.site.each_context(request), "opts": Treatment._meta, **context}
    return TemplateResponse(request, template, whole, status=status)


def _require_keeper(request: HttpRequest) -> None:
    if not may_merge(request.user):
        raise PermissionDenied


def _gone(request: HttpRequest, pk: int) -> HttpResponse:
    found = led_on(request, pk)
    if found is None:
        raise Http404
    return found


def led_on(request: HttpRequest, pk: int, *, page: str = FORM) -> HttpResponse | None:
    """From the number of what was merged to what it is part of now."""
    former = TreatmentRedirect.objects.filter(former_pk=pk).select_related("target").first()
    if former is None:
        return None
    messages.info(request, f"{former.name} was merged into {former.target}: this is {former.target}.")
    return redirect(f"admin:{page}", former.target_id)
