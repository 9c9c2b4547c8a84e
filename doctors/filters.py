"""The filters over the directory, cases and reviews. Unknown values are ignored; none is an error."""

from __future__ import annotations

import re
from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from doctors.enums import AgeBand, Alike, SkinType, Verdict
from doctors.models import Case, Doctor, Review, Specialty
from doctors.reviews import SINCE
from doctors.selectors import in_scope_of
from treatments.filters import AddressFilter
from treatments.models import BodyArea, Treatment, TreatmentUse

LONGEST = 80
# What people write instead of the ISO code that profiles keep; the beginning of a name is enough.
COUNTRIES = {
    "america": "US", "australia": "AU", "austria": "AT", "belgium": "BE", "brazil": "BR",
    "canada": "CA", "denmark": "DK", "england": "GB", "finland": "FI", "france": "FR", "germany": "DE",
    "great britain": "GB", "hungary": "HU", "india": "IN", "ireland": "IE", "italy": "IT",
    "japan": "JP", "mexico": "MX", "netherlands": "NL", "new zealand": "NZ", "norway": "NO",
    "poland": "PL", "portugal": "PT", "scotland": "GB", "singapore": "SG", "south africa": "ZA",
    "south korea": "KR", "spain": "ES", "sweden": "SE", "switzerland": "CH", "turkey": "TR", "uk": "GB",
    "united arab emirates": "AE", "united kingdom": "GB", "united states": "US", "usa": "US",
    "wales": "GB",
}  # fmt: skip

# How long after, each from the day the one before it ends.
PERIODS = {
    "weeks": ("Up to 2 weeks after", (0, 14)),
    "months": ("2 weeks to 3 months after", (15, 91)),
    "year": ("3 months to a year after", (92, 365)),
    "later": ("More than a year after", (366, 2**31 - 1)),
}
NINE = len(Alike)


