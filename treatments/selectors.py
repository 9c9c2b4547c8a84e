"""Reading the catalogue: each function a fixed number of queries."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Max, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Greatest
from django.utils import timezone

from core.dates import months_later
from treatments.countries import HOME
from treatments.enums import Jurisdiction, SynonymKind
from treatments.models import (
    BodyArea,
    Caution,
    LabelStatus,
    SafetyNotice,
    Source,
    Treatment,
    TreatmentRedirect,
    TreatmentUse,
    UseRedirect,
    family_of,
)

SAME_AREA = 8
RECENT_MONTHS = 24


@dataclass(frozen=True)
class Listed:
    """A treatment in the index: ``also`` are its other names, ``members`` those that belong to it."""

    treatment: Treatment
    also: list[str]
    members: list[Treatment]


@dataclass(frozen=True)
class LabelledUse:
    """A use with what the label says of it in one jurisdiction, or ``None`` where no document is listed."""

    use: TreatmentUse
    label: LabelStatus | None

    @property
    def pk(self) -> int:
        return self.use.pk

    @property
    def status(self) -> str:
        return self.label.status if self.label else "none"


@dataclass(frozen=True)
class Addressed:
    """What a treatment's address means today: ``uses`` by the addresses they have, or had, below it."""

    treatment: Treatment
    uses: dict[str, TreatmentUse]


def by_address() -> dict[str, Addressed]:
    """Every address a treatment has or had before it was merged. Four queries."""
    treatments = Treatment.objects.prefetch_related("uses").in_bulk()
    uses = {row.pk: {use.slug: use for use in row.uses.all()} for row in treatments.values()}
    found = {row.slug: Addressed(row, uses[row.pk]) for row in treatments.values()}
    for redirect in TreatmentRedirect.objects.prefetch_related("uses__use"):
        former = {use.slug: use.use for use in redirect.uses.all()}
        found[redirect.slug] = Addressed(treatments[redirect.target_id], former)
    return found


def merged_into(slug: str, use: str = "") -> dict[str, str]:
    """Where an address of a treatment that was merged leads: ``{"slug", "use"}``, nowhere if ``{}``. One query."""
    if use:
        uses = UseRedirect.objects.filter(treatment__slug=slug, slug=use, use__treatment__is_reviewed=True)
        found = uses.values_list("use__treatment__slug", "use__slug").first()
        return {"slug": found[0], "use": found[1]} if found else {}
    treatments = TreatmentRedirect.objects.filter(slug=slug, target__is_reviewed=True)
    target = treatments.values_list("target__slug", flat=True).first()
    return {"slug": target} if target else {}


def listed_treatments() -> list[Listed]:
    """Every public treatment with members, names and body areas, by name. Three queries."""
    rows = Treatment.objects.public().prefetch_related("synonyms", "body_areas")
    treatments = sorted(rows.defer("description", "description_html"), key=lambda row: sort_key(row.name))
    members: dict[int | None, list[Treatment]] = defaultdict(list)
    for treatment in treatments:
        members[treatment.parent_id].append(treatment)
    return [
        Listed(treatment, [n for group in names_of(treatment) for n in group["names"]], members[treatment.pk])
        for treatment in treatments
    ]


def by_letter(rows: Iterable[Listed]) -> list[tuple[str, list[Listed]]]:
    """Treatments under the first letter of their name; figures and signs under “#”."""
    letters: dict[str, list[Listed]] = defaultdict(list)
    for row in rows:
        first = sort_key(row.treatment.name)[:1].upper()
        letters[first if first.isascii() and first.isalpha() else "#"].append(row)
    return sorted(letters.items())


def by_body_area(rows: Iterable[Listed]) -> list[tuple[BodyArea, list[Treatment]]]:
    """Treatments under each body area they are used on, from head to foot."""
    areas: dict[BodyArea, list[Treatment]] = defaultdict(list)
    for row in rows:
        for area in row.treatment.body_areas.all():
            areas[area].append(row.treatment)
    return sorted(areas.items(), key=lambda item: (item[0].position, item[0].name))


