"""A portrait: the file, what is cut off its edges, and that it shows who sends it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from core.images.models import Photo
from core.images.photos import keep, purge
from core.images.refusals import Refused
from core.text import clean_line
from doctors.portraying import LEAST, TOO_SMALL


def _percent(edge: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=f"Off the {edge}, in percent",
        min_value=0,
        max_value=95,
        initial=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class PortraitForm(forms.Form):
    """One file, taken in as a photo of ``by``."""

    picture = forms.FileField(
        label="The picture",
        error_messages={"required": "Choose a picture first."},
        widget=forms.FileInput(attrs={"accept": "image/*,.heic,.heif,.avif"}),
        help_text="JPEG, PNG, WebP, AVIF or HEIC, 20 MB at most.",
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_picture(self) -> Photo:
        upload = self.cleaned_data["picture"]
        try:
            photo = keep(upload, by=self.by)
        except Refused as refused:
            raise ValidationError(f"“{clean_line(upload.name)}”: {refused}") from refused
        if min(photo.width, photo.height) < LEAST:
            purge([photo])
            raise ValidationError(f"“{clean_line(upload.name)}”: {TOO_SMALL}")
        return photo


class CutForm(forms.Form):
    """How much goes from each edge, in hundredths of the picture."""

    left = _percent("left")
    right = _percent("right")
    top = _percent("top")
    bottom = _percent("bottom")

    def clean(self) -> dict[str, Any]:
        for one, other in (("left", "right"), ("top", "bottom")):
            if self.cleaned_data.get(one, 0) + self.cleaned_data.get(other, 0) >= 100:
                self.add_error(other, f"Nothing would be left: together with “{one}” this takes all of it.")
        return self.cleaned_data

    def shares(self) -> dict[str, float]:
        return {name: value / 100 for name, value in self.cleaned_data.items()}


class ThatIsMeForm(forms.Form):
    is_me = forms.BooleanField(
        label="This is a picture of me, with nobody else in it, and I may publish it",
        error_messages={"required": "Confirm that it is a picture of you, or choose another."},
    )
