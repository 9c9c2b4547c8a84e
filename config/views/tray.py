"""Pictures on their way: sent one by one while a form is written, and changed by their owner before it is sent.

The script asks for parts of pages with ``part``; what it cannot have is said in plain words, with the status that fits.
"""

from __future__ import annotations

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.images import tray
from core.images.editing import ChangeForm, fields_over
from core.images.files import Changed
from core.images.forms import Item
from core.images.models import Photo
from core.images.photos import redraw
from core.images.refusals import Refusal, Refused
from core.writing import may_write

SIGNED_OUT = "You are signed out. Sign in in another tab, then press “Try again” here: nothing is lost."
NO_FILE = "No file has arrived. Choose it again."
MEANWHILE = "This picture was changed in another window. This is how it looks now; nothing was done."
STATUS = {Refusal.TODAY: 429, Refusal.BUSY: 503, Refusal.NOT_KEPT: 503, Refusal.NO_ROOM: 507}
NAME = re.compile(r"[a-z][a-z_-]{0,39}")


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Take in one file; the answer is its place in the form. A GET gives the token for the next try."""
    if not request.user.is_authenticated:
        return _said(SIGNED_OUT, 401)
    if request.method == "GET":
        return _said(get_token(request), 200)
    file, name = request.FILES.get("file"), request.POST.get("name", "")
    if not may_write(request.user):
        return _said(request.user.why_not_writing(), 403)
    if file is None or not NAME.fullmatch(name):
        return _said(NO_FILE, 400)
    try:
        photo = tray.add(file, by=request.user)
    except Refused as refused:
        return _said(str(refused), STATUS.get(refused.code, 422))
    context = {"item": Item(photo), "name": name, "with_words": "words" in request.POST, "number": 0}
    return render(request, "components/photo_item.html", context, status=201)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Turn, cut or cover a picture of one's own that nobody else has seen yet."""
    photo = tray.changeable(pk, by=request.user)
    if photo is None:
        raise Http404
    if request.method != "POST":
        return _page(request, photo, ChangeForm(initial={"name": photo.name}))
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return _page(request, photo, form, status=422)
    if form.cleaned_data["name"] != photo.name:
        return _meanwhile(request, photo)
    try:
        tray.try_once(request.user)
        redraw(photo, **form.cleaned_data["changes"])
    except Changed:
        return _meanwhile(request, photo)
    except (Refused, ValueError) as error:
        form.add_error(None, str(error))
        return _page(request, photo, form, status=422)
    if "part" in request.GET:
        photo = tray.changeable(pk, by=request.user) or photo
        return _page(request, photo, ChangeForm(initial={"name": photo.name}))
    messages.success(request, "Done. This is how others will see it.")
    return redirect("my-photo", pk)


def _meanwhile(request: SignedInRequest, photo: Photo) -> HttpResponse:
    now = tray.changeable(photo.pk, by=request.user)
    if now is None:
        raise Http404
    form = ChangeForm({"name": now.name, "do": "right"})
    form.add_error(None, MEANWHILE)
    return _page(request, now, form, status=409)


def _page(request: SignedInRequest, photo: Photo, form: ChangeForm, *, status: int = 200) -> HttpResponse:
    context = {
        "photo": photo,
        "form": form,
        "fields": fields_over(),
        "ticked": request.POST.getlist("field") if status == 422 else [],
        "crumbs": [("Your picture", None)],
    }
    template = "photos/_change.html" if "part" in request.GET else "photos/change.html"
    return render(request, template, context, status=status)


def _said(words: str, status: int) -> HttpResponse:
    return HttpResponse(f"{words}\n", "text/plain", status, headers={"Cache-Control": "no-store"})
