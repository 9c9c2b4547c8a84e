"""Finding doctors by name, specialty and place."""

import pytest

from doctors.search import search_doctors
from tests.factories import DoctorFactory, SpecialtyFactory

pytestmark = pytest.mark.django_db


def found(*words: str, stems: tuple[str, ...] = ()) -> list[str]:
    return [doctor.name for doctor in search_doctors(words, stems)]


def test_a_name_a_place_and_a_specialty_find_a_doctor() -> None:
    surgery, veins = SpecialtyFactory(slug="plastic-surgery"), SpecialtyFactory(slug="phlebology")
    DoctorFactory(verified=True, name="Renée Duval", city="Lyon", specialty=surgery)
    DoctorFactory(verified=True, name="Other Person", city="Oslo", specialty=veins)
    assert found("renee") == found("lyon") == found("surgery", stems=("surgeri",)) == ["Renée Duval"]


def test_more_words_in_common_come_first() -> None:
    DoctorFactory(verified=True, name="Ana Lee", city="Oslo")
    DoctorFactory(verified=True, name="Zoe Lee", city="Lyon")
    assert found("lee", "lyon") == ["Zoe Lee", "Ana Lee"]


@pytest.mark.parametrize("trait", ["pending", "rejected", "removed", "withdrawn"])
def test_a_profile_that_is_not_public_is_not_found(trait: str) -> None:
    DoctorFactory(**{trait: True}, name="Hidden Person")
    assert found("hidden") == []


def test_imported_profiles_are_reached_from_what_they_wrote_only() -> None:
    DoctorFactory(published=True, name="Imported Person", is_imported=True)
    assert found("imported") == []


@pytest.mark.parametrize("words", [(), ("dr", "doctor"), ("'; --", "&")])
def test_nothing_to_look_for_finds_nobody(words: tuple[str, ...]) -> None:
    DoctorFactory(verified=True)
    assert found(*words) == []
