"""What rules read, and who else can find something in it. The floors above register what they know."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from core.images.matching import Matches, matches
from core.rules.phrases import Words

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from core.images.models import Photo

LONGEST_WORDS = 160


@dataclass(frozen=True)
class Hit:
    """The words that made a rule fire. ``start`` is -1 where they stand nowhere in the text."""

    words: str
    start: int = -1

    @property
    def end(self) -> int:
        return self.start + len(self.words)

    @classmethod
    def at(cls, text: str, start: int, end: int) -> Hit:
        return cls(text[start : min(end, start + LONGEST_WORDS)], start)


@dataclass
class Reading:
    """One text and what is known about it. ``others`` gives the same author's last texts, latest first.

    ``marks`` are facts beside the text that a detector may ask for, such as a country.
    """

    text: str
    kind: str = ""
    about: frozenset[str] = frozenset()
    author_id: int | None = None
    joined_at: datetime | None = None
    others: Callable[[], Iterable[str]] = tuple
    photos: Callable[[], Iterable[Photo]] = tuple
    marks: frozenset[str] = frozenset()

    @cached_property
    def matches(self) -> Matches:
        """Which of its pictures look like which; asked for once."""
        return matches(self.photos())

    @cached_property
    def words(self) -> Words:
        return Words(self.text)


@dataclass(frozen=True)
class Reader:
    """How a kind of thing is read: its words and pictures, its subject, who wrote it, what else they wrote."""

    text: Callable[[Any], str]
    about: Callable[[Any], Iterable[str]] = field(default=lambda obj: ())
    author: Callable[[Any], Any] = field(default=lambda obj: None)
    others: Callable[[Any], Iterable[str]] = field(default=lambda obj: ())
    related: tuple[str, ...] = ()
    photos: Callable[[Any], Iterable[Photo]] = field(default=lambda obj: ())
    prefetched: tuple[str, ...] = ()
    marks: Callable[[Any], Iterable[str]] = field(default=lambda obj: ())

    def read(self, obj: Any) -> Reading:
        person = self.author(obj)
        return Reading(
            text=self.text(obj),
            kind=obj._meta.label_lower,
            about=frozenset(self.about(obj)),
            author_id=person.pk if person else None,
            joined_at=person.date_joined if person else None,
            others=lambda: self.others(obj),
            photos=lambda: self.photos(obj),
            marks=frozenset(self.marks(obj)),
        )

    def rows(self, model: type[Model]) -> QuerySet:
        rows = model._base_manager.prefetch_related(*self.prefetched)
        return rows.select_related(*self.related) if self.related else rows


@dataclass(frozen=True)
class Detector:
    """What words alone cannot say. ``reads_text``: it can be shown by an example."""

    label: str
    find: Callable[[Reading], Iterable[Hit]]
    reads_text: bool = True


READERS: dict[str, Reader] = {}
DETECTORS: dict[str, Detector] = {}
# Definitions of rules that run even where no row of theirs has been loaded.
STANDING: list[dict[str, Any]] = []


def register_reader(model: type[Model], reader: Reader) -> None:
    READERS[model._meta.label_lower] = reader


def register_detector(name: str, detector: Detector) -> None:
    DETECTORS[name] = detector
