"""Who gets in: people sign in where everybody does, and lower roles change nothing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from answers.models import Answer
from core.enums import State
from doctors.models import Doctor, Verification
from questions.models import Question
from tests.factories import AnswerFactory, DoctorFactory, QuestionFactory, UserFactory, moderator

pytestmark = pytest.mark.django_db


def test_a_stranger_is_sent_to_our_own_sign_in_page(client: Client) -> None:
    response = client.get("/admin/")
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next=/admin/"


def test_the_admins_own_sign_in_page_does_not_exist(client: Client) -> None:
    response = client.get("/admin/login/?next=/admin/questions/question/")
    assert response["Location"] == f"{reverse('account_login')}?next=/admin/questions/question/"


def test_signing_in_never_leads_off_the_site(client: Client) -> None:
    response = client.get("/admin/login/?next=https://elsewhere.example/")
    assert response["Location"] == f"{reverse('account_login')}?next=/admin/"


def test_a_patient_is_told_in_our_own_look_that_it_is_closed(sign_in) -> None:
    response = sign_in(UserFactory()).get("/admin/")
    assert response.status_code == 403
    assert "This page is not open to you" in response.text


def test_staff_without_rights_are_told_the_same(sign_in) -> None:
    assert sign_in(UserFactory(is_staff=True)).get("/admin/").status_code == 403


def test_an_administrator_sees_the_queue(sign_in) -> None:
    admin = UserFactory(is_staff=True, is_superuser=True)
    assert "Waiting for a decision" in sign_in(admin).get("/admin/").text


def test_signing_out_of_the_desk_ends_the_session(sign_in) -> None:
    client = sign_in(moderator())
    client.post("/admin/logout/")
    assert client.get("/admin/").status_code == 302


def test_a_password_is_changed_on_the_account_pages(sign_in) -> None:
    response = sign_in(moderator()).get("/admin/password_change/")
    assert response["Location"] == reverse("account_change_password")


@pytest.mark.parametrize("role", ["anonymous", "patient", "author", "doctor", "powerless staff"])
def test_lower_roles_decide_nothing(role: str, sign_in, client: Client) -> None:
    """T-AZ-06"""
    question, answer = QuestionFactory(pending=True), AnswerFactory(pending=True)
    doctor = DoctorFactory(pending=True)
    user = {
        "patient": UserFactory,
        "author": lambda: question.author,
        "doctor": lambda: DoctorFactory(verified=True).user,
        "powerless staff": lambda: UserFactory(is_staff=True),
    }.get(role, lambda: None)()
    client = sign_in(user) if user else client
    for kind, row in (("question", question), ("answer", answer), ("doctor", doctor)):
        url = reverse("admin:moderation_item", args=[kind, row.pk])
        assert client.post(url, {"to": "published", "version": 1}).status_code in {302, 403}
    client.post(
        reverse("admin:moderation_verification", args=[doctor.pk]),
        {"verification-result": "verified", "verification-source": "mine"},
    )
    assert set(Question.objects.values_list("state", flat=True)) <= {State.PENDING, State.PUBLISHED}
    assert Question.objects.get(pk=question.pk).state == State.PENDING
    assert Answer.objects.get(pk=answer.pk).state == State.PENDING
    assert Doctor.objects.get(pk=doctor.pk).state == State.PENDING
    assert not Verification.objects.exists()


def test_a_moderator_without_a_kind_sees_nothing_of_it(sign_in) -> None:
    from django.contrib.auth.models import Permission

    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="moderate_answer"))
    question, answer = QuestionFactory(pending=True, title="Hidden from me"), AnswerFactory(pending=True)
    client = sign_in(user)
    page = client.get("/admin/").text
    assert answer.summary in page
    assert "Hidden from me" not in page
    assert client.get(reverse("admin:moderation_item", args=["question", question.pk])).status_code == 403


@pytest.mark.parametrize("path", ["nothing/1/", "question/999999/", f"question/{10**30}/", "auditentry/1/"])
def test_what_does_not_exist_is_not_found(path: str, sign_in) -> None:
    assert sign_in(moderator()).get(f"/admin/moderation/{path}").status_code == 404
