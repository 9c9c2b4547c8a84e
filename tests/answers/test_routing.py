"""New questions find doctors: those of the treatment, then neighbours, then the moderators; nobody hears twice."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.chores import write_daily
from accounts.composing import message_of
from accounts.models import Letter, Notification, Wish
from accounts.sanctions import impose
from answers.models import Reached, Round, Route
from answers.routing import KEPT, forget_rounds, route_questions, told_in
from core.enums import State
from core.moderation import transition
from doctors.models import Doctor, Specialty
from questions.models import Question
from questions.services import reclassify
from tests.factories import (
    AnswerFactory,
    BodyAreaFactory,
    DoctorFactory,
    QuestionFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UserFactory,
    moderator,
    senior,
)
from tests.racing import at_once
from treatments.models import Treatment

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def botox() -> Treatment:
    """For the face, within dermatology."""
    treatment = TreatmentFactory(name="Botox", kind="injectable")
    treatment.body_areas.add(BodyAreaFactory(slug="face"))
    SpecialtyFactory(slug="dermatology").in_scope.add(treatment)
    return treatment


def of(slug: str, **fields) -> Doctor:
    return DoctorFactory(**{"verified": True, "specialty": SpecialtyFactory(slug=slug), **fields})


def lists(slug: str, treatment: Treatment) -> Specialty:
    specialty = SpecialtyFactory(slug=slug)
    specialty.in_scope.add(treatment)
    return specialty


def publish(treatment: Treatment, **fields) -> Question:
    question = QuestionFactory(pending=True, treatment=treatment, **fields)
    return transition(question, to=State.PUBLISHED, by=moderator())


def told(question: Question) -> set[int]:
    rounds = Round.objects.filter(reached__question=question)
    return {doctor.pk for done in rounds for doctor in told_in(done)}


def later(hours: float) -> None:
    route_questions(at=timezone.now() + hours * HOUR)


def test_a_published_question_goes_to_the_doctors_of_its_treatment(botox) -> None:
    near, other = of("dermatology"), of("dentistry")
    waits = QuestionFactory(pending=True, treatment=botox)
    question = publish(botox)
    route_questions()
    assert told(question) == {near.pk} != {other.pk}
    assert told(waits) == set()


def test_a_brand_lies_within_what_lists_its_family(botox) -> None:
    near = of("dermatology")
    question = publish(TreatmentFactory(name="A brand", parent=botox))
    route_questions()
    assert told(question) == {near.pk}


@pytest.mark.parametrize(
    "fields",
    [
        {"verified": False, "published": True},
        {"suspended": True},
        {"expired": True},
        {"user": None},
        {"user__is_active": False},
        {"away_until": timezone.localdate() + timedelta(days=2)},
        {"state": State.REMOVED},
    ],
)
def test_who_cannot_answer_now_is_not_told(botox, fields: dict) -> None:
    of("dermatology", **fields)
    back = of("dermatology", away_until=timezone.localdate() - timedelta(days=1))
    suspended = of("dermatology")
    impose(
        person=suspended.user,
        by=senior(),
        kind="suspension",
        reason="x",
        until=timezone.now() + timedelta(days=3),
    )
    question = publish(botox)
    route_questions()
    assert told(question) == {back.pk}


def test_a_doctor_is_not_sent_their_own_question(botox) -> None:
    doctor = of("dermatology")
    question = publish(botox, author=doctor.user)
    later(100)
    assert told(question) == set()


def test_after_a_day_without_an_answer_neighbours_are_told(botox) -> None:
    """Same kind and body area, or the same family; neither another kind nor another area."""
    family = TreatmentFactory(name="Toxins", kind="injectable")
    Treatment.objects.filter(pk=botox.pk).update(parent=family)
    face, legs = BodyAreaFactory(slug="face"), BodyAreaFactory(slug="legs")
    neighbours = []
    for name, kind, area, parent, is_neighbour in (
        ("Filler", "injectable", face, None, True),
        ("Dysport", "topical", legs, family, True),
        ("Lift", "surgery", face, None, False),
        ("Vein", "injectable", legs, None, False),
    ):
        other = TreatmentFactory(name=name, kind=kind, parent=parent)
        other.body_areas.add(area)
        lists(name.lower(), other)
        doctor = of(name.lower())
        neighbours += [doctor.pk] if is_neighbour else []
    near, question = of("dermatology"), publish(botox)
    route_questions()
    later(23)
    assert told(question) == {near.pk}
    later(24.1)
    assert told(question) == {near.pk, *neighbours}


def test_after_three_days_it_is_with_the_moderators(botox) -> None:
    of("dermatology")
    lists("aesthetics", _neighbour())
    of("aesthetics")
    question = publish(botox)
    route_questions()
    later(24.1)
    later(71)
    assert not Route.objects.with_moderators().exists()
    later(72.2)
    assert [route.question for route in Route.objects.with_moderators()] == [question]
    AnswerFactory(published=True, question=question)
    assert not Route.objects.with_moderators().exists()


def _neighbour() -> Treatment:
    filler = TreatmentFactory(name="Filler", kind="injectable")
    filler.body_areas.add(BodyAreaFactory(slug="face"))
    return filler


def test_where_nobody_can_be_told_the_next_step_follows_at_once(botox) -> None:
    nobody = publish(TreatmentFactory(name="Rare"))
    route_questions()
    assert [route.question for route in Route.objects.with_moderators()] == [nobody]


@pytest.mark.parametrize("state", [State.PUBLISHED, State.PENDING])
def test_what_is_answered_goes_no_further(botox, state: str) -> None:
    of("dermatology")
    question = publish(botox)
    route_questions()
    AnswerFactory(question=question, **{str(state): True})
    later(25)
    later(100)
    assert Round.objects.count() == 1
    assert not Route.objects.with_moderators().exists()


def test_an_answer_that_was_refused_counts_for_nothing(botox) -> None:
    lists("aesthetics", _neighbour())
    wide, _ = of("aesthetics"), of("dermatology")
    question = publish(botox)
    route_questions()
    answer = AnswerFactory(question=question, pending=True)
    later(30)
    transition(answer, to=State.REJECTED, by=moderator(), reason="No.")
    later(31)
    assert wide.pk in told(question)


def test_what_is_hidden_waits_and_goes_out_when_it_is_back(botox) -> None:
    near, question = of("dermatology"), publish(botox)
    transition(question, to=State.REMOVED, by=moderator(), reason="A look.")
    later(1)
    assert told(question) == set()
    transition(question, to=State.PUBLISHED, by=moderator(), reason="It is fine.")
    later(2)
    assert told(question) == {near.pk}


def test_imported_questions_are_nobodys_to_be_told_of(botox) -> None:
    of("dermatology")
    publish(botox, is_imported=True)
    assert route_questions() == []


def test_filed_elsewhere_it_goes_to_the_doctors_there_and_to_nobody_twice(botox) -> None:
    here, there = of("dermatology"), of("dentistry")
    veneers = TreatmentFactory(name="Veneers")
    lists("dentistry", veneers)
    lists("dermatology", veneers)
    question = publish(botox)
    route_questions()
    reclassify(
        question=question,
        treatment=veneers,
        use=None,
        by=moderator(),
        reason="Teeth.",
        version=question.version,
    )
    later(0.1)
    assert told(question) == {here.pk, there.pk}
    last = Round.objects.filter(reached__question=question).first()
    assert [doctor.pk for doctor in told_in(last)] == [there.pk]


def test_run_twice_it_does_nothing_twice(botox, capsys) -> None:
    of("dermatology")
    publish(botox)
    call_command("route_questions")
    assert "(doctors told: 1)" in capsys.readouterr().out
    call_command("route_questions")
    assert "Nothing is due." in capsys.readouterr().out


def test_each_doctor_is_told_once_of_all_that_is_new(botox) -> None:
    """On the site at once, by mail as soon as they wish; the asker who is a doctor is not told of their own."""
    near, daily, asker = of("dermatology"), of("dermatology"), of("dermatology")
    Wish.objects.create(user=near.user, topic="new-questions", rhythm="at-once")
    for _ in range(2):
        publish(botox, author=asker.user)
    route_questions()
    route_questions()
    told = Notification.objects.filter(kind="new-questions")
    assert {(row.to_id, row.rhythm) for row in told} == {(near.user_id, "at-once"), (daily.user_id, "daily")}
    assert told.count() == 2
    assert Letter.objects.filter(topic="new-questions").count() == 1


def test_a_round_is_news_only_while_something_of_it_waits(botox, sign_in) -> None:
    doctor = of("dermatology")
    first, second = publish(botox), publish(botox)
    route_questions()
    client = sign_in(doctor.user)
    assert "New questions wait for a doctor</a>" in client.get("/me/notifications/").content.decode()
    for question in (first, second):
        AnswerFactory(published=True, question=question)
    page = client.get("/me/notifications/").content.decode()
    assert "New questions wait for a doctor</a>" not in page
    assert "This has changed since then" in page


def test_a_summary_says_it_in_one_line_however_often_it_happened(botox) -> None:
    doctor = of("dermatology")
    for _ in range(3):
        publish(botox)
        route_questions()
    write_daily()
    letter = Letter.objects.get(to=doctor.user)
    rows = [*letter.notifications.order_by("-pk")]
    for row in rows:
        row.about = None
    assert len(rows) == 3
    assert str(message_of(letter, rows).body).count("New questions wait for a doctor") == 1


def test_moderators_are_told_once_of_all_that_waits(botox) -> None:
    mod, _ = moderator(), UserFactory(is_staff=True)
    for _ in range(2):
        publish(TreatmentFactory())
    route_questions()
    later(5)
    told = Notification.objects.filter(kind="nobody-answered")
    assert sorted(row.to.handle for row in told) == sorted({mod.handle, *moderators_of(told)})
    assert told.filter(to=mod).count() == 1


def moderators_of(rows) -> list[str]:
    """Whoever published something in these tests moderates too."""
    return [row.to.handle for row in rows if row.to.has_perm("questions.moderate_question")]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_everybody_once(botox) -> None:
    doctors = {of("dermatology").pk for _ in range(3)}
    questions = [publish(botox) for _ in range(3)]
    results = at_once(*[route_questions] * 3)
    assert not [one for one in results if isinstance(one, Exception)]
    assert all(told(question) == doctors for question in questions)
    assert Reached.objects.count() == 3


def test_it_costs_the_same_statements_for_few_and_for_many(botox) -> None:
    def cost(questions: int, doctors: int) -> int:
        for _ in range(doctors):
            of("dermatology")
        for _ in range(questions):
            publish(botox)
        with CaptureQueriesContext(connection) as queries:
            route_questions()
        return len(queries)

    assert cost(1, 1) == cost(12, 20)


def test_what_nobody_asks_for_any_more_is_forgotten(botox) -> None:
    of("dermatology")
    publish(botox)
    with time_machine.travel(timezone.now() - KEPT - HOUR, tick=False):
        publish(botox)
        route_questions()
    route_questions()
    before = Reached.objects.count()
    forget_rounds()
    assert Reached.objects.count() < before
    assert not Round.objects.filter(at__lt=timezone.now() - KEPT).exists()
