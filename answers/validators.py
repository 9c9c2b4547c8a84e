"""The shape of a citation list, and of the identifiers in it."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError

from answers.enums import CitationKind

MAX_CITATIONS = 20
SHAPES = {
    CitationKind.PMID: (re.compile(r"\d{1,8}"), "A PubMed number has one to eight digits."),
    # Crossref's recommended pattern for current DOIs.
    CitationKind.DOI: (re.compile(r"10\.\d{4,9}/[-._;()/:A-Za-z0-9]+"), "A DOI looks like 10.1000/xyz123."),
    CitationKind.LINK: (re.compile(r"https?://[^\s<>\"']{4,480}"), "A link begins with http:// or https://."),
}


def validate_citation(citation: Any) -> None:
    """``{"kind", "value", "title"?}`` with a value of the kind's own form."""
    if not isinstance(citation, dict) or not {"kind", "value"} <= citation.keys() <= {
        "kind",
        "value",
        "title",
    }:
        raise ValidationError("A citation has a kind, a value and perhaps a title.")
    if not all(isinstance(value, str) and len(value) <= 500 for value in citation.values()):
        raise ValidationError("A citation consists of short texts.")
    if citation["kind"] not in CitationKind.values or not citation["value"].strip():
        raise ValidationError("This kind of citation does not exist, or its value is empty.")
    shape = SHAPES.get(CitationKind(citation["kind"]))
    if shape and not shape[0].fullmatch(citation["value"]):
        raise ValidationError(shape[1])


def validate_citations(value: Any) -> None:
    """A list of at most twenty citations, none of them twice."""
    if not isinstance(value, list) or len(value) > MAX_CITATIONS:
        raise ValidationError(f"At most {MAX_CITATIONS} citations.")
    for citation in value:
        validate_citation(citation)
    if len({(citation["kind"], citation["value"]) for citation in value}) < len(value):
        raise ValidationError("The same source is cited twice.")
