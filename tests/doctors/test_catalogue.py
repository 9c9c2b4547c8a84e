"""Specialties and their scope, from the file into the tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from doctors import catalogue
from doctors.models import Specialty
from tests.factories import DoctorFactory, TreatmentFactory
from treatments.catalogue import CatalogueError

pytestmark = pytest.mark.django_db


@pytest.fixture
def face() -> None:
    """A family, a family within it, and a treatment within that."""
    face = TreatmentFactory(slug="face-surgery", name="Face surgery")
    lids = TreatmentFactory(slug="eyelid-surgery", name="Eyelid surgery", parent=face)
    TreatmentFactory(slug="blepharoplasty", name="Blepharoplasty", parent=lids)
    TreatmentFactory(slug="facelift", name="Facelift", parent=face)


def file(folder: Path, *rows: dict) -> Path:
    path = folder / "specialties.json"
    path.write_text(json.dumps({"specialties": list(rows)}))
    return path


def plastic(**changed: object) -> dict:
    return {
        "slug": "plastic-surgery",
        "name": "Plastic surgery",
        "nucc_code": "208200000X",
        "in_scope": ["face-surgery"],
        **changed,
    }


def test_a_scope_reaches_families_within_families(face, tmp_path: Path) -> None:
    catalogue.load(file(tmp_path, plastic()))
    scope = Specialty.objects.get(slug="plastic-surgery").in_scope.values_list("slug", flat=True)
    assert set(scope) == {"face-surgery", "eyelid-surgery"}


def test_loading_again_leaves_what_moderators_changed(face, tmp_path: Path) -> None:
    path = file(tmp_path, plastic(nucc_code=None))
    assert catalogue.load(path).new == 1
    specialty = Specialty.objects.get(slug="plastic-surgery")
    specialty.in_scope.clear()
    doctor = DoctorFactory(specialty=specialty)
    assert str(catalogue.load(path)) == "0 new, 0 changed, 1 as before"
    assert not specialty.in_scope.exists()
    assert catalogue.load(file(tmp_path, plastic(in_scope=["facelift"]))).changed == 1
    doctor.refresh_from_db()
    assert doctor.specialty.in_scope.get().slug == "facelift"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (plastic(in_scope=["phrenology"]), "plastic-surgery: there is no treatment “phrenology”"),
        (plastic(name="x" * 101), "plastic-surgery: name"),
        (plastic(extra=1), "missing or unknown: extra"),
    ],
)
def test_what_is_wrong_is_said(face, tmp_path: Path, row: dict, sentence: str) -> None:
    with pytest.raises(CatalogueError, match=sentence):
        catalogue.load(file(tmp_path, row))
    assert not Specialty.objects.exists()