def sort_key(name: str) -> str:
    """Names in the order of a dictionary: case and accents do not count."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def treatments_with_family() -> QuerySet[Treatment]:
    """Public treatments with what a page about one needs beside its uses."""
    return Treatment.objects.public().select_related(
        "parent__parent__emergency_source", "parent__emergency_source", "emergency_source"
    )


def with_checked_on(treatments: QuerySet[Treatment]) -> QuerySet[Treatment]:
    """The same treatments with ``checked_on``: the last day on which somebody held a document beside a fact of one."""
    cautions = Caution.objects.filter(treatment=OuterRef("pk")).order_by().values("treatment")
    labels = LabelStatus.objects.filter(use__treatment=OuterRef("pk")).order_by().values("use__treatment")
    days = [Subquery(facts.values(day=Max("checked_on"))) for facts in (cautions, labels)]
    return treatments.annotate(checked_on=Greatest(*days))


def names_of(treatment: Treatment) -> list[dict[str, Any]]:
    """Other names by kind, as ``{"kind", "label", "names"}``; the generic name stands first. One query."""
    groups: dict[str, list[str]] = {kind: [] for kind in SynonymKind.values}
    if treatment.generic and treatment.generic.casefold() != treatment.name.casefold():
        groups[SynonymKind.GENERIC].append(treatment.generic)
    known = {treatment.name.casefold(), treatment.generic.casefold()}
    for synonym in treatment.synonyms.all():
        if synonym.name.casefold() not in known:
            groups[synonym.kind].append(synonym.name)
    order = (SynonymKind.GENERIC, SynonymKind.BRAND, SynonymKind.LAY, SynonymKind.ABBREVIATION)
    return [
        {"kind": kind.value, "label": kind.label, "names": groups[kind]} for kind in order if groups[kind]
    ]


def cautions_of(treatment: Treatment) -> list[Caution]:
    """The treatment's cautions, then those of each family, nearest first, on subjects still open. One query.

    What belongs to one subject stands together.
    """
    return cautions_for([treatment])[treatment.pk]


def cautions_for(treatments: Iterable[Treatment]) -> dict[int, list[Caution]]:
    """The cautions of each of these, as :func:`cautions_of` has them. One query for all."""
    families = {treatment.pk: family_of(treatment) for treatment in treatments}
    owners = {owner.pk: owner for family in families.values() for owner in family}
    found: dict[int, list[Caution]] = defaultdict(list)
    for caution in Caution.objects.filter(treatment__in=owners).select_related("source"):
        caution.treatment = owners[caution.treatment_id]
        found[caution.treatment_id].append(caution)
    return {pk: _by_subject(found[owner.pk] for owner in family) for pk, family in families.items()}


def _by_subject(levels: Iterable[list[Caution]]) -> list[Caution]:
    """``levels``: the cautions of each of a family, nearest first."""
    holding: dict[str, list[Caution]] = {}
    for cautions in levels:
        nearer = set(holding)
        for caution in cautions:
            if caution.kind not in nearer:
                holding.setdefault(caution.kind, []).append(caution)
    return [caution for subject in holding.values() for caution in subject]


def notices_of(treatment: Treatment) -> list[SafetyNotice]:
    """The safety notices in force on a treatment and on its families, latest first. One query."""
    notices = SafetyNotice.objects.current().filter(treatment__in=family_of(treatment))
    return list(notices.select_related("source", "treatment"))


def by_age(notices: Iterable[SafetyNotice]) -> dict[str, list[SafetyNotice]]:
    """``{"recent", "older"}``: what was issued within 24 months stands above what a page is about, the rest below."""
    since = months_later(timezone.localdate(), -RECENT_MONTHS)
    ages: dict[str, list[SafetyNotice]] = {"recent": [], "older": []}
    for notice in notices:
        ages["recent" if notice.issued_on >= since else "older"].append(notice)
    return ages


def uses_of(treatment: Treatment, *, jurisdiction: str = HOME) -> list[LabelledUse]:
    """The uses from head to foot, each with its label in one jurisdiction. Two queries."""
    uses = list(TreatmentUse.objects.filter(treatment=treatment).select_related("body_area"))
    labels = LabelStatus.objects.filter(use__in=uses, jurisdiction=jurisdiction).select_related("source")
    by_use = {label.use_id: label for label in labels}
    for use in uses:
        use.treatment = treatment
    return [LabelledUse(use, by_use.get(use.pk)) for use in uses]


def last_checked(*facts: Iterable[Caution | LabelStatus]) -> date | None:
    """The latest day on which somebody held one of these facts beside its document."""
    return max((fact.checked_on for group in facts for fact in group if fact.checked_on), default=None)


def labels_everywhere(use: TreatmentUse) -> list[tuple[Jurisdiction, LabelStatus | None]]:
    """What the label of a use says in each jurisdiction, or ``None`` where no document is listed. One query."""
    held = {label.jurisdiction: label for label in use.labels.select_related("source")}
    return [(place, held.get(place)) for place in Jurisdiction]


def same_area(use: TreatmentUse, *, jurisdiction: str = HOME) -> list[LabelledUse]:
    """Uses of other treatments on the same part of the body, with their labels. Two queries.

    Those of the same name come first: the same thing done with something else.
    """
    others = (
        TreatmentUse.objects.filter(treatment__is_reviewed=True, body_area=use.body_area_id)
        .exclude(treatment=use.treatment_id)
        .annotate(is_other=Case(When(slug=use.slug, then=0), default=1))
        .select_related("treatment")
        .order_by("is_other", "treatment__name", "name")
    )
    rows = list(others[:SAME_AREA]) if use.body_area_id else []
    labels = LabelStatus.objects.filter(use__in=rows, jurisdiction=jurisdiction)
    by_use = {label.use_id: label for label in labels}
    return [LabelledUse(row, by_use.get(row.pk)) for row in rows]


def label_sources(rows: Iterable[LabelledUse]) -> list[dict[str, Any]]:
    """The documents behind the labels of these uses, once each with the latest day of looking."""
    latest: dict[int, dict[str, Any]] = {}
    for label in (row.label for row in rows if row.label):
        row = latest.setdefault(label.source_id, {"source": label.source, "checked_on": None})
        if label.checked_on and (row["checked_on"] is None or label.checked_on > row["checked_on"]):
            row["checked_on"] = label.checked_on
    return sorted(latest.values(), key=lambda row: sort_key(row["source"].title))


def products_of_companies() -> dict[str, tuple[str, ...]]:
    """``{"botox": ("AbbVie",)}``: products by the companies whose labels the catalogue cites. One query.

    Such a document is titled by the product, and its publisher reads “company / authority”.
    """
    cited = Source.objects.filter(publisher__contains=" / ").values_list("title", "publisher")
    made: dict[str, tuple[str, ...]] = {}
    for title, publisher in cited:
        product = title.split(maxsplit=1)[0].strip(",:;").casefold()
        made[product] = tuple(dict.fromkeys((*made.get(product, ()), *publisher.split(" / ")[:-1])))
    return made
