"""A doctor's cases: a list, and one draft in steps that can be left and taken up again."""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from core.enums import State
from core.moderation import TransitionError
from core.pagination import paginate
from core.statements import statement_of, with_statements
from doctors import casework
from doctors.case_forms import ChooseConsentForm, ComparableForm, FactsForm, PairForm
from doctors.casework import Closed
from doctors.enums import Role
from doctors.models import Case, CasePhoto, Consent, Doctor
from doctors.views.consents import fill_in, of_a_doctor, why_not

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

STEPS = {
    "consent": "Consent",
    "facts": "What was done",
    "pictures": "Pictures in pairs",
    "comparable": "What they show, and how alike they are",
    "send": "Look through and send",
}
TEMPLATES = {
    "consent": "doctors/casework/consent.html",
    "facts": "doctors/casework/step.html",
    "pictures": "doctors/casework/pictures.html",
    "comparable": "doctors/casework/comparable.html",
}
NOT_OPEN = "This case is not open for changes now. Nothing was changed."


@require_safe
@of_a_doctor
def cases(request: SignedInRequest, doctor: Doctor) -> HttpResponse:
    """Each with its state, and what is missing of drafts."""
    rows = Case.objects.filter(doctor=doctor).select_related("treatment", "use", "consent")
    page = paginate(rows, order=("-pk",), params=request.GET)
    public = set(
        Case.objects.public().filter(pk__in=[row.pk for row in page.rows]).values_list("pk", flat=True)
    )
    listed = [(row, row.pk in public) for row in with_statements(page.rows)]
    context = {"doctor": doctor, "page": page, "cases": listed, "why_not": why_not(request, doctor)}
    return render(request, "doctors/casework/list.html", context)


@fill_in
@of_a_doctor
def new(request: SignedInRequest, doctor: Doctor) -> HttpResponse:
    """The first step: whose pictures these are, by their consent."""
    if said := why_not(request, doctor):
        messages.error(request, said)
        return redirect("doctors:own-cases")
    form = ChooseConsentForm(request.POST or None, consents=_usable(doctor))
    if request.method == "POST" and form.is_valid():
        try:
            case = casework.begin(doctor=doctor, by=request.user, consent=form.cleaned_data["consent"])
        except Closed:
            messages.error(request, "This consent was taken back meanwhile. Nothing was begun.")
            return redirect("doctors:new-case")
        return redirect("doctors:case-facts", case.pk)
    context = {"form": form, "number": 1, "steps": STEPS, "heading": STEPS["consent"]}
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "doctors/casework/new.html", context, status=status)


