"""A duplicate leads on and is nowhere else; variants and their canonical thread lead to each other."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from answers.models import Answer
from core.middleware import SHARED_SECONDS
from questions.models import Question
from questions.services import mark_duplicate, mark_variant, unlink
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
TITLE = "Would zebracanary shrink my calves?"
DIFFERENCE = "I stand on my toes for a living."


@pytest.fixture
def treatment():
    return TreatmentFactory(name="Botox", slug="botox")


@pytest.fixture
def canonical(treatment) -> Question:
    use = UseFactory(treatment=treatment, slug="lines")
    question = QuestionFactory(
        published=True, treatment=treatment, use=use, title="Can Botox slim my calves?"
    )
    AnswerFactory(published=True, question=question)
    return question


@pytest.fixture
def duplicate(canonical, treatment) -> Question:
    question = QuestionFactory(
        published=True, treatment=treatment, use=canonical.use, title=TITLE, body="Zebracanary, please."
    )
    return mark_duplicate(question=question, canonical=canonical, by=moderator(), reason="The same.")


@pytest.fixture
def variant(canonical, treatment) -> Question:
    question = QuestionFactory(published=True, treatment=treatment, title="And for a dancer?")
    return mark_variant(question=question, canonical=canonical, by=moderator(), difference=DIFFERENCE)


def page(client: Client, question: Question) -> str:
    response = client.get(question.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


class TestTheAddressesOfADuplicate:
    def test_each_leads_to_that_of_the_canonical_thread(self, client: Client, canonical, duplicate) -> None:
        thread = canonical.get_absolute_url()
        for url in ("", f"{duplicate.slug}/", f"{duplicate.slug}/?sort=newest", "any-other-words/"):
            response = client.get(f"/questions/{duplicate.pk}/{url}")
            assert (response.status_code, response["Location"]) == (302, thread), url
        feed = client.get(f"/questions/{duplicate.pk}/feed/")
        assert (feed.status_code, feed["Location"]) == (302, f"/questions/{canonical.pk}/feed/")

    def test_the_asker_and_the_moderators_are_led_there_too(self, sign_in, canonical, duplicate) -> None:
        for person in (duplicate.author, moderator()):
            response = sign_in(person).get(duplicate.get_absolute_url())
            assert response["Location"] == canonical.get_absolute_url()
            assert response["Cache-Control"] == "private, no-store"

    def test_shared_caches_keep_it_no_longer_than_a_page(self, client: Client, duplicate) -> None:
        response = client.get(duplicate.get_absolute_url())
        assert response["Cache-Control"] == f"public, max-age=0, s-maxage={SHARED_SECONDS}"
        assert "Cookie" in response["Vary"]
        assert not response.cookies

    def test_a_doctor_who_wants_to_answer_does_so_there_and_loses_no_word(
        self, sign_in, canonical, duplicate
    ) -> None:
        doctor = DoctorFactory(verified=True)
        url, there = (f"/questions/{question.pk}/answer/" for question in (duplicate, canonical))
        client = sign_in(doctor.user)
        assert client.get(url)["Location"] == there
        words = {"stance": "supports", "confidence": "high", "summary": "Yes.", "body": "It works well."}
        sent = client.post(url, words, follow=True)
        assert sent.redirect_chain[0] == (there, 307)
        assert Answer.objects.get(doctor=doctor).question == canonical

    def test_the_address_of_an_answer_leads_there(self, client: Client, canonical, duplicate) -> None:
        imported = AnswerFactory(published=True, question=duplicate)
        assert client.get(f"/answers/{imported.pk}/")["Location"] == canonical.get_absolute_url()
        waiting = AnswerFactory(pending=True, question=duplicate)
        assert client.get(f"/answers/{waiting.pk}/").status_code == 404

    def test_undone_it_is_a_thread_again(self, client: Client, duplicate) -> None:
        unlink(question=duplicate, by=moderator(), reason="Another muscle.")
        assert TITLE in page(client, duplicate)
        assert TITLE in client.get("/questions/").content.decode()
        assert duplicate.get_absolute_url() in client.get("/treatments/botox/questions/").content.decode()
        assert TITLE in client.get("/search/?q=zebracanary").content.decode()

    @pytest.mark.parametrize("state", ["pending", "rejected", "removed", "withdrawn"])
    def test_one_that_is_not_published_leads_nowhere(self, client: Client, canonical, state: str) -> None:
        hidden = QuestionFactory(**{state: True}, title=TITLE, duplicate_of=canonical)
        for end in ("", f"{hidden.slug}/", "feed/"):
            assert client.get(f"/questions/{hidden.pk}/{end}").status_code == 404
        assert "zebracanary" not in page(client, canonical)

    def test_where_the_canonical_thread_is_hidden_nothing_is_said_of_it(
        self, client: Client, sign_in, canonical, duplicate
    ) -> None:
        Question.objects.filter(pk=canonical.pk).update(state="removed")
        assert client.get(duplicate.get_absolute_url()).status_code == 404
        mine = sign_in(duplicate.author).get("/me/").content.decode()
        assert canonical.title not in mine
        assert "repeats another thread, which is not public at present" in mine
        assert TITLE in page(sign_in(duplicate.author), duplicate)


def test_a_duplicate_is_in_no_list_at_the_next_request(client: Client, canonical, treatment) -> None:
    question = QuestionFactory(
        published=True, treatment=treatment, use=canonical.use, title=TITLE, body="Zebracanary, please."
    )
    use = f"/treatments/botox/uses/{canonical.use.slug}/"
    urls = ["/", "/questions/", "/questions/?sort=waiting", "/treatments/botox/", "/treatments/botox/questions/",
            use, "/questions/feed/", "/treatments/botox/feed/", "/sitemap-threads.xml", "/search/?q=zebracanary",
            canonical.get_absolute_url()]  # fmt: skip
    before = {url: client.get(url).content.decode().lower() for url in urls}
    listed = [url for url in urls if question.slug in before[url]]
    assert len(listed) >= 8
    mark_duplicate(question=question, canonical=canonical, by=moderator(), reason="The same.")
    for url in urls:
        after = client.get(url).content.decode().lower()
        assert question.slug not in after, url
        assert f"/questions/{question.pk}/" not in after, url
    assert "1 question" not in client.get("/treatments/botox/questions/?answered=no").content.decode()


class TestTheThreads:
    def test_the_canonical_thread_says_how_else_it_was_asked(
        self, client: Client, canonical, duplicate
    ) -> None:
        text = page(client, canonical)
        assert f'Also asked as: <q dir="auto">{TITLE}</q>' in text
        structured = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
        assert structured
        assert "zebracanary" not in structured[1].lower()

    def test_variant_and_canonical_thread_lead_to_each_other(
        self, client: Client, canonical, variant
    ) -> None:
        text = page(client, canonical)
        assert "In another case" in text
        assert f'<a href="{variant.get_absolute_url()}">{variant.title}</a>' in text
        assert f"What is different: <bdi>{DIFFERENCE}</bdi>" in text
        text = page(client, variant)
        assert (
            f'A variant of <a href="{canonical.get_absolute_url()}" dir="auto">{canonical.title}</a>' in text
        )
        assert f"what is different here: <bdi>{DIFFERENCE}</bdi>" in text

    @pytest.mark.parametrize("state", ["pending", "rejected", "removed", "withdrawn"])
    def test_a_variant_that_is_not_public_is_not_named(self, client: Client, canonical, state: str) -> None:
        before = page(client, canonical)
        QuestionFactory(**{state: True}, variant_of=canonical, difference="zebracanary", title=TITLE)
        assert page(client, canonical) == before

    def test_a_variant_names_no_hidden_thread(self, client: Client, canonical, variant) -> None:
        Question.objects.filter(pk=canonical.pk).update(state="removed")
        text = page(client, variant)
        assert canonical.title not in text
        assert "A variant of" not in text

    def test_both_ask_what_is_different(self, client: Client, canonical, variant) -> None:
        for question in (canonical, variant):
            link = f"/questions/ask/?treatment=botox&amp;variant_of={question.pk}"
            assert page(client, question).count(link) == 1

    def test_a_variant_has_answers_of_its_own(self, client: Client, canonical, variant) -> None:
        AnswerFactory(published=True, question=variant, summary="Not for a dancer.")
        assert "Not for a dancer." in page(client, variant)
        assert "Not for a dancer." not in page(client, canonical)


def test_the_asker_finds_a_duplicate_among_their_own_and_may_withdraw_it(
    sign_in: Callable[..., Client], canonical, duplicate
) -> None:
    client = sign_in(duplicate.author)
    mine = client.get("/me/").content.decode()
    assert (
        f'Same question as <a href="{canonical.get_absolute_url()}" dir="auto">{canonical.title}</a>' in mine
    )
    assert client.get(f"/questions/{duplicate.pk}/edit/").status_code == 403
    client.post(f"/questions/{duplicate.pk}/withdraw/")
    duplicate.refresh_from_db()
    assert duplicate.state == "withdrawn"
    assert "zebracanary" not in page(Client(), canonical)


def test_a_waiting_duplicate_is_said_to_its_asker_alone(sign_in, client: Client, canonical) -> None:
    question = QuestionFactory(pending=True, title=TITLE)
    mark_duplicate(question=question, canonical=canonical, by=moderator(), reason="The same.")
    assert f"{canonical.title}</a>: what doctors say stands there." in page(
        sign_in(question.author), question
    )
    assert "zebracanary" not in page(client, canonical)
    assert sign_in(UserFactory()).get(question.get_absolute_url()).status_code == 404
