"""The demonstration: who can sign in to it, and how its content comes about.

Everything goes through the verbs that people use, in the order in which it is told to have happened, in one
transaction: an interrupted run leaves nothing behind and can be repeated, a second one finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone

import answers.demo
import answers.demo_opinions
import doctors.demo
import doctors.demo_cases
import questions.demo
from accounts.demo import address, make_account, read_all_but
from accounts.models import User
from accounts.notify import quietly
from answers.demo import Given
from answers.models import Answer
from answers.receivers import threads_held
from answers.threads import count_words
from config import demo_appeals, demo_reports
from config.roles import MODERATORS, SENIORS, keep_moderators_group
from core.enums import State
from questions.models import Question
from treatments.selectors import Addressed, by_address

PASSWORD = "lantern maple river 27"  # noqa: S105  of a demonstration, shown to everybody
DEMO_ACCOUNTS: list[tuple[str, str, str]] = [
    (role, address(name), PASSWORD)
    for role, name in (
        ("patient", "patient"),
        ("doctor", "rowe"),
        ("unverified doctor", "hollis"),
        ("suspended doctor", "duarte"),
        ("moderator", "moderator"),
        ("senior moderator", "senior"),
        ("administrator", "administrator"),
    )
]
# Of what those who can sign in were told, so much waits for them.
UNREAD = 3
PASSWORDS = {email: password for _role, email, password in DEMO_ACCOUNTS}
# What the patient who can sign in has asked: something in every state.
ASKED_BY_THE_PATIENT = {
    "a-heavy-brows",
    "a-kyb-bullfrog",
    "a-daxx-headache",
    "a-jeuveau-draft",
    "a-kyb-ten-years",
    "d-coolsculpting-package-for-sale",
    "e-boots-again",
}
# What that patient keeps, in this order, and follows: threads, and one treatment.
KEPT_BY_THE_PATIENT = ("a-masseter-jowls", "a-arm-deltoid", "a-legs")
FOLLOWED_BY_THE_PATIENT = ("a-legs", "a-pebble-chin", "a-nose-tip-selfie")
FOLLOWED_TREATMENT = "botox"
LOOKED_DAYS_AGO = 43
# Any number, but the same for everybody who seeds.
LOCK = 20_261_123
Progress = Callable[[Sequence[Given]], Any]


class ContentError(Exception):
    """The demonstration's files do not fit together, or not the catalogue; ``problems`` says where."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Added:
    """How much a run has added."""

    doctors: int = 0
    questions: int = 0
    answers: int = 0
    cases: int = 0

    def __bool__(self) -> bool:
        return bool(self.doctors or self.questions or self.cases)


def seed(progress: Progress = list) -> Added:
    """Add what is missing of the demonstration. ``progress`` is wrapped around the answers as they are given.

    Raises ContentError before anything is written.
    """
    files, profiles = answers.demo.read(), doctors.demo.read()
    catalogue = by_address()
    found = problems(files, profiles, catalogue)
    if found:
        raise ContentError(found)
    people = [email for _, email, _ in DEMO_ACCOUNTS]
    with transaction.atomic(), connection.cursor() as cursor, quietly(to=people):
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        staff = Staff.ensure()
        made = doctors.demo.seed(profiles, moderator=staff.senior, passwords=PASSWORDS)
        threads = questions.demo.missing([row for rows in files.values() for row in rows])
        added = Added(len(made), len(threads), sum(len(row["answers"]) for row in threads))
        if added:
            with threads_held():
                Run(profiles, made, threads, catalogue, staff).tell(progress)
            count_words()
            read_all_but(UNREAD, emails=people)
    doctors.demo.restore_portraits(profiles)
    with quietly(to=people):
        # Pictures lie beside the database: each case is a transaction of its own.
        cases = doctors.demo_cases.seed(doctors.demo.by_key(), moderator=staff.moderator)
    return replace(added, cases=cases)


def problems(
    files: dict[str, list[questions.demo.Row]],
    profiles: list[dict[str, Any]],
    catalogue: dict[str, Addressed],
) -> list[str]:
    """Everything wrong with the files, each line naming file and entry."""
    if not catalogue:
        return ["There are no treatments yet: run manage.py load_catalogue first."]
    found = doctors.demo.problems(profiles)
    may_answer = [row["key"] for row in profiles if row.get("standing") != "unverified"]
    seen: set[str] = set()
    for file, rows in files.items():
        for row in rows:
            wrong = questions.demo.problems(row, catalogue) or answers.demo.problems(row, may_answer)
            wrong += ["this key exists already"] if row.get("key") in seen else []
            seen.add(row.get("key", ""))
            found += [f"{file}: {row.get('key')}: {problem}" for problem in wrong]
    if found:
        return found
    threads = [row for rows in files.values() for row in rows]
    given = {answer.key: answer for answer in answers.demo.given(threads)}
    return [
        *answers.demo.edit_problems(answers.demo.read_edits(), threads),
        *questions.demo.link_problems(questions.demo.read_links(), threads),
        *answers.demo_opinions.problems(answers.demo_opinions.read(), given, may_answer),
    ]


