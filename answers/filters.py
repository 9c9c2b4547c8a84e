"""The filters over lists of threads. Unknown values are ignored; nothing in a query string is an error."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from answers.enums import Stance
from answers.models import Answer, DoctorCount, SecondOpinion, Thread, listed
from doctors.models import Doctor
from questions.enums import AgeBand, Stage
from treatments.filters import AddressFilter
from treatments.models import BodyArea, Treatment, TreatmentUse

SORTS = {
    "newest": ("Newest", ("-asked_at", "-pk")),
    "helpful": ("Most helpful", ("-helpful_count", "-pk")),
    "discussed": ("Most discussed", ("-answer_count", "-pk")),
    "waiting": ("Waiting longest", ("asked_at", "pk")),
}
ANSWERED = [("yes", "Answered"), ("no", "Waiting for an answer")]


class ThreadFilter(django_filters.FilterSet):
    sort = django_filters.ChoiceFilter(
        label="Sort by",
        choices=[(name, label) for name, (label, _) in SORTS.items()],
        empty_label=None,
        null_label=None,
        method="keep",
    )
    treatment: Any = AddressFilter(
        label="Treatment",
        queryset=Treatment.objects.public(),
        to_field_name="slug",
        empty_label="Any",
        method="keep",
    )
    area = django_filters.ModelChoiceFilter(
        label="Body area",
        queryset=BodyArea.objects.all(),
        to_field_name="slug",
        field_name="question__use__body_area",
        empty_label="Any",
    )
    answered = django_filters.ChoiceFilter(
        label="Answers", choices=ANSWERED, empty_label="Any", method="by_answered"
    )
    stance = django_filters.ChoiceFilter(
        label="A doctor", choices=Stance.choices, empty_label="Takes any position", method="by_stance"
    )
    stage = django_filters.ChoiceFilter(
        label="The asker", choices=Stage.choices, empty_label="Before or after", field_name="question__stage"
    )
    age = django_filters.ChoiceFilter(
        label="Age", choices=AgeBand.choices, empty_label="Any", field_name="question__age_band"
    )
    place = django_filters.CharFilter(
        label="Place",
        field_name="question__place",
        lookup_expr="icontains",
        widget=forms.TextInput(attrs={"maxlength": 80}),
        max_length=80,
    )

    class Meta:
        model = Thread
        fields: list[str] = []

    @property
    def sort_name(self) -> str:
        chosen = self.form.cleaned_data.get("sort") if self.form.is_valid() or self.is_bound else ""
        return chosen if chosen in SORTS else "newest"

    @property
    def order(self) -> tuple[str, ...]:
        order = SORTS[self.sort_name][1]
        return order if self.within is None else listed(*order)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order was chosen."""
        return self.is_bound and any(v for k, v in self.form.cleaned_data.items() if k != "sort")

    @property
    def qs(self) -> QuerySet[Thread]:
        threads = super().qs
        if self.within is not None:
            return threads.listed_under(self.within, **self._listed)
        return threads.unanswered() if self.sort_name == "waiting" else threads

    @property
    def within(self) -> Treatment | None:
        """The treatment whose list is read, instead of the site's."""
        return self.form.cleaned_data.get("treatment") if self.is_bound and self.form.is_valid() else None

    @property
    def _listed(self) -> dict[str, Any]:
        """What is chosen of what a treatment's list says itself."""
        chosen = self.form.cleaned_data if self.is_bound else {}
        waits = chosen.get("answered") == "no" or self.sort_name == "waiting"
        stance = chosen.get("stance")
        return ({"answer_count": 0} if waits else {}) | ({"stances__contains": [stance]} if stance else {})

    def keep(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        return queryset

    def by_answered(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == "yes":
            return queryset.filter(answer_count__gt=0)
        return queryset.filter(answer_count=0) if self.within is None else queryset

    def by_stance(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Threads in whose bar somebody holds this position.

        Looked for thread by thread: as an Exists, PostgreSQL may gather all the answers of the site that hold it.
        """
        answered = Answer.objects.counted().filter(question=OuterRef("pk"), stance=value)
        seconded = SecondOpinion.objects.held().filter(answer__question=OuterRef("pk"), stance=value)
        first = [Subquery(rows.order_by().values("pk")[:1]) for rows in (answered, seconded)]
        holding = queryset.alias(held_by=Coalesce(*first)).filter(held_by__isnull=False)
        return holding.filter(stances__contains=[value]) if self.within is None else holding


class TreatmentThreadFilter(ThreadFilter):
    """Within one treatment the use is asked for instead."""

    treatment = None
    area = None
    use = AddressFilter(
        label="Use",
        queryset=TreatmentUse.objects.none(),
        to_field_name="slug",
        field_name="question__use",
        empty_label="Any",
    )

    def __init__(self, *args: Any, treatment: Treatment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.treatment_listed = treatment
        self.filters["use"].queryset = TreatmentUse.objects.filter(treatment=treatment).order_by("name")

    @property
    def within(self) -> Treatment:
        return self.treatment_listed


class DoctorAnswerFilter(django_filters.FilterSet):
    """Of one doctor's public answers; the treatments to choose from are those of them."""

    treatment: Any = AddressFilter(
        label="Treatment",
        queryset=Treatment.objects.none(),
        to_field_name="slug",
        field_name="question__treatment",
        empty_label="Any",
    )
    stance = django_filters.ChoiceFilter(label="Position", choices=Stance.choices, empty_label="Any")

    class Meta:
        model = Answer
        fields: list[str] = []

    def __init__(self, *args: Any, doctor: Doctor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answered = DoctorCount.objects.filter(doctor=doctor, answers__gt=0).values("treatment")
        self.filters["treatment"].queryset = Treatment.objects.public().filter(pk__in=answered)

    @property
    def is_narrowed(self) -> bool:
        return self.is_bound and any(self.form.cleaned_data.values())
