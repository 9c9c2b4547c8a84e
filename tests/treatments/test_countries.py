"""The reader's country and what follows from it."""

import re

import pytest
from django.test import RequestFactory

from treatments.countries import (
    EMERGENCY,
    HOME,
    KEPT,
    chosen,
    country_of,
    in_words,
    jurisdiction_of,
    practice_elsewhere,
)
from treatments.enums import Jurisdiction


@pytest.mark.parametrize("place", list(Jurisdiction))
def test_every_country_has_emergency_numbers_with_a_source_and_its_date(place: Jurisdiction) -> None:
    said = EMERGENCY[place]
    assert all(re.fullmatch(r"\d{3}", number) for number in said.numbers)
    assert said.title
    assert said.publisher
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", said.dated)


@pytest.mark.parametrize("place", list(Jurisdiction))
def test_no_number_is_left_out_whatever_was_chosen(place: Jurisdiction) -> None:
    country = country_of(RequestFactory().get("/", {"country": place}))
    assert country.emergency.numbers == EMERGENCY[place].numbers
    groups = [country.emergency, *country.elsewhere]
    assert {group.numbers for group in groups} == {said.numbers for said in EMERGENCY.values()}
    named = ", ".join(group.places for group in groups).split(", ")
    assert sorted(named) == ["Australia", "Canada", "EU", "UK", "US"]


@pytest.mark.parametrize("asked", ["", "gb", "XX", "GB ", "United Kingdom", "<b>", "é"])
def test_an_unknown_country_is_the_default(asked: str) -> None:
    assert chosen(RequestFactory().get("/", {"country": asked})) == HOME


def test_a_cookie_or_a_language_says_nothing_to_the_server() -> None:
    request = RequestFactory().get("/", headers={"cookie": "country=GB", "accept-language": "en-GB"})
    assert chosen(request) == HOME


def test_the_picker_keeps_the_rest_of_the_address_and_no_more_than_it_must() -> None:
    country = country_of(RequestFactory().get("/?sort=name&status=&country=GB&q=a%22b"))
    assert country.kept == (("sort", "name"), ("q", 'a"b'))
    many = country_of(RequestFactory().get("/", {f"p{n}": "x" for n in range(50)}))
    assert len(many.kept) == KEPT


@pytest.mark.parametrize(
    ("code", "place"),
    [("US", "US"), ("gb", "GB"), ("UK", "GB"), ("SE", "EU"), ("EL", "EU"), ("CA", "CA"), ("AU", "AU"),
     ("CH", None), ("NO", None), ("BR", None)],
)  # fmt: skip
def test_whose_rules_hold_where(code: str, place: str | None) -> None:
    assert jurisdiction_of(code) == place


@pytest.mark.parametrize(
    ("code", "here", "words"),
    [
        ("GB", "US", "the United Kingdom"),
        ("DE", "US", "the European Union"),
        ("DE", "EU", ""),
        ("CA", "GB", "Canada"),
        ("US", "US", ""),
        ("", "US", ""),
        ("br", "US", "another country (BR)"),
    ],
)
def test_practice_elsewhere_is_said_and_practice_here_is_not(code: str, here: str, words: str) -> None:
    assert practice_elsewhere(code, Jurisdiction(here)) == words


def test_names_stand_in_a_sentence() -> None:
    assert [in_words(place) for place in Jurisdiction] == [
        "the United States",
        "the European Union",
        "the United Kingdom",
        "Canada",
        "Australia",
    ]
