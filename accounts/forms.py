"""What signing up asks beyond an e-mail address and a password."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.validators import validate_handle


class SignupDetails(forms.Form):
    """A handle, and that one is an adult: asked once. allauth puts this before its own fields."""

    handle = forms.CharField(
        max_length=30,
        validators=[validate_handle],
        help_text="Shown beside what you write. Not your real name; 3 to 30 letters, digits or hyphens.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    is_adult = forms.BooleanField(
        label="I am 18 or older",
        error_messages={"required": "Candor is for adults; please come back when you are 18."},
    )

    field_order = ("email", "handle", "password1", "is_adult")

    def clean_handle(self) -> str:
        handle = self.cleaned_data["handle"]
        if User.objects.filter(handle__iexact=handle).exists():
            raise forms.ValidationError("Somebody else goes by this handle; please choose another.")
        return handle

    def signup(self, request: HttpRequest, user: User) -> None:
        user.handle = self.cleaned_data["handle"]
        user.is_adult_since = timezone.now()
        user.save(update_fields=["handle", "is_adult_since"])