@dataclass(frozen=True)
class Staff:
    """Those who decide, and the patient who can sign in."""

    patient: User
    moderator: User
    senior: User

    @classmethod
    def ensure(cls) -> Staff:
        long_ago = timezone.now() - timedelta(days=700)
        handles = {
            "patient": "demo-patient",
            "moderator": "demo-desk",
            "senior": "demo-senior",
            "administrator": "demo-keys",
        }
        patient, moderator, senior, administrator = (
            make_account(name, handle=handle, joined=long_ago, password=PASSWORD)
            for name, handle in handles.items()
        )
        if not senior.is_staff:
            keep_moderators_group()
            for person, group in ((moderator, MODERATORS), (senior, SENIORS)):
                person.groups.add(Group.objects.get(name=group))
                User.objects.filter(pk=person.pk).update(is_staff=True)
            User.objects.filter(pk=administrator.pk).update(is_staff=True, is_superuser=True)
        moderator, senior = (User.objects.get(pk=person.pk) for person in (moderator, senior))
        return cls(patient=patient, moderator=moderator, senior=senior)


class Run:
    """One telling of the threads that are missing."""

    def __init__(
        self,
        profiles: list[dict[str, Any]],
        made: list[str],
        threads: list[questions.demo.Row],
        catalogue: dict[str, Addressed],
        staff: Staff,
    ) -> None:
        self.profiles, self.made, self.threads = profiles, made, threads
        self.catalogue, self.staff = catalogue, staff
        self.edits = answers.demo.read_edits()
        self.unmade = list(self.edits["answers"])
        self.given: dict[str, Given] = {}
        self.answers: dict[str, Answer] = {}
        self.asked: dict[str, Question] = {}

    def tell(self, progress: Progress) -> None:
        """Ask, answer, check the doctors again, second, change, settle, vote; then move the dates back, confirm."""
        moderator = self.staff.moderator
        self.askers = questions.demo.make_askers(
            self.threads, patient=self.staff.patient, of_patient=ASKED_BY_THE_PATIENT
        )
        self.asked = questions.demo.seed(
            self.threads, askers=self.askers, moderator=moderator, catalogue=self.catalogue
        )
        self.answer(progress)
        answers.demo_opinions.seed(
            answers.demo_opinions.read(),
            answers=self.answers,
            doctors=doctors.demo.by_key(),
            moderator=moderator,
        )
        self.change()
        doctors.demo.settle(self.profiles, made=self.made, moderator=self.staff.senior)
        questions.demo.settle(self.threads, self.asked, moderator=moderator)
        self.keep()
        questions.demo.link(self.asked, moderator=moderator)
        self.move_back()
        doctors_made = {key: doctor for key, doctor in doctors.demo.by_key().items() if key in self.made}
        demo_reports.seed(
            {**self.asked, **self.answers, **doctors_made},
            people={**self.askers, "patient": self.staff.patient},
            moderator=moderator,
        )
        demo_appeals.seed(self.asked, people=self.askers, senior=self.staff.senior)

    def answer(self, progress: Progress) -> None:
        ordered = answers.demo.given(self.threads)
        by_doctor = doctors.demo.by_key()
        before = {self.key_of(change): change["before"] for change in reversed(self.edits["answers"])}
        checked = timezone.now() - timedelta(days=doctors.demo.SECOND_CHECK)
        is_checked = False
        for given in progress(ordered):
            if not is_checked and given.answered_at > checked:
                self.amend(until=checked)
                doctors.demo.check_again(self.profiles, made=self.made, moderator=self.staff.senior)
                by_doctor, is_checked = doctors.demo.by_key(), True
            self.given[given.key] = given
            self.answers[given.key] = answers.demo.seed(
                given,
                question=self.asked[given.thread["key"]],
                doctor=by_doctor[given.row["doctor"]],
                moderator=self.staff.moderator,
                before=before.get(given.key, {}),
            )

    def amend(self, until: datetime | None = None) -> None:
        """The edits of answers not made yet; with ``until``, those approved before it."""
        for change in list(self.unmade):
            key = self.key_of(change)
            if key not in self.answers:
                continue
            given = self.given[key]
            is_early = change["state"] == State.PUBLISHED and (
                until is not None and answers.demo.amended_at(given, change) < until
            )
            if until is None or is_early:
                self.unmade.remove(change)
                answers.demo.edit(given, self.answers[key], change=change, moderator=self.staff.moderator)

    def change(self) -> None:
        """Edits, and what was withdrawn or removed."""
        self.amend()
        for change in self.edits["questions"]:
            if change["thread"] in self.asked:
                question = self.asked[change["thread"]]
                questions.demo.propose_edit(question, append=change["append"], days_ago=change["days_ago"])
        for key, answer in self.answers.items():
            answers.demo.settle(self.given[key], answer, moderator=self.staff.moderator)

    def keep(self) -> None:
        """The patient's own list, once all of it is there."""
        if not {*KEPT_BY_THE_PATIENT, *FOLLOWED_BY_THE_PATIENT} <= set(self.asked):
            return
        questions.demo.keep_and_follow(
            self.staff.patient,
            kept=[self.asked[key] for key in KEPT_BY_THE_PATIENT],
            followed=[
                *(self.asked[key] for key in FOLLOWED_BY_THE_PATIENT),
                self.catalogue[FOLLOWED_TREATMENT].treatment,
            ],
            looked_days_ago=LOOKED_DAYS_AGO,
        )

    def move_back(self) -> None:
        others = {user.email: user for user in self.askers.values() if user != self.staff.patient}
        voters = [user for _, user in sorted(others.items())]
        answers.demo.vote(self.given, self.answers, voters=voters)
        doctors.demo.backdate(self.profiles, made=self.made)
        questions.demo.backdate(self.threads, self.asked)
        answers.demo.backdate(self.given, self.answers)
        for row in self.edits["confirmations"]:
            if self.key_of(row) in self.answers:
                answers.demo.confirm(self.answers[self.key_of(row)], days_ago=row["days_ago"])

    @staticmethod
    def key_of(change: answers.demo.Row) -> str:
        return f"{change['thread']}/{change['doctor']}"
