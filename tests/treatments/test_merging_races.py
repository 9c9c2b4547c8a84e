"""Merges and everybody else at once, on real connections."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from core.models import AuditEntry
from core.moderation import Stale, TransitionError
from questions.keeping import follow
from questions.models import Follow, Question, QuestionTreatment
from questions.services import ask_question, edit_question, reclassify
from tests.answers.exchange.samples import thread, verdicts
from tests.factories import (
    QuestionFactory,
    SafetyNoticeFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
    moderator,
)
from tests.racing import at_once
from tests.treatments.merging import merged
from treatments import catalogue
from treatments.merging import plan_of
from treatments.models import SafetyNotice, Treatment, TreatmentRedirect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("round_", range(5))
def test_of_two_merges_crosswise_one_is_done(round_: int) -> None:
    one, other = TreatmentFactory(), TreatmentFactory()
    people = moderator(), moderator()
    results = at_once(
        lambda: merged(one, other, by=people[0]),
        lambda: merged(other, one, by=people[1]),
    )
    failed = [result for result in results if isinstance(result, Exception)]
    assert len(failed) == 1
    assert isinstance(failed[0], TransitionError | Treatment.DoesNotExist)
    assert Treatment.objects.count() == TreatmentRedirect.objects.count() == 1
    assert AuditEntry.objects.filter(action="merge").count() == 1


@pytest.mark.parametrize("round_", range(5))
def test_a_chain_made_at_once_ends_in_one_step(round_: int) -> None:
    first, middle, end = TreatmentFactory(), TreatmentFactory(), TreatmentFactory()
    people = moderator(), moderator()
    at_once(lambda: merged(first, middle, by=people[0]), lambda: merged(middle, end, by=people[1]))
    assert all(row.target == end or row.target == middle for row in TreatmentRedirect.objects.all())
    assert set(TreatmentRedirect.objects.values_list("target", flat=True)) <= set(
        Treatment.objects.values_list("pk", flat=True)
    )


@pytest.mark.parametrize("round_", range(8))
def test_who_asks_and_follows_meanwhile_asks_about_the_target(round_: int) -> None:
    source, target = TreatmentFactory(), TreatmentFactory()
    here, there = UseFactory(treatment=target, name="Legs"), UseFactory(treatment=source, name="legs")
    asker, follower, by = UserFactory(), UserFactory(), moderator()
    waiting = QuestionFactory(pending=True, treatment=source)
    filed = QuestionFactory(published=True, treatment=target)
    results = at_once(
        lambda: merged(source, target, by=by),
        lambda: ask_question(
            by=asker, submission_key=uuid.uuid4(), treatment=source, use=there, title="Safe?", body="Well?"
        ),
        lambda: follow(by=follower, treatment=source),
        lambda: edit_question(question=waiting, by=waiting.author, use=there, title="Safer?", body="Well?"),
        lambda: reclassify(
            question=filed, treatment=source, use=there, by=by, reason="There.", version=filed.version
        ),
    )
    failed = [result for result in results if isinstance(result, Exception)]
    assert not [error for error in failed if not isinstance(error, TransitionError)], failed
    assert set(Question.objects.values_list("treatment", flat=True)) == {target.pk}
    assert set(QuestionTreatment.objects.values_list("treatment", flat=True)) == {target.pk}
    assert set(Question.objects.values_list("use", flat=True)) <= {here.pk, None}
    assert Question.objects.get(author=asker).use == here
    assert Follow.objects.get().treatment == target


@pytest.mark.parametrize("round_", range(3))
def test_an_import_under_way_loses_no_line(round_: int, take) -> None:
    source, target = TreatmentFactory(name="Old", slug="old"), TreatmentFactory(name="New", slug="new")
    lines = [thread(f"t-{n}", treatments=["Old"], title=f"Question {n}?") for n in range(700)]
    by = moderator()
    rows, result = at_once(lambda: take(*lines), lambda: merged(source, target, by=by))
    assert not isinstance(result, Exception), result
    assert verdicts(rows) == ["stored"] * 700
    assert Question.objects.filter(treatment=target).count() == 700


@pytest.mark.parametrize("round_", range(5))
def test_the_catalogue_loaded_meanwhile_does_not_bring_it_back(round_: int, tmp_path) -> None:
    catalogue.load()
    source, target = Treatment.objects.get(slug="dysport"), Treatment.objects.get(slug="botox")
    by = moderator()
    chosen = _first_of_everything(source, target)
    results = at_once(lambda: merged(source, target, by=by, **chosen), catalogue.load)
    assert not [result for result in results if isinstance(result, Exception)]
    assert not Treatment.objects.filter(slug="dysport").exists()


def _first_of_everything(source: Treatment, target: Treatment) -> dict[str, Any]:
    plan = plan_of(source, target)
    chosen = {group.key.replace("-", "_"): group.options[0] for group in plan.conflicts}
    return chosen | ({"signs": target} if len(plan.signs) > 1 else {})


@pytest.mark.parametrize("round_", range(5))
def test_a_form_saved_meanwhile_names_the_target_or_is_not_saved(round_: int, sign_in) -> None:
    """The desk's own forms wait for a merge and find what they name gone; saved first, they change what was seen."""
    source, target = TreatmentFactory(), TreatmentFactory()
    notice, by = SafetyNoticeFactory(treatment=target), moderator()
    client = sign_in(by)
    data = {
        "treatment": source.pk,
        "product": "Batch 9",
        "text": "Send it back.",
        "source": notice.source_id,
        "issued_on": "2026-01-02",
        "why": "A mistake.",
    }
    url = f"/admin/treatments/safetynotice/{notice.pk}/change/"
    result, response = at_once(lambda: merged(source, target, by=by), lambda: client.post(url, data))
    assert response.status_code in {200, 302}
    stays = source if isinstance(result, Stale) else target
    assert SafetyNotice.objects.get(pk=notice.pk).treatment == stays
