"""What doctors fill in about a consent and a case, and what the person in the pictures fills in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from core.dates import months_later
from core.forms import BodyField, LineField
from core.images import tray
from core.images.models import Photo
from core.images.photos import GONE
from core.images.refusals import Refused
from doctors.enums import Alike, Role, ShownIn, SignedHow, View
from doctors.evidence import MEGABYTES, Paper, read
from doctors.models import WORDS_LENGTH, Case, Consent
from doctors.models.consent import LABEL_LENGTH, YEARS
from treatments.models import Treatment, TreatmentUse

FILES = ".pdf,.jpg,.jpeg,.png,.webp,.avif,.heic,.heif"
EXPLAINED = {"required": "This has to be true before anything is shown: please confirm it."}


class UsesField(forms.MultipleChoiceField):
    """Where somebody is shown: in the order in which it is always said."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        words = {"required": "Choose at least one place.", "invalid_choice": "Choose from these places."}
        super().__init__(choices=ShownIn.choices, error_messages=words, **kwargs)


class ConsentForm(forms.Form):
    """What somebody agreed to, for how long and how; on paper with the paper."""

    label = LineField(
        label="Your own label",
        max_length=LABEL_LENGTH,
        help_text="By which you know it again, such as the number of your record. No names: nobody else sees it.",
    )
    uses = UsesField(label="Where they may be shown")
    is_identifiable = forms.BooleanField(
        label="They agree to be recognisable: face, tattoo, jewellery", required=False
    )
    is_sensitive = forms.BooleanField(
        label="They agree that breasts, buttocks or genitals are shown", required=False
    )
    is_adult = forms.BooleanField(
        label="They were 18 or older when the pictures were taken", error_messages=EXPLAINED
    )
    how = forms.ChoiceField(
        label="How they agree",
        choices=SignedHow.choices,
        widget=forms.RadioSelect,
        help_text="By the link: they read the text on their own page and agree there. It holds from that moment.",
    )
    signed_on = forms.DateField(
        label="On which day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Not needed if they agree by the link.",
    )
    years = forms.TypedChoiceField(
        label="For how long",
        coerce=int,
        choices=[(n, f"{n} year{'s' if n > 1 else ''}") for n in range(1, YEARS + 1)],
        initial=2,
    )
    paper = forms.FileField(
        label="The signed document",
        required=False,
        widget=forms.FileInput(attrs={"accept": FILES}),
        help_text=f"A PDF or a picture of at most {MEGABYTES} MB; needed where it was signed on paper. It is kept "
        "apart and private: only moderators may open it, each time on record.",
    )

    def clean_signed_on(self) -> date | None:
        day: date | None = self.cleaned_data["signed_on"]
        if day and day > timezone.localdate():
            raise ValidationError("Nobody has agreed on a day to come.")
        if day and day < months_later(timezone.localdate(), -12 * YEARS):
            raise ValidationError(f"A consent holds for {YEARS} years at most: ask the person again.")
        return day

    def clean_paper(self) -> Paper | None:
        upload = self.cleaned_data["paper"]
        return read(upload) if upload else None

    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        how = filled.get("how")
        if how in (SignedHow.PAPER, SignedHow.SCREEN) and "signed_on" in filled and not filled["signed_on"]:
            self.add_error("signed_on", "Say on which day they agreed.")
        if how == SignedHow.PAPER and "paper" in filled and not filled["paper"]:
            self.add_error("paper", "Add the document they signed.")
        return filled

    def ask_again_for_the_file(self) -> None:
        """No browser sends a chosen file back to a form that was wrong elsewhere."""
        if self.is_bound and self.errors and "paper" in self.files and "paper" not in self.errors:
            self.add_error("paper", "Please choose the file again: it comes back with no form.")

    def stated(self) -> dict[str, Any]:
        """As fields of a consent. From the link it counts from today until they have agreed."""
        filled = self.cleaned_data
        by_link = filled["how"] == SignedHow.LINK
        signed_on = None if by_link else filled["signed_on"]
        names = ("label", "uses", "is_identifiable", "is_sensitive", "is_adult", "how")
        until = months_later(signed_on or timezone.localdate(), 12 * filled["years"])
        return {name: filled[name] for name in names} | {"signed_on": signed_on, "until": until}


class NarrowForm(forms.Form):
    """What the person in the pictures still agrees to; only what they agreed to is offered."""

    uses = UsesField(label="Where I may be shown", required=False)
    is_identifiable = forms.BooleanField(label="I may be recognised", required=False)
    is_sensitive = forms.BooleanField(label="Breasts, buttocks or genitals may be shown", required=False)

    def __init__(self, data: Any = None, *, consent: Consent) -> None:
        initial = {name: getattr(consent, name) for name in ("uses", "is_identifiable", "is_sensitive")}
        super().__init__(data, initial=initial)
        self.fields["uses"].choices = [(use.value, use.label) for use in consent.shown_in]  # type: ignore[attr-defined]
        for name in ("is_identifiable", "is_sensitive"):
            if not getattr(consent, name):
                del self.fields[name]

    def stated(self) -> dict[str, Any]:
        filled = self.cleaned_data
        return {
            "uses": filled["uses"],
            **{name: filled.get(name, False) for name in ("is_identifiable", "is_sensitive")},
        }


