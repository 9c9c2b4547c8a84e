"""What a moderator enters about a doctor, and what doctors say of themselves when they apply."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from rapidfuzz import fuzz, process

from accounts.models import User
from core.explained import ExplainedForm
from core.forms import BodyField, LineField
from core.text import clean_body, clean_line
from doctors.authorities import NPI, authority_of
from doctors.enums import CredentialKind
from doctors.evidence import MEGABYTES, Paper, read
from doctors.models import Credential, Doctor, PostalPlace, PracticePlace, Specialty

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


def specialties_like(words: str) -> list[Specialty]:
    """The specialties whose name is near to what somebody wrote, the nearest first."""
    rows = list(Specialty.objects.exclude(nucc_code=""))
    near = process.extract(
        words.casefold(),
        {row.pk: row.name.casefold() for row in rows},
        scorer=fuzz.WRatio,
        score_cutoff=60,
        limit=4,
    )
    by_key = {row.pk: row for row in rows}
    return [by_key[pk] for _, _, pk in near]


class YouForm(forms.ModelForm):
    """Who applies. The specialty is one of the list, by its name or its NUCC code."""

    name = LineField(
        label="Your full name", max_length=120, help_text="As your licence has it. It is public."
    )
    title = LineField(label="Title", max_length=60, help_text="MD, MBBS, …")
    chosen = LineField(
        label="Specialty",
        max_length=140,
        widget=forms.TextInput(attrs={"list": "specialties", "autocomplete": "off"}),
        help_text="Begin to write and choose, or write its NUCC code.",
    )
    is_known = forms.BooleanField(
        label="My name and what I answer here will be public",
        error_messages={"required": "Nobody answers here without a name: please confirm this."},
    )

    class Meta:
        model = Doctor
        fields = ("name", "title")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.specialty is not None:
            self.initial["chosen"], self.initial["is_known"] = str(self.instance.specialty), True

    def clean_chosen(self) -> Specialty:
        words = self.cleaned_data["chosen"]
        name, _, rest = words.rpartition("(")
        code = rest.rstrip(") ").upper()
        rows = Specialty.objects.exclude(nucc_code="")
        found = rows.filter(Q(nucc_code=code) | Q(name__iexact=words)).first()
        if found is None:
            near = "; ".join(row.name for row in specialties_like(name or words))
            hint = f"Did you mean: {near}?" if near else "Choose one of the list below."
            raise ValidationError(f"We know no specialty of this name or code. {hint}")
        return found

    def stated(self) -> dict[str, Any]:
        """As fields of the profile."""
        filled = self.cleaned_data
        return {"name": filled["name"], "title": filled["title"], "specialty": filled["chosen"]}


class CountryField(LineField):
    """A country by its two letters; what people write instead is understood for the commonest."""

    ALSO = {"UK": "GB", "USA": "US", "UNITED STATES": "US", "UNITED KINGDOM": "GB", "AUSTRALIA": "AU"}

    def to_python(self, value: Any) -> str:
        country = super().to_python(value).upper()
        return self.ALSO.get(country, country)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not re.fullmatch("[A-Z]{2}", value):
            raise ValidationError("Write the two letters of the country, such as US, GB or DE.")


class ProofForm(forms.Form):
    """A new document for a credential that is on record."""

    evidence = forms.FileField(
        label="Proof",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp,.avif,.heic,.heif"}),
        help_text=f"A PDF or a picture of at most {MEGABYTES} MB. Only those who check it see it.",
        error_messages={"required": "Choose the file that shows it."},
    )

    def clean_evidence(self) -> Paper:
        return read(self.cleaned_data["evidence"])


class StatedCredentialForm(CredentialForm):
    """What a doctor says they hold, with a file as proof.

    ``waiting`` is the proof that an earlier try of this form brought, ``is_lost`` that it is there no more.
    """

    # Under which name the proof waits while the form is mended.
    waiting_name = ""

    authority = LineField(
        label="Issued by", max_length=160, help_text="The board or authority, in full", required=False
    )
    number = LineField(label="Number", max_length=60, help_text="Readers never see it.")
    region = LineField(label="State or region", max_length=80, required=False)
    country = CountryField(label="Country (two letters)", max_length=20, help_text="US, GB, …")
    expires_on = forms.DateField(
        label="Runs out on", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    evidence = forms.FileField(
        label="Proof",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp,.avif,.heic,.heif"}),
        help_text=f"A PDF or a picture of at most {MEGABYTES} MB. Only those who check it see it.",
    )

    class Meta(CredentialForm.Meta):
        labels = {"kind": "What it is"}

    def __init__(
        self, *args: Any, waiting: Paper | None = None, is_lost: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.waiting, self.is_lost = waiting, is_lost

    def clean_evidence(self) -> Paper | None:
        upload = self.cleaned_data["evidence"]
        if self.is_lost and not upload:
            raise ValidationError("Please choose the file again: we keep it for a day, and not any more.")
        return read(upload) if upload else self.waiting

    def clean(self) -> dict[str, Any]:
        """An identifier (NPI) is of one authority; everything else names its own."""
        filled = self.cleaned_data
        if filled.get("kind") == CredentialKind.NPI:
            filled["authority"], filled["country"] = NPI.label, NPI.country
        elif "authority" in filled and not filled["authority"]:
            self.add_error("authority", "Say who issued it.")
        return super().clean()

    def wait_with(self, name: str, paper: Paper) -> None:
        """The proof is not asked for again: it waits under this name."""
        self.waiting_name = name
        self["evidence"].help_text = (
            f"Your file is kept ({paper.kind.label}, {filesizeformat(len(paper.content))}) and goes with this form. "
            "Choose another only to send that one instead."
        )

    def ask_again_for_the_file(self) -> None:
        """No browser sends a chosen file back to a form that was wrong elsewhere."""
        if self.is_bound and self.errors and "evidence" in self.files and "evidence" not in self.errors:
            self.add_error("evidence", "Please choose the file again: it comes back with no form.")


class ClaimForm(StatedCredentialForm):
    """By which credential somebody shows that an imported profile is theirs."""

    words = LineField(
        label="Anything else that shows it is you",
        max_length=1000,
        required=False,
        help_text="Those who decide read it, nobody else.",
    )

    def stated(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class PlaceForm(forms.ModelForm):
    """Where a doctor practises. In the United States the ZIP code finds the city and the map."""

    name = LineField(label="Name of the practice or clinic", max_length=160)
    country = CountryField(label="Country (two letters)", max_length=20, help_text="US, GB, …")
    postal_code = LineField(
        label="Postal code",
        max_length=12,
        required=False,
        help_text="In the US, the ZIP code finds the city, the state and the place on a map.",
    )
    city = LineField(label="City", max_length=80, required=False)
    region = LineField(label="State or region", max_length=80, required=False)

    class Meta:
        model = PracticePlace
        fields = ("name", "country", "postal_code", "city", "region")

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or self.cleaned_data
        code = filled.get("postal_code", "")
        if filled.get("country") == "US" and code:
            self._look_up(filled, code)
        if not filled.get("city") and "postal_code" not in self.errors:
            self.add_error("city", "Name the city.")
        return filled

    def _look_up(self, filled: dict[str, Any], code: str) -> None:
        if not re.fullmatch(r"[0-9]{5}(-[0-9]{4})?", code):
            self.add_error("postal_code", "A ZIP code is five digits, such as 38104.")
            return
        known = PostalPlace.objects.filter(pk=code[:5]).first()
        if known is not None:
            filled["city"] = filled.get("city") or known.city
            filled["region"] = filled.get("region") or known.region


class MoreForm(forms.ModelForm):
    """What else readers should know."""

    languages = LineField(
        label="Languages you speak with patients",
        max_length=120,
        required=False,
        help_text="English, Spanish",
    )
    conflicts = LineField(
        label="Companies and products you have an interest in",
        max_length=500,
        required=False,
        help_text="Who pays, employs or supplies you in this field, separated by commas. Empty: nobody. It is public.",
    )
    bio = BodyField(label="About you", max_length=3000, required=False, help_text="No prices, no addresses.")

    class Meta:
        model = Doctor
        fields = ("languages", "conflicts", "bio")
