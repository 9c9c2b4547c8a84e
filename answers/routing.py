"""New questions find doctors: those of the treatment first, then their neighbours, then a moderator knows of it.

Each step is one round: one transaction with a fixed number of statements, however many questions and doctors there
are. A round that is stopped halfway has not happened; two workers at once do not do it twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Case, DateTimeField, Exists, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.notify import tell_many
from answers.enums import Step
from answers.models import Answer, Reached, Round, Route
from answers.notifications import NEW_QUESTIONS, NOBODY_ANSWERED
from doctors.models import Doctor
from doctors.selectors import Scopes
from questions.models import Question

if TYPE_CHECKING:
    from accounts.notifications import Kind
    from doctors.models import DoctorQuerySet

# After how long without an answer more doctors are told, and then the moderators.
WIDER_AFTER, MODERATORS_AFTER = timedelta(hours=24), timedelta(hours=72)
# How long a question waits after a step before the next; where nobody could be told, not at all.
WAITS = {Step.NEAR: WIDER_AFTER, Step.WIDER: MODERATORS_AFTER - WIDER_AFTER}
# Of how many questions a round is at most: what is held in memory are their numbers.
AT_ONCE = 1000
# How long it is kept who was told of what; a question has long reached the moderators by then.
KEPT = timedelta(days=90)

REACH = """
INSERT INTO answers_reached (round_id, question_id, specialty_id)
SELECT %s, pair.question, pair.specialty FROM unnest(%s::bigint[], %s::bigint[]) AS pair (question, specialty)
ON CONFLICT (question_id, specialty_id) DO NOTHING
"""


def route_questions(at: datetime | None = None) -> list[Round]:
    """Everything that is due by now: what a question skips for want of a doctor is done in the same call."""
    at = at or timezone.now()
    _close_answered(at)
    rounds = []
    for step in (Step.NEAR, Step.WIDER, Step.MODERATORS):
        while (done := _one_round(step, at)) is not None:
            rounds.append(done)
    return rounds


def start_route(question: Question) -> bool:
    """A question has been published, whether for the first time; that of an import is nobody's to be told of."""
    since = {"since": question.published_at}
    return not question.is_imported and Route.objects.get_or_create(question=question, defaults=since)[1]


def send_out_again(question: Question) -> bool:
    """It was filed elsewhere: other doctors are told of it, and nobody a second time. Whether it was out before."""
    return bool(Route.objects.filter(question=question).update(step=Step.NEAR, due_at=timezone.now()))


def told_in(done: Round) -> DoctorQuerySet:
    """The doctors who have something new since this round, not counting what they asked themselves."""
    others = Reached.objects.filter(round=done, specialty=OuterRef("specialty"))
    return _who_can_be_told().filter(Exists(others.exclude(question__author=OuterRef("user"))))


def forget_rounds(at: datetime | None = None) -> int:
    """What is older than anybody asks for."""
    return Round.objects.filter(at__lt=(at or timezone.now()) - KEPT).delete()[0]


def _close_answered(at: datetime) -> None:
    answered = Answer.objects.public().filter(question=OuterRef("question"))
    Route.objects.filter(Exists(answered), due_at__lte=at).update(due_at=None)


def _one_round(step: Step, at: datetime) -> Round | None:
    """One step of up to ``AT_ONCE`` questions; None when none is due. Those another worker has are left to it."""
    with transaction.atomic():
        due = Route.objects.due(at, step).select_related("question").only("question__treatment")
        locked = due.select_for_update(of=("self",), skip_locked=True).order_by("due_at", "pk")
        routes = list(locked[:AT_ONCE])
        if not routes:
            return None
        done = Round.objects.create(step=step, at=at)
        if step == Step.MODERATORS:
            _tell_moderators(done)
        else:
            _reach(done, routes)
            _tell_doctors(done)
        _move_on(done, [route.pk for route in routes])
    return done


def _reach(done: Round, routes: list[Route]) -> None:
    """Write down the doctors of which specialties hear of which question; who did before does not again."""
    scopes = Scopes()
    find = scopes.near if done.step == Step.NEAR else scopes.wider
    wanted = {treatment: find(treatment) for treatment in {route.question.treatment_id for route in routes}}
    pairs = [
        (route.pk, specialty) for route in routes for specialty in sorted(wanted[route.question.treatment_id])
    ]
    with connection.cursor() as cursor:
        cursor.execute(REACH, [done.pk, [pair[0] for pair in pairs], [pair[1] for pair in pairs]])


def _tell_doctors(done: Round) -> None:
    """Of all that is new to them at once, as soon as each wishes to hear of it."""
    people = told_in(done).values_list("user", flat=True)
    _tell(done, NEW_QUESTIONS, people, reverse("answers:desk"))


def _tell_moderators(done: Round) -> None:
    """Those who may decide on questions; an administrator who does not moderate is not among them."""
    may_moderate = Q(
        groups__permissions__codename="moderate_question",
        groups__permissions__content_type__app_label="questions",
    )
    people = User.objects.filter(may_moderate, is_staff=True).order_by().distinct()
    _tell(done, NOBODY_ANSWERED, people.values_list("pk", flat=True), reverse("admin:moderation_dashboard"))


def _tell(done: Round, kind: Kind, people: Iterable[int], url: str) -> None:
    tell_many(to=people, kind=kind.name, about=done, event=f"round-{done.pk} out", url=url)


def _who_can_be_told() -> DoctorQuerySet:
    """Doctors verified now, with an account that may write, and not away."""
    may_write = Q(user__suspended_until=None) | Q(user__suspended_until__lte=timezone.now())
    doctors = Doctor.objects.public().verified_now().claimed().present(on=timezone.localdate())
    return doctors.filter(may_write, user__is_active=True).order_by()


def _move_on(done: Round, questions: list[int]) -> None:
    """What comes next, and when: soon where somebody was told, at once where nobody was."""
    routes = Route.objects.filter(pk__in=questions)
    if done.step == Step.MODERATORS:
        routes.update(step=Step.NOWHERE, due_at=None)
        return
    step = Step(done.step)
    somebody = _who_can_be_told().filter(specialty=OuterRef("specialty"))
    reached = Reached.objects.filter(round=done, question=OuterRef("pk"))
    was_told = Exists(reached.filter(Exists(somebody.exclude(user=OuterRef("question__author")))))
    soon, now = Value(done.at + WAITS[step]), Value(done.at)
    due_at = Case(When(was_told, then=soon), default=now, output_field=DateTimeField())
    routes.update(step=step + 1, due_at=due_at)
