"""Where this site differs from allauth's pages, and the page of one's handle."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from allauth.account import app_settings
from allauth.account.models import EmailAddress, Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import ConfirmEmailView, ConfirmLoginCodeView, LogoutView
from allauth.mfa.webauthn.internal import auth as keys
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.forms import TAKEN, HandleForm, MailedCodeForm
from accounts.http import SignedInRequest, proof_required, writing_required
from accounts.models import User
from accounts.services import change_handle, end_other_sessions, end_session, open_sessions


class SignOutView(LogoutView):
    """Signs out by POST alone; whoever comes by a link is refused, with the button to do it."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().get(*args, **kwargs)
        if response.status_code == HTTPStatus.OK:
            response.status_code = HTTPStatus.METHOD_NOT_ALLOWED
            response["Allow"] = "POST"
        return response


class MailedCodeView(ConfirmLoginCodeView):
    """Signing in with a code out of the mail; as with a password, a shared computer forgets unless asked."""

    def form_valid(self, form: MailedCodeForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        remember = form.cleaned_data["remember"]
        self.request.session.set_expiry(settings.SESSION_COOKIE_AGE if remember else 0)
        return response


class KeySignInView(LoginWebAuthnView):
    """Signing in with a security key alone. What the key signs is asked for when the button is pressed."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return JsonResponse(keys.begin_authentication(user=None))

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, "This key did not let you in. Try again, or take another way.")
        return redirect("account_login")

    def form_valid(self, form: Any) -> HttpResponse:
        key = form.cleaned_data["credential"]
        login = Login(user=key.user, redirect_url=get_next_redirect_url(self.request))
        response: HttpResponse = perform_passwordless_login(self.request, key, login)
        self.request.session.set_expiry(0)
        return response


class ConfirmAddressView(ConfirmEmailView):
    """Opening the link changes nothing, not even who is signed in; the button confirms, once."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.object = self.get_object()
        except Http404:
            self.object = None
        return self.render_to_response(self.get_context_data())

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().post(*args, **kwargs)
        except Http404:
            return self.get(*args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "is_confirmed": self.is_confirmed()}

    def is_confirmed(self) -> bool:
        """Whether this link, genuine and in time, has done its work already."""
        days = settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS
        try:
            pk = signing.loads(self.kwargs["key"], max_age=days * 24 * 3600, salt=app_settings.SALT)
        except signing.BadSignature:
            return False
        return EmailAddress.objects.filter(pk=pk, verified=True).exists()


@writing_required
@require_http_methods(["GET", "POST"])
def handle(request: HttpRequest) -> HttpResponseBase:
    """The name others see."""
    own = get_object_or_404(User, pk=request.user.pk)
    form = HandleForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        try:
            change_handle(user=own, handle=form.cleaned_data["handle"])
        except IntegrityError:
            form.add_error("handle", TAKEN)
        else:
            messages.success(request, f"Others see you as {own.handle} now.")
            return redirect("accounts:handle")
    return render(request, "account/handle.html", {"form": form}, status=422 if form.errors else 200)


@proof_required
@require_http_methods(["GET", "POST"])
def sessions(request: SignedInRequest) -> HttpResponseBase:
    """Where one is signed in, and the end of any of it."""
    this = request.session.session_key
    if request.method == "POST":
        _end(request, this)
        return redirect("accounts:sessions")
    rows = sorted(open_sessions(request.user), key=lambda row: row.pk != this)
    shown = {"sessions": rows, "this": this, "an_hour_ago": timezone.now() - timedelta(hours=1)}
    return render(request, "account/sessions.html", shown)


def _end(request: SignedInRequest, this: str | None) -> None:
    wanted = request.POST.get("end", "")
    if wanted == "others":
        number = end_other_sessions(user=request.user, but=this)
        messages.success(request, f"Signed out on {number} other device{'' if number == 1 else 's'}.")
    elif end_session(user=request.user, name=wanted):
        messages.success(request, "That device is signed out.")
    else:
        messages.info(request, "That session was over already.")


def under_age(request: HttpRequest) -> HttpResponse:
    """For who is not 18 yet: a kind word, and where to turn. Nothing is asked, nothing is kept."""
    return render(request, "account/under_age.html")