class DoctorFilter(django_filters.FilterSet):
    treatment: Any = AddressFilter(
        label="Treatment",
        queryset=Treatment.objects.public(),
        to_field_name="slug",
        empty_label="Any",
        method="by_treatment",
    )
    specialty = django_filters.ChoiceFilter(
        label="Specialty", field_name="specialty__slug", empty_label="Any"
    )
    place = django_filters.CharFilter(
        label="Place",
        help_text="City, state or country",
        widget=forms.TextInput(attrs={"maxlength": LONGEST}),
        max_length=LONGEST,
        method="by_place",
    )
    language = django_filters.CharFilter(
        label="Language",
        help_text="English, Spanish …",
        widget=forms.TextInput(attrs={"maxlength": LONGEST}),
        max_length=LONGEST,
        method="by_language",
    )
    name = django_filters.CharFilter(
        label="Name",
        lookup_expr="icontains",
        widget=forms.TextInput(attrs={"maxlength": LONGEST}),
        max_length=LONGEST,
    )

    class Meta:
        model = Doctor
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The specialties are asked for once, to be chosen from and to be checked against."""
        super().__init__(*args, **kwargs)
        self.filters["specialty"].extra["choices"] = list(Specialty.objects.values_list("slug", "name"))

    @property
    def is_narrowed(self) -> bool:
        return self.is_bound and any(self.form.cleaned_data.values())

    def by_treatment(self, queryset: QuerySet[Doctor], name: str, value: Treatment) -> QuerySet[Doctor]:
        return in_scope_of(queryset, value)

    def by_place(self, queryset: QuerySet[Doctor], name: str, value: str) -> QuerySet[Doctor]:
        """Every part between commas begins the city or the region, or names the country: “Memphis, TN”.

        Beginnings, since an index can find them.
        """
        for part in filter(None, (part.strip() for part in value.split(","))):
            here = Q(city__istartswith=part) | Q(region__istartswith=part) | Q(country__in=countries(part))
            queryset = queryset.filter(here)
        return queryset

    def by_language(self, queryset: QuerySet[Doctor], name: str, value: str) -> QuerySet[Doctor]:
        """Every word begins a word of the languages: “hung” finds Hungarian."""
        words = re.findall(r"[^\W_]+", value)
        if not words:
            return queryset
        asked = SearchQuery(" & ".join(f"'{word}':*" for word in words), search_type="raw", config="simple")
        return queryset.annotate(spoken=SearchVector("languages", config="simple")).filter(spoken=asked)


def countries(part: str) -> list[str]:
    """The codes that what somebody wrote may stand for."""
    word = part.casefold()
    named = {code for name, code in COUNTRIES.items() if len(word) > 2 and name.startswith(word)}
    return sorted({*named, COUNTRIES.get(word, part.upper()[:2] if len(part) == 2 else "")} - {""})


class TreatmentDoctorFilter(DoctorFilter):
    """Within one treatment there is no treatment to choose."""

    treatment = None


class CaseFilter(django_filters.FilterSet):
    """What makes a case like one's own, and how far its pictures can be compared."""

    area = django_filters.ModelChoiceFilter(
        label="Body area",
        queryset=BodyArea.objects.all(),
        to_field_name="slug",
        empty_label="Any",
        method="by_area",
    )
    age = django_filters.ChoiceFilter(
        label="Age", choices=AgeBand.choices, empty_label="Any", field_name="age_band"
    )
    skin = django_filters.ChoiceFilter(
        label="Skin type",
        help_text="By Fitzpatrick: type I always burns in the sun, type VI never",
        choices=SkinType.choices,
        empty_label="Any",
        field_name="skin_type",
    )
    days = django_filters.ChoiceFilter(
        label="Taken",
        choices=[(name, label) for name, (label, _) in PERIODS.items()],
        empty_label="Any time after",
        method="by_days",
    )
    comparable = django_filters.ChoiceFilter(
        label="Pictures",
        choices=[(str(NINE), f"Comparable in all {NINE} ways")]
        + [(str(number), f"Comparable in {number} ways or more") for number in range(NINE - 1, 4, -1)],
        empty_label="Any",
        field_name="comparable_count",
        lookup_expr="gte",
    )
    show = django_filters.BooleanFilter(
        label="Show sensitive pictures", widget=forms.CheckboxInput, method="keep"
    )

    class Meta:
        model = Case
        fields: list[str] = []

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but uncovering was chosen."""
        return self.is_bound and any(v for k, v in self.form.cleaned_data.items() if k != "show")

    @property
    def is_uncovered(self) -> bool:
        return self.is_bound and bool(self.form.cleaned_data.get("show"))

    def by_area(self, queryset: QuerySet[Case], name: str, value: BodyArea) -> QuerySet[Case]:
        """Where a case does not say it, its use does."""
        return queryset.filter(Q(body_area=value) | Q(body_area=None, use__body_area=value))

    def by_days(self, queryset: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        return queryset.filter(days_after__range=PERIODS[value][1])

    def keep(self, queryset: QuerySet[Case], name: str, value: bool) -> QuerySet[Case]:
        return queryset


class TreatmentCaseFilter(CaseFilter):
    """Within one treatment, its uses."""

    use = AddressFilter(
        label="Use", queryset=TreatmentUse.objects.none(), to_field_name="slug", empty_label="Any"
    )

    def __init__(self, *args: Any, treatment: Treatment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["use"].queryset = TreatmentUse.objects.filter(treatment=treatment).order_by("name")
        self.filters.move_to_end("use", last=False)


class DoctorCaseFilter(CaseFilter):
    """Of one doctor's ``cases``, the treatments they are of."""

    treatment: Any = AddressFilter(
        label="Treatment", queryset=Treatment.objects.none(), to_field_name="slug", empty_label="Any"
    )

    def __init__(self, *args: Any, cases: QuerySet[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = cases.order_by().values("treatment")
        self.filters["treatment"].queryset = Treatment.objects.public().filter(pk__in=shown)
        self.filters.move_to_end("treatment", last=False)


class ReviewFilter(django_filters.FilterSet):
    """The reviews of one doctor, or with ``treatment`` of that treatment: by what their authors say by now."""

    verdict = django_filters.ChoiceFilter(
        label="Worth it?", field_name="latest__verdict", choices=Verdict.choices, empty_label="All"
    )
    since = django_filters.ChoiceFilter(
        label="Time since the treatment",
        choices=[(name, label) for name, (label, _, _) in SINCE.items()],
        empty_label="Any",
        method="by_since",
    )
    use = AddressFilter(
        label="What for", queryset=TreatmentUse.objects.none(), to_field_name="slug", empty_label="Anything"
    )

    class Meta:
        model = Review
        fields: list[str] = []

    def __init__(self, *args: Any, treatment: Treatment | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if treatment is None:
            del self.filters["use"]
        else:
            uses = TreatmentUse.objects.filter(treatment=treatment).order_by("name")
            self.filters["use"].queryset = uses

    @property
    def is_narrowed(self) -> bool:
        return self.is_bound and any(self.form.cleaned_data.values())

    def by_since(self, queryset: QuerySet[Review], name: str, value: str) -> QuerySet[Review]:
        _, first, before = SINCE[value]
        found = queryset.filter(latest__day__gte=first)
        return found if before is None else found.filter(latest__day__lt=before)
