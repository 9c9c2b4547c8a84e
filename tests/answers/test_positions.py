"""What is kept of the positions over uses is what a count from nothing finds, whatever has happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from answers.enums import Stance
from answers.models import (
    Answer,
    AnsweredThread,
    DoctorCount,
    SecondOpinion,
    Thread,
    TreatmentThread,
    UseCount,
    UsePosition,
    UseThread,
)
from answers.opinions import withdraw_opinion
from answers.services import confirm_answer, withdraw_answer
from answers.uses import bars_for_uses, doctors_on_use, lines_on_use
from core.moderation import transition
from doctors.models import Doctor
from questions.models import Question
from questions.services import mark_duplicate, reclassify, unlink
from tests.answers.test_counting import (
    DEEDS,
    DOCTORS,
    FEW,
    MANY,
    THREADS,
    Said,
    Site,
    Told,
    World,
    counted,
    sites,
    tally,
    world,
)
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    SecondOpinionFactory,
    UseFactory,
    moderator,
)
from treatments.models import TreatmentUse

__all__ = ["world"]
pytestmark = pytest.mark.django_db
LISTED = ("thread", "treatment", "asked_at", "answer_count", "helpful_count", "stances")
FIELDS = [field.attname for field in UsePosition._meta.concrete_fields if field.name != "id"]


def kept() -> list[Any]:
    """Every row of what is kept, in an order."""
    return [
        sorted(UsePosition.objects.values_list(*FIELDS)),
        sorted(UseThread.objects.values_list()),
        sorted(UseCount.objects.filter(threads__gt=0).values_list()),
        sorted(Thread.objects.values_list("pk", "stances")),
        sorted(TreatmentThread.objects.values_list(*LISTED)),
        sorted(AnsweredThread.objects.values_list()),
        sorted(DoctorCount.objects.filter(answers__gt=0).values_list("doctor", "treatment", "answers")),
    ]


def assert_is_what_a_count_from_nothing_finds() -> None:
    before = kept()
    call_command("reindex", verbosity=0)
    assert kept() == before
    for model in (UsePosition, UseThread, UseCount, TreatmentThread, AnsweredThread, DoctorCount):
        model.objects.all().delete()
    Thread.objects.update(stances=[])
    call_command("reindex", verbosity=0)
    assert kept() == before


@MANY
@given(site=sites(), after=sites())
def test_one_site_made_into_another_is_counted_as_if_it_had_always_been(
    world: World, site: Site, after: Site
) -> None:
    world.make(site)
    world.make(after)
    assert_is_what_a_count_from_nothing_finds()
    used = bars_for_uses(world.uses())
    for use, threads in world.uses().items():
        assert counted(used[use]) == tally(after.over(threads))


@MANY
@given(site=sites())
def test_who_is_verified_later_counts_at_once_with_the_latest_position(world: World, site: Site) -> None:
    world.make(site)
    until = timezone.localdate() + timedelta(days=9)
    Doctor.objects.filter(state="published").update(standing="verified", verified_until=until)
    site.standings = ["verified" if name != "hidden" else name for name in site.standings]
    used = bars_for_uses(world.uses())
    for use, threads in world.uses().items():
        assert counted(used[use]) == tally(site.over(threads))


MORE = "file file hide show take_down put_back link unlink_it confirm"
more_deeds = st.tuples(
    st.sampled_from([*DEEDS.split(), *MORE.split()]),
    st.integers(0, DOCTORS - 1),
    st.integers(0, DOCTORS - 1),
    st.integers(0, THREADS - 1),
    st.sampled_from(Stance.values),
)


class ToldMore(Told):
    """Also what moderators do with questions and profiles."""

    def do(self, deed: str, who: int, whom: int, thread: int, stance: str) -> None:
        pk = self.world.questions[thread].pk
        self.world.questions[thread] = Question.objects.get(pk=pk)
        if deed != "confirm" or Answer.objects.filter(question=pk, doctor=self.world.doctors[whom]).exists():
            super().do(deed, who, whom, thread, stance)

    def file(self, answer: Any, opinion: Any) -> None:
        uses = TreatmentUse.objects.filter(treatment=self.question.treatment).exclude(pk=self.question.use_id)
        other = uses.order_by("pk").first()
        given = {"treatment": self.question.treatment, "use": other, "version": self.question.version}
        reclassify(question=self.question, by=self.world.boss, reason="There.", **given)

    def hide(self, answer: Any, opinion: Any) -> None:
        transition(self.doctor, to="removed", by=self.world.boss, reason="x")

    def show(self, answer: Any, opinion: Any) -> None:
        transition(self.doctor, to="published", by=self.world.boss, reason="x")

    def take_down(self, answer: Any, opinion: Any) -> None:
        transition(self.question, to="removed", by=self.world.boss, reason="x")

    def put_back(self, answer: Any, opinion: Any) -> None:
        transition(self.question, to="published", by=self.world.boss, reason="x")

    def link(self, answer: Any, opinion: Any) -> None:
        canonical = Question.objects.exclude(pk=self.question.pk).order_by("pk").first()
        mark_duplicate(question=self.question, canonical=canonical, by=self.world.boss, reason="x")

    def unlink_it(self, answer: Any, opinion: Any) -> None:
        unlink(question=self.question, by=self.world.boss, reason="x")

    def confirm(self, answer: Any, opinion: Any) -> None:
        """Its author stood by it last some days ago, and does so now."""
        confirm_answer(answer=answer, by=answer.doctor.user)


def site_of(world: World) -> tuple[Site, dict[int, list[int]]]:
    """What stands in the tables now, and the threads of each use."""
    who = {doctor.pk: place for place, doctor in enumerate(world.doctors)}
    where = {question.pk: place for place, question in enumerate(world.questions)}
    said, by_answer = [], {}
    for a in Answer.objects.order_by("pk"):
        by_answer[a.pk] = a
        said.append(Said(who[a.doctor_id], where[a.question_id], a.stance, a.state, a.taken_at))
    for o in SecondOpinion.objects.order_by("pk"):
        a = by_answer[o.answer_id]
        at, to = where[a.question_id], who[a.doctor_id]
        said.append(Said(who[o.doctor_id], at, o.stance, o.state, o.published_at, o.kind, to))
    doctors, questions = Doctor.objects.in_bulk(who), Question.objects.in_bulk(where)
    standings = [doctors[pk].standing if doctors[pk].is_public else "hidden" for pk in who]
    uses: dict[int, list[int]] = {}
    for pk, place in where.items():
        uses.setdefault(questions[pk].use_id or 0, []).append(place)
    threads = ["published" if questions[pk].is_public else "removed" for pk in where]
    return Site(standings, threads, said), uses


@FEW
@given(story=st.lists(more_deeds, min_size=15, max_size=45), age=st.integers(0, 30))
def test_whatever_moderators_do_what_is_kept_is_what_a_count_from_nothing_finds(
    world: World, story: list[tuple], age: int
) -> None:
    world.questions[:] = Question.objects.order_by("pk")
    world.make(Site(["verified"] * DOCTORS, ["published"] * THREADS, []))
    told = ToldMore(world)
    for number, deed in enumerate(story):
        if number == age:
            earlier = timezone.now() - timedelta(days=3)
            Answer.objects.filter(confirmed_at__isnull=False).update(confirmed_at=earlier)
            call_command("reindex", verbosity=0)
        told.do(*deed)
    site, uses = site_of(world)
    used = bars_for_uses(uses)
    for use, threads in uses.items():
        assert counted(used[use]) == tally(site.over(threads))
    assert_is_what_a_count_from_nothing_finds()


def thread(use, **fields):
    return QuestionFactory(published=True, treatment=use.treatment, use=use, **fields)


def words(use) -> list[str]:
    return [line.words for position in lines_on_use(use) for line in position.lines]


def test_the_position_before_holds_again_when_the_latest_is_withdrawn() -> None:
    use, doctor = UseFactory(), DoctorFactory(verified=True)
    earlier = timezone.now() - timedelta(days=30)
    said = {"doctor": doctor, "published": True}
    AnswerFactory(question=thread(use), answered_at=earlier, confirmed_at=earlier, summary="Then.", **said)
    opinion = SecondOpinionFactory(
        answer=AnswerFactory(published=True, question=thread(use), summary="Other."), **said
    )
    SecondOpinion.objects.filter(pk=opinion.pk).update(
        note="Between.", published_at=earlier + timedelta(days=1)
    )
    latest = AnswerFactory(question=thread(use), summary="Now.", **said)
    call_command("reindex", verbosity=0)
    assert sorted(words(use)) == ["Now.", "Other."]
    withdraw_answer(answer=latest, by=doctor.user)
    assert sorted(words(use)) == ["Between.", "Other."]
    withdraw_opinion(opinion=opinion, by=doctor.user)
    assert sorted(words(use)) == ["Other.", "Then."]


def test_who_stands_by_an_old_answer_holds_it_over_what_was_said_since() -> None:
    use, doctor = UseFactory(), DoctorFactory(verified=True)
    earlier = timezone.now() - timedelta(days=30)
    said = {"doctor": doctor, "published": True}
    old = AnswerFactory(
        question=thread(use), answered_at=earlier, confirmed_at=earlier, summary="Then.", **said
    )
    AnswerFactory(question=thread(use), answered_at=earlier + timedelta(days=9), summary="Since.", **said)
    assert words(use) == ["Since."]
    confirm_answer(answer=old, by=doctor.user)
    assert words(use) == ["Then."]


def test_second_opinions_on_a_hidden_doctors_answer_go_and_come_with_the_profile() -> None:
    use, boss = UseFactory(), moderator()
    answer = AnswerFactory(published=True, question=thread(use))
    SecondOpinionFactory(published=True, answer=answer, note="So do I.")
    transition(answer.doctor, to="removed", by=boss, reason="x")
    assert words(use) == []
    transition(answer.doctor, to="published", by=boss, reason="x")
    assert sorted(words(use)) == sorted([answer.summary, "So do I."])


def test_a_question_filed_under_another_use_takes_its_positions_along() -> None:
    use = UseFactory()
    other = UseFactory(treatment=use.treatment)
    answer = AnswerFactory(published=True, question=thread(use))
    question = answer.question
    given = {"treatment": use.treatment, "use": other, "version": question.version, "reason": "There."}
    reclassify(question=question, by=moderator(), **given)
    assert (words(use), words(other)) == ([], [answer.summary])
    assert doctors_on_use(use) == []
    assert doctors_on_use(other) == [answer.doctor]


def test_a_doctor_who_answered_is_named_also_after_co_signing_elsewhere() -> None:
    use, doctor = UseFactory(), DoctorFactory(verified=True, name="B")
    author = DoctorFactory(verified=True, name="A")
    AnswerFactory(published=True, question=thread(use), doctor=doctor)
    SecondOpinionFactory(
        published=True,
        doctor=doctor,
        answer=AnswerFactory(published=True, question=thread(use), doctor=author),
    )
    SecondOpinionFactory(
        published=True, answer=AnswerFactory(published=True, question=thread(use), doctor=author)
    )
    assert doctors_on_use(use) == [author, doctor]
