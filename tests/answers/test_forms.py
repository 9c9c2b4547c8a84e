"""What may be written into an answer, and how its sources are read."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from answers.forms import AnswerForm, citation_line, parse_citation
from answers.models import Answer
from tests.factories import DoctorFactory, SourceFactory

GOOD = {
    "stance": "supports",
    "confidence": "moderate",
    "summary": "It is a reasonable thing to do.",
    "body": "In my practice this works for most people.",
}


def form(**data: str) -> AnswerForm:
    return AnswerForm({**GOOD, **data})


@pytest.mark.parametrize(
    ("line", "citation"),
    [
        ("PMID 12345678", {"kind": "pmid", "value": "12345678", "title": "PubMed 12345678"}),
        ("pubmed:123", {"kind": "pmid", "value": "123", "title": "PubMed 123"}),
        ("doi:10.1000/xyz.", {"kind": "doi", "value": "10.1000/xyz", "title": "doi:10.1000/xyz"}),
        (
            "https://doi.org/10.1000/a(b)",
            {"kind": "doi", "value": "10.1000/a(b)", "title": "doi:10.1000/a(b)"},
        ),
        ("Label: Botox, 2023", {"kind": "label", "value": "Botox, 2023"}),
        ("Guideline NICE NG12", {"kind": "guideline", "value": "NICE NG12"}),
        ("https://example.org/a", {"kind": "link", "value": "https://example.org/a"}),
    ],
)
def test_each_way_of_writing_a_source_is_understood(line: str, citation: dict) -> None:
    assert parse_citation(line) == citation
    assert parse_citation(citation_line(citation)) == citation


@given(st.text(max_size=80))
def test_any_line_is_a_source_or_is_refused_in_words(line: str) -> None:
    refused = ""
    try:
        citation = parse_citation(line)
    except ValidationError as error:
        refused = error.message
    assert "no source we can read" in refused if refused else citation["kind"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "field", "said"),
    [
        ({"stance": "against"}, "reason", "Choose the reason why you advise against it."),
        ({"stance": "maybe"}, "stance", "not one of the available choices"),
        ({"confidence": ""}, "confidence", "required"),
        ({"summary": "x" * 201}, "summary", "at most 200"),
        ({"summary": "\u202e\u200b"}, "summary", "required"),
        ({"summary": "\u0958" * 200}, "summary", "at most 200"),
        ({"body": "\u202e\x07"}, "body", "required"),
        ({"body": "x" * 20_001}, "body", "at most 20000"),
        ({"conflict_of_interest": "\u0958" * 400}, "conflict_of_interest", "at most 500"),
        ({"sources": "my colleague said so"}, "sources", "is no source we can read"),
        ({"sources": "javascript:alert(1)"}, "sources", "is no source we can read"),
        ({"sources": "PMID 123456789"}, "sources", "one to eight digits"),
        ({"sources": "PMID 1\nPMID 1"}, "sources", "“PMID 1” stands there twice"),
        ({"sources": "\n".join(f"PMID {n}" for n in range(1, 22))}, "sources", "At most 20 citations"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(data: dict, field: str, said: str) -> None:
    refused = form(**data)
    assert not refused.is_valid()
    assert said in str(refused.errors[field])


@pytest.mark.django_db
def test_a_complete_form_gives_the_fields_of_an_answer() -> None:
    filled = form(
        stance="against", reason="safety", sources="PMID 1\n\n https://e.org/x ", summary=" One\u202e  line. "
    )
    assert filled.is_valid(), filled.errors
    values = filled.values()
    assert values["summary"] == "One line."
    assert [source["kind"] for source in values["citations"]] == ["pmid", "link"]
    assert set(values) == {*AnswerForm.Meta.fields, "citations"}


def test_a_stored_answer_opens_with_its_sources_a_line_each() -> None:
    stored = Answer(
        citations=[{"kind": "pmid", "value": "1", "title": "PubMed 1"}, {"kind": "label", "value": "Botox"}]
    )
    assert AnswerForm(instance=stored)["sources"].value() == "PMID 1\nLabel: Botox"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("declared", "body", "asked"),
    [
        (
            "Speaker for AbbVie until 2025",
            "I would use Botox for that.",
            "names Botox, and your profile declares AbbVie",
        ),
        (
            "Advisory board, Galderma",
            "Dysport spreads wider.",
            "names Dysport, and your profile declares Galderma",
        ),
        ("Advisory board, Galderma", "Galderma says so.", "names Galderma"),
        ("Advisory board, Galderma", "I would use Botox for that.", ""),
        ("", "I would use Botox for that.", ""),
    ],
)
def test_a_product_of_a_declared_company_is_asked_about(declared: str, body: str, asked: str) -> None:
    SourceFactory(title="BOTOX (onabotulinumtoxinA) US prescribing information", publisher="AbbVie / FDA")
    SourceFactory(title="DYSPORT (abobotulinumtoxinA)", publisher="Ipsen / Galderma / FDA")
    doctor = DoctorFactory(conflicts=declared)
    sent = {**GOOD, "body": body}
    said = str(AnswerForm(sent, doctor=doctor).errors.get("conflict_of_interest", ""))
    assert asked in said
    assert bool(asked) is bool(said)
    assert AnswerForm({**sent, "nothing_to_declare": "on"}, doctor=doctor).is_valid()
    assert AnswerForm({**sent, "conflict_of_interest": "I was paid for a talk."}, doctor=doctor).is_valid()
