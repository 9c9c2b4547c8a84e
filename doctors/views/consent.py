"""The page of the person in the pictures: what they agreed to, less of it, none of it. By a link, without an account.

The link is a key: nothing of the page is stored, sent on as the place one came from, or found by a search engine.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from allauth.core.internal import ratelimit
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.images.handing import handed_out, hands_out
from core.images.models import Rendition
from core.images.renditions import Kind
from doctors import consenting
from doctors.agreement import text_of
from doctors.case_forms import NarrowForm
from doctors.models import Case, CasePhoto, Consent

if TYPE_CHECKING:
    from collections.abc import Callable

OPENED = "consent"
# Links that are none: guessing 256 bits is hopeless anyway. Whoever has one is never kept from taking back.
AS_OFTEN = {OPENED: "120/10m/ip"}
PRIVATE = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "strict-origin",  # without the path, which is the key; forms need the origin
    "X-Robots-Tag": "noindex, noimageindex, nofollow",
}
WIDEST = 640


def _by_link(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The consent whose link this is; for every other token the same page."""

    @wraps(view)
    def inner(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        consent = consenting.by_token(token)
        if consent is not None:
            response = view(request, consent, *args, **kwargs)
        elif (
            ratelimit.consume(request, app="doctors", action=OPENED, config=AS_OFTEN, limit_get=True) is None
        ):
            response = render(request, "doctors/consents/too_often.html", status=429)
        else:
            response = render(request, "doctors/consents/no_link.html", status=404)
        for name, value in PRIVATE.items():
            response[name] = value
        return response

    return inner


@_by_link
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, consent: Consent) -> HttpResponse:
    """Shown, agreed to, narrowed, taken back; taking back is asked once more."""
    form = NarrowForm(consent=consent)
    if request.method == "POST" and consent.revoked_at is None:
        done = request.POST.get("do", "")
        if done == "narrow" and not consent.is_waiting:
            form = NarrowForm(request.POST, consent=consent)
            if form.is_valid() and _narrowed(consent, form):
                return redirect(request.path + "?done=narrowed")
        elif done == "agree":
            try:
                consenting.agree(consent=consent)
            except ValidationError as error:
                return _shown(request, consent, form, said=error.messages)
            return redirect(request.path + "?done=agreed")
        elif done == "revoke":
            consenting.revoke(consent=consent, by=None)
            return redirect(request.path)
    elif request.method == "POST":
        return redirect(request.path)
    if request.GET.get("do") == "revoke" and consent.revoked_at is None:
        return render(request, "doctors/consents/subject_revoke.html", {"consent": consent})
    return _shown(request, consent, form)


@_by_link
@require_safe
@hands_out
def picture(request: HttpRequest, consent: Consent, name: str) -> HttpResponseBase:
    """One picture of a case that rests on this consent, public or not."""
    held = CasePhoto.objects.filter(case__consent=consent, case__ended_at=None).values("photo")
    row = Rendition.objects.filter(name=name, photo__in=held).first()
    if row is None:
        raise Http404
    return handed_out(row.name)


def _narrowed(consent: Consent, form: NarrowForm) -> bool:
    try:
        consenting.narrow(consent=consent, **form.stated())
    except ValidationError as error:
        form.add_error("uses", error.messages)
        return False
    return True


def _shown(
    request: HttpRequest, consent: Consent, form: NarrowForm, *, said: list[str] | None = None
) -> HttpResponse:
    cases = Case.objects.going().filter(consent=consent).for_display().order_by("pk")
    public = set(Case.objects.public().filter(consent=consent).values_list("pk", flat=True))
    context = {
        "consent": consent,
        "text": text_of(consent.text_version),
        "cases": [(case, case.pk in public, _pictures(case)) for case in cases],
        "form": form,
        "done": request.GET.get("done", ""),
        "said": said or [],
        "token": request.resolver_match.kwargs["token"] if request.resolver_match else "",
    }
    status = 400 if form.is_bound or said else 200
    return render(request, "doctors/consents/subject.html", context, status=status)


def _pictures(case: Case) -> list[tuple[CasePhoto, Rendition]]:
    """Each with the file that is shown of it; those still being prepared are left out."""
    shown = []
    for held in case.photos.all():
        files = [row for row in held.photo.renditions.all() if row.kind == Kind.JPEG]
        fits = [row for row in files if row.width <= WIDEST] or files[:1]
        if fits:
            shown.append((held, max(fits, key=lambda row: row.width)))
    return shown
