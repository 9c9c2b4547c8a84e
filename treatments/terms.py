"""Terms explained where they stand: the first occurrence in a page becomes a ``<dfn>`` with a button.

The button opens a popover without any script; the popovers are printed once, at the end of the page. Texts are
HTML that :mod:`core.text` has cleaned. A parser says where their words are, and only inside those is anything
put: every other character of a text leaves as it came.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.db.models import Count, Max, Subquery, Value
from django.db.models.functions import JSONObject

from treatments.models import Term

# Nothing is explained inside these: they are something to press, to copy or to find one's way by.
LEFT_ALONE = frozenset(
    "a button code dfn h1 h2 h3 h4 h5 h6 iframe label option pre script select style svg template textarea "
    "title".split()
)


def terms_version() -> Subquery:
    """Changes with every change of the glossary; loaded along with what a page loads anyway."""
    every = Term.objects.order_by().values(all=Value(1))
    counted = every.annotate(version=JSONObject(changed_at=Max("changed_at"), number=Count("pk")))
    return Subquery(counted.values("version"))


@dataclass(frozen=True)
class Glossary:
    """All terms, and which of them a form stands for: ``{form in lower case: term}``."""

    version: str
    forms: dict[str, Term]

    @classmethod
    def load(cls, version: Any) -> Glossary:
        """One query. A form that two terms claim belongs to the first of them by name."""
        forms: dict[str, Term] = {}
        for term in Term.objects.all():
            for form in term.forms:
                forms.setdefault(html.escape(form.lower(), quote=False), term)
        return cls(str(version), forms)


_kept: Glossary | None = None


def glossary(version: Any) -> Glossary:
    """The glossary as of ``version``, kept in this process: no query unless it has changed."""
    global _kept
    kept = _kept
    if kept is None or kept.version != str(version):
        kept = _kept = Glossary.load(version)
    return kept


@dataclass
class Explainer:
    """Goes through the texts of one page in their order; ``used`` are the terms explained so far."""

    glossary: Glossary
    used: list[Term] = field(default_factory=list)

    def __call__(self, rendered: str) -> str:
        """The same text with each term that has not occurred before in a ``<dfn>``."""
        lowered = rendered.lower()
        due = [
            form for form, term in self.glossary.forms.items() if term not in self.used and form in lowered
        ]
        if not due:
            return rendered
        # The longest first: “brow ptosis” is one term, not a brow and another.
        words = "|".join(re.escape(form) for form in sorted(due, key=len, reverse=True))
        # A sign behind it stays on its line: a button may otherwise be parted from what follows.
        pattern = re.compile(rf"(?<![\w-])(?P<term>{words})(?![\w-])(?P<sign>[,.;:!?)]*)", re.IGNORECASE)
        out, done = [], 0
        for start, end in words_of(rendered):
            out += [rendered[done:start], pattern.sub(self._explained, rendered[start:end])]
            done = end
        return "".join([*out, rendered[done:]])

    def _explained(self, match: re.Match[str]) -> str:
        term = self.glossary.forms.get(match["term"].lower())
        if term is None or term in self.used:
            return match[0]
        self.used.append(term)
        target = html.escape(f"term-{term.slug}")
        return f'<dfn><button type="button" popovertarget="{target}">{match["term"]}</button>{match["sign"]}</dfn>'


def words_of(rendered: str) -> list[tuple[int, int]]:
    """Where the words of a text stand that may be explained: pairs of positions."""
    finder = _Words(rendered)
    try:
        finder.feed(rendered)
        finder.close()
    except AssertionError:  # markup that no cleaner lets through
        return []
    return finder.found


class _Words(HTMLParser):
    """Notes where the text between tags stands; entities end a piece, so they are never inside one."""

    def __init__(self, rendered: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[int, int]] = []
        self._open: list[str] = []
        self._source = rendered
        self._lines = [0, *(match.end() for match in re.finditer("\n", rendered))]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LEFT_ALONE:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Browsers do not close ``<a/>``; it is open."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        line, column = self.getpos()
        start = self._lines[line - 1] + column
        end = start + len(data)
        if not self._open and "<" not in data and self._source[start:end] == data:
            self.found.append((start, end))


def explain(*parts: tuple[Iterable[Any], str], version: Any) -> list[Term]:
    """Explain terms in attributes that hold HTML, ``(objects, name)`` by part in the page's order.

    Returns the terms that occurred.
    """
    explainer = Explainer(glossary(version))
    for texts, name in parts:
        for text in texts:
            setattr(text, name, explainer(getattr(text, name)))
    return explainer.used


def listed_terms() -> list[tuple[str, list[Term]]]:
    """All terms under their first letter. One query."""
    letters: dict[str, list[Term]] = {}
    for term in sorted(Term.objects.select_related("source"), key=lambda term: term.name.casefold()):
        letters.setdefault(term.name[:1].upper(), []).append(term)
    return list(letters.items())
