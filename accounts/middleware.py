"""What all pages of allauth share on this site, wherever they are mounted."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.sites.requests import RequestSite
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

# The window of every rate limit but that of wrong passwords, which says its own (accounts.adapter).
PAUSE_SECONDS = 600


class AccountPages:
    """Nothing of an account is cached, or left behind on the device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            response.headers.setdefault("Retry-After", str(PAUSE_SECONDS))
        if getattr(request, "has_signed_out", False):
            response["Clear-Site-Data"] = '"cache", "storage"'
        if request.path.startswith("/accounts/"):
            response["Cache-Control"] = "private, no-store"
        return response

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """allauth's ``site`` would hide ours (config.context) from the frame of the page."""
        context = response.context_data or {}
        if isinstance(context.get("site"), RequestSite):
            del context["site"]
        return response
