"""Consensus, proved: every bar equals a slow, obvious recount of what was published, and says one thing.

The recount below knows nothing of the database: it goes through lists of what was said, doctor by doctor.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answers.consensus import bar_for_answers, bars_for_questions
from answers.enums import Stance
from answers.filters import ThreadFilter
from answers.models import Answer, SecondOpinion, Thread
from answers.opinions import change_opinion, give_opinion, withdraw_opinion
from answers.selectors import answers_of, opinions_of
from answers.services import answer_question, edit_answer, withdraw_answer
from answers.threads import refresh
from answers.uses import bar_of_use, bars_for_uses, lines_on_use, reasons_on_use
from core.moderation import TransitionError, transition
from doctors.models import Doctor
from questions.models import Question
from tests.factories import DoctorFactory, QuestionFactory, UseFactory, moderator
from treatments.models import TreatmentUse

pytestmark = pytest.mark.django_db
DOCTORS, THREADS = 4, 3
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
STANDINGS = {
    "verified": {"standing": "verified", "state": "published"},
    "suspended": {"standing": "suspended", "state": "published"},
    "expired": {"standing": "verified", "state": "published", "verified_until": FIRST_DAY.date()},
    "hidden": {"standing": "verified", "state": "removed"},
}
STATES = (*["published"] * 12, "pending", "draft", "rejected", "removed", "withdrawn")


# How an answer came by its position: written so, edited later, imported with its date, imported without one.
ORIGINS = ("written", "edited", "imported", "undated")
IMPORT_DAY = 2


@dataclass
class Said:
    """One answer or second opinion: by whom, where, on which day it took its position, and who may read it."""

    doctor: int
    thread: int
    stance: str
    state: str
    day: Any
    kind: str = ""
    to: int | None = None
    origin: str = "written"


@dataclass
class Site:
    """What was said and by whom, as the test made it up; the order of the list is that of the rows."""

    standings: list[str]
    threads: list[str]
    said: list[Said]

    def is_public(self, one: Said) -> bool:
        if one.state != "published" or self.threads[one.thread] != "published":
            return False
        if self.standings[one.doctor] == "hidden":
            return False
        if one.to is None:
            return True
        return any(self.is_public(a) for a in self.said if self.is_answer(a, one.to, one.thread))

    @staticmethod
    def is_answer(one: Said, doctor: int, thread: int) -> bool:
        return one.to is None and (one.doctor, one.thread) == (doctor, thread)

    def positions(self, thread: int) -> dict[int, Said]:
        """Who holds what in a thread: a recount in the words of the rule."""
        held: dict[int, Said] = {}
        for doctor in range(DOCTORS):
            if self.standings[doctor] != "verified":
                continue
            theirs = [one for one in self.said if (one.doctor, one.thread) == (doctor, thread)]
            theirs = [one for one in theirs if self.is_public(one) and one.stance]
            own = [one for one in theirs if one.to is None]
            others = [one for one in theirs if one.to is not None]
            if own:
                held[doctor] = own[0]
            elif others:
                held[doctor] = max(enumerate(others), key=lambda pair: (pair[1].day, pair[0]))[1]
        return held

    def over(self, threads: list[int]) -> dict[int, Said]:
        """Who holds what over several threads: the latest of what they hold in each."""
        held: dict[int, Said] = {}
        for thread in threads:
            for doctor, one in self.positions(thread).items():
                before = held.get(doctor)
                rank = (one.day, one.to is None, self.place(one))
                if before is None or rank > (before.day, before.to is None, self.place(before)):
                    held[doctor] = one
        return held

    def place(self, one: Said) -> int:
        return next(place for place, other in enumerate(self.said) if other is one)


@st.composite
def sites(draw: st.DrawFn) -> Site:
    """Any site of four doctors and three threads, with everything that can have happened to each row.

    Chance that is evenly spread: what Hypothesis would draw by itself is mostly empty sites.
    """
    chance = draw(st.randoms(use_true_random=True))
    said = []

    def say(doctor: int, thread: int, stances: list[str], **more: Any) -> None:
        stance, state = chance.choice(stances), chance.choice(STATES)
        said.append(Said(doctor, thread, stance, state, chance.randrange(3), **more))

    for thread in range(THREADS):
        for doctor in chance.sample(range(DOCTORS), chance.randint(0, 3)):
            say(doctor, thread, [*Stance.values, ""], origin=chance.choice(ORIGINS))
            if said[-1].origin == "undated":
                said[-1].day = IMPORT_DAY
    for answer in list(said):
        for doctor in {chance.randrange(DOCTORS) for _ in range(3)} - {answer.doctor}:
            kind = chance.choice(["cosign", "dispute"])
            say(doctor, answer.thread, Stance.values, kind=kind, to=answer.doctor)
    standings = [chance.choice(["verified"] * 8 + list(STANDINGS)) for _ in range(DOCTORS)]
    threads = [chance.choice(["published"] * 6 + ["removed"]) for _ in range(THREADS)]
    return Site(standings, threads, said)


@dataclass
class World:
    doctors: list[Doctor]
    questions: list[Question]
    boss: Any

    def uses(self) -> dict[int, list[int]]:
        """The threads of each use."""
        found: dict[int, list[int]] = {}
        for place, question in enumerate(self.questions):
            found.setdefault(question.use_id or 0, []).append(place)
        return found

    def make(self, site: Site) -> None:
        """Bring the database in line with what was made up."""
        SecondOpinion.objects.all().delete()
        Answer.objects.all().delete()
        for doctor, name in zip(self.doctors, site.standings, strict=True):
            until = {"verified_until": timezone.localdate() + timedelta(days=9)}
            Doctor.objects.filter(pk=doctor.pk).update(
                **{**until, **STANDINGS[name]}, moderated_at=timezone.now()
            )
        for question, state in zip(self.questions, site.threads, strict=True):
            Question.objects.filter(pk=question.pk).update(state=state, moderated_at=timezone.now())
        answers = [
            Answer(
                question=self.questions[one.thread], summary="s", body="b", is_imported=True, **self.row(one)
            )
            for one in site.said
            if one.to is None
        ]
        Answer.objects.bulk_create(answers)
        keys = {(answer.question_id, answer.doctor_id): answer for answer in answers}
        SecondOpinion.objects.bulk_create(
            SecondOpinion(
                answer=keys[self.questions[one.thread].pk, self.doctors[one.to].pk],
                kind=one.kind,
                note="n" if one.day or one.kind == "dispute" else "",
                **self.row(one),
            )
            for one in site.said
            if one.to is not None
        )
        refresh(question.pk for question in self.questions)

    def reason(self, one: Said) -> str:
        """A reason for what holds a position by itself; every dispute has one, no co-signature."""
        return "" if one.kind == "cosign" else "safety" if one.day % 2 else "evidence"

    def row(self, one: Said) -> dict[str, Any]:
        taken = FIRST_DAY + timedelta(days=one.day)
        came = {"edited": FIRST_DAY, "imported": FIRST_DAY + timedelta(days=IMPORT_DAY)}.get(
            one.origin, taken
        )
        row = {"doctor": self.doctors[one.doctor], "stance": one.stance, "state": one.state}
        row["reason"] = self.reason(one)
        if one.to is None:
            own = {"answered_at": FIRST_DAY if one.origin in {"edited", "undated"} else taken}
            own |= {"is_dated": one.origin != "undated"}
            own |= {"confirmed_at": taken} if one.origin in {"written", "edited"} else {}
            row |= own
        if one.state in {"published", "removed"}:
            row |= {"published_at": came, "moderated_at": came, "moderated_by": self.boss}
        return row


@pytest.fixture
def world() -> World:
    one = UseFactory()
    other = UseFactory(treatment=one.treatment)
    questions = [
        QuestionFactory(published=True, treatment=one.treatment, use=use) for use in (one, one, other)
    ]
    return World([DoctorFactory(verified=True) for _ in range(DOCTORS)], questions, moderator())


def tally(held: dict[int, Said]) -> tuple[dict[str, int], int, int]:
    kinds = Counter(one.kind for one in held.values())
    return dict(Counter(one.stance for one in held.values())), kinds["cosign"], kinds["dispute"]


def counted(bar: Any) -> tuple[dict[str, int], int, int]:
    return {row["stance"]: row["count"] for row in bar.counts}, bar.cosigned, bar.disputed


def bar_of_page(question: Question) -> Any:
    """As the thread page counts it, from loaded rows."""
    answers = answers_of(question, viewer=AnonymousUser())
    return bar_for_answers(answers, opinions_of(answers))


def every_bar(world: World) -> list[Any]:
    keys = [question.pk for question in world.questions]
    return [
        *bars_for_questions(keys).values(),
        *bars_for_uses(world.uses()).values(),
        *map(bar_of_page, world.questions),
    ]


MANY = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FEW = settings(MANY, max_examples=12)


@MANY
@given(site=sites())
def test_every_bar_equals_the_slow_recount(world: World, site: Site) -> None:
    world.make(site)
    listed = bars_for_questions(question.pk for question in world.questions)
    for place, question in enumerate(world.questions):
        expected = tally(site.positions(place))
        assert counted(listed[question.pk]) == expected
        assert counted(bar_of_page(question)) == expected
        assert listed[question.pk].dots == bar_of_page(question).dots
    used = bars_for_uses(world.uses())
    for use, threads in world.uses().items():
        assert counted(used[use]) == tally(site.over(threads))
    for stance in Stance.values:
        chosen = ThreadFilter({"stance": stance}, queryset=Thread.objects.public()).qs
        holding = [
            world.questions[place].pk
            for place in range(THREADS)
            if any(one.stance == stance for one in site.positions(place).values())
        ]
        assert sorted(chosen.values_list("pk", flat=True)) == sorted(holding)


@MANY
@given(site=sites())
def test_bar_lines_and_reasons_of_a_use_agree(world: World, site: Site) -> None:
    world.make(site)
    for key, threads in world.uses().items():
        use, held = TreatmentUse.objects.get(pk=key), site.over(threads)
        bar, lines, reasons = bar_of_use(use), lines_on_use(use), reasons_on_use(use)
        assert counted(bar) == tally(held)
        assert Counter(mark.stance for mark in bar.marks) == Counter(tally(held)[0])
        assert {position.stance: position.count for position in lines} == tally(held)[0]
        assert sum(position.seconds for position in lines) == bar.cosigned + bar.disputed
        given = Counter(filter(None, map(world.reason, held.values())))
        assert {group.reason: group.count for group in reasons} == given
        for group in reasons:
            stances = {one.stance for one in held.values() if world.reason(one) == group.reason}
            assert group.stance == (stances.pop() if len(stances) == 1 else "")


@MANY
@given(site=sites(), stance=st.sampled_from(Stance.values))
def test_no_bar_depends_on_what_is_not_published(world: World, site: Site, stance: str) -> None:
    world.make(site)
    before = every_bar(world)
    for model in (Answer, SecondOpinion):
        model.objects.exclude(state="published").update(stance=stance)
    assert every_bar(world) == before
    SecondOpinion.objects.exclude(pk__in=SecondOpinion.objects.public()).delete()
    Answer.objects.exclude(pk__in=Answer.objects.public()).delete()
    assert every_bar(world) == before


@FEW
@given(site=sites())
def test_sentence_legend_picture_and_neighbours_say_the_same(world: World, site: Site) -> None:
    world.make(site)
    for place, question in enumerate(world.questions):
        if site.threads[place] != "published":
            continue
        response = Client().get(question.get_absolute_url())
        html, held = response.content.decode(), site.positions(place)
        stances, cosigned, disputed = tally(held)
        assert legend_of(html) == stances
        assert Counter(re.findall(r'class="mark mark--(\w+)"', html)) == Counter(stances)
        assert f'<h2 class="bar__sentence">{response.context["bar"].sentence}</h2>' in html
        above = html.split('class="marks"')[0]
        assert ("co-signed another doctor" in above) is bool(cosigned)
        assert ("disputed another doctor" in above) is bool(disputed)
        assert len(re.findall(r'class="mark mark--\w+" href="#opinion-', html)) == cosigned + disputed
        for line in re.findall(r'href="#(opinion-\d+)"', html):
            assert f'id="{line}"' in html
        for thread in response.context["similar"]:
            other = next(n for n, q in enumerate(world.questions) if q.pk == thread.pk)
            assert {row["stance"]: row["count"] for row in thread.bar.counts} == tally(site.positions(other))[
                0
            ]


def legend_of(html: str) -> dict[str, int]:
    found = re.findall(r'<svg class="sign is-(\w+)" aria-hidden="true">.*?</svg><span><b>(\d+)</b>', html)
    return {stance: int(count) for stance, count in found}


DEEDS = "answer edit withdraw remove restore second second change take_back approve approve reject suspend readmit"
OF_ANSWERS = {"edit", "withdraw", "remove", "restore", "second"}
OF_OPINIONS = {"change", "take_back"}
deeds = st.tuples(
    st.sampled_from(DEEDS.split()),
    st.integers(0, DOCTORS - 1),
    st.integers(0, DOCTORS - 1),
    st.integers(0, 1),
    st.sampled_from(Stance.values),
)


class Told:
    """What people do, through the verbs; what these refuse is refused, and nothing else happens."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.approved: dict[int, datetime] = {}

    def do(self, deed: str, who: int, whom: int, thread: int, stance: str) -> None:
        """Doctor ``who`` does something about the answer of doctor ``whom``, or the moderator does."""
        self.stance, self.question = stance, self.world.questions[thread]
        self.doctor = Doctor.objects.get(pk=self.world.doctors[who].pk)
        answer = Answer.objects.filter(question=self.question, doctor=self.world.doctors[whom]).first()
        opinion = SecondOpinion.objects.filter(answer=answer, doctor=self.doctor).first()
        missing = (answer is None and deed in OF_ANSWERS) or (opinion is None and deed in OF_OPINIONS)
        if not missing:
            with contextlib.suppress(TransitionError, PermissionDenied):
                getattr(self, deed)(answer, opinion)

    def words(self) -> dict[str, str]:
        return {"stance": self.stance, "reason": "safety", "summary": "s", "body": "b", "confidence": "low"}

    def said(self, answer: Answer) -> dict[str, Any]:
        number = max([r.number for r in answer.revisions.all() if r.is_public], default=1)
        kind = "cosign" if self.stance in {"exam", "unknown"} else "dispute"
        return {"about": number, "kind": kind, "stance": self.stance, "reason": "safety", "note": "n"}

    def answer(self, answer: Any, opinion: Any) -> None:
        answer_question(question=self.question, by=self.doctor.user, **self.words())

    def edit(self, answer: Any, opinion: Any) -> None:
        edit_answer(answer=answer, by=answer.doctor.user, **self.words())

    def withdraw(self, answer: Any, opinion: Any) -> None:
        withdraw_answer(answer=answer, by=answer.doctor.user)

    def second(self, answer: Any, opinion: Any) -> None:
        give_opinion(answer=answer, by=self.doctor.user, **self.said(answer))

    def change(self, answer: Any, opinion: Any) -> None:
        change_opinion(opinion=opinion, by=self.doctor.user, **self.said(answer))

    def take_back(self, answer: Any, opinion: Any) -> None:
        withdraw_opinion(opinion=opinion, by=self.doctor.user)

    def approve(self, answer: Any, opinion: Any) -> None:
        self.decide("published", answer, opinion)

    def reject(self, answer: Any, opinion: Any) -> None:
        self.decide("rejected", answer, opinion)

    def remove(self, answer: Any, opinion: Any) -> None:
        self.decide("removed", opinion or answer, None)

    def restore(self, answer: Any, opinion: Any) -> None:
        self.decide("published", opinion or answer, None)

    def decide(self, to: str, answer: Any, opinion: Any) -> None:
        for one in (answer, answer and answer.revisions.in_work().first(), opinion):
            if one is not None:
                before = one.state
                with contextlib.suppress(TransitionError):
                    transition(one, to=to, by=self.world.boss, reason="x")
                    if (before, to) == ("pending", "published") and one is not opinion:
                        self.approved[answer.pk] = timezone.now()

    def suspend(self, answer: Any, opinion: Any) -> None:
        Doctor.objects.filter(pk=self.doctor.pk).update(standing="suspended")

    def readmit(self, answer: Any, opinion: Any) -> None:
        Doctor.objects.filter(pk=self.doctor.pk).update(standing="verified")


