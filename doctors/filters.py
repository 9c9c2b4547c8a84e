"""The filters over the directory and over reviews. Unknown values are ignored, none is an error."""

from __future__ import annotations

import re
from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from doctors.enums import Verdict
from doctors.models import Doctor, Review, Specialty
from doctors.reviews import SINCE
from doctors.selectors import in_scope_of
from treatments.filters import AddressFilter
from treatments.models import Treatment, TreatmentUse

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
