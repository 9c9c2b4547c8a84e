"""What is said of a case, and what its pictures are called, comes from its facts alone."""

import pytest

from doctors.enums import Alike, Role, View
from doctors.gallery import alt, card, pairs
from doctors.models import CasePhoto
from tests.factories import BodyAreaFactory, CaseFactory, UseFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "view", "said"),
    [
        ({}, View.FRONT, "Before: aged 35–44, skin type III, front view"),
        ({"age_band": "", "skin_type": ""}, View.LEFT, "Before: left side view"),
        ({"age_band": "65+"}, View.CLOSE_UP, "Before: aged 65 or older, skin type III, close-up"),
    ],
)
def test_a_picture_is_called_by_facts(fields: dict, view: View, said: str) -> None:
    case = CaseFactory(**fields, words="Secret words", technique="Secret words", views=(view,))
    assert alt(case, case.photos.get(role=Role.BEFORE)) == said


def test_where_on_the_body_is_said_by_the_case_or_else_by_its_use() -> None:
    case = CaseFactory(use=UseFactory(body_area=BodyAreaFactory(slug="neck")))
    assert alt(case, case.photos.get(role=Role.AFTER)).startswith("After: neck, aged")
    case.body_area = BodyAreaFactory(slug="face")
    assert alt(case, case.photos.get(role=Role.AFTER)).startswith("After: face, aged")


def test_pictures_of_one_view_are_a_pair_and_one_alone_is_none() -> None:
    case = CaseFactory(views=(View.FRONT, View.BACK))
    case.photos.get(view=View.FRONT, role=Role.AFTER).delete()
    [pair] = pairs(case)
    assert (pair.view, pair.is_ready) == ("back view", True)
    before = CasePhoto.objects.get(view=View.BACK, role=Role.BEFORE).photo
    assert pair.before == before


def test_a_card_of_a_sensitive_case_has_no_picture_until_somebody_asks() -> None:
    case = CaseFactory(is_sensitive=True)
    assert (card(case).pairs, card(case).is_covered) == ([], True)
    assert len(card(case, uncovered=True).pairs) == 1


@pytest.mark.parametrize(
    ("days", "said"), [(None, ""), (0, "0 days after"), (1, "1 day after"), (30, "30 days after")]
)
def test_a_card_says_how_long_after_and_how_comparable(days: int | None, said: str) -> None:
    case = CaseFactory(days_after=days, alike=[Alike.POSE, Alike.LIGHT])
    case.refresh_from_db()
    shown = card(case)
    assert shown.name == ", ".join(filter(None, (str(case.treatment), said)))
    assert shown.comparable == "Comparable in 2 of 9 ways"
