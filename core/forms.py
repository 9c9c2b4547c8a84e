"""Fields for text from people: what is counted, checked and required is the text as it will be stored."""

from __future__ import annotations

from typing import Any

from django import forms

from core.text import clean_body, clean_line

WORDS: dict[str, Any] = {
    "required": "This is required: please write something.",
    "min_length": "Please write at least %(limit_value)d characters; these are %(show_value)d.",
    "max_length": "Please write at most %(limit_value)d characters; these are %(show_value)d.",
}


class LineField(forms.CharField):
    """One line. Characters nobody sees fill no required field and count towards no length."""

    default_error_messages = WORDS

    def to_python(self, value: Any) -> Any:
        return clean_line(super().to_python(value) or "")


class BodyField(forms.CharField):
    """Many lines, otherwise as :class:`LineField`."""

    widget = forms.Textarea
    default_error_messages = WORDS

    def to_python(self, value: Any) -> Any:
        return clean_body(super().to_python(value) or "")
