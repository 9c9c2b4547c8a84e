"""Numbers of the authorities we know: what they look like, and that a slip of the pen is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctors.authorities import AUTHORITIES, NPI, Authority, authority_of, passes_luhn
from doctors.enums import CredentialKind

nine = st.integers(min_value=100_000_000, max_value=299_999_999).map(str)


def luhn_by_hand(digits: str) -> bool:
    """The rule as it is written down: from the right, every second digit doubled and its digits added up."""
    numbers = [int(digit) for digit in digits]
    numbers.reverse()
    total = 0
    for place in range(len(numbers)):
        value = numbers[place]
        if place % 2 == 1:
            value = value + value
            value = value // 10 + value % 10
        total = total + value
    return total - total // 10 * 10 == 0


def with_check_digit(first_nine: str) -> str:
    return next(number for digit in "0123456789" if luhn_by_hand(f"80840{(number := first_nine + digit)}"))


@given(st.text("0123456789", min_size=1, max_size=30))
def test_the_check_agrees_with_the_rule_done_by_hand(digits: str) -> None:
    assert passes_luhn(digits) == luhn_by_hand(digits)


@given(nine)
def test_each_nine_digits_have_one_check_digit(first_nine: str) -> None:
    assert sum(not NPI.problem_with(first_nine + digit) for digit in "0123456789") == 1


@given(nine, st.integers(min_value=0, max_value=9), st.integers(min_value=1, max_value=9))
def test_every_single_wrong_digit_is_noticed(first_nine: str, place: int, off_by: int) -> None:
    number = with_check_digit(first_nine)
    assert NPI.problem_with(number) == ""
    wrong = str((int(number[place]) + off_by) % 10)
    assert NPI.problem_with(number[:place] + wrong + number[place + 1 :]) != ""


def test_the_example_of_the_specification_is_right_and_its_neighbour_is_not() -> None:
    assert NPI.problem_with("1234567893") == ""
    assert "check digit" in NPI.problem_with("1234567890")
    assert "ten digits" in NPI.problem_with("123456789")


@pytest.mark.parametrize(
    ("name", "country", "right", "wrong"),
    [
        ("General Medical Council", "GB", ["7654321", "765 43 21"], ["765432", "76543210", "C7654321"]),
        ("gmc", "", ["7654321"], ["٧٦٥٤٣٢١"]),
        (
            "AHPRA",
            "AU",
            ["MED0001234567", "med 000 123 4567"],
            ["0001234567", "NMW0001234567", "MED000123456"],
        ),
        ("Conseil national de l'Ordre des médecins", "FR", ["10001234567"], ["1000123456", "A0001234567"]),
        ("BIG-register", "NL", ["19012345678"], ["1901234567"]),
    ],
)
def test_a_number_is_held_against_its_authority(
    name: str, country: str, right: list[str], wrong: list[str]
) -> None:
    authority = authority_of(kind=CredentialKind.LICENCE, name=name, country=country)
    assert authority is not None
    assert [number for number in right if authority.problem_with(number)] == []
    assert [number for number in wrong if not authority.problem_with(number)] == []


@pytest.mark.parametrize(
    ("kind", "name", "country"),
    [
        ("licence", "General Medical Council of Elsewhere", "ZZ"),
        ("licence", "General Medical Council", "IN"),
        ("board", "General Medical Council", "GB"),
        ("licence", "Ärztekammer Berlin", "DE"),
    ],
)
def test_nobody_is_taken_for_an_authority_that_is_another_one(kind: str, name: str, country: str) -> None:
    assert authority_of(kind=kind, name=name, country=country) is None


def test_a_state_board_leads_to_a_register_and_judges_no_number() -> None:
    board = authority_of(kind="licence", name="Texas Medical Board", country="US")
    assert board is not None
    assert board.register.startswith("https://")
    assert board.problem_with("DEMO-10808") == ""


@pytest.mark.parametrize("authority", AUTHORITIES, ids=lambda a: a.label)
def test_every_format_names_its_document_and_the_day_it_was_read(authority: Authority) -> None:
    assert authority.register.startswith("https://")
    assert (
        bool(authority.pattern)
        == bool(authority.source)
        == bool(authority.read_on)
        == bool(authority.expected)
    )


@given(st.text(max_size=60))
def test_no_number_breaks_the_check(number: str) -> None:
    for authority in AUTHORITIES:
        assert isinstance(authority.problem_with(number), str)
