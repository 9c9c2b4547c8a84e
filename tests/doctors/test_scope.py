"""What lies within a specialty: kept in the admin, each change with who, when and why."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from core.audit import trail
from doctors.models import Specialty
from tests.factories import DoctorFactory, SpecialtyFactory, TreatmentFactory, UserFactory, moderator

pytestmark = pytest.mark.django_db


@pytest.fixture
def specialty() -> Specialty:
    specialty = SpecialtyFactory()
    specialty.in_scope.add(TreatmentFactory(name="Chemical peel"), TreatmentFactory(name="Laser"))
    return specialty


def address(specialty: Specialty) -> str:
    return reverse("admin:doctors_specialty_change", args=[specialty.pk])


def seen(client: Client, specialty: Specialty) -> str:
    return client.get(address(specialty)).context["adminform"].form["seen"].value()


def typed(client: Client, specialty: Specialty, names: list[str], **fields: str) -> dict[str, object]:
    ticked = [TreatmentFactory._meta.model.objects.get(name=name).pk for name in names]
    data = {"name": specialty.name, "slug": specialty.slug, "nucc_code": specialty.nucc_code}
    return {**data, "in_scope": ticked, "seen": seen(client, specialty), **fields}


def test_a_change_of_scope_is_on_record_with_who_what_and_why(sign_in, specialty) -> None:
    TreatmentFactory(name="Botox")
    client = sign_in(moderator(handle="ada"))
    sent = typed(client, specialty, ["Botox", "Laser"], why="The college’s curriculum of 2025.")
    assert client.post(address(specialty), sent).status_code == 302
    assert set(specialty.in_scope.values_list("name", flat=True)) == {"Botox", "Laser"}
    said = "The college’s curriculum of 2025.\nIn scope: with Botox; without Chemical peel"
    entry = trail(specialty).get()
    assert (entry.actor.handle, entry.action, entry.reason) == ("ada", "edit", said)
    for page in (address(specialty), reverse("admin:doctors_specialty_history", args=[specialty.pk])):
        html = client.get(page).text
        for words in ("by ada", "The college’s curriculum of 2025.", "In scope: with Botox"):
            assert words in html


@pytest.mark.parametrize("why", ["", " ", "\u200b \u202e"])
def test_no_scope_changes_without_a_why(sign_in, specialty, why: str) -> None:
    client = sign_in(moderator())
    response = client.post(address(specialty), typed(client, specialty, ["Laser"], why=why))
    assert "please write something" in response.text
    assert specialty.in_scope.count() == 2
    assert not trail(specialty).exists()


def test_saving_without_a_change_is_no_deed(sign_in, specialty) -> None:
    client = sign_in(moderator())
    client.post(
        address(specialty), typed(client, specialty, ["Laser", "Chemical peel"], why="Looked it over.")
    )
    assert not trail(specialty).exists()


def test_of_two_who_change_a_scope_at_once_the_second_is_told(sign_in, specialty) -> None:
    """T-RC-02"""
    TreatmentFactory(name="Botox")
    first, second = sign_in(moderator()), sign_in(moderator())
    late = typed(second, specialty, ["Laser"], why="Less.")
    first.post(address(specialty), typed(first, specialty, ["Laser", "Chemical peel", "Botox"], why="More."))
    response = second.post(address(specialty), late)
    assert "Somebody changed this scope" in response.text
    assert specialty.in_scope.count() == 3


def test_a_new_specialty_says_why_as_well(sign_in) -> None:
    peel = TreatmentFactory(name="Chemical peel")
    client = sign_in(UserFactory(is_staff=True, is_superuser=True))
    data = {
        "name": "Venereology",
        "slug": "venereology",
        "in_scope": [peel.pk],
        "why": "A doctor of it applied.",
    }
    client.post("/admin/doctors/specialty/add/", data)
    entry = trail(Specialty.objects.get(slug="venereology")).get()
    assert (entry.action, entry.reason) == ("add", "A doctor of it applied.")


def test_the_next_reader_sees_the_scope_as_it_is_now(sign_in, client: Client, specialty) -> None:
    doctor = DoctorFactory(verified=True, specialty=specialty)
    desk = sign_in(moderator())
    assert "Laser" in client.get(doctor.get_absolute_url()).text
    desk.post(address(specialty), typed(desk, specialty, ["Chemical peel"], why="Not in the curriculum."))
    page = client.get(doctor.get_absolute_url()).text
    assert "Laser" not in page
    assert "curriculum" not in page
