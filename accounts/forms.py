"""What people fill in about their account: allauth's forms in our words, with a handle of their own."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from allauth.account.models import EmailAddress
from allauth.account.utils import passthrough_next_redirect_url
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as keys
from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.crypto import get_random_string

from accounts.adapter import GUESSING_PAUSE_SECONDS
from accounts.consents import agree_by_signing_up, text_of
from accounts.enums import Purpose, Rhythm
from accounts.models import User
from accounts.notifications import GROUPS, Kind
from accounts.services import SYSTEM_DOMAIN
from accounts.validators import PredictablePasswordValidator, SimilarPassword, validate_handle

EMAIL = "E-mail address"
TAKEN = "Somebody else goes by this handle; please choose another."


# How long a handle is kept that was asked for with an address that has an account already.
KEPT_SECONDS = 30 * 24 * 3600


def asked_for(handle: str) -> str:
    return f"accounts:asked-for:{handle.casefold()}"


def _make_for_nobody(password: str) -> None:
    """The work of a new account, hash and rows, of which nothing stays: a quick answer would say that
    the address is known."""
    name = get_random_string(20)
    with transaction.atomic():
        nobody = User.objects.create_user(f"{name}@{SYSTEM_DOMAIN}", password, handle=name)
        EmailAddress.objects.create(user=nobody, email=nobody.email)
        agree_by_signing_up(nobody)
        transaction.set_rollback(True)


class OurWords:
    """One voice for labels and help, and no placeholders: they vanish when one begins to type."""

    LABELS = {
        "login": EMAIL,
        "email": EMAIL,
        "password": "Password",
        "remember": "Keep me signed in on this device for two weeks",
        "oldpassword": "Your password now",
        "password1": "New password",
        "password2": "The new password once more",
    }
    HELP = {"password": "", "oldpassword": "", "password1": PredictablePasswordValidator().get_help_text()}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.LABELS.get(name, field.label)
            field.help_text = self.HELP.get(name, field.help_text)


class HandleField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=30,
            validators=[validate_handle],
            help_text="Shown beside what you write. Not your real name; 3 to 30 letters, digits or hyphens.",
            widget=forms.TextInput(
                attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
            ),
            **kwargs,
        )


class LoginForm(OurWords, allauth.LoginForm):
    """E-mail address and password."""


class SignupForm(OurWords, allauth.SignupForm):
    """An address, a handle, a password, and that one is an adult: asked once."""

    LABELS = {**OurWords.LABELS, "password1": "Password"}
    HELP = {
        **OurWords.HELP,
        "email": "You sign in with it. Nobody else ever sees it.",
    }
    field_order = ("email", "handle", "password1", "is_adult")
    # allauth sets it: such a form is answered like any other and makes no account.
    account_already_exists: bool

    # What one agrees to by sending the form; that one is an adult is ticked.
    agreement = text_of(Purpose.ACCOUNT).words

    handle = HandleField()
    is_adult = forms.BooleanField(
        label=text_of(Purpose.ADULT).words,
        error_messages={
            "required": "Candor is for adults. Tick this if you are 18 or older; if not, please come back when you are."
        },
    )

    def clean_handle(self) -> str:
        handle: str = self.cleaned_data["handle"]
        if User.objects.filter(handle__iexact=handle).exists() or cache.get(asked_for(handle)):
            raise forms.ValidationError(TAKEN)
        return handle

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("handle") and cleaned.get("password1"):
            similar = SimilarPassword(user_attributes=("handle",))
            try:
                similar.validate(cleaned["password1"], User(handle=cleaned["handle"]))
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponseBase | None]:
        """The new account, or the answer to give instead.

        Somebody may have taken the address or the handle since they were checked: the address then gets
        the answer every known address gets, and for the handle the form opens again.
        """
        if self.account_already_exists:
            _make_for_nobody(self.cleaned_data["password1"])
            # Nobody's handle, but taken like one: a free one would say that no account was made.
            cache.set(asked_for(self.cleaned_data["handle"]), True, KEPT_SECONDS)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            if User.objects.filter(email__iexact=self.cleaned_data["email"]).exists():
                self.account_already_exists = True
                return super().try_save(request)
            messages.error(request, TAKEN)
            return None, redirect(passthrough_next_redirect_url(request, request.path, "next"))


TOO_MANY = {"too_many_login_attempts", "rate_limited"}


def _turned_away(seconds: int | None = None) -> ImmediateHttpResponse:
    """429 in place of the form; without ``seconds`` the wait that ``accounts.middleware`` says."""
    response = respond_429(context.request)
    if seconds:
        response["Retry-After"] = str(seconds)
    return ImmediateHttpResponse(response)


class RequestCodeForm(OurWords, allauth.RequestLoginCodeForm):
    """The address to which a code for signing in goes."""

    HELP = {"email": "If there is an account with it, a code goes there that lets you in once."}
    _user: User | None

    def clean_email(self) -> str:
        try:
            email: str = super().clean_email()
        except forms.ValidationError as error:
            if error.code in TOO_MANY:
                raise _turned_away() from None
            raise
        # Whoever claimed the address first may have chosen the password: it is confirmed by its link alone.
        if EmailAddress.objects.filter(user=self._user, email__iexact=email, verified=False).exists():
            self._user = None
        return email


class MailedCodeForm(OurWords, allauth.ConfirmLoginCodeForm):
    """The code out of the mail."""

    LABELS = {"code": "Code", "remember": OurWords.LABELS["remember"]}
    HELP = {"code": "Eight letters, with or without the hyphen."}

    remember = forms.BooleanField(required=False)


class PasswordResetForm(OurWords, allauth.ResetPasswordForm):
    """The address to which a link to a new password goes."""

    HELP = {"email": "We write to it, whether there is an account or not, and say which."}


class NewPasswordForm(OurWords, allauth.ResetPasswordKeyForm):
    """A new password, after following the link."""


class ChangePasswordForm(OurWords, allauth.ChangePasswordForm):
    """A new password for somebody who knows the old one."""


class SetPasswordForm(OurWords, allauth.SetPasswordForm):
    """A first password for an account without one."""


class ReauthenticateForm(OurWords, allauth.ReauthenticateForm):
    """The password once more, before something that matters."""


class ChangeEmailForm(OurWords, allauth.AddEmailForm):
    """The address that is to replace the present one."""

    LABELS = {"email": "New e-mail address"}


class HandleForm(forms.ModelForm):
    """Another handle, for what has been written so far as well."""

    handle = HandleField(label="Your handle")

    class Meta:
        model = User
        fields = ("handle",)

    def clean_handle(self) -> str:
        handle: str = self.cleaned_data["handle"]
        if User.objects.filter(handle__iexact=handle).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(TAKEN)
        return handle


# How long a code that was taken is remembered: longer than any clock could make it valid again.
TAKEN_SECONDS = 300


class OneCode(OurWords):
    """A code is taken once, also where the clock would allow it again, and guessing ends with 429."""

    LABELS = {"code": "Code"}
    HELP = {"code": "Six digits from your authenticator app, or one of your recovery codes."}
    user: User

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except forms.ValidationError as error:
            if error.code in TOO_MANY:
                raise _turned_away(GUESSING_PAUSE_SECONDS) from None
            raise
        said = "".join(filter(str.isalnum, code))
        if self.is_of_an_app() and not cache.add(f"accounts:code:{self.user.pk}:{said}", True, TAKEN_SECONDS):
            raise get_mfa_adapter().validation_error("incorrect_code")
        return code

    def is_of_an_app(self) -> bool:
        """Recovery codes are crossed out in the database."""
        authenticator = getattr(self, "authenticator", None)
        return authenticator is None or authenticator.type == Authenticator.Type.TOTP


class CodeForm(OneCode, factors.AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(OneCode, factors.ReauthenticateForm):
    """A code before something that matters."""


class ActivateAppForm(OneCode, ActivateTOTPForm):
    """The first code of an app shows that it has read the key."""

    HELP = {"code": "Six digits, which your app shows once it has read the square."}


class AddKeyForm(OurWords, keys.AddWebAuthnForm):
    LABELS = {
        "name": "What you call this key",
        "passwordless": "Sign in with this key alone, without a password",
    }
    HELP = {
        "name": "So that you know it from others, such as “blue key” or “laptop”.",
        "passwordless": "The key then asks for your finger, your face or its PIN each time.",
    }


class RenameKeyForm(OurWords, keys.EditWebAuthnForm):
    LABELS = {"name": "What you call this key"}


class RhythmsForm(forms.Form):
    """How soon somebody wants to hear of what, one choice for each topic."""

    def __init__(self, *args: Any, topics: dict[str, Kind], now: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics = topics
        for name, kind in topics.items():
            self.fields[name] = forms.ChoiceField(label=kind.label, choices=Rhythm.choices, initial=now[name])

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The choices under their headings, in the order of these."""
        fields = [
            (group, [self[name] for name, kind in self.topics.items() if kind.group == group])
            for group in dict.fromkeys([*GROUPS, *(kind.group for kind in self.topics.values())])
        ]
        return [(group, own) for group, own in fields if own]