def _of_a_case(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A step of one's own open case; to where it stands for one that is not open."""

    @wraps(view)
    def inner(request: SignedInRequest, doctor: Doctor, pk: int) -> HttpResponse:
        rows = Case.objects.filter(doctor=doctor).select_related("consent", "treatment", "use", "body_area")
        case = get_object_or_404(rows, pk=pk)
        if case.state not in casework.OPEN or case.has_ended:
            return redirect("doctors:own-case", pk)
        return view(request, case)

    return fill_in(of_a_doctor(inner))


@_of_a_case
def consent(request: SignedInRequest, case: Case) -> HttpResponse:
    """Another consent for the same pictures, such as one that covers more."""
    form = ChooseConsentForm(
        request.POST or None, consents=_usable(case.doctor), initial={"consent": case.consent_id}
    )
    if request.method == "POST" and form.is_valid():
        deed = partial(casework.describe, case=case, by=request.user, fields=form.cleaned_data)
        if done := _then(request, deed, "own-case", case, form):
            return done
    return _page(request, "consent", case, form)


@_of_a_case
def facts(request: SignedInRequest, case: Case) -> HttpResponse:
    form = FactsForm(request.POST or None, instance=case)
    if request.method == "POST" and form.is_valid():
        deed = partial(casework.describe, case=case, by=request.user, fields=form.cleaned_data)
        if done := _then(request, deed, "case-pictures", case, form):
            return done
    return _page(request, "facts", case, form)


@_of_a_case
def pictures(request: SignedInRequest, case: Case) -> HttpResponse:
    """The pairs so far, and a form for one more of them or for the view that is sent anew."""
    if "remove" in request.POST:
        view = casework.view_of(request.POST["remove"])
        deed = partial(casework.drop_pair, case=case, by=request.user, view=view or "")
        return _then(request, deed, "case-pictures", case, None, said="Taken out.") or redirect(request.path)
    sent = request.method == "POST"
    form = PairForm(request.POST if sent else None, request.FILES if sent else None, by=request.user)
    if sent and form.is_valid():
        sides: dict[str, Any] = {"view": form.cleaned_data["view"], **form.kept}
        deed = partial(casework.add_pair, case=case, by=request.user, **sides)
        if done := _then(request, deed, "case-pictures", case, form):
            return done
    return _page(request, "pictures", case, form, pairs=pairs_of(case))


@_of_a_case
def comparable(request: SignedInRequest, case: Case) -> HttpResponse:
    form = ComparableForm(request.POST or None, instance=case)
    if request.method == "POST" and form.is_valid():
        deed = partial(casework.describe, case=case, by=request.user, fields=form.cleaned_data)
        if done := _then(request, deed, "own-case", case, form):
            return done
    return _page(request, "comparable", case, form, pairs=pairs_of(case))


@fill_in
@of_a_doctor
def own(request: SignedInRequest, doctor: Doctor, pk: int) -> HttpResponse:
    """The whole case as it stands: what is missing of a draft, and the button that sends it."""
    case = get_object_or_404(Case.objects.for_display(), doctor=doctor, pk=pk)
    if request.method == "POST":
        try:
            casework.send(case=case, by=request.user)
        except Closed:
            messages.error(request, NOT_OPEN)
        except (ValidationError, TransitionError) as error:
            said = error.messages if isinstance(error, ValidationError) else [str(error)]
            messages.error(request, f"Nothing was sent. {' '.join(said)}")
        else:
            messages.success(request, "Sent. A moderator looks at it; you are told what comes of it.")
        return redirect("doctors:own-case", pk)
    is_open = case.state in casework.OPEN and not case.has_ended
    context = {
        "case": case,
        "is_open": is_open,
        "is_shown": Case.objects.public().filter(pk=pk).exists(),
        "pairs": pairs_of(case),
        "statement": statement_of(case),
        "missing": [(name, STEPS[name], said) for name, said in casework.missing(case).items()]
        if is_open
        else [],
        "why_not": why_not(request, doctor),
    }
    return render(request, "doctors/casework/own.html", context)


@fill_in
@of_a_doctor
def withdraw(request: SignedInRequest, doctor: Doctor, pk: int) -> HttpResponse:
    """Asks once more. A draft nobody has seen is thrown away, everything else hidden and kept as a draft."""
    case = get_object_or_404(Case, doctor=doctor, pk=pk)
    throws_away = case.state == State.DRAFT and case.submitted_at is None
    if request.method != "POST":
        return render(request, "doctors/casework/withdraw.html", {"case": case, "throws_away": throws_away})
    try:
        if throws_away:
            casework.discard(case=case, by=request.user)
            messages.success(request, "Thrown away, with its pictures.")
            return redirect("doctors:own-cases")
        casework.withdraw(case=case, by=request.user)
    except (Closed, TransitionError):
        messages.error(request, "There is nothing to withdraw any more. Nothing was changed.")
    else:
        messages.success(request, "Withdrawn: nobody else sees it. You can change it and send it again.")
    return redirect("doctors:own-case", pk)


def pairs_of(case: Case) -> list[dict[str, Any]]:
    """What is there of each view: ``{view, label, before, after}``."""
    found: dict[str, dict[str, Any]] = {}
    for held in CasePhoto.objects.filter(case=case).for_display():
        row = found.setdefault(held.view, {"view": held.view, "label": held.get_view_display()})
        row[held.role] = held.photo
    return [row for row in found.values() if all(role in row for role in Role.values)]


def _usable(doctor: Doctor) -> Iterable[Consent]:
    """Those under which something can be shown, or could once the person has agreed."""
    rows = Consent.objects.filter(doctor=doctor, revoked_at=None, until__gte=timezone.localdate())
    return rows.filter(~Q(uses=[]))


def _then(
    request: SignedInRequest,
    deed: Callable[[], object],
    step: str,
    case: Case,
    form: Form | Any,
    said: str = "Saved.",
) -> HttpResponse | None:
    """Do it and go on to the next step; ``None`` where the form says by now what is wrong with it."""
    try:
        deed()
    except Closed:
        messages.error(request, NOT_OPEN)
        return redirect("doctors:own-case", case.pk)
    except ValidationError as error:
        if form is not None:
            form.add_error(None, error.messages)
        return None
    messages.success(request, said)
    return redirect(f"doctors:{step}", case.pk)


def _page(request: SignedInRequest, step: str, case: Case, form: Form | Any, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "case": case,
        "steps": STEPS,
        "step": step,
        "number": list(STEPS).index(step) + 1,
        "heading": STEPS[step],
        **more,
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, TEMPLATES[step], context, status=status)
