"""The filters over the directory. Unknown values are ignored; nothing in a query string is an error."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from doctors.models import Doctor, Specialty
from doctors.selectors import in_scope_of
from treatments.models import Treatment

LONGEST = 80
# What people write instead of the ISO code that profiles keep.
COUNTRIES = {"uk": "GB", "united kingdom": "GB", "usa": "US", "united states": "US", "america": "US"}


class DoctorFilter(django_filters.FilterSet):
    treatment = django_filters.ModelChoiceFilter(
        label="Treatment",
        queryset=Treatment.objects.public(),
        to_field_name="slug",
        empty_label="Any",
        method="by_treatment",
    )
    specialty = django_filters.ModelChoiceFilter(
        label="Specialty", queryset=Specialty.objects.all(), to_field_name="slug", empty_label="Any"
    )
    place = django_filters.CharFilter(
        label="Place",
        help_text="City, state or country code",
        widget=forms.TextInput(attrs={"maxlength": LONGEST}),
        max_length=LONGEST,
        method="by_place",
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

    @property
    def is_narrowed(self) -> bool:
        return self.is_bound and any(self.form.cleaned_data.values())

    def by_treatment(self, queryset: QuerySet[Doctor], name: str, value: Treatment) -> QuerySet[Doctor]:
        return in_scope_of(queryset, value)

    def by_place(self, queryset: QuerySet[Doctor], name: str, value: str) -> QuerySet[Doctor]:
        """Every part between commas is found in the city, the region or the country: “Memphis, TN”."""
        for part in filter(None, (part.strip() for part in value.split(","))):
            country = COUNTRIES.get(part.casefold(), part)
            here = Q(city__icontains=part) | Q(region__icontains=part) | Q(country__iexact=country)
            queryset = queryset.filter(here)
        return queryset


class TreatmentDoctorFilter(DoctorFilter):
    """Within one treatment there is no treatment to choose."""

    treatment = None
