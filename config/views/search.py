"""The search page: treatments, doctors and threads for one query. Six queries, whatever is found."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from answers.consensus import with_bars
from answers.filters import ThreadFilter
from answers.models import Thread, ThreadQuerySet
from answers.search import FOUND, Reading, find, load, read
from core.pagination import PAGE_SIZE, CursorPage
from core.text import clean_line, number_in
from doctors.search import search_doctors
from treatments.search import Entry, catalogue, matching

PAGES = FOUND // PAGE_SIZE
LONGEST = 1000


class SearchFilter(ThreadFilter):
    """The filters that make sense beside a ranking; the query travels along."""

    sort = area = age = place = None
    q = django_filters.CharFilter(method="keep", widget=forms.HiddenInput)
    treatment = django_filters.ChoiceFilter(label="Treatment", empty_label="Any", method="by_treatment")

    def __init__(self, *args: Any, entries: list[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = {entry.slug: entry.treatment_id for entry in entries if not entry.is_use}
        self.filters["treatment"].extra["choices"] = [(e.slug, e.name) for e in entries if not e.is_use]

    def by_treatment(self, queryset: ThreadQuerySet, name: str, value: str) -> ThreadQuerySet:
        """By the key and not the slug: so the planner sees how common the treatment is."""
        return queryset.for_treatment(self.keys[value])

    @property
    def within(self) -> None:
        """What is found has an order of its own."""

    @property
    def is_narrowed(self) -> bool:
        return self.is_bound and any(v for k, v in self.form.cleaned_data.items() if k != "q")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = clean_line(request.GET.get("q", "").replace("\x00", " "))[:LONGEST]
    entries = catalogue()
    threads = SearchFilter(request.GET, queryset=Thread.objects.public(), entries=entries)
    reading = read(query, entries)
    found = find(reading, within=threads.qs)
    number = page_number(request.GET)
    context = {
        "query": query,
        "filter": threads,
        "page": page_of(found, number, reading, request.GET),
        "found": found,
        "is_capped": len(found) == FOUND,
        "corrected_url": link(request.GET, q=reading.suggestion) if reading.suggestion else "",
        "suggestion": reading.suggestion,
        "clear_url": link(QueryDict(), q=query),
        **beside(reading, entries, is_first=number == 1),
    }
    return render(request, "search/index.html", context)


def beside(reading: Reading, entries: list[Entry], *, is_first: bool) -> dict[str, Any]:
    """Treatments and doctors, above the first page of threads only."""
    if not is_first:
        return {"treatments": [], "doctors": []}
    return {
        "treatments": matching(entries, reading.words),
        "doctors": search_doctors(reading.words, reading.stems),
    }


def page_of(found: list[int], number: int, reading: Reading, params: QueryDict) -> CursorPage:
    """One page of the ranking with bars and extracts. Two queries."""
    start = (number - 1) * PAGE_SIZE
    rows = load(found[start : start + PAGE_SIZE], reading)
    more = len(found) > start + PAGE_SIZE
    return with_bars(
        CursorPage(
            rows,
            next_url=link(params, page=str(number + 1)) if more else "",
            first_url=link(params, page=None) if number > 1 else "",
        )
    )


def page_number(params: QueryDict) -> int:
    """From 1 to ``PAGES``; anything else is the first page."""
    given = number_in(params.get("page", ""))
    return given if 1 <= given <= PAGES else 1


def link(params: QueryDict, **changed: str | None) -> str:
    """The same address with other parameters; a changed query starts at its first page."""
    query = params.copy()
    if "q" in changed:
        query.pop("page", None)
    for name, value in changed.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"
