"""Files from before two treatments were merged."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from questions.models import Question
from tests.answers.exchange.samples import exported, thread, verdicts
from tests.factories import AnswerFactory, QuestionFactory, TreatmentFactory, UseFactory
from tests.treatments.merging import merged
from treatments.models import Treatment, TreatmentSynonym


@pytest.fixture
def double(botox: Treatment) -> Treatment:
    return TreatmentFactory(name="Botulinum toxin (Botox)", slug="old")


@pytest.mark.parametrize("name", ["Botulinum toxin (Botox)", "botulinum TOXIN (botox)", "old"])
@pytest.mark.django_db
def test_the_old_name_is_the_target(take, botox, double, name: str) -> None:
    TreatmentSynonym.objects.create(treatment=TreatmentFactory(), name="Botulinum toxin (Botox)", kind="lay")
    merged(double, botox)
    assert verdicts(take(thread(treatments=[name, "botox"]), create_treatments=True)) == ["stored"]
    assert [row.treatment for row in Question.objects.get().treatment_rows.all()] == [botox]
    assert not Treatment.objects.exclude(is_reviewed=True).exists()


@pytest.mark.django_db
def test_a_use_is_what_it_was_under_that_name(take, botox, double) -> None:
    here = UseFactory(treatment=botox, slug="calves", name="Legs")
    UseFactory(treatment=double, slug="x", name="Legs")
    third = TreatmentFactory(name="Third", slug="third")
    moving = UseFactory(treatment=third, slug="x", name="Sweating")
    merged(double, botox)
    merged(third, botox)
    lines = [("old", "x"), ("third", "x"), ("botox", "x"), ("old", "legs"), ("old", "sweating")]
    rows = take(*[thread(f"t-{n}", treatments=[name], use=use) for n, (name, use) in enumerate(lines)])
    assert verdicts(rows) == ["stored"] * 5
    uses = [question.use for question in Question.objects.order_by("pk")]
    assert uses == [here, moving, moving, here, moving]


@pytest.mark.django_db
def test_an_export_from_before_is_known(take, botox, double) -> None:
    use = UseFactory(treatment=double, slug="legs", name="Calf reduction")
    UseFactory(treatment=botox, slug="calves", name="Calf reduction")
    AnswerFactory(published=True, question=QuestionFactory(published=True, treatment=double, use=use))
    before = [json.loads(line) for line in exported()]
    merged(double, botox)
    assert [json.loads(line)["use"] for line in exported()] == ["calves"]
    assert verdicts(take(*before)) == ["known"]
    assert verdicts(take(*(line | {"title": "Another one?"} for line in before))) == ["refused"]


@pytest.mark.django_db
def test_an_address_from_before_is_not_given_to_what_an_import_makes(take, botox, double) -> None:
    merged(double, botox)
    TreatmentSynonym.objects.all().delete()
    take(thread(treatments=["Old!"]), create_treatments=True)
    assert Question.objects.get().treatment.slug == "old-2"


@pytest.mark.django_db
def test_the_index_computed_again_changes_nothing(botox, double) -> None:
    question = QuestionFactory(published=True, treatment=double)
    merged(double, botox)
    before = list(Question.objects.filter(pk=question.pk).values_list("thread__words"))
    call_command("reindex", verbosity=0)
    assert list(Question.objects.filter(pk=question.pk).values_list("thread__words")) == before
