"""What a patient fills in."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from accounts.consents import text_of
from accounts.enums import Purpose
from core.forms import BodyField, LineField
from core.images.forms import Item, PhotosField, WithPhotos
from questions.enums import AgeBand, Stage
from questions.models import DIFFERENCE_LENGTH, PHOTOS_AT_MOST, TITLE_LENGTH, Question
from treatments.forms import UseField
from treatments.models import Treatment, TreatmentUse
from treatments.search import Entry, named

BODY_LENGTH = 10_000


UNKNOWN = "We do not know this treatment; choose one from the list."


class StartForm(forms.Form):
    """The first step: what is it about, and which treatment? ``nearest`` is what an unknown name may have meant."""

    title = LineField(
        label="What is it about?",
        required=False,
        help_text="Your question in a few words: what doctors have answered already is shown to you first.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    treatment = LineField(
        label="Which treatment?",
        help_text="Any of its names. Not sure? Choose the nearest.",
        widget=forms.TextInput(attrs={"list": "treatments", "autocomplete": "off"}),
        error_messages={"required": "Choose a treatment."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nearest: list[Entry] = []

    def clean_title(self) -> str:
        return self.cleaned_data["title"][:TITLE_LENGTH]

    def clean_treatment(self) -> Treatment:
        found, self.nearest = named(self.cleaned_data["treatment"])
        if found is None:
            raise ValidationError(UNKNOWN)
        return found


class TextForm(forms.ModelForm):
    """Title and body: all that may change once a question is public."""

    title = LineField(
        label="Your question in one line",
        max_length=TITLE_LENGTH,
        min_length=10,
        widget=forms.TextInput(attrs={"data-counter": str(TITLE_LENGTH), "autocomplete": "off"}),
    )
    body = BodyField(
        label="What should a doctor know?",
        max_length=BODY_LENGTH,
        min_length=20,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="What you hope for, what worries you, what you have tried. No names, no town smaller than a "
        "city, no exact dates. **bold**, - lists and > quotes work.",
    )

    class Meta:
        model = Question
        fields: tuple[str, ...] = ("title", "body")

    def values(self) -> dict[str, Any]:
        """The fields of a question, as the services take them."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}

    def validate_constraints(self) -> None:
        """The row is made by the services; the database holds its constraints."""


class QuestionForm(TextForm):
    """The whole question about a known treatment; that of a variant asks for the difference as well."""

    difference = LineField(
        label="What is different in my case",
        max_length=DIFFERENCE_LENGTH,
        min_length=10,
        help_text="In one sentence, for readers of both threads.",
        widget=forms.TextInput(attrs={"data-counter": str(DIFFERENCE_LENGTH), "autocomplete": "off"}),
    )
    use = UseField(
        label="What for?",
        queryset=TreatmentUse.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label="Something else, or not sure",
    )
    stage = forms.ChoiceField(
        label="Have you had it done?",
        choices=Stage.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "This is required: please choose one."},
    )
    age_band = forms.ChoiceField(
        label="Your age", choices=[("", "Rather not say"), *AgeBand.choices], required=False
    )
    place = LineField(
        label="Country or large city",
        max_length=80,
        required=False,
        help_text="So that doctors know which rules apply where you are.",
    )
    alias = LineField(
        label="A name for this question",
        max_length=40,
        required=False,
        help_text="Shown instead of your handle, and nowhere else: nobody can link it to your other questions.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    class Meta(TextForm.Meta):
        fields = ("difference", "use", "stage", "age_band", "place", "alias", "title", "body")

    field_order: tuple[str, ...] = (
        "difference",
        "use",
        "title",
        "body",
        "stage",
        "age_band",
        "place",
        "alias",
    )

    def __init__(
        self, *args: Any, treatment: Treatment | None, is_variant: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not is_variant:
            del self.fields["difference"]
        use = cast(forms.ModelChoiceField, self.fields["use"])
        use.queryset = TreatmentUse.objects.filter(treatment=treatment).order_by("name")
        if self.instance.use_id:
            self.initial["use"] = self.instance.use.slug


class AskForm(WithPhotos, QuestionForm):
    """A new question: with the key that makes a double submit one, and what the asker has to know."""

    photos = PhotosField(
        label="Pictures",
        at_most=PHOTOS_AT_MOST,
        with_words=True,
        help_text="They appear with your question, for everybody, once a moderator has approved it.",
    )
    understood = forms.BooleanField(
        label="I understand: answers are general information, no diagnosis, and doctors here are not my doctors.",
        error_messages={
            "required": "Please confirm that you understand what answers here can and cannot be."
        },
    )
    agrees = forms.BooleanField(
        label=text_of(Purpose.HEALTH).words,
        error_messages={"required": "Without this a question about your health cannot be published."},
    )
    submission_key = forms.UUIDField(widget=forms.HiddenInput)

    field_order = (*QuestionForm.field_order[:4], "photos", *QuestionForm.field_order[4:])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission_key", uuid.uuid4())

    def pictures(self) -> list[Item]:
        """In their order, with what the asker says of each."""
        return cast(PhotosField, self.fields["photos"]).items
