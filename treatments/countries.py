"""The country a reader has chosen, and what follows from it: labels, emergency numbers, whose practice it is.

Nothing is guessed. The address says it (``?country=GB``), or the page is that of the default country.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest

from treatments.enums import Jurisdiction

PARAMETER = "country"
HOME = Jurisdiction.US
# Other parameters of a page that its picker keeps; no page of ours has more.
KEPT = 20
SHORT = {"US": "US", "EU": "EU", "GB": "UK", "CA": "Canada", "AU": "Australia"}
WITH_ARTICLE = frozenset({Jurisdiction.US, Jurisdiction.EU, Jurisdiction.GB})
# ISO 3166 codes, as doctors give them; UK and EL are what people write.
MEMBERS_OF_THE_EU = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)


@dataclass(frozen=True)
class Emergency:
    """The numbers to call, and the public document that says so with its own date."""

    numbers: tuple[str, ...]
    title: str
    publisher: str
    dated: str
    url: str


EMERGENCY = {
    Jurisdiction.US: Emergency(
        ("911",),
        "Wireless Communications and Public Safety Act of 1999, Public Law 106-81",
        "United States Congress",
        "1999-10-26",
        "https://www.govinfo.gov/link/plaw/106/public/81?link-type=html",
    ),
    Jurisdiction.EU: Emergency(
        ("112",),
        "Directive (EU) 2018/1972, European Electronic Communications Code, Article 109",
        "European Parliament and Council",
        "2018-12-11",
        "https://eur-lex.europa.eu/eli/dir/2018/1972/oj",
    ),
    Jurisdiction.GB: Emergency(
        ("999", "112"),
        "General Conditions of Entitlement, condition A3",
        "Ofcom",
        "2021-12-17",
        "",
    ),
    Jurisdiction.CA: Emergency(
        ("911",),
        "9-1-1 action plan, Telecom Regulatory Policy CRTC 2014-342",
        "Canadian Radio-television and Telecommunications Commission",
        "2014-06-25",
        "https://crtc.gc.ca/eng/archive/2014/2014-342.htm",
    ),
    Jurisdiction.AU: Emergency(
        ("000",),
        "Telecommunications (Emergency Call Service) Determination 2019, compilation 3",
        "Australian Communications and Media Authority",
        "2024-10-28",
        "https://www.legislation.gov.au/F2019L01509/latest/text",
    ),
}


@dataclass(frozen=True)
class Numbers:
    """Numbers that hold in one or more places: ``911 (US, Canada)``."""

    numbers: tuple[str, ...]
    places: str


@dataclass(frozen=True)
class ReaderCountry:
    """What every page knows of its country. ``kept`` are the other parameters of its address."""

    chosen: Jurisdiction
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def code(self) -> str:
        return self.chosen.value

    @property
    def name(self) -> str:
        return self.chosen.label

    @property
    def in_words(self) -> str:
        """As it stands in a sentence: “in the United States”, “in Canada”."""
        return in_words(self.chosen)

    @property
    def query(self) -> str:
        """What an address needs to stay in this country; nothing for the default."""
        return "" if self.chosen == HOME else f"{PARAMETER}={self.code}"

    @property
    def options(self) -> list[tuple[str, str]]:
        return Jurisdiction.choices

    @property
    def emergency(self) -> Numbers:
        return _numbers(self.chosen)[0]

    @property
    def elsewhere(self) -> list[Numbers]:
        """The other numbers: whoever has chosen no country must find theirs too."""
        return _numbers(self.chosen)[1:]


def chosen(request: HttpRequest) -> Jurisdiction:
    """The country of the address; unknown values mean the default."""
    asked = _parameters(request).get(PARAMETER, "")
    return Jurisdiction(asked) if asked in Jurisdiction.values else HOME


def country_of(request: HttpRequest) -> ReaderCountry:
    """The country of a page, with what its picker has to keep of the address."""
    kept = [(name, value) for name, value in _parameters(request).items() if name != PARAMETER and value]
    return ReaderCountry(chosen(request), tuple(kept[:KEPT]))


def in_words(place: Jurisdiction) -> str:
    return f"the {place.label}" if place in WITH_ARTICLE else place.label


def jurisdiction_of(code: str) -> Jurisdiction | None:
    """Whose rules hold in a country, by its ISO code; ``None`` where this site has none."""
    code = {"UK": "GB"}.get(code.upper(), code.upper())
    if code in MEMBERS_OF_THE_EU:
        return Jurisdiction.EU
    return Jurisdiction(code) if code in Jurisdiction.values else None


def practice_elsewhere(code: str, here: Jurisdiction) -> str:
    """Where a doctor of country ``code`` practises, in words; empty where that is here, or unknown."""
    if not code or (place := jurisdiction_of(code)) == here:
        return ""
    return in_words(place) if place else f"another country ({code.upper()})"


def _parameters(request: HttpRequest) -> dict[str, str]:
    """The address's own; none where it has more than can be read, since error pages ask too."""
    try:
        return request.GET.dict()
    except SuspiciousOperation:
        return {}


@cache
def _numbers(first: Jurisdiction) -> list[Numbers]:
    """All emergency numbers, those of one country first; places that share theirs stand together."""
    places: dict[tuple[str, ...], list[str]] = {}
    for place in sorted(Jurisdiction, key=lambda one: one != first):
        places.setdefault(EMERGENCY[place].numbers, []).append(SHORT[place])
    return [Numbers(numbers, ", ".join(names)) for numbers, names in places.items()]
