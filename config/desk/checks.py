"""What a moderator fills in about a doctor: a check of each credential, and what is said of the profile as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from core.text import clean_body, clean_line
from doctors.checklist import Row
from doctors.enums import CredentialKind, Standing, VerificationResult
from doctors.evidence import MEGABYTES, Paper, read
from doctors.models import RECHECK_MONTHS, Credential, Doctor
from doctors.services import record_verification

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict

    from accounts.models import User

# What can be said of the profile as a whole: nobody is suspended who was not verified, nor restored who was not
# suspended. That it is verified follows from the checks of its credentials.
RESULTS: dict[str, tuple[VerificationResult, ...]] = {
    Standing.UNVERIFIED: (VerificationResult.REFUSED,),
    Standing.VERIFIED: (VerificationResult.SUSPENDED, VerificationResult.REFUSED),
    Standing.SUSPENDED: (VerificationResult.RESTORED, VerificationResult.REFUSED),
}


class CredentialChoice(forms.ModelChoiceField):
    def label_from_instance(self, credential: Credential) -> str:
        return f"{credential} {credential.number}".strip()


class _Recorded(forms.Form):
    """What every record of a check says."""

    source = forms.CharField(
        label="Source", max_length=300, help_text="Register, letter, telephone call: what was consulted."
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For the record, not shown to readers.",
    )
    checked_on = forms.DateField(
        label="Checked on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty: today.",
    )
    valid_until = forms.DateField(
        label="Valid until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=f"Empty: until it runs out, {RECHECK_MONTHS} months at most.",
    )

    def clean_source(self) -> str:
        source = clean_line(self.cleaned_data["source"])
        if not source:
            raise ValidationError("Say what was consulted.")
        return source

    def clean_note(self) -> str:
        return clean_body(self.cleaned_data["note"])


class VerificationForm(_Recorded):
    """What is said of the profile as a whole. The choices follow from where the doctor stands."""

    result = forms.ChoiceField(label="Result")
    credential = CredentialChoice(
        label="Credential",
        queryset=Credential.objects.none(),
        required=False,
        empty_label="None in particular",
    )
    field_order = ("result", "credential")

    def __init__(self, *args: Any, doctor: Doctor, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "verification", **kwargs})
        results = RESULTS[doctor.standing]
        self.fields["result"].choices = [(result.value, result.label) for result in results]  # type: ignore[attr-defined]
        self.fields["credential"].queryset = Credential.objects.filter(doctor=doctor)  # type: ignore[attr-defined]
        self.fields["note"].help_text = "For the record, not shown to readers. A suspension needs one."

    def clean(self) -> dict[str, Any]:
        """Whoever restores a doctor has looked at a licence."""
        filled = self.cleaned_data
        credential = filled.get("credential")
        is_licence = credential is not None and credential.kind == CredentialKind.LICENCE
        if filled.get("result") == VerificationResult.RESTORED and not is_licence:
            self.add_error("credential", "Say which licence was found in good standing again.")
        return filled


class CheckForm(_Recorded):
    """The check of one credential. A form in which nothing was filled in records nothing."""

    # The number of the last check that was on the screen.
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    result = forms.ChoiceField(
        label="Result",
        choices=[
            ("", "Choose a result"),
            (VerificationResult.VERIFIED, "As stated"),
            (VerificationResult.REFUSED, "Not as stated"),
        ],
        error_messages={"required": "Choose what the source says of it."},
    )
    evidence = forms.FileField(
        label="Evidence",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp,.avif,.heic,.heif"}),
        help_text=f"A PDF or a picture of at most {MEGABYTES} MB. Those who verify see it, each look on record.",
    )
    field_order = ("seen", "result", "source", "checked_on", "valid_until", "note", "evidence")

    def __init__(self, *args: Any, row: Row, **kwargs: Any) -> None:
        initial = {"seen": row.seen, "source": row.register}
        given = {"prefix": f"check-{row.credential.pk}", "initial": initial, "empty_permitted": True}
        super().__init__(*args, **{**given, "use_required_attribute": False, **kwargs})
        self.row = row

    def has_changed(self) -> bool:
        """By a person; what was on the screen may well be another number by now."""
        return bool(set(self.changed_data) - {"seen"})

    def beside(self, row: Row) -> CheckForm:
        """The same, what was filled in and what was wrong, beside the row as it is by now."""
        sent = {name: self.data[name] for name in self.data}
        self.row, self.data = row, {**sent, self.add_prefix("seen"): row.seen}
        return self

    def clean_evidence(self) -> Paper | None:
        upload = self.cleaned_data["evidence"]
        return read(upload) if upload else None

    def carry_out(self, *, doctor: Doctor, by: User) -> bool:
        """Record it; whether that could be done. What was wrong stands in the form."""
        if not self.is_valid():
            return self._keep_nothing()
        filled = {**self.cleaned_data, "after": self.cleaned_data["seen"]}
        del filled["seen"]
        try:
            record_verification(doctor=doctor, by=by, credential=self.row.credential, **filled)
        except ValidationError as error:
            self._add(error)
            return self._keep_nothing()
        return True

    def _add(self, error: ValidationError) -> None:
        for name, said in getattr(error, "error_dict", {None: error}).items():
            self.add_error(name if name in self.fields else None, said)

    def _keep_nothing(self) -> bool:
        if self.files.get(self.add_prefix("evidence")) and "evidence" not in self.errors:
            self.add_error("evidence", "Please choose the file again: it comes back with no form.")
        return False


def check_forms(
    rows: Iterable[Row], data: QueryDict | None = None, files: MultiValueDict | None = None
) -> list[CheckForm]:
    """A form for each row of a doctor's checklist."""
    return [CheckForm(data, files, row=row) for row in rows]