def described(world: World, approved: dict[int, datetime]) -> Site:
    """What stands in the tables now, row by row, in the order in which it came.

    ``approved`` is when the answers, or edits of them, last were.
    """
    who = {doctor.pk: place for place, doctor in enumerate(world.doctors)}
    where = {question.pk: place for place, question in enumerate(world.questions)}
    said, by_answer = [], {}
    for a in Answer.objects.order_by("pk"):
        by_answer[a.pk] = a
        said.append(Said(who[a.doctor_id], where[a.question_id], a.stance, a.state, approved.get(a.pk)))
    for o in SecondOpinion.objects.order_by("pk"):
        a = by_answer[o.answer_id]
        at, to = where[a.question_id], who[a.doctor_id]
        said.append(Said(who[o.doctor_id], at, o.stance, o.state, o.published_at, o.kind, to))
    standings = Doctor.objects.in_bulk(who)
    return Site([standings[pk].standing for pk in who], ["published"] * THREADS, said)


@FEW
@given(story=st.lists(deeds, min_size=8, max_size=30))
def test_whatever_people_do_the_bars_equal_the_recount(world: World, story: list[tuple]) -> None:
    world.make(Site(["verified"] * DOCTORS, ["published"] * THREADS, []))
    told = Told(world)
    for deed in story:
        told.do(*deed)
    site = described(world, told.approved)
    listed = bars_for_questions(question.pk for question in world.questions)
    for place, question in enumerate(world.questions):
        assert counted(listed[question.pk]) == counted(bar_of_page(question)) == tally(site.positions(place))
    used = bars_for_uses(world.uses())
    for use, threads in world.uses().items():
        assert counted(used[use]) == tally(site.over(threads))


