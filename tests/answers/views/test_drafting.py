"""Drafts: nothing that was typed is lost, nothing overwrites what another tab saved, and there is one answer."""

import re
from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import Session
from answers.drafts import AlreadyAnswered, DraftConflict, save_draft
from answers.models import Answer, AnswerDraft
from answers.services import answer_question, edit_answer
from tests.answers.views.test_write import GOOD
from tests.factories import PASSWORD, AnswerFactory, DoctorFactory, QuestionFactory, UserFactory
from tests.racing import at_once

pytestmark = pytest.mark.django_db
SENT = {name: value for name, value in GOOD.items() if name != "sources"}


@pytest.fixture
def question():
    return QuestionFactory(published=True)


@pytest.fixture
def doctor():
    return DoctorFactory(verified=True)


@pytest.fixture
def person(sign_in, doctor) -> Client:
    return sign_in(doctor.user)


def saved(person, question, version: int, body: str):
    return person.post(f"/questions/{question.pk}/draft/", {"draft_version": version, "body": body})


def test_what_is_saved_stands_in_the_form_and_on_the_desk_for_nobody_else(person, question, sign_in) -> None:
    assert saved(person, question, 0, "Half a thought").json()["version"] == 1
    assert "Half a thought</textarea>" in person.get(f"/questions/{question.pk}/answer/").text
    assert "Half a thought" in person.get("/desk/?show=drafts").text
    other = sign_in(DoctorFactory(verified=True).user)
    assert "Half a thought" not in other.get(f"/questions/{question.pk}/answer/").text
    assert other.get(f"/questions/{question.pk}/draft/").json()["version"] == 0


def test_when_it_was_saved_is_said_without_a_clock_of_another_place(person, question) -> None:
    saved(person, question, 0, "Half a thought")
    AnswerDraft.objects.update(saved_at=timezone.now() - timedelta(minutes=12))
    for url in (
        f"/questions/{question.pk}/answer/",
        "/desk/?show=drafts",
        f"/questions/{question.pk}/draft/discard/",
    ):
        page = person.get(url).text
        assert re.search(r'saved <time datetime="[^"]+">12\xa0minutes ago</time>', page), url
        assert "UTC" not in page


def test_a_tab_that_is_behind_is_shown_both_texts_and_overwrites_nothing(person, question) -> None:
    saved(person, question, 0, "From the first tab")
    refused = saved(person, question, 0, "From the second tab")
    assert refused.status_code == 409
    assert refused.json()["fields"]["body"] == "From the first tab"
    form = f"/questions/{question.pk}/answer/"
    page = person.post(form, {**GOOD, "body": "From the second tab", "draft_version": 0, "send": ""})
    assert page.status_code == 409
    assert "From the second tab</textarea>" in page.text
    assert "From the first tab" in page.text
    assert AnswerDraft.objects.get().fields["body"] == "From the first tab"
    assert not Answer.objects.exists()
    assert 'name="draft_version" value="1"' in page.text  # whoever has seen it and goes on means it
    person.post(form, {**GOOD, "body": "From the second tab", "draft_version": 1, "send": ""})
    assert Answer.objects.get().body == "From the second tab"


def test_sending_ends_the_draft_and_a_late_save_brings_none_back(person, question, doctor) -> None:
    saved(person, question, 0, GOOD["body"])
    person.post(f"/questions/{question.pk}/answer/", {**GOOD, "draft_version": 1, "send": ""})
    late = saved(person, question, 1, "Typed in another tab")
    assert late.status_code == 409
    assert late.json() == {"answered": True, "url": Answer.objects.get().get_absolute_url()}
    assert not AnswerDraft.objects.exists()


def test_without_a_script_a_draft_is_saved_by_its_button_however_unfinished(person, question) -> None:
    form = f"/questions/{question.pk}/answer/"
    page = person.post(form, {"summary": "Perhaps.", "sources": "hearsay", "save": ""}, follow=True)
    assert "Your draft is kept." in page.text
    assert "Perhaps.</textarea>" in page.text
    assert "hearsay</textarea>" in page.text
    assert not Answer.objects.exists()
    assert "Throw this draft away?" in person.get(f"/questions/{question.pk}/draft/discard/").text
    for _ in range(2):
        assert person.post(f"/questions/{question.pk}/draft/discard/").status_code == 302
    assert "Perhaps." not in person.get(form).text


