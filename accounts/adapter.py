"""How allauth behaves on this site."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return settings.LOGIN_REDIRECT_URL

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None
    ) -> Any:
        """Links in mail lead to the configured origin, never to the host a request named."""
        context = {**context, "site_origin": settings.SITE_ORIGIN, "site_name": settings.SITE_NAME}
        return super().render_mail(template_prefix, email, context, headers)

    def get_reset_password_from_key_url(self, key: str) -> str:
        return self._on_our_origin(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return self._on_our_origin(super().get_email_confirmation_url(request, emailconfirmation))

    @staticmethod
    def _on_our_origin(url: str) -> str:
        path = url.split("://", 1)[-1].partition("/")[2]
        return f"{settings.SITE_ORIGIN}/{path}"
