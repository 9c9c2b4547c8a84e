"""What a moderator fills in: a decision with its reason, and the record of a verification."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from config.desk.reasons import CHOICES, explained
from core.enums import ReportState, State
from core.forms import BodyField
from core.text import clean_body, clean_line
from doctors.enums import Standing, VerificationResult
from doctors.models import Credential, Doctor

# What can follow on what: nobody is suspended who was not verified, nor restored who was not suspended.
RESULTS: dict[str, tuple[VerificationResult, ...]] = {
    Standing.UNVERIFIED: (VerificationResult.VERIFIED, VerificationResult.REFUSED),
    Standing.VERIFIED: (VerificationResult.VERIFIED, VerificationResult.SUSPENDED),
    Standing.SUSPENDED: (VerificationResult.RESTORED, VerificationResult.REFUSED),
}


class DecisionForm(forms.Form):
    """The button pressed is ``to``; ``version`` is what was on the screen."""

    to = forms.ChoiceField(choices=State.choices)
    version = forms.IntegerField(min_value=1)
    reason_code = forms.ChoiceField(label="Reason", choices=CHOICES, required=False)
    reason = forms.CharField(
        label="In your own words",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The author reads this. Only publishing needs no reason.",
    )

    def explanation(self) -> str:
        return explained(self.cleaned_data["reason_code"], clean_body(self.cleaned_data["reason"]))


class ReportDecisionForm(forms.Form):
    """The button pressed is ``to``; ``seen`` is the last report that was on the screen."""

    to = forms.ChoiceField(
        choices=[(state.value, state.label) for state in (ReportState.UPHELD, ReportState.DISMISSED)]
    )
    seen = forms.IntegerField(min_value=1)
    reason = BodyField(
        label="Why",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Tell those who reported it why."},
        help_text="Everybody who reported it reads this. Say nothing of the others.",
    )


class CredentialChoice(forms.ModelChoiceField):
    def label_from_instance(self, credential: Credential) -> str:
        return f"{credential} {credential.number}".strip()


class VerificationForm(forms.Form):
    """What was checked, where, with which result. The choices follow from where the doctor stands."""

    result = forms.ChoiceField(label="Result")
    credential = CredentialChoice(
        label="Credential", queryset=Credential.objects.none(), required=False, empty_label="All of them"
    )
    source = forms.CharField(
        label="Source", max_length=300, help_text="Register, letter, telephone call: what was consulted."
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For the record, not shown to readers. A suspension needs one.",
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
        help_text="Empty: as long as the credential that expires first.",
    )

    def __init__(self, *args: Any, doctor: Doctor, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "verification", **kwargs})
        results = RESULTS[doctor.standing]
        self.fields["result"].choices = [(result.value, result.label) for result in results]  # type: ignore[attr-defined]
        self.fields["credential"].queryset = Credential.objects.filter(doctor=doctor)  # type: ignore[attr-defined]

    def clean_source(self) -> str:
        source = clean_line(self.cleaned_data["source"])
        if not source:
            raise ValidationError("Say what was consulted.")
        return source

    def clean_note(self) -> str:
        return clean_body(self.cleaned_data["note"])