def test_a_text_sent_after_the_session_ended_is_in_the_form_after_signing_in(
    person, question, doctor
) -> None:
    form = f"/questions/{question.pk}/answer/"
    del person.cookies[settings.SESSION_COOKIE_NAME]
    door = person.post(form, {**GOOD, "send": "", "doctor": doctor.pk})
    assert door["Location"] == f"/accounts/login/?next={form}"
    page = person.post(door["Location"], {"login": doctor.user.email, "password": PASSWORD}, follow=True)
    assert "Your session had ended, so nothing was sent." in page.text
    assert GOOD["body"] in page.text
    assert not Answer.objects.exists()
    assert AnswerDraft.objects.get().fields["summary"] == GOOD["summary"]


def test_a_text_sent_after_the_session_ended_is_not_shown_to_another_doctor(person, question, doctor) -> None:
    other = DoctorFactory(verified=True)
    form = f"/questions/{question.pk}/answer/"
    del person.cookies[settings.SESSION_COOKIE_NAME]
    door = person.post(form, {**GOOD, "send": "", "doctor": doctor.pk})
    page = person.post(door["Location"], {"login": other.user.email, "password": PASSWORD}, follow=True)
    assert page.redirect_chain[-1][0] == form
    assert GOOD["body"] not in page.text
    assert not AnswerDraft.objects.exists()


def test_strangers_fill_no_table_with_texts(client, question) -> None:
    Session.objects.all().delete()
    for _ in range(25):
        client.cookies.clear()
        client.post(f"/questions/{question.pk}/answer/", {**GOOD, "send": ""})
    assert Session.objects.count() == 20


def test_whoever_is_signed_out_or_no_doctor_is_told_so_and_keeps_nothing(client, sign_in, question) -> None:
    assert saved(client, question, 0, "x").status_code == 401
    assert saved(sign_in(UserFactory()), question, 0, "x").status_code == 403
    assert saved(sign_in(DoctorFactory(verified=True).user), question, 0, "\x00" + "y" * 9).status_code == 200
    assert AnswerDraft.objects.get().fields["body"] == "y" * 9


def test_an_edit_has_a_draft_too_and_another_answer_leads_to_it(person, doctor) -> None:
    answer = AnswerFactory(published=True, doctor=doctor)
    url = f"/questions/{answer.question_id}/draft/"
    person.post(url, {"draft_version": 0, "body": "Better.", "editing": answer.pk})
    page = person.get(f"/questions/{answer.question_id}/answer/", follow=True)
    assert page.redirect_chain == [(f"/answers/{answer.pk}/edit/", 302)]
    assert "Better.</textarea>" in page.text
    edit_answer(answer=answer, by=doctor.user, body="Better.")
    assert not AnswerDraft.objects.exists()


def test_the_page_says_how_hard_the_text_is_to_read(person, question) -> None:
    told = saved(person, question, 0, "You can go home on the same day. Rest for a week. " * 3).json()
    assert told["reading"].startswith("Reads like school grade")


class TestAtOnce:
    def test_of_several_tabs_one_is_saved_and_the_others_are_told(self, transactional_db) -> None:
        question, doctor = QuestionFactory(published=True), DoctorFactory(verified=True)
        keep = partial(save_draft, question=question, by=doctor.user, version=0)
        results = at_once(*(partial(keep, fields={"body": f"tab {n}"}) for n in range(4)))
        assert sum(isinstance(result, AnswerDraft) for result in results) == 1
        assert sum(isinstance(result, DraftConflict) for result in results) == 3

    def test_sent_and_saved_at_once_there_is_one_answer_and_no_draft(self, transactional_db) -> None:
        question, doctor = QuestionFactory(published=True), DoctorFactory(verified=True)
        send = partial(answer_question, question=question, by=doctor.user)
        answer = {**SENT, "citations": []}
        results = at_once(
            partial(save_draft, question=question, by=doctor.user, fields={"body": "x"}, version=0),
            *(partial(send, **answer) for _ in range(3)),
        )
        assert Answer.objects.count() == 1
        assert not AnswerDraft.objects.exists()
        assert isinstance(results[0], AnswerDraft | AlreadyAnswered)
