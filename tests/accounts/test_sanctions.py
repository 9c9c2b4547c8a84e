"""Warnings, suspensions, closures: who may impose them, what they stop, and that it is felt at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Sanction, User
from accounts.sanctions import impose, lift
from answers.models import HelpfulVote
from answers.services import accept_answer, answer_question, confirm_answer, edit_answer, mark_helpful
from core.audit import trail
from core.enums import State
from core.models import Report
from core.reports import file_report
from core.writing import MayNotWrite
from questions.keeping import follow
from questions.models import Question
from questions.services import ask_question, edit_question, withdraw_question
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    SecondOpinionFactory,
    TreatmentFactory,
    UserFactory,
    moderator,
    senior,
)

pytestmark = pytest.mark.django_db


def in_days(days: int):
    return timezone.now() + timedelta(days=days)


def suspended(person: User, **fields: object) -> Sanction:
    return impose(
        person=person,
        by=senior(),
        **{"kind": "suspension", "reason": "Insults.", "until": in_days(7), **fields},
    )  # type: ignore[arg-type]


class TestImposing:
    def test_a_warning_stops_nothing(self) -> None:
        person = UserFactory()
        impose(person=person, by=senior(), kind="warning", reason="Please stay kind.")
        assert person.may_write

    def test_each_leaves_its_actor_its_reason_and_an_audit_row(self) -> None:
        person, by = UserFactory(), senior()
        sanction = impose(person=person, by=by, kind="closure", reason="Spam.")
        assert (sanction.imposed_by, sanction.reason) == (by, "Spam.")
        assert [(e.actor, e.action, e.reason) for e in trail(person)] == [(by, "impose closure", "Spam.")]
        assert not person.is_active

    def test_lifting_is_told_and_audited_the_same_way(self) -> None:
        person, by = UserFactory(), senior()
        for kind, until in (("suspension", in_days(3)), ("closure", None)):
            sanction = impose(person=person, by=by, kind=kind, reason="Spam.", until=until)
            lift(sanction=sanction, by=by, reason="It was somebody else.")
            assert (sanction.lifted_by, sanction.lifted_reason) == (by, "It was somebody else.")
            assert trail(person)[0].action == f"lift {kind}"
            with pytest.raises(ValidationError, match="over or lifted"):
                lift(sanction=sanction, by=by, reason="Again.")
        person.refresh_from_db()
        assert person.may_write

    def test_of_two_suspensions_the_longer_counts_and_lifting_it_leaves_the_other(self) -> None:
        person = UserFactory()
        suspended(person, until=in_days(2))
        longer = suspended(person, until=in_days(20))
        person.refresh_from_db()
        assert person.suspended_until == longer.until
        lift(sanction=longer, by=senior(), reason="Enough.")
        person.refresh_from_db()
        assert timezone.now() < person.suspended_until < in_days(3)

    @pytest.mark.parametrize(
        "fields",
        [
            {"until": None},
            {"until": in_days(-1)},
            {"reason": " "},
            {"kind": "warning"},
            {"kind": "exile", "until": None},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, fields: dict) -> None:
        person = UserFactory()
        with pytest.raises(ValidationError):
            suspended(person, **fields)
        person.refresh_from_db()
        assert person.may_write
        assert not trail(person).exists()

    def test_the_database_wants_an_end_a_reason_and_two_people(self) -> None:
        person, by = UserFactory(), senior()
        for wrong in (
            {"kind": "suspension", "reason": "x", "imposed_by": by},
            {"kind": "warning", "reason": "", "imposed_by": by},
            {"kind": "warning", "reason": "x", "imposed_by": person},
            {"kind": "warning", "reason": "x", "imposed_by": by, "lifted_by": by},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                Sanction.objects.create(user=person, **wrong)


@pytest.mark.parametrize(
    ("who", "whom", "allowed"),
    [
        ("senior", "patient", True),
        ("administrator", "patient", True),
        ("administrator", "moderator", True),
        ("moderator", "patient", False),
        ("patient", "patient", False),
        ("senior", "moderator", False),
        ("senior", "senior", False),
        ("senior", "administrator", False),
        ("administrator", "administrator", False),
        ("suspended senior", "patient", False),
    ],
)
def test_who_may_sanction_whom(who: str, whom: str, allowed: bool) -> None:
    """T-AZ-10"""
    makers = {
        "patient": UserFactory,
        "moderator": moderator,
        "senior": senior,
        "administrator": lambda: UserFactory(is_staff=True, is_superuser=True),
        "suspended senior": lambda: senior(suspended_until=in_days(2)),
    }
    by, person = makers[who](), makers[whom]()
    if allowed:
        assert impose(person=person, by=by, kind="warning", reason="Please stay kind.").pk
    else:
        with pytest.raises(PermissionDenied):
            impose(person=person, by=by, kind="warning", reason="Please stay kind.")
        assert not Sanction.objects.exists()


def test_nobody_sanctions_themselves() -> None:
    by = senior()
    with pytest.raises(PermissionDenied):
        impose(person=by, by=by, kind="warning", reason="I was rude.")


class TestWhatASuspensionStops:
    def test_no_verb_of_a_patient_writes(self) -> None:
        question = QuestionFactory(published=True)
        person, answer = question.author, AnswerFactory(published=True, question=question)
        other = AnswerFactory(published=True)
        suspended(person)
        answer.question.author = person
        for deed in (
            lambda: ask_question(by=person, submission_key=None, treatment=TreatmentFactory()),  # type: ignore[arg-type]
            lambda: edit_question(question=question, by=person, title="Another title"),
            lambda: mark_helpful(answer=other, by=person, helpful=True),
            lambda: accept_answer(answer=answer, by=person, accepted=True),
            lambda: file_report(target=other, by=person, kind="facts"),
        ):
            with pytest.raises(MayNotWrite, match="Insults"):
                deed()
        assert Question.objects.by_author(person).count() == 1
        assert not HelpfulVote.objects.exists()
        assert not Report.objects.exists()

    def test_no_verb_of_a_doctor_writes(self) -> None:
        """T-AZ-07"""
        answer, question = AnswerFactory(published=True), QuestionFactory(published=True)
        person = answer.doctor.user
        suspended(person)
        for deed in (
            lambda: answer_question(question=question, by=person),
            lambda: edit_answer(answer=answer, by=person, summary="Another summary"),
            lambda: confirm_answer(answer=answer, by=person),
        ):
            with pytest.raises(MayNotWrite):
                deed()

    def test_one_still_reads_follows_and_takes_back_what_is_ones_own(self, sign_in) -> None:
        question = QuestionFactory(published=True)
        suspended(question.author)
        client = sign_in(question.author)
        assert client.get(question.get_absolute_url()).status_code == 200
        follow(by=question.author, question=question)
        withdraw_question(question=question, by=question.author)
        assert question.state == State.WITHDRAWN

    def test_a_moderator_who_is_suspended_decides_nothing(self, sign_in) -> None:
        question, person = QuestionFactory(pending=True), moderator()
        client = sign_in(person)
        User.objects.filter(pk=person.pk).update(suspended_until=in_days(3))
        url = reverse("admin:moderation_item", args=["question", question.pk])
        assert client.post(url, {"to": "published", "version": 1}).status_code == 403
        question.refresh_from_db()
        assert question.state == State.PENDING

    def test_it_ends_by_itself(self) -> None:
        person = UserFactory(suspended_until=in_days(-1))
        assert person.may_write
        mark_helpful(answer=AnswerFactory(published=True), by=person, helpful=True)
        assert HelpfulVote.objects.filter(user=person).exists()


class TestALiveSession:
    """T-AU-10: the next request has the reduced rights."""

    def test_the_next_form_is_refused_with_the_reason_and_until_when(self, sign_in) -> None:
        person, answer = UserFactory(), AnswerFactory(published=True)
        client = sign_in(person)
        assert client.get("/questions/ask/").status_code == 200
        sanction = suspended(person)
        for response in (
            client.get("/questions/ask/"),
            client.get(f"/reports/new/?about=answer-{answer.pk}"),
            client.get("/me/handle/"),
            client.post(f"/answers/{answer.pk}/helpful/", {"helpful": "yes"}),
        ):
            assert response.status_code == 403
            assert f"Until {sanction.until:%-d %B %Y}" in response.text
            assert "Insults." in response.text
            assert sanction.imposed_by.handle not in response.text

    def test_a_doctors_forms_too(self, sign_in) -> None:
        answer, question = AnswerFactory(published=True), QuestionFactory(published=True)
        opinion = SecondOpinionFactory(pending=True, answer__question=question)
        doctors = {
            answer.doctor.user: (f"/answers/{answer.pk}/edit/", f"/questions/{question.pk}/answer/"),
            DoctorFactory(verified=True).user: (f"/answers/{opinion.answer_id}/second-opinion/",),
        }
        for person, paths in doctors.items():
            client = sign_in(person)
            assert {client.get(path).status_code for path in paths} == {200}
            suspended(person)
            for path in paths:
                response = client.get(path)
                assert response.status_code == 403
                assert "Insults." in response.text

    def test_ones_own_pages_say_so(self, sign_in) -> None:
        person = UserFactory()
        impose(person=person, by=senior(handle="the-senior"), kind="warning", reason="Please stay kind.")
        suspended(person)
        page = sign_in(person).get("/me/").text
        assert "Please stay kind." in page
        assert "suspended until" in page
        assert "the-senior" not in page

    def test_a_closed_account_is_nobody_at_the_next_request(self, sign_in) -> None:
        person = UserFactory()
        client = sign_in(person)
        assert client.get("/me/").status_code == 200
        closing = impose(person=person, by=senior(), kind="closure", reason="Spam.")
        assert client.get("/me/").status_code == 302
        lift(sanction=closing, by=senior(), reason="It was somebody else.")
        person.refresh_from_db()
        assert sign_in(person).get("/me/").status_code == 200