def test_over_a_use_an_edit_is_later_than_what_was_said_elsewhere_before(world: World) -> None:
    boss, doctor = world.boss, world.doctors[0]
    words = {"stance": "supports", "summary": "Yes.", "body": "b", "confidence": "low"}
    first, second = (
        answer_question(question=question, by=doctor.user, **words) for question in world.questions[:2]
    )
    for answer in (first, second):
        transition(answer, to="published", by=boss)
    edit = edit_answer(answer=first, by=doctor.user, **{**words, "stance": "against", "reason": "safety"})
    transition(edit, to="published", by=boss)
    use = world.questions[0].use_id
    assert counted(bars_for_uses([use])[use]) == ({"against": 1}, 0, 0)


def test_over_a_use_an_import_is_as_old_as_its_answer(world: World) -> None:
    new = Said(0, 0, "supports", "published", 1)
    old = Said(0, 1, "against", "published", 0, origin="imported")
    world.make(Site(["verified"] * DOCTORS, ["published"] * THREADS, [new, old]))
    use = world.questions[0].use_id
    assert counted(bars_for_uses([use])[use]) == ({"supports": 1}, 0, 0)


def test_what_a_later_version_says_moves_nobody_who_spoke_of_the_earlier(world: World) -> None:
    boss, (author, friend, *_) = world.boss, world.doctors
    words = {"stance": "supports", "summary": "Yes.", "body": "b", "confidence": "low"}
    answer = answer_question(question=world.questions[0], by=author.user, **words)
    transition(answer, to="published", by=boss)
    opinion = give_opinion(answer=answer, by=friend.user, about=1, kind="cosign")
    transition(opinion, to="published", by=boss)
    edit = edit_answer(answer=answer, by=author.user, **{**words, "stance": "against", "reason": "safety"})
    transition(edit, to="published", by=boss)
    assert counted(bar_of_page(world.questions[0])) == ({"supports": 1, "against": 1}, 1, 0)
    withdraw_answer(answer=answer, by=author.user)
    assert counted(bar_of_page(world.questions[0])) == ({}, 0, 0)
