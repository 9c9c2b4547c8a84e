"""The use matrix as a file."""

import csv
import io

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from answers.views.matrix import COLUMNS, safe_cell
from tests.factories import (
    AnswerFactory,
    BodyAreaFactory,
    LabelStatusFactory,
    QuestionFactory,
    SourceFactory,
    TreatmentFactory,
    UseFactory,
)
from treatments.models import TreatmentUse

URL = "/treatments/botox/uses/uses.csv"
RUN_BY_SPREADSHEETS = tuple("=+-@\t\r")


@pytest.fixture
def calves(db: None) -> TreatmentUse:
    botox = TreatmentFactory(name="Botox")
    legs = BodyAreaFactory(slug="legs", name="Legs", position=9)
    use = UseFactory(
        treatment=botox, name="Calf reduction", slug="calves", lay_name="schöne Waden", body_area=legs
    )
    source = SourceFactory(title="The label", publisher="FDA", dated="2024-10", url="https://example.org/l")
    LabelStatusFactory(use=use, source=source, checked_on="2026-11-23", note="A note, with a comma")
    UseFactory(treatment=botox, name="Brow", slug="brow")
    return use


def rows(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(URL + query)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8"), newline="")))


def test_it_holds_what_the_page_shows(client: Client, calves: TreatmentUse) -> None:
    question = QuestionFactory(published=True, treatment=calves.treatment, use=calves)
    for stance in ("against", "against", "supports"):
        AnswerFactory(
            published=True, question=question, stance=stance, reason="safety" if stance == "against" else ""
        )
    brow, row = rows(client)
    assert list(row) == list(COLUMNS)
    expected = {
        "Use": "Calf reduction",
        "Everyday name": "schöne Waden",
        "Body area": "Legs",
        "Country": "United States",
        "Label": "Off-label",
        "Note": "A note, with a comma",
        "Source": "The label",
        "Document dated": "2024-10",
        "Address": "https://example.org/l",
        "Checked on": "2026-11-23",
        "Threads": "1",
        "Doctors counted": "3",
        "Advises against": "2",
        "Supports": "1",
        "Where doctors stand": "2 of 3 doctors advise against it",
    }
    assert {name: row[name] for name in expected} == expected
    assert (brow["Use"], brow["Label"], brow["Threads"]) == ("Brow", "No document listed", "0")


def test_it_is_a_file_that_anybody_may_cache_and_nobody_indexes(client: Client, calves: TreatmentUse) -> None:
    response = client.get(URL)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="botox-uses-us.csv"'
    assert response["X-Robots-Tag"] == "noindex"
    assert "public" in response["Cache-Control"]
    assert not response.cookies


def test_country_filter_and_order_are_those_of_the_page(client: Client, calves: TreatmentUse) -> None:
    assert [row["Use"] for row in rows(client, "?status=off-label")] == ["Calf reduction"]
    assert [row["Use"] for row in rows(client, "?sort=status")] == ["Calf reduction", "Brow"]
    assert {row["Label"] for row in rows(client, "?country=GB")} == {"No document listed"}
    assert {row["Country"] for row in rows(client, "?country=GB")} == {"United Kingdom"}
    assert len(rows(client, "?sort=x&status=x&country=x")) == 2


def test_only_public_treatments_have_one(client: Client, calves: TreatmentUse) -> None:
    TreatmentFactory(name="Hidden", is_reviewed=False)
    assert client.get("/treatments/hidden/uses/uses.csv").status_code == 404
    assert client.get("/treatments/none/uses/uses.csv").status_code == 404


def test_what_an_editor_typed_is_no_formula(client: Client, calves: TreatmentUse) -> None:
    """T-IN-08"""
    TreatmentUse.objects.filter(pk=calves.pk).update(name='=HYPERLINK("x")', lay_name="@sum", summary="")
    row = rows(client)[-1]
    assert row["Use"] == '\'=HYPERLINK("x")'
    assert row["Everyday name"] == "'@sum"


@given(st.text() | st.tuples(st.sampled_from(RUN_BY_SPREADSHEETS), st.text()).map("".join))
def test_no_text_survives_as_a_formula_and_none_is_lost(text: str) -> None:
    """T-IN-08: whatever is written is read back, behind a quote where a spreadsheet would run it."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow([safe_cell(text), "end"])
    [[cell, end]] = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert end == "end"
    assert not cell.startswith(RUN_BY_SPREADSHEETS)
    assert cell in (text, f"'{text}")


@given(st.integers() | st.floats(allow_nan=False))
def test_figures_stay_figures(number: float) -> None:
    assert safe_cell(number) == number
