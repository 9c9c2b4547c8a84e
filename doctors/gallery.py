"""Cases as readers look at them: pictures matched in pairs, said in words that come from the facts alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet

from core.images.models import Rendition
from doctors.enums import Role, View
from doctors.models import Case, CasePhoto

if TYPE_CHECKING:
    from core.images.models import Photo

# The most comparable first, of these the latest; as the indexes of cases have it.
BEST_FIRST = ("-comparable_count", "-published_at", "-pk")
# As wide as a picture in a list is ever drawn.
SMALL = 640


@dataclass(frozen=True)
class Pair:
    """One view before and after. ``number`` tells it from the others of its page."""

    number: int
    view: str
    before: Photo
    after: Photo
    before_alt: str
    after_alt: str

    @property
    def is_ready(self) -> bool:
        """Whether one can be laid over the other."""
        return bool(self.before.rendered_at and self.after.rendered_at)


@dataclass(frozen=True)
class Card:
    """A case with its pairs, and none while it is covered: what a page does not name nobody fetches."""

    case: Case
    pairs: list[Pair]
    is_covered: bool = False

    @property
    def pair(self) -> Pair | None:
        return self.pairs[0] if self.pairs else None

    @property
    def url(self) -> str:
        """Whoever has uncovered a gallery need not ask again."""
        asked = "?show=pictures" if self.case.is_sensitive and not self.is_covered else ""
        return self.case.get_absolute_url() + asked

    @property
    def title(self) -> str:
        return str(self.case.use or self.case.treatment)

    @property
    def name(self) -> str:
        """What tells it from others of the same use."""
        return ", ".join(filter(None, (self.title, after(self.case.days_after))))

    @property
    def facts(self) -> str:
        return ", ".join(person(self.case))

    @property
    def line(self) -> list[str]:
        """The same one by one, and how long after."""
        said = (*person(self.case), after(self.case.days_after))
        return [fact for fact in said if fact]

    @property
    def comparable(self) -> str:
        return f"Comparable in {self.case.comparable_count} of {len(self.case.met)} ways"


def for_cards(cases: QuerySet[Case]) -> QuerySet[Case]:
    """With what a list says and shows of each: two queries beside this one."""
    small = Prefetch("photo__renditions", Rendition.objects.filter(width__lte=SMALL))
    photos = CasePhoto.objects.select_related("photo").prefetch_related(small)
    known = cases.select_related("doctor", "treatment", "use__body_area", "body_area").defer("words")
    return known.prefetch_related(Prefetch("photos", photos))


def cards(cases: Iterable[Case], *, uncovered: bool = False) -> list[Card]:
    """Sensitive ones are covered unless the reader asked for them."""
    return [card(case, uncovered=uncovered) for case in cases]


def card(case: Case, *, uncovered: bool = False) -> Card:
    if case.is_sensitive and not uncovered:
        return Card(case, [], is_covered=True)
    return Card(case, pairs(case))


def pairs(case: Case) -> list[Pair]:
    """What there is of a view both before and after, in the doctor's order. No query where the photos are loaded."""
    views: dict[str, dict[str, CasePhoto]] = {}
    for held in case.photos.all():
        views.setdefault(held.view, {})[held.role] = held
    matched = [sides for sides in views.values() if len(sides) == len(Role)]
    return [_pair(case, number, sides) for number, sides in enumerate(matched, 1)]


def _pair(case: Case, number: int, sides: dict[str, CasePhoto]) -> Pair:
    before, later = sides[Role.BEFORE], sides[Role.AFTER]
    return Pair(number, view(before), before.photo, later.photo, alt(case, before), alt(case, later))


def alt(case: Case, held: CasePhoto) -> str:
    """What a picture shows as far as its facts say it: “Before: face, aged 35–44, skin type III, front view”."""
    said = ", ".join((*person(case), view(held)))
    return f"{held.get_role_display()}: {said[:1].lower()}{said[1:]}"


def view(held: CasePhoto) -> str:
    name = held.get_view_display().lower()
    return name if held.view == View.CLOSE_UP else f"{name} view"


def person(case: Case) -> list[str]:
    """Who and where, in bands, as a line of facts; what was not said is left out."""
    place = case.body_area or (case.use.body_area if case.use else None)
    aged = f"aged {case.get_age_band_display()}" if case.age_band else ""
    skin = f"skin type {case.get_skin_type_display().split()[-1]}" if case.skin_type else ""
    return [fact for fact in (str(place or ""), aged, skin) if fact]


def after(days: int | None) -> str:
    return "" if days is None else f"{days} day{'' if days == 1 else 's'} after"
