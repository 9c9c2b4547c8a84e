"""Where this site differs from allauth's pages, and the page of one's handle."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from allauth.account.views import ConfirmEmailView, LogoutView
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms import TAKEN, HandleForm
from accounts.http import writing_required
from accounts.models import User
from accounts.services import change_handle


class SignOutView(LogoutView):
    """Signs out by POST alone; whoever comes by a link is refused, with the button to do it."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().get(*args, **kwargs)
        if response.status_code == HTTPStatus.OK:
            response.status_code = HTTPStatus.METHOD_NOT_ALLOWED
            response["Allow"] = "POST"
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