class ChooseConsentForm(forms.Form):
    consent = forms.ModelChoiceField(
        label="Consent",
        queryset=Consent.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose the consent of the person in the pictures."},
    )

    def __init__(self, *args: Any, consents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].queryset = consents  # type: ignore[attr-defined]


class FactsForm(forms.ModelForm):
    """What was done, with what, and for whom in bands; as the doctor reports it."""

    treatment = forms.ModelChoiceField(label="Treatment", queryset=Treatment.objects.none())
    use = forms.ModelChoiceField(
        label="For what", queryset=TreatmentUse.objects.none(), required=False, empty_label="Not said"
    )
    technique = LineField(
        label="What was done", max_length=120, help_text="Such as: eight points in the forehead, fine needle"
    )
    product = LineField(label="Product or device", max_length=120, required=False)
    amount = LineField(label="How much of it", max_length=80, required=False, help_text="As you used it here")
    days_after = forms.IntegerField(
        label="Days after the treatment",
        min_value=0,
        max_value=20000,
        required=False,
        help_text="Of the later pictures. Left empty, it is counted from when both were taken, where they say so.",
    )
    words = BodyField(
        label="What else there is to say",
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Course, side effects, what was not reached. No names, no prices.",
    )

    class Meta:
        model = Case
        fields = (
            "treatment use technique product amount body_area age_band skin_type sex days_after words".split()
        )
        help_texts = {"skin_type": "Fitzpatrick: I always burns, VI never does"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["treatment"].queryset = Treatment.objects.public().order_by("name")  # type: ignore[attr-defined]
        uses = TreatmentUse.objects.select_related("treatment").order_by("treatment__name", "name")
        choices: dict[str, list[tuple[int, str]]] = {}
        for use in uses.filter(treatment__in=Treatment.objects.public()):
            choices.setdefault(use.treatment.name, []).append((use.pk, use.name))
        self.fields["use"].queryset = uses  # type: ignore[attr-defined]
        self.fields["use"].choices = [("", "Not said"), *choices.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or self.cleaned_data
        use, treatment = filled.get("use"), filled.get("treatment")
        if use and treatment and use.treatment_id != treatment.pk:
            self.add_error("use", f"That is a use of {use.treatment}. Choose one of {treatment}, or none.")
        return filled


class PairForm(forms.Form):
    """One view, before and after. A picture that was taken in stays, also where the other one is refused."""

    view = forms.ChoiceField(label="View", choices=View.choices)
    before = forms.FileField(
        label="Before", required=False, widget=forms.FileInput(attrs={"accept": "image/*,.heic,.heif,.avif"})
    )
    after = forms.FileField(
        label="After", required=False, widget=forms.FileInput(attrs={"accept": "image/*,.heic,.heif,.avif"})
    )
    before_kept = forms.CharField(required=False, widget=forms.HiddenInput)
    after_kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.kept: dict[str, Photo] = {}

    def clean(self) -> dict[str, Any]:
        for role in Role:
            try:
                self.kept[role.value] = self._photo(role.value)
            except ValidationError as error:
                self.add_error(role.value, error)
            else:
                self._remember(role.value)
        return self.cleaned_data

    def _remember(self, role: str) -> None:
        """So that the form has the picture when it comes back."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[f"{role}_kept"] = self.kept[role].name
        self.data = data

    def _photo(self, role: str) -> Photo:
        """What was chosen now, else what was taken in before. Raises ValidationError."""
        if upload := self.cleaned_data.get(role):
            try:
                return tray.add(upload, by=self.by)
            except Refused as refused:
                raise ValidationError(f"{refused}") from refused
        name = self.cleaned_data.get(f"{role}_kept")
        if not name:
            raise ValidationError("Choose this picture.")
        photo = Photo.objects.free().filter(owner=self.by, name=name).first()
        if photo is None:
            raise ValidationError(GONE)
        return photo


class ComparableForm(forms.ModelForm):
    """What the pictures show, and in what they are alike."""

    alike = forms.MultipleChoiceField(
        label="What is the same before and after",
        choices=Alike.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Readers see how many of the nine, and in words which are not. A low number is no reason to refuse "
        "a case; one that is not true is.",
    )
    is_unedited = forms.BooleanField(
        label="Nothing in the pictures is edited: no filter, no retouching, no change of colour or light",
        error_messages=EXPLAINED,
        help_text="Turning, cutting and covering what tells who it is are no editing.",
    )
    is_identifiable = forms.BooleanField(
        label="Somebody could recognise the person: face, eyes, tattoo, jewellery, scar", required=False
    )
    is_sensitive = forms.BooleanField(label="Breasts, buttocks or genitals are shown", required=False)

    class Meta:
        model = Case
        fields = ("alike", "is_unedited", "is_identifiable", "is_sensitive")
