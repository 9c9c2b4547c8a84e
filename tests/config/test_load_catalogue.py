"""The command that brings the shipped catalogue into the database."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.models import HoldRule
from doctors.models import Specialty
from tests.factories import TreatmentFactory
from treatments.models import Term, Treatment

pytestmark = pytest.mark.django_db


def load(**options: int) -> str:
    out = StringIO()
    call_command("load_catalogue", stdout=out, **options)
    return out.getvalue()


def test_the_second_run_changes_nothing() -> None:
    first = load()
    total = Treatment.objects.public().count()
    assert f"Treatments: {total} new, 0 changed, 0 as before." in first
    assert load().splitlines() == [
        f"Treatments: 0 new, 0 changed, {total} as before.",
        f"Terms: 0 new, 0 changed, {Term.objects.count()} as before.",
        f"Specialties: 0 new, 0 changed, {Specialty.objects.count()} as before.",
        f"Hold rules: 0 new, 0 changed, {HoldRule.objects.count()} as before.",
    ]


def test_it_keeps_quiet_when_asked_to() -> None:
    assert load(verbosity=0) == ""


def test_it_says_what_stands_in_the_way() -> None:
    TreatmentFactory(slug="botox-by-hand", name="Botox")
    with pytest.raises(CommandError, match=r"not loaded.\nbotox: the site has a treatment “Botox” already"):
        load()
    assert Treatment.objects.count() == 1


def test_every_treatment_lies_within_some_specialty() -> None:
    load()
    covered = set(Specialty.objects.values_list("in_scope", flat=True))
    outside = [t.slug for t in Treatment.objects.all() if not {t.pk, t.parent_id} & covered]
    assert outside == []
