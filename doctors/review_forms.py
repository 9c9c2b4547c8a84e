"""What a patient fills in to review, and a doctor to reply."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.consents import text_of
from accounts.enums import Purpose
from core.forms import BodyField, LineField
from core.images.forms import PhotosField, WithPhotos
from doctors.enums import CostPart, Verdict, Weighed
from doctors.guarding import found_in
from doctors.models import COST_AT_MOST, OLDEST_COST, RATINGS, REPLY_LENGTH, TEXT_LENGTH, ReviewEntry
from doctors.privacy_guard import Finding
from treatments.forms import UseField
from treatments.models import TreatmentUse

if TYPE_CHECKING:
    from accounts.models import User
    from core.images.models import Photo
    from treatments.models import Treatment

PHOTOS_AT_MOST = 6
SHORTEST = 20
CHOOSE = "This is required: please choose one."
CURRENCIES = (
    "USD EUR GBP CAD AUD CHF SEK NOK DKK PLN CZK HUF TRY AED INR BRL MXN KRW JPY SGD NZD ZAR THB".split()
)
MARKS = [
    ("", "Rather not say"),
    ("1", "1: not at all"),
    ("2", "2"),
    ("3", "3"),
    ("4", "4"),
    ("5", "5: very much"),
]
LABELS = {
    "explained": "Explained the risks beforehand",
    "listened": "Listened to me",
    "as_told": "The result was as I had been told",
    "looked_after": "Looked after me afterwards",
}


class EntryForm(WithPhotos, forms.Form):
    """How it was, or how it is by now."""

    verdict = forms.ChoiceField(
        label="Was it worth it?",
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE},
    )
    weighed = forms.MultipleChoiceField(
        label="What does that rest on?",
        choices=Weighed.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    text = BodyField(
        label="How was it?",
        min_length=SHORTEST,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="What you expected, what happened, how you are now. No names of other people, no exact dates.",
    )
    currency = forms.ChoiceField(
        label="Currency", choices=[("", "Choose"), *((code, code) for code in CURRENCIES)], required=False
    )
    paid_in = forms.IntegerField(label="Year in which you paid", required=False, min_value=OLDEST_COST)
    photos = PhotosField(
        label="Pictures",
        at_most=PHOTOS_AT_MOST,
        help_text="They appear with your review, for everybody, once a moderator has approved it.",
    )

    def __init__(self, *args: Any, user: User, held_before: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, by=user, **kwargs)
        self.user = user
        self.tray.at_most = PHOTOS_AT_MOST - held_before
        self.fields |= {
            name: forms.TypedChoiceField(
                label=LABELS[name], choices=MARKS, required=False, coerce=int, empty_value=None
            )
            for name in RATINGS
        }
        self.fields |= {f"cost_{part.value}": _amount(part) for part in CostPart}

    @property
    def tray(self) -> PhotosField:
        return cast(PhotosField, self.fields["photos"])

    @property
    def held(self) -> list[Photo]:
        """The pictures that go with it, in their order."""
        return [item.photo for item in self.tray.items]

    @property
    def rating_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in RATINGS]

    @property
    def cost_fields(self) -> list[forms.BoundField]:
        return [*(self[f"cost_{part.value}"] for part in CostPart), self["currency"], self["paid_in"]]

    def clean_paid_in(self) -> int | None:
        year: int | None = self.cleaned_data["paid_in"]
        if year is not None and year > timezone.localdate().year:
            raise ValidationError("That year is still to come.")
        return year

    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        given = bool(self.costs())
        for name, missing in (("currency", "Choose the currency."), ("paid_in", "Give the year.")):
            if given and name not in self.errors and not filled.get(name):
                self.add_error(name, missing)
            elif not given:
                filled[name] = "" if name == "currency" else None
        return filled

    def costs(self) -> dict[str, Decimal]:
        named = {part.value: self.cleaned_data.get(f"cost_{part.value}") for part in CostPart}
        return {part: amount for part, amount in named.items() if amount is not None}

    def said(self) -> dict[str, Any]:
        """The fields of an entry, as the services take them."""
        names = ("verdict", "weighed", "text", *RATINGS, "currency", "paid_in")
        return {name: self.cleaned_data[name] for name in names}


def _amount(part: CostPart) -> forms.DecimalField:
    return forms.DecimalField(
        label=part.label,
        required=False,
        min_value=0,
        max_value=COST_AT_MOST,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )


def initial_of(entry: ReviewEntry, *, costs_alone: bool = False) -> dict[str, Any]:
    """What a form begins with: all of an entry, or of an earlier one what was paid."""
    paid: dict[str, Any] = {f"cost_{cost.part}": cost.amount for cost in entry.costs.all()}
    paid |= {"currency": entry.currency, "paid_in": entry.paid_in}
    if costs_alone:
        return paid
    return {name: getattr(entry, name) for name in ("verdict", "weighed", "text", *RATINGS)} | paid


class ReviewForm(EntryForm):
    """The first entry, with what the review is about and what its author declares."""

    treated_on = forms.DateField(
        label="When was it done?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Roughly is enough. Readers see the year, and how long ago it was when you wrote.",
        error_messages={"required": "Give the day, or one near it.", "invalid": "Give a day as YYYY-MM-DD."},
    )
    use = UseField(
        label="What for?",
        queryset=TreatmentUse.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label="Something else, or not sure",
    )
    alias = LineField(
        label="A name for this review",
        max_length=40,
        required=False,
        help_text="Shown instead of your handle, and nowhere else: nobody can link it to your other posts.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    own = forms.BooleanField(
        label="This is my own experience: it was done to me, by this doctor.",
        error_messages={"required": "A review is about what was done to you yourself."},
    )
    unpaid = forms.BooleanField(
        label="Nobody paid me, gave me a discount or promised me anything for this review.",
        error_messages={"required": "A review that somebody gave something for cannot be published."},
    )
    free = forms.BooleanField(
        label="I have signed nothing that forbids or rewards what I say here.",
        error_messages={
            "required": "Without this it cannot be published. In many countries such a clause is void: ask a consumer "
            "advice service."
        },
    )
    agrees = forms.BooleanField(
        label=text_of(Purpose.HEALTH).words,
        error_messages={"required": "Without this a review cannot be published."},
    )

    def __init__(self, *args: Any, treatment: Treatment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use = cast(forms.ModelChoiceField, self.fields["use"])
        use.queryset = TreatmentUse.objects.filter(treatment=treatment).order_by("name")
        self.fields["treated_on"].widget.attrs["max"] = timezone.localdate().isoformat()

    @property
    def declarations(self) -> list[forms.BoundField]:
        return [self[name] for name in ("own", "unpaid", "free", "agrees")]

    def clean_treated_on(self) -> Any:
        day = self.cleaned_data["treated_on"]
        if day > timezone.localdate():
            raise ValidationError("That day is still to come: review it once it is done.")
        if day.year < OLDEST_COST:
            raise ValidationError(f"Reviews here reach back to {OLDEST_COST}.")
        return day

    def about(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("use", "treated_on", "alias")}


class ReplyForm(forms.Form):
    """The doctor's reply. What the guard finds is shown once before it can be sent: ``anyway`` names what was shown."""

    text = BodyField(
        label="Your reply",
        max_length=REPLY_LENGTH,
        min_length=SHORTEST,
        widget=forms.Textarea(attrs={"rows": 6, "data-counter": str(REPLY_LENGTH)}),
    )
    anyway = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.findings: list[Finding] = []

    @property
    def shown(self) -> str:
        """What a button says that sends exactly these words."""
        return hashlib.sha256(self.cleaned_data.get("text", "").encode()).hexdigest()[:20]

    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        if "text" in filled and filled.get("anyway") != self.shown:
            self.findings = found_in(filled["text"])
        return filled

    @property
    def may_go(self) -> bool:
        return self.is_valid() and not self.findings
