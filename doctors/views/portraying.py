"""A doctor's own portrait: what readers see, what waits, a picture to choose, cut and send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.http import SignedInRequest
from core.enums import State
from core.images.files import Changed
from core.images.models import Photo
from core.images.photos import GONE
from core.images.refusals import Refused
from core.moderation import TransitionError
from core.statements import statement_of
from core.writing import require_writer
from doctors import portraying
from doctors.models import Doctor, Portrait
from doctors.portrait_forms import CutForm, PortraitForm, ThatIsMeForm
from doctors.views.consents import fill_in, of_a_doctor

if TYPE_CHECKING:
    from django.forms import Form

SENT = "Your picture is with the moderators. Until one has approved it, readers see your profile as it is."
MEANWHILE = "This picture was changed or sent in another window. Nothing was changed here."


@fill_in
@of_a_doctor
def own(request: SignedInRequest, doctor: Doctor) -> HttpResponse:
    """The portrait there is, the one in work, and where a new one is chosen."""
    mine = Portrait.objects.filter(doctor=doctor)
    latest = mine.to_tell().going().first()
    waiting = latest if latest is not None and latest.state == State.PENDING else None
    if sent := request.method == "POST":
        require_writer(request.user)
    form = PortraitForm(request.POST if sent else None, request.FILES if sent else None, by=request.user)
    if sent and waiting is not None:
        messages.error(request, portraying.WAITS)
        return redirect("doctors:own-portrait")
    if sent and form.is_valid():
        return redirect("doctors:new-portrait", form.cleaned_data["picture"].name)
    context = {
        "doctor": doctor,
        "shown": mine.standing().first(),
        "waiting": waiting,
        "sent_back": latest if latest is not None and latest.state == State.DRAFT else None,
        "statement": statement_of(latest) if latest is not None else None,
        "form": form,
    }
    return render(request, "doctors/portrait/own.html", context, status=400 if form.errors else 200)


@fill_in
@of_a_doctor
def new(request: SignedInRequest, doctor: Doctor, name: str) -> HttpResponse:
    """A picture that was chosen, as it would be shown: cut it, or send it."""
    photo = Photo.objects.free().filter(owner=request.user, name=name).first()
    if photo is None:
        messages.error(request, GONE)
        return redirect("doctors:own-portrait")
    sends = "send" in request.POST
    cutting = CutForm(request.POST if request.method == "POST" and not sends else None)
    sending = ThatIsMeForm(request.POST if sends else None)
    form: Form = sending if sends else cutting
    if form.is_valid():
        try:
            return _send(request, doctor, photo) if sends else _cut(request, photo, cutting)
        except Changed:
            messages.error(request, MEANWHILE)
            return redirect("doctors:own-portrait")
        except Refused as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            form.add_error(None, error)
    context = {"doctor": doctor, "photo": photo, "form": form, "cutting": cutting, "sending": sending}
    return render(request, "doctors/portrait/new.html", context, status=400 if form.errors else 200)


def _cut(request: SignedInRequest, photo: Photo, form: CutForm) -> HttpResponse:
    cut = portraying.cut(photo, **form.shares())
    said = "Cut. Below is what is left of it." if cut.name != photo.name else "It is cut so already."
    messages.success(request, said)
    return redirect("doctors:new-portrait", cut.name)


def _send(request: SignedInRequest, doctor: Doctor, photo: Photo) -> HttpResponse:
    portraying.send(doctor=doctor, by=request.user, photo=photo)
    messages.success(request, SENT)
    return redirect("doctors:own-portrait")


@fill_in
@login_required
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asks once more, and says what that means; open to whoever may not write, too."""
    portrait = get_object_or_404(Portrait.objects.select_related("doctor"), pk=pk, doctor__user=request.user)
    if request.method != "POST":
        return render(request, "doctors/portrait/withdraw.html", {"portrait": portrait})
    was_shown = portrait.state == State.PUBLISHED
    try:
        portraying.withdraw(portrait=portrait, by=request.user)
    except TransitionError:
        messages.error(request, "There is nothing to take down or withdraw any more. Nothing was changed.")
    else:
        messages.success(request, "Taken down and deleted." if was_shown else "Withdrawn and deleted.")
    return redirect("doctors:own-portrait")
