"""Forms drawn with our own field template, and the forms that belong to no app: a report, an appeal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from core.decided import APPEAL_LENGTH
from core.enums import ReportKind
from core.forms import BodyField
from core.models import REPORT_LENGTH
from core.reports import OF_PICTURES
from core.text import clean_line


class CandorRenderer(TemplatesSetting):
    field_template_name = "components/field.html"


class ReportForm(forms.Form):
    """What is wrong, and in which words."""

    kind = forms.ChoiceField(
        label="What is wrong?",
        choices=ReportKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what comes nearest.", "invalid_choice": "Choose one of these."},
    )
    text = BodyField(
        label="What should the moderators know?",
        required=False,
        max_length=REPORT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "data-counter": str(REPORT_LENGTH)}),
        help_text="Which sentence, and how you know. Only the moderators read this.",
    )

    def __init__(self, *args: Any, has_pictures: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_pictures:
            kinds = [(kind.value, kind.label) for kind in ReportKind if kind not in OF_PICTURES]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What fits none of the kinds has to be explained."""
        cleaned = super().clean() or self.cleaned_data
        is_silent = not clean_line(cleaned.get("text", "")) and "text" not in self.errors
        if cleaned.get("kind") == ReportKind.OTHER and is_silent:
            self.add_error("text", "Please say what is wrong.")
        return cleaned


class AppealForm(forms.Form):
    """Why the decision should be looked at again."""

    text = BodyField(
        label="Why do you think the decision was wrong?",
        max_length=APPEAL_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5, "data-counter": str(APPEAL_LENGTH)}),
        help_text="What was overlooked, or what the text means. Only the moderators read this.",
    )

    def clean_text(self) -> str:
        """Characters nobody sees say nothing."""
        text: str = self.cleaned_data["text"]
        if not clean_line(text):
            raise forms.ValidationError("Please say why the decision should be looked at again.")
        return text
