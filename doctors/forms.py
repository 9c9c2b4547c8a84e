"""What a moderator enters about a doctor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from core.explained import ExplainedForm
from core.text import clean_body, clean_line
from doctors.authorities import authority_of
from doctors.models import Credential, Doctor, Specialty

MEANWHILE = "Somebody changed this scope while you were at it. Nothing was saved; open it again."
LINES = ("name", "title", "languages", "conflicts", "city", "region", "country")


class ProfileForm(forms.ModelForm):
    """The profile, and whose it is: by the whole e-mail address, which nobody can guess their way to."""

    account_email = forms.EmailField(
        label="Account (e-mail address)",
        required=False,
        help_text="Of the doctor's own account. Empty: nobody answers under this profile.",
    )

    class Meta:
        model = Doctor
        fields = ("name", "title", "specialty", "city", "region", "country", "languages", "conflicts", "bio")

    def __init__(self, *args: Any, moderator: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moderator = moderator
        if self.instance.user is not None:
            self.initial["account_email"] = self.instance.user.email

    def clean_bio(self) -> str:
        return clean_body(self.cleaned_data["bio"])

    def clean_account_email(self) -> str:
        """Resolve the address to ``self.account``; raises ValidationError where it must not be linked."""
        email = self.cleaned_data["account_email"]
        self.account = User.objects.filter(email__iexact=email, is_active=True).first() if email else None
        if self._is_kept() and self.account != self.instance.user:
            raise ValidationError(
                "This profile speaks for its doctor; only an administrator changes whose it is."
            )
        if not email:
            return email
        if self.account is None:
            raise ValidationError("There is no account with this address; the doctor signs up first.")
        if self.moderator is not None and self.account.pk == self.moderator.pk:
            raise ValidationError("Nobody gives themselves a profile; ask another moderator.")
        if Doctor.objects.filter(user=self.account).exclude(pk=self.instance.pk).exists():
            raise ValidationError("This account has a profile already.")
        return email

    def _is_kept(self) -> bool:
        """Whether the account is not the moderator's to change: whoever has it answers in a checked name."""
        spoken_for = self.instance.user_id is not None or self.instance.is_verified_now
        administers = self.moderator is not None and self.moderator.is_superuser
        return bool(self.instance.is_public and spoken_for and not administers)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in LINES:
            if name in cleaned:
                cleaned[name] = clean_line(cleaned[name])
        if cleaned.get("country"):
            cleaned["country"] = cleaned["country"].upper()
        if cleaned.get("name") == "":
            self.add_error("name", "A doctor has a name.")
        return cleaned

    def save(self, commit: bool = True) -> Doctor:
        if "account_email" in self.cleaned_data:
            self.instance.user = self.account
        return super().save(commit)


class CredentialForm(forms.ModelForm):
    """A credential. Rewritten in anything but its expiry it is another one, and unchecked."""

    # What decides whether a number has the right form.
    NUMBERED = frozenset({"kind", "authority", "number", "country"})

    class Meta:
        model = Credential
        fields = ("kind", "authority", "number", "region", "country", "expires_on")

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"]
        return country.upper()

    def clean(self) -> dict[str, Any]:
        """A number that cannot be one of its authority is a slip; one that was let in before is left alone."""
        filled = super().clean() or self.cleaned_data
        if filled.keys() >= self.NUMBERED and filled["number"] and self.NUMBERED & set(self.changed_data):
            authority = authority_of(kind=filled["kind"], name=filled["authority"], country=filled["country"])
            if authority and (problem := authority.problem_with(filled["number"])):
                self.add_error("number", problem)
        return filled

    def save(self, commit: bool = True) -> Credential:
        if set(self.changed_data) - {"expires_on"}:
            self.instance.entered_at = timezone.now()
        credential: Credential = super().save(commit=commit)
        return credential


class SpecialtyForm(ExplainedForm):
    """A specialty and what lies within it. ``seen`` is the scope that was on the screen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Specialty
        fields = ("name", "slug", "nucc_code", "in_scope")
        widgets = {"in_scope": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self._scope()

    def clean(self) -> dict[str, Any] | None:
        """Nobody takes back unawares what somebody else has ticked meanwhile."""
        if self.instance.pk:
            Specialty.objects.select_for_update().get(pk=self.instance.pk)
            if self.cleaned_data["seen"] != self._scope():
                raise ValidationError(MEANWHILE)
        return super().clean()

    def _scope(self) -> str:
        if not self.instance.pk:
            return ""
        return "-".join(map(str, self.instance.in_scope.order_by("pk").values_list("pk", flat=True)))
