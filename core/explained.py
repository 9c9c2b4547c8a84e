"""Forms of what is kept in the admin: every change with why, and with the words before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet, ModelChoiceField, ModelMultipleChoiceField

from core.forms import LineField

WHY = "why"


class ExplainedForm(forms.ModelForm):
    """A form with a line for the record; what was changed is said by :func:`changes`."""

    why = LineField(
        label="Why",
        max_length=300,
        help_text="For whoever reads the history: what it rests on, who asked for it.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


def changes(form: Any, formsets: Iterable[BaseInlineFormSet]) -> list[str]:
    """A line for every field of the form and every row below it that came, went or changed."""
    return [*_fields(form), *(line for formset in formsets for line in _rows(formset))]


def _fields(form: Any) -> Iterator[str]:
    """What was written before and after; of a field of many, what came and what went."""
    for name in form.changed_data:
        if name == WHY:
            continue
        field, before, after = form.fields[name], form[name].initial, form.cleaned_data.get(name)
        label = str(field.label or name).capitalize()
        if isinstance(field, ModelMultipleChoiceField):
            yield f"{label}: {_came_and_went(field, before or (), after or ())}"
        else:
            yield f"{label}: {_shown(field, before)} → {_shown(field, after)}"


def _came_and_went(field: ModelMultipleChoiceField, before: Iterable[Any], after: Iterable[Any]) -> str:
    every: Any = field.queryset
    was, now = ({getattr(row, "pk", row) for row in rows} for rows in (before, after))
    parts = [
        (word, every.filter(pk__in=keys)) for word, keys in (("with", now - was), ("without", was - now))
    ]
    return "; ".join(f"{word} {', '.join(sorted(map(str, rows)))}" for word, rows in parts if rows)


def _rows(formset: Any) -> Iterator[str]:
    kind = str(formset.model._meta.verbose_name).capitalize()
    gone = formset.deleted_forms
    for form in formset.forms:
        if form in gone:
            yield f"{kind} taken away: {form.instance}"
        elif form.has_changed() and form in formset.initial_forms:
            yield f"{kind} “{form.instance}” changed. {'; '.join(_fields(form))}"
        elif form.has_changed():
            yield f"{kind} added: {form.instance}"


def _shown(field: forms.Field, value: Any) -> str:
    """As a person reads it: names for keys, words for codes, a dash for nothing."""
    if isinstance(field, ModelChoiceField):
        rows: Any = field.queryset
        return str((rows.filter(pk=getattr(value, "pk", value)).first() if value else None) or "—")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "—"
    if isinstance(field, forms.TypedChoiceField | forms.ChoiceField):
        return str(dict(field.choices).get(value, value or "—"))  # type: ignore[arg-type]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value not in (None, "") else "—"
