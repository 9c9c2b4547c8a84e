"""Two treatments become one: nothing that anybody wrote, followed or looked up is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from answers.models import Thread
from answers.search import search_threads
from answers.selectors import use_activity
from answers.threads import refresh
from answers.uses import bars_for_uses
from core.audit import trail
from core.moderation import NotPermitted, NotPossible, ReasonMissing, Stale
from doctors.models import Specialty
from questions.keeping import follow
from questions.models import Follow, Question
from questions.services import set_treatments
from tests.factories import (
    AnswerFactory,
    LabelStatusFactory,
    QuestionFactory,
    SafetyNoticeFactory,
    SourceFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
    some_moderator,
)
from tests.treatments.merging import merged
from treatments.merging import plan_of
from treatments.models import (
    Caution,
    LabelStatus,
    SafetyNotice,
    Treatment,
    TreatmentRedirect,
    TreatmentSynonym,
    TreatmentUse,
)
from treatments.search import named
from treatments.services import merge

pytestmark = pytest.mark.django_db


@pytest.fixture
def botox() -> Treatment:
    return TreatmentFactory(name="Botox", slug="botox")


@pytest.fixture
def double() -> Treatment:
    """What an import made beside it."""
    return TreatmentFactory(name="Botulinum toxin (Botox)", slug="botulinum-toxin-botox")


class TestThreads:
    def test_they_are_about_the_target_and_found_by_both_names(self, botox, double) -> None:
        question = QuestionFactory(published=True, treatment=double, title="Smaller calves?")
        merged(double, botox)
        question.refresh_from_db()
        assert question.treatment == botox
        assert [row.pk for row in Thread.objects.public().for_treatment(botox)] == [question.pk]
        assert [row.pk for row in search_threads("botulinum")] == [question.pk]
        assert [row.pk for row in search_threads("botox")] == [question.pk]

    def test_one_about_both_names_the_target_once_at_the_earlier_place(self, botox, double) -> None:
        other = TreatmentFactory()
        for order in ([double, botox], [botox, double], [other, double, botox], [other, botox, double]):
            question = QuestionFactory(published=True, treatment=order[0])
            set_treatments(question, order)
        merged(double, botox)
        named_by = [
            [row.treatment for row in q.treatment_rows.all()] for q in Question.objects.order_by("pk")
        ]
        assert named_by == [[botox], [botox], [other, botox], [other, botox]]
        assert [q.treatment for q in Question.objects.order_by("pk")] == [botox, botox, other, other]

    def test_of_a_use_found_there_the_positions_are_counted_together(self, botox, double) -> None:
        here, there = UseFactory(treatment=botox, slug="calves"), UseFactory(treatment=double, slug="calves")
        for use in (here, there, there):
            AnswerFactory(
                published=True,
                stance="supports",
                question=QuestionFactory(published=True, treatment=use.treatment, use=use),
            )
        merged(double, botox)
        assert bars_for_uses([here.pk])[here.pk].total == 3
        counted = use_activity([here.pk, there.pk])
        assert {use: row["threads"] for use, row in counted.items()} == {here.pk: 3}

    def test_those_of_any_state_move(self, botox, double) -> None:
        rows = [
            QuestionFactory(treatment=double, **{state: True})
            for state in ("pending", "rejected", "withdrawn")
        ]
        merged(double, botox)
        assert Question.objects.filter(pk__in=[row.pk for row in rows], treatment=botox).count() == 3

    def test_the_read_model_says_what_computing_it_again_says(self, botox, double) -> None:
        question = QuestionFactory(published=True, treatment=double)
        merged(double, botox)
        before = Thread.objects.values().get(pk=question.pk)
        refresh([question.pk])
        assert Thread.objects.values().get(pk=question.pk) == before


class TestPeople:
    def test_whoever_follows_one_or_both_follows_the_target_once(self, botox, double) -> None:
        one, both = UserFactory(), UserFactory()
        follow(by=one, treatment=double)
        follow(by=both, treatment=double)
        follow(by=both, treatment=botox)
        merged(double, botox)
        assert sorted(Follow.objects.values_list("user", "treatment")) == sorted(
            [(one.pk, botox.pk), (both.pk, botox.pk)]
        )

    def test_a_specialty_with_both_in_its_scope_has_the_target_once(self, botox, double) -> None:
        one, both = SpecialtyFactory(slug="one"), SpecialtyFactory(slug="both")
        one.in_scope.set([double])
        both.in_scope.set([double, botox])
        merged(double, botox)
        assert [list(row.in_scope.all()) for row in Specialty.objects.all()] == [[botox], [botox]]


class TestNames:
    def test_every_name_of_the_source_finds_the_target(self, botox, double) -> None:
        Treatment.objects.filter(pk=double.pk).update(generic="onabotulinumtoxinA")
        TreatmentSynonym.objects.create(treatment=double, name="wrinkle jab", kind="lay")
        TreatmentSynonym.objects.create(treatment=botox, name="Wrinkle Jab", kind="brand")
        merged(double, botox)
        for name in ("Botulinum toxin (Botox)", "onabotulinumtoxinA", "wrinkle jab", "botulinum-toxin-botox"):
            assert named(name) == (botox, [])
        assert TreatmentSynonym.objects.filter(name__iexact="wrinkle jab").count() == 1

    def test_a_misspelt_one_is_put_right(self, botox, double) -> None:
        merged(double, botox)
        assert [entry.treatment_id for entry in named("botulinium toxin")[1]] == [botox.pk]


class TestUses:
    def test_they_match_by_address_then_by_name_and_else_move(self, botox, double) -> None:
        here = [
            UseFactory(treatment=botox, slug="calves", name="Calf reduction"),
            UseFactory(treatment=botox, slug="jaw", name="Masseter"),
        ]
        there = [
            UseFactory(treatment=double, slug="calves", name="Legs"),
            UseFactory(treatment=double, slug="masseter-1", name="masseter"),
            UseFactory(treatment=double, slug="sweat", name="Sweating"),
        ]
        asked = [QuestionFactory(published=True, treatment=double, use=use) for use in there]
        merged(double, botox)
        assert list(TreatmentUse.objects.order_by("pk")) == [*here, there[2]]
        assert [Question.objects.get(pk=q.pk).use for q in asked] == [*here, there[2]]
        assert set(TreatmentUse.objects.values_list("treatment", flat=True)) == {botox.pk}

    def test_a_label_only_the_source_had_comes_with_its_source_and_date(self, botox, double) -> None:
        here, there = UseFactory(treatment=botox, slug="calves"), UseFactory(treatment=double, slug="calves")
        label = LabelStatusFactory(use=there, status="approved", checked_on=date(2026, 1, 2))
        merged(double, botox)
        kept = LabelStatus.objects.get()
        assert (kept.use, kept.status, kept.source, kept.checked_on) == (
            here,
            "approved",
            label.source,
            date(2026, 1, 2),
        )

    def test_the_same_said_twice_is_said_once_with_the_later_look(self, botox, double) -> None:
        source = SourceFactory()
        for treatment, day in ((botox, 1), (double, 9)):
            use = UseFactory(treatment=treatment, slug="calves")
            LabelStatusFactory(use=use, source=source, checked_on=date(2026, 1, day))
        merged(double, botox)
        assert LabelStatus.objects.get().checked_on == date(2026, 1, 9)

    @pytest.mark.parametrize("side", ["here", "there"])
    def test_where_the_two_contradict_each_other_somebody_chooses(self, botox, double, side) -> None:
        here = LabelStatusFactory(use=UseFactory(treatment=botox, slug="calves"), status="off_label")
        there = LabelStatusFactory(
            use=UseFactory(treatment=double, slug="calves"), status="approved", checked_on=date(2026, 1, 2)
        )
        rows = {"here": here, "there": there}
        with pytest.raises(NotPossible, match="choose"):
            merged(double, botox)
        assert Treatment.objects.count() == 2
        merged(double, botox, **{f"label_{here.use_id}_US": rows[side]})
        kept, told = LabelStatus.objects.get(), trail(double).get().reason
        assert (kept.pk, kept.use) == (rows[side].pk, here.use)
        gone = rows["there" if side == "here" else "here"]
        assert gone.get_status_display() in told.partition("Not kept:")[2]
        assert str(there.source) in told
        assert "2026-01-02" in told

    def test_another_document_for_the_same_status_is_a_choice_too(self, botox, double) -> None:
        for treatment in (botox, double):
            LabelStatusFactory(use=UseFactory(treatment=treatment, slug="calves"))
        assert len(plan_of(double, botox).conflicts) == 1


class TestFacts:
    def test_cautions_and_notices_move_and_none_stands_twice(self, botox, double) -> None:
        source = SourceFactory()
        for treatment, day in ((botox, None), (double, date(2026, 1, 9))):
            Caution.objects.create(
                treatment=treatment, kind="age", text="Adults.", source=source, checked_on=day
            )
            SafetyNoticeFactory(treatment=treatment, source=source)
        own = Caution.objects.create(treatment=double, kind="sun", text="Stay out.", source=source)
        notice = SafetyNoticeFactory(treatment=double, product="Batch 8")
        merged(double, botox)
        assert [(row.treatment, row.text) for row in Caution.objects.all()] == [
            (botox, "Adults."),
            (botox, own.text),
        ]
        assert Caution.objects.get(kind="age").checked_on == date(2026, 1, 9)
        assert set(SafetyNotice.objects.values_list("treatment", "product")) == {
            (botox.pk, "Batch 7"),
            (botox.pk, notice.product),
        }

    def test_emergency_signs_are_taken_over_or_chosen_between(self, botox, double) -> None:
        document = SourceFactory()
        Treatment.objects.filter(pk=double.pk).update(
            emergency_signs="Cannot swallow.", emergency_source=document
        )
        third = TreatmentFactory(emergency_signs="Blue lips.", emergency_source=document)
        merged(double, botox)
        botox.refresh_from_db()
        assert (botox.emergency_signs, botox.emergency_source) == ("Cannot swallow.", document)
        with pytest.raises(NotPossible, match="choose"):
            merged(third, botox)
        merged(third, botox, signs=third)
        botox.refresh_from_db()
        assert botox.emergency_signs == "Blue lips."
        assert "Cannot swallow." in trail(third).get().reason


class TestFamilies:
    def test_members_belong_to_the_target(self, botox, double) -> None:
        child = TreatmentFactory(parent=double)
        merged(double, botox)
        child.refresh_from_db()
        assert child.parent == botox

    def test_a_target_below_the_source_takes_its_place(self) -> None:
        top = TreatmentFactory()
        source = TreatmentFactory(parent=top)
        between = TreatmentFactory(parent=source)
        target = TreatmentFactory(parent=between)
        sibling = TreatmentFactory(parent=source)
        merged(source, target)
        for row in (target, between, sibling):
            row.refresh_from_db()
        assert (target.parent, between.parent, sibling.parent) == (top, target, target)

    def test_a_source_below_the_target_leaves_it_alone(self, botox) -> None:
        merged(TreatmentFactory(parent=botox), botox)
        botox.refresh_from_db()
        assert botox.parent is None

    def test_nothing_comes_to_lie_so_deep_that_cautions_no_longer_reach_it(self, double) -> None:
        TreatmentFactory(parent=double)
        deep = TreatmentFactory(parent=TreatmentFactory(parent=TreatmentFactory()))
        with pytest.raises(NotPossible, match="too deep"):
            merged(double, deep)


class TestWho:
    def test_only_keepers_of_the_catalogue_do_it(self, botox, double) -> None:
        with pytest.raises(NotPermitted):
            merged(double, botox, by=UserFactory(is_staff=True))

    def test_a_reason_is_needed(self, botox, double) -> None:
        with pytest.raises(ReasonMissing):
            merge(
                source=double,
                target=botox,
                by=some_moderator(),
                reason=" ",
                seen=plan_of(double, botox).digest,
            )

    def test_what_was_not_on_the_page_is_not_done(self, botox, double) -> None:
        seen = plan_of(double, botox).digest
        UseFactory(treatment=double)
        with pytest.raises(Stale):
            merge(source=double, target=botox, by=some_moderator(), reason="One.", seen=seen)

    def test_nothing_is_merged_into_itself(self, botox) -> None:
        with pytest.raises(NotPossible, match="itself"):
            merged(botox, botox)

    def test_what_readers_see_is_not_merged_into_what_they_do_not(self, botox, double) -> None:
        Treatment.objects.filter(pk=botox.pk).update(is_reviewed=False)
        with pytest.raises(NotPossible, match="Review"):
            merged(double, botox)

    def test_it_is_one_entry_with_the_reason_and_what_was_left_behind(self, botox, double) -> None:
        Treatment.objects.filter(pk=double.pk).update(summary="Made by an import.")
        merged(double, botox)
        entry = trail(double).get()
        assert entry.action == "merge"
        for words in ("One and the same.", "botulinum-toxin-botox", "“Botox” (botox)", "Made by an import."):
            assert words in entry.reason

    def test_what_nobody_moves_stops_it(self, botox, double, monkeypatch) -> None:
        """A floor that forgot to take part loses nothing in silence."""
        QuestionFactory(treatment=double)
        monkeypatch.setattr("treatments.services.COMPANIONS", [])
        with pytest.raises(NotPossible, match="questions"):
            merged(double, botox)
        assert Treatment.objects.filter(pk=double.pk).exists()


class TestRedirects:
    def test_a_chain_is_one_step(self, botox, double) -> None:
        first = TreatmentFactory(slug="first")
        UseFactory(treatment=first, slug="legs", name="Legs")
        UseFactory(treatment=botox, slug="calves", name="Legs")
        merged(first, double)
        merged(double, botox)
        assert set(TreatmentRedirect.objects.values_list("slug", "target")) == {
            ("first", botox.pk),
            ("botulinum-toxin-botox", botox.pk),
        }
        botox.refresh_from_db()
        assert sorted(botox.former_slugs) == ["botulinum-toxin-botox", "first"]

    def test_no_address_is_live_and_redirected(self, botox, double) -> None:
        merged(double, botox)
        with pytest.raises(IntegrityError, match="leads to another treatment"):
            checked(lambda: TreatmentFactory(name="Anew", slug="botulinum-toxin-botox"))
        with pytest.raises(IntegrityError, match="leads to another treatment"):
            checked(
                lambda: TreatmentRedirect.objects.create(slug="botox", name="X", former_pk=1, target=botox)
            )

    def test_a_target_cannot_go(self, botox, double) -> None:
        merged(double, botox)
        with pytest.raises(IntegrityError):
            checked(lambda: Treatment.objects.filter(pk=botox.pk)._raw_delete("default"))


def checked(deed: Callable[[], Any]) -> None:
    """Do it and let the database say what it would say at the end of the transaction."""
    with transaction.atomic():
        deed()
        connection.check_constraints()
