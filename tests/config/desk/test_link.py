"""Linking a question on its screen: suggestions, refusals, two moderators at once, and undoing it."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.audit import trail
from questions.models import Question
from questions.services import mark_duplicate
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    TreatmentFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def treatment():
    return TreatmentFactory(name="Botox", slug="botox")


@pytest.fixture
def canonical(treatment) -> Question:
    return QuestionFactory(published=True, treatment=treatment, title="Can Botox slim my calves?")


@pytest.fixture
def question(treatment) -> Question:
    return QuestionFactory(published=True, treatment=treatment, title="Slimmer calves by Botox?")


def screen(question: Question) -> str:
    return reverse("admin:moderation_item", args=["question", question.pk])


def filled(question: Question, **values: object) -> dict[str, object]:
    given = {"version": question.version, "kind": "duplicate", "reason": "The same muscle.", **values}
    return {f"link-{name}": value for name, value in given.items()}


def url(question: Question) -> str:
    return reverse("admin:moderation_link", args=[question.pk])


@pytest.mark.parametrize(
    "form",
    ["{pk}", "#{pk}", " {pk} ", "https://candor.example{path}?sort=newest", "{path}", "/questions/{pk}/"],
)
def test_a_thread_is_named_by_its_number_or_address(sign_in, question, canonical, form: str) -> None:
    named = form.format(pk=canonical.pk, path=canonical.get_absolute_url())
    response = sign_in(moderator()).post(url(question), filled(question, thread=named), follow=True)
    question.refresh_from_db()
    assert question.duplicate_of == canonical
    page = response.content.decode()
    assert "those who followed or kept it were moved there" in page
    assert "Undo the link" in page
    assert f"Same question as {canonical.pk}, “{canonical.title}”. The same muscle." in page


def test_similar_threads_are_suggested_and_may_be_chosen(sign_in, question, canonical) -> None:
    QuestionFactory(pending=True, treatment=canonical.treatment, title="Calves, still hidden?")
    client = sign_in(moderator())
    page = client.get(screen(question)).content.decode()
    assert f"{canonical.pk}: {canonical.title}" in page
    assert "still hidden" not in page
    data = filled(question, suggested=canonical.pk, kind="variant", difference="I am a dancer.")
    page = client.post(url(question), data, follow=True).content.decode()
    question.refresh_from_db()
    assert (question.variant_of, question.difference) == (canonical, "I am a dancer.")
    assert "<bdi>I am a dancer.</bdi>" in page


def test_a_waiting_question_is_linked_and_then_published(sign_in, client: Client, canonical) -> None:
    waiting = QuestionFactory(pending=True, treatment=canonical.treatment)
    judge = sign_in(moderator())
    judge.post(url(waiting), filled(waiting, suggested=canonical.pk))
    assert client.get(waiting.get_absolute_url()).status_code == 404
    waiting.refresh_from_db()
    judge.post(screen(waiting), {"to": "published", "version": waiting.version})
    assert client.get(waiting.get_absolute_url())["Location"] == canonical.get_absolute_url()


def test_undoing_says_that_people_stay(sign_in, question, canonical) -> None:
    mark_duplicate(question=question, canonical=canonical, by=moderator(), reason="The same.")
    client = sign_in(moderator())
    assert "Why it is undone" in client.get(screen(question)).content.decode()
    data = {"link-version": question.version, "link-reason": "Another muscle."}
    page = client.post(url(question), data, follow=True).content.decode()
    question.refresh_from_db()
    assert not question.is_linked
    assert "Those who followed or kept it stay with the other thread." in page
    assert "Asked before?" in page


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({}, 400, "Name the other thread."),
        ({"thread": "99999999"}, 400, "There is no such thread."),
        ({"thread": "/doctors/somebody/"}, 400, "There is no such thread."),
        ({"thread": "9" * 40}, 400, "There is no such thread."),
        ({"suggested": "x'; --"}, 400, "Name the other thread."),
        ({"thread": "{pk}", "kind": "same"}, 400, "Select a valid choice"),
        ({"thread": "{pk}", "kind": "variant"}, 400, "Say what is different in this case"),
        ({"thread": "{pk}", "reason": " "}, 400, "Say for the record why"),
        ({"thread": "{pk}", "version": ""}, 400, "This form was not complete."),
        ({"thread": "{pk}", "version": 7}, 409, "while you were reading"),
        ({"thread": "{own}"}, 409, "this question itself"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    sign_in, question, canonical, values, status: int, words: str
) -> None:
    given = {
        k: v.format(pk=canonical.pk, own=question.pk) if isinstance(v, str) else v for k, v in values.items()
    }
    data = filled(question, **{"reason": "A reason typed with care.", **given})
    response = sign_in(moderator()).post(url(question), data)
    page = response.content.decode()
    question.refresh_from_db()
    assert response.status_code == status
    assert words in page
    assert "A reason typed with care." in page or given.get("reason") == " "
    assert not question.is_linked


def test_a_thread_with_answers_is_offered_as_a_variant(sign_in, question, canonical) -> None:
    AnswerFactory(published=True, question=question)
    response = sign_in(moderator()).post(url(question), filled(question, thread=canonical.pk))
    assert response.status_code == 409
    assert "link it as a variant instead" in response.content.decode()


def test_nobody_else_links_anything(client: Client, sign_in, question, canonical) -> None:
    data = filled(question, thread=canonical.pk)
    staff = UserFactory(is_staff=True)
    for person in (
        client,
        sign_in(UserFactory()),
        sign_in(DoctorFactory(verified=True).user),
        sign_in(staff),
    ):
        assert person.post(url(question), data).status_code in {302, 403}
    question.refresh_from_db()
    assert not question.is_linked
    own = moderator()
    Question.objects.filter(pk=question.pk).update(author=own)
    assert "Asked before?" not in sign_in(own).get(screen(question)).content.decode()
    assert sign_in(own).post(url(question), data).status_code == 403


def test_the_form_needs_its_token(question, canonical) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(moderator(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(url(question), filled(question, thread=canonical.pk)).status_code == 403


def test_the_moderator_sees_what_a_waiting_variant_says_is_different(sign_in, canonical) -> None:
    waiting = QuestionFactory(
        pending=True,
        variant_of=canonical,
        difference="Since today I have trouble swallowing.",
        treatment__slug="botulinum",
    )
    page = sign_in(moderator()).get(screen(waiting)).content.decode()
    assert f'dir="auto">{canonical.title}</a> (published)' in page
    assert "<bdi>Since today I have trouble swallowing.</bdi>" in page


def test_the_screen_costs_a_bounded_number_of_queries(sign_in, question, canonical) -> None:
    client = sign_in(moderator())
    with CaptureQueriesContext(connection) as queries:
        client.get(screen(question))
    assert len(queries) <= 20


@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_one_links() -> None:
    for _ in range(4):
        one, other, question = (QuestionFactory(published=True) for _ in range(3))
        barrier, statuses = Barrier(2), []

        def send(thread: Question, question=question, barrier=barrier, statuses=statuses) -> None:
            client = Client()
            client.force_login(moderator(), backend="allauth.account.auth_backends.AuthenticationBackend")
            barrier.wait()
            statuses.append(client.post(url(question), filled(question, thread=thread.pk)).status_code)
            connection.close()

        threads = [Thread(target=send, args=[thread]) for thread in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        question.refresh_from_db()
        assert question.duplicate_of in {one, other}
        assert set(statuses) <= {302, 400, 409}
        assert trail(question).count() == 1
