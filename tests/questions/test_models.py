"""What a question says of its asker and keeps of its versions."""

import pytest
from django.db import IntegrityError, transaction

from core.enums import State
from core.moderation import transition as move
from questions.models import QuestionRevision, question_slug
from questions.services import edit_question
from tests.factories import QuestionFactory, UseFactory, UserFactory, moderator


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Does it hurt?", "does-it-hurt"),
        ("皮肤", "question"),
        ("???", "question"),
        ("word " * 40, "word-" * 15 + "word"),
    ],
)
def test_addresses_are_readable_and_never_empty(title: str, slug: str) -> None:
    assert question_slug(title) == slug


@pytest.mark.django_db
class TestQuestion:
    def test_the_alias_stands_instead_of_the_handle(self) -> None:
        author = UserFactory(handle="wren")
        assert QuestionFactory(author=author).asker_name == "wren"
        assert QuestionFactory(author=author, alias="Somebody").asker_name == "Somebody"

    def test_an_asker_without_an_account_is_a_patient(self) -> None:
        assert QuestionFactory(author=None).asker_name == "a former member"
        assert QuestionFactory(author=UserFactory(), is_imported=True).asker_name == "a patient"

    def test_every_public_version_is_kept_with_its_number(self) -> None:
        question = QuestionFactory(pending=True, body="First.", body_html="<p>First.</p>")
        move(question, to=State.PUBLISHED, by=(someone := moderator()))
        revision = edit_question(question=question, by=question.author, body="Second.")
        move(revision, to=State.PUBLISHED, by=someone)
        kept = question.revisions.public().order_by("number")
        assert [(version.number, version.body) for version in kept] == [(1, "First."), (2, "Second.")]

    def test_only_one_edit_waits_at_a_time(self) -> None:
        question = QuestionFactory(published=True)
        edit_question(question=question, by=question.author, body="One.")
        with pytest.raises(IntegrityError), transaction.atomic():
            QuestionRevision.objects.create(question=question, number=9, title="Two", body="Two.")

    def test_a_use_without_a_treatment_cannot_be_stored(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            QuestionFactory(treatment=None, use=UseFactory())

    def test_nothing_is_public_without_somebody_who_approved_it(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            QuestionFactory(state=State.PUBLISHED)

    def test_moderators_see_every_question_and_people_their_own_and_public_ones(self) -> None:
        asker = UserFactory()
        own, public, hidden = (
            QuestionFactory(pending=True, author=asker),
            QuestionFactory(published=True),
            QuestionFactory(pending=True),
        )
        visible = type(own).objects.visible_to
        assert set(visible(asker)) == {own, public}
        assert set(visible(moderator())) == {own, public, hidden}


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["Save???", "follow", "Feed", "Answer!"])
def test_no_thread_is_hidden_behind_a_page_of_its_own(client, title: str) -> None:
    question = QuestionFactory(published=True, title=title)
    response = client.get(question.get_absolute_url())
    assert response.status_code == 200
    assert f'<h1 dir="auto">{title}</h1>' in response.content.decode()
