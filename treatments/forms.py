"""Confirming a merge, and understanding forms and addresses from before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.forms import BodyField
from treatments.merging import Plan
from treatments.models import LabelStatus
from treatments.services import SIGNS

LONGEST = 1000


class LedOn:
    """A field of treatments or of uses by slug: one that was merged means what it became part of.

    One query more, where nothing has the slug.
    """

    led_on: Mapping[Any, str] = {}

    def to_python(self, value: Any) -> Any:
        field: Any = super()
        try:
            return field.to_python(value)
        except ValidationError:
            found = self.queryset.filter(redirects__slug=str(value)).first()  # type: ignore[attr-defined]
            if found is None:
                raise
            self.led_on = {value: found.slug}
            return found

    def prepare_value(self, value: Any) -> Any:
        """What is shown as chosen."""
        field: Any = super()
        return field.prepare_value(self.led_on.get(value, value))


class UseField(LedOn, forms.ModelChoiceField):
    pass


class MergeForm(forms.Form):
    """Nothing is chosen beforehand. ``seen`` is the fingerprint of the plan on the page."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = BodyField(
        label="Why the two are one",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For the record, which both histories show.",
    )
    understood = forms.BooleanField(label="I have read what moves. I know that this cannot be undone.")

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.initial["seen"] = plan.digest
        choices = dict(self._choices())
        self.fields = {**choices, **self.fields}
        self.chosen = list(choices)

    def _choices(self) -> Iterator[tuple[str, forms.Field]]:
        for group in self.plan.conflicts:
            place = group.said[0].get_jurisdiction_display()
            options = [(label.pk, self._of(label)) for label in group.options]
            yield group.key, _choice(f"{group.use}, {place}: which holds?", options)
        if len(self.plan.signs) > 1:
            signs = [
                (row.pk, f"{row}: {row.emergency_signs} ({row.emergency_source})") for row in self.plan.signs
            ]
            yield SIGNS, _choice("Which emergency signs hold?", signs)

    def _of(self, label: LabelStatus) -> str:
        checked = f"checked {label.checked_on:%-d %B %Y}" if label.checked_on else "not checked yet"
        note = f" {label.note}" if label.note else ""
        return f"{label.use.treatment}: {label.get_status_display()}.{note} {label.source}, {checked}"

    def choice_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.chosen]

    def values(self) -> dict[str, Any]:
        """What :func:`treatments.services.merge` takes."""
        filled = self.cleaned_data
        chosen = {name: int(filled[name]) for name in self.chosen}
        return {"reason": filled["reason"], "seen": filled["seen"], "chosen": chosen}

    def look_again(self, why: str) -> None:
        """The page shows the plan of now: what was confirmed of another is not confirmed of this one."""
        self.add_error(None, why)
        kept = {name: value for name, value in self.data.items() if name != "understood"}
        self.data = kept | {"seen": self.plan.digest}


def _choice(label: str, options: list[tuple[int, str]]) -> forms.Field:
    return forms.ChoiceField(
        label=label,
        choices=options,
        widget=forms.RadioSelect,
        error_messages={"required": "The two contradict each other here: please choose."},
    )
