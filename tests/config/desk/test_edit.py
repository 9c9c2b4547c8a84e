"""Edit and publish, and filing a question where it belongs."""

from __future__ import annotations

import pytest
from django.urls import reverse

from answers.services import edit_answer
from core.audit import trail
from core.enums import State
from core.models import Amendment
from questions.models import Question
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    SecondOpinionFactory,
    TreatmentFactory,
    UseFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
BODY = "I saw Dr Miller in Harbour Street about it. Is the swelling normal?"
BETTER = "I saw a doctor about it. Is the swelling normal?"


def url(obj, page: str = "edit") -> str:
    return reverse(f"admin:moderation_{page}", args=[obj._meta.model_name, obj.pk])


def filled(obj, do: str = "publish", **more) -> dict[str, object]:
    names = ("title", "body", "summary", "note")
    given = {name: getattr(obj, name) for name in names if hasattr(obj, name)}
    if isinstance(obj, Question):
        given |= {"treatment": obj.treatment_id, "use": obj.use_id or ""}
    given |= {"do": do, "version": obj.version, "reason": "No names, please."} | more
    return {f"edit-{name}": value for name, value in given.items()}


def test_a_moderator_publishes_it_changed_and_both_texts_can_be_seen(sign_in) -> None:
    question, me = QuestionFactory(pending=True, body=BODY), moderator(handle="careful-one")
    client = sign_in(me)
    assert "Edit and publish" in client.get(url(question, "item")).text
    response = client.post(url(question), filled(question, body=BETTER), follow=True)
    assert "is published as you changed it; its author is told" in response.text
    question.refresh_from_db()
    assert (question.state, question.body) == (State.PUBLISHED, BETTER)
    assert "No names, please." in question.moderation_reason
    page = client.get(url(question, "item")).text
    assert "Changed by a moderator before it was published" in page
    assert "careful-one" in page
    assert "<del>Dr Miller in Harbour Street</del>" in page or "<del>Miller" in page


def test_the_author_reads_what_was_changed(sign_in) -> None:
    question, answer = QuestionFactory(pending=True, body=BODY), AnswerFactory(pending=True, body=BODY)
    client = sign_in(moderator())
    for row, author, address in (
        (question, question.author, "/me/"),
        (answer, answer.doctor.user, "/desk/?show=published"),
    ):
        client.post(url(row), filled(row, body=BETTER))
        page = sign_in(author).get(address).text
        assert "A moderator changed this before it was published." in page, address
        assert "No names, please." in page, address


def test_readers_do_not_learn_that_anything_was_changed(sign_in, client) -> None:
    question = QuestionFactory(pending=True, body=BODY)
    sign_in(moderator()).post(url(question), filled(question, body=BETTER))
    page = client.get(question.get_absolute_url()).text
    assert BETTER in page
    for hidden in ("Miller", "A moderator changed", "No names, please."):
        assert hidden not in page


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: AnswerFactory(pending=True), "summary"),
        (lambda: SecondOpinionFactory(pending=True, dispute=True), "note"),
    ],
)
def test_doctors_words_are_mended_but_never_their_position(make, name: str, sign_in) -> None:
    row = make()
    stance = row.stance
    client = sign_in(moderator())
    data = filled(row, **{name: "It is mended here.", "stance": "exam"})
    assert client.post(url(row), data).status_code == 302
    row.refresh_from_db()
    assert (getattr(row, name), row.stance, row.state) == ("It is mended here.", stance, State.PUBLISHED)


def test_an_edit_is_published_as_the_moderator_changed_it(sign_in) -> None:
    answer = AnswerFactory(published=True)
    revision = edit_answer(answer=answer, by=answer.doctor.user, summary="Call me at the practice.")
    sign_in(moderator()).post(url(revision), filled(revision, summary="Ask a doctor."))
    answer.refresh_from_db()
    assert answer.summary == "Ask a doctor."
    assert Amendment.objects.get().before == {"summary": "Call me at the practice."}


def test_what_would_be_incomplete_is_refused_in_words(sign_in) -> None:
    answer = AnswerFactory(pending=True)
    response = sign_in(moderator()).post(url(answer), filled(answer, summary=""))
    answer.refresh_from_db()
    assert response.status_code == 409
    assert "it would be incomplete" in response.text
    assert (answer.state, bool(answer.summary)) == (State.PENDING, True)


def test_nothing_changed_or_unexplained_is_sent_back_with_what_was_typed(sign_in) -> None:
    question = QuestionFactory(pending=True, body=BODY)
    client = sign_in(moderator())
    same = client.post(url(question), filled(question))
    assert same.status_code == 409
    assert "You changed nothing of the text" in same.text
    unexplained = client.post(url(question), filled(question, body=BETTER, reason=""))
    assert unexplained.status_code == 400
    assert BETTER in unexplained.text
    stale = client.post(url(question), filled(question, body=BETTER, version=7))
    assert stale.status_code == 409
    question.refresh_from_db()
    assert (question.state, question.body) == (State.PENDING, BODY)


def test_nobody_edits_their_own_into_publication(sign_in) -> None:
    """T-AZ-09"""
    me = moderator()
    question = QuestionFactory(pending=True, author=me, body=BODY)
    client = sign_in(me)
    assert "Edit and publish" not in client.get(url(question, "item")).text
    assert client.post(url(question), filled(question, body=BETTER)).status_code == 403
    question.refresh_from_db()
    assert question.state == State.PENDING


def test_a_profile_is_changed_elsewhere(sign_in) -> None:
    assert sign_in(moderator()).post(url(DoctorFactory(pending=True)), {}).status_code == 403


def test_a_public_question_is_filed_under_another_treatment_and_use(sign_in, client) -> None:
    laser = TreatmentFactory(name="Laser", slug="laser")
    use = UseFactory(treatment=laser, name="Scars", slug="scars")
    question = QuestionFactory(published=True, title="Will it fade in a year?")
    data = filled(question, "file", treatment=laser.pk, use=use.pk, reason="It names a laser.")
    response = sign_in(moderator()).post(url(question), data, follow=True)
    assert "Filed." in response.text
    question.refresh_from_db()
    assert (question.treatment, question.use, question.version) == (laser, use, 2)
    entry = trail(question).first()
    assert entry.action == "file elsewhere"
    assert "to Laser · Scars. It names a laser." in entry.reason
    assert "Will it fade in a year?" in client.get("/treatments/laser/questions/").text


def test_publishing_it_where_it_belongs_is_one_step(sign_in) -> None:
    laser = TreatmentFactory(name="Laser")
    question = QuestionFactory(pending=True)
    sign_in(moderator()).post(url(question), filled(question, treatment=laser.pk))
    question.refresh_from_db()
    assert (question.state, question.treatment) == (State.PUBLISHED, laser)
    assert [entry.action for entry in trail(question)] == ["publish", "file elsewhere"]


def test_a_use_of_another_treatment_is_refused(sign_in) -> None:
    question, use = QuestionFactory(pending=True), UseFactory()
    response = sign_in(moderator()).post(url(question), filled(question, "file", use=use.pk))
    assert response.status_code == 400
    assert "That use is of another treatment." in response.text
