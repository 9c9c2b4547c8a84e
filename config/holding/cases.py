"""What facts of a case say to a moderator: medicines that may not be named to the public, pictures of one day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.rules.reading import Hit, Reading

SAME_DAY = "same day"
# Where medicines on prescription are not advertised to the public: Directive 2001/83/EC, Article 88(1)(a); in the
# United Kingdom the Human Medicines Regulations 2012, regulation 284, and the CAP Code, rule 12.12.
NOT_NAMED_IN = frozenset(
    """GB IE AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO""".split()
)
_ON_PRESCRIPTION = re.compile(
    r"\b(?:botox|vistabel|dysport|azzalure|xeomin|bocouture|alluzience|relfydess|nuceiva|letybo|jeuveau|daxxify|"
    r"(?:botulinum |beauty)?tox(?:in)?s?|kybella|belkyra|ozempic|wegovy|mounjaro|saxenda|semaglutide|tirzepatide|"
    r"liraglutide|tretinoin|isotretinoin|hyaluronidase|hyalase)\b",
    re.IGNORECASE,
)


def prescription_names(reading: Reading) -> Iterator[Hit]:
    """A medicine on prescription, where its doctor’s place does not let it be named to the public."""
    if reading.marks & NOT_NAMED_IN:
        for match in _ON_PRESCRIPTION.finditer(reading.text):
            yield Hit.at(reading.text, match.start(), match.end())


def taken_on_one_day(reading: Reading) -> Iterator[Hit]:
    if SAME_DAY in reading.marks:
        yield Hit("before and after were taken on the same day")
