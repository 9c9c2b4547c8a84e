"""How allauth behaves on this site."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.email_verification import (
    consume_email_verification_rate_limit,
    get_address_for_login,
)
from allauth.account.models import EmailAddress, EmailConfirmationHMAC, Login
from allauth.account.utils import get_next_redirect_url
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.forms import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from accounts.consents import agree_by_signing_up
from accounts.models import User

if TYPE_CHECKING:
    from accounts.forms import SignupForm

logger = logging.getLogger(__name__)

# How long a person who guessed wrong too often waits: the window of ``login_failed`` in the settings.
GUESSING_PAUSE_SECONDS = 1800
# What an address without an open account is sent where others get a code or a link to a new password.
UNKNOWN_ACCOUNT = "account/email/unknown_account"
EMAIL_CHANGED = "account/email/email_changed"
LINK_SECONDS = settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS * 24 * 3600


# Mail of which the answer must say nothing, not by its duration either, leaves from a thread of its own.
DELIVERY = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


class AccountAdapter(DefaultAccountAdapter):
    _is_aside = False

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "This e-mail address and this password do not belong together, or the address is not confirmed yet: "
            "then look in your mail for the link that confirms it."
        ),
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your password.",
        "duplicate_email": "This is your address already.",
        "incorrect_code": "This is not the code of the newest message.",
        "too_many_login_attempts": "Three wrong codes: that one counts no more. Have another sent.",
    }

    def is_ajax(self, request: HttpRequest) -> bool:
        """One kind of answer: pages. allauth would give its forms as JSON to whoever asks for it."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Where one may be sent after signing in: a path of this site, never an address with a host."""
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    # Signing up and in

    def save_user(self, request: HttpRequest, user: User, form: SignupForm, commit: bool = True) -> User:
        """The handle goes into the row at once, so that no two new accounts meet without one."""
        user.handle = form.cleaned_data["handle"]
        user.is_adult_since = timezone.now()
        saved: User = super().save_user(request, user, form, commit=commit)
        agree_by_signing_up(saved)
        return saved

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """429 instead of one more try once somebody has guessed too often."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            logger.warning("Too many wrong passwords: further tries are turned away for a while.")
            response = respond_429(request)
            response["Retry-After"] = str(GUESSING_PAUSE_SECONDS)
            raise ImmediateHttpResponse(response) from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Whoever may sign in. An address that nobody confirmed is answered like a wrong password.

        Otherwise one could sign up with anybody's address and a password of one's own, sign in, and see
        whether an account had been made, that is whether there was none before.
        """
        user: User | None = super().authenticate(request, **credentials)
        if user is None:
            return None
        address = get_address_for_login(Login(user=user, email=credentials.get("email")))
        if address is None or address.verified:
            super()._rollback_login_failed_rl_usage()
            return user
        self._write_again(request, address)
        return None

    def _rollback_login_failed_rl_usage(self) -> None:
        """Not yet: only :meth:`authenticate` knows whether the try counts as a guess."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Guesses count for the account; allauth would begin anew at each host name the site answers to."""
        return str(credentials.get("email", "")).lower()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """A new password ends the wait of its account, not that of everybody at this network address.

        Otherwise one account of one's own would be enough to go on guessing at those of others.
        """
        ratelimit.clear(
            request,
            app="allauth.account",
            action="login_failed",
            config={"login_failed": settings.ACCOUNT_RATE_LIMITS["login_failed"].split(",")[0]},
            key=self._get_login_attempts_cache_key(request, **credentials),
        )

    def login(self, request: HttpRequest, user: User) -> None:
        """A new session key at every sign-in; Django keeps the old one when the same person returns."""
        request.session.cycle_key()
        super().login(request, user)

    def reauthenticate(self, user: User, password: str) -> bool:
        is_right: bool = super().reauthenticate(user, password)
        if is_right:
            allauth_context.request.session.cycle_key()
        return is_right

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Who was going nowhere in particular is taken to their work: the queue, the desk."""
        user = request.user
        if isinstance(user, User) and (user.is_staff or user.is_doctor):
            return reverse("admin:index" if user.is_staff else "answers:desk")
        return super().get_login_redirect_url(request)

    def logout(self, request: HttpRequest) -> None:
        super().logout(request)
        request.has_signed_out = True  # type: ignore[attr-defined]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_email")

    # Confirming an address

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """Remembers here, not in the mail, where the person was going: a path may name a treatment."""
        wanted = get_next_redirect_url(request)
        if wanted:
            cache.set(_going_to(emailconfirmation.email_address), wanted, LINK_SECONDS)
        super().send_confirmation_mail(request, emailconfirmation, signup)

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """On to where the person was going, by way of the sign-in if the link was opened elsewhere."""
        wanted = cache.get(_going_to(email_address)) or ""
        if self.request.user.is_authenticated:
            return wanted or reverse("account_email")
        query = f"?{urlencode({'next': wanted})}" if wanted else ""
        return reverse("account_login") + query

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Whoever shows that an address is theirs gets it.

        An account that claimed it and never confirmed makes way, unless something belongs to it.
        """
        try:
            with transaction.atomic():
                claimed = User.objects.filter(email__iexact=email_address.email, last_login=None)
                claimed.exclude(pk=email_address.user_id).exclude(emailaddress__verified=True).delete()
                confirmed: bool = super().confirm_email(request, email_address)
                return confirmed
        except (IntegrityError, ProtectedError):
            return False

    # Mail

    def _write_again(self, request: HttpRequest, address: EmailAddress) -> None:
        """The confirmation once more, to somebody who has the right password."""
        if consume_email_verification_rate_limit(request, address.email):
            self._is_aside = True
            self.send_confirmation_mail(request, EmailConfirmationHMAC.create(address), signup=False)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """A change of address is told to the new one as well."""
        super().send_notification_mail(template_prefix, user, context, email)
        if template_prefix == EMAIL_CHANGED and context:
            super().send_notification_mail(template_prefix, user, context, context["to_email"])

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        claimed = _claimed(email) if template_prefix == UNKNOWN_ACCOUNT else None
        if claimed is not None:
            confirmation = EmailConfirmationHMAC.create(claimed)
            self.send_confirmation_mail(allauth_context.request, confirmation, signup=False)
            return
        if not self._is_aside:
            super().send_mail(template_prefix, email, context)
            return
        request = allauth_context.request
        site = get_current_site(request)
        context = {"request": request, "email": email, "current_site": site, **context}
        DELIVERY.submit(_deliver, self.render_mail(template_prefix, email, context))

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None
    ) -> Any:
        """Links in mail lead to the configured origin, never to the host a request named."""
        context = {**context, "site_origin": settings.SITE_ORIGIN, "site_name": settings.SITE_NAME}
        return super().render_mail(template_prefix, email, context, headers)

    def get_reset_password_from_key_url(self, key: str) -> str:
        return _on_our_origin(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _on_our_origin(super().get_email_confirmation_url(request, emailconfirmation))


def _claimed(email: str) -> EmailAddress | None:
    """The address of an account that has not confirmed it: what it waits for is the link."""
    unconfirmed = EmailAddress.objects.filter(email__iexact=email, verified=False, user__is_active=True)
    return unconfirmed.select_related("user").first()


def _going_to(email_address: EmailAddress) -> str:
    return f"accounts:going-to:{email_address.pk}"


def _deliver(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception:
        logger.exception("A confirmation could not be sent.")


def _on_our_origin(url: str) -> str:
    path = url.split("://", 1)[-1].partition("/")[2]
    return f"{settings.SITE_ORIGIN}/{path}"
