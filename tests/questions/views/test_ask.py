"""Asking, from the choice of a treatment to the sent question."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from core.enums import State
from core.moderation import transition
from questions.models import Question
from questions.permissions import WAITING_AT_MOST
from tests.factories import (
    AnswerFactory,
    BodyAreaFactory,
    QuestionFactory,
    SourceFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
GOOD = {
    "title": "Will it make my calves thinner?",
    "body": "I have wondered about this for a year.",
    "stage": "before",
    "alias": "Wren",
    "understood": "on",
    "agrees": "on",
    "submission_key": "6f3e1d0a-5b7c-4d2e-8f90-123456789abc",
}


@pytest.fixture
def treatment():
    signs = {"emergency_signs": "Trouble swallowing.", "emergency_source": SourceFactory()}
    return TreatmentFactory(name="Botox", slug="botox", **signs)


@pytest.fixture
def person():
    return UserFactory(handle="the-asker")


@pytest.fixture
def send(sign_in: Callable[..., Client], person, treatment):
    client = sign_in(person)

    def post(button: str, **data: str):
        return client.post("/questions/ask/?treatment=botox", {**GOOD, button: "", **data}, follow=True)

    return post


def text(response) -> str:
    return response.content.decode()


def test_whoever_is_not_signed_in_comes_back_here_afterwards(client: Client) -> None:
    response = client.get("/questions/ask/?treatment=botox")
    assert response["Location"] == "/accounts/login/?next=/questions/ask/%3Ftreatment%3Dbotox"


def test_the_treatment_is_chosen_first(sign_in, person, treatment) -> None:
    TreatmentFactory(name="Not ready", is_reviewed=False)
    page = text(sign_in(person).get("/questions/ask/"))
    assert "Which treatment is it about?" in page
    assert '<option value="Botox"></option>' in page
    assert "Not ready" not in page


def test_an_unknown_treatment_is_said_to_be_unknown(sign_in, person, treatment) -> None:
    response = sign_in(person).get("/questions/ask/?treatment=snake-oil")
    assert response.status_code == 422
    assert "We do not know this treatment; choose one from the list." in text(response)


def test_the_form_warns_and_offers_the_uses_of_its_treatment(sign_in, person, treatment) -> None:
    UseFactory(treatment=treatment, name="Frown lines", slug="frown-lines")
    page = text(sign_in(person).get("/questions/ask/?treatment=botox&use=frown-lines"))
    assert "Trouble swallowing." in page
    assert '<option value="frown-lines" selected>Frown lines</option>' in page


def test_the_preview_shows_it_as_readers_will_see_it_and_keeps_nothing(send) -> None:
    page = text(send("preview", body="I have **wondered** about this for a year."))
    assert "Before you send it" in page
    assert "<strong>wondered</strong>" in page
    assert "<bdi>Wren</bdi>" in page
    assert not Question.objects.exists()


def test_the_preview_shows_what_others_have_asked(send, treatment) -> None:
    similar = QuestionFactory(published=True, treatment=treatment, title="Thinner calves by injections?")
    AnswerFactory(published=True, question=similar)
    QuestionFactory(pending=True, treatment=treatment, title="Thinner calves, still hidden?")
    page = text(send("preview"))
    assert "Perhaps this has been answered" in page
    assert "Thinner calves by injections?" in page
    assert "still hidden" not in page


def test_words_of_an_emergency_show_what_to_do_and_stop_nobody(send) -> None:
    """T-MS-01"""
    words = "Since yesterday I have blurred vision in one eye."
    page = text(send("preview", body=words))
    assert "needs an eye specialist now" in page
    assert "Send to the moderators" in page
    assert "Only you and the moderators see this question" in text(send("send", body=words))


def test_going_back_keeps_every_word(send) -> None:
    page = text(send("back", place="Memphis"))
    assert GOOD["body"] in page
    assert 'value="Memphis"' in page
    assert 'value="Wren"' in page


def test_a_sent_question_is_the_askers_to_see_and_awaits_review(send, client: Client, person) -> None:
    response = send("send")
    question = Question.objects.get()
    assert (question.author, question.state) == (person, State.PENDING)
    assert response.redirect_chain == [(question.get_absolute_url(), 302)]
    assert "Your question is with the moderators." in text(response)
    assert client.get(question.get_absolute_url()).status_code == 404


def test_sent_twice_it_is_one_question(send) -> None:
    send("send")
    send("send")
    assert Question.objects.count() == 1


def test_what_was_changed_after_going_back_is_said_not_to_have_been_sent(send) -> None:
    send("send")
    page = text(send("send", body="I have thought of something else to ask."))
    assert "You had sent this question already" in page
    assert GOOD["body"] in page
    assert "Your question is with the moderators." not in page


def test_what_is_missing_is_listed_and_nothing_is_lost(send) -> None:
    response = send("send", title="Short?", understood="")
    page = text(response)
    assert response.status_code == 422
    assert "Please check 2 things" in page
    assert '<a href="#id_title">Your question in one line: ' in page
    assert GOOD["body"] in page
    assert not Question.objects.exists()


def test_markup_in_every_field_stays_text(send) -> None:
    """T-IN-02"""
    probe = "\"'><img src=x onerror=zq9()>"
    fields = {"title": f"Is this {probe}", "body": f"It is {probe} as I said", "alias": probe, "place": probe}
    for page in (text(send("preview", **fields)), text(send("send", **fields))):
        assert "<img" not in page
        assert "&lt;img src=x onerror=zq9()&gt;" in page


def test_nobody_buries_the_queue_and_the_eleventh_text_is_not_lost(send, person) -> None:
    """T-RL-01"""
    send("send")
    for _ in range(WAITING_AT_MOST - 1):
        QuestionFactory(pending=True, author=person)
    refused = send(
        "send", submission_key="6f3e1d0a-5b7c-4d2e-8f90-000000000011", body="One too many, and yet kept."
    )
    assert refused.status_code == 429
    assert "of your questions wait for a moderator" in text(refused)
    assert "One too many, and yet kept." in text(refused)
    assert Question.objects.by_author(person).count() == WAITING_AT_MOST
    assert "is with the moderators" in text(send("send"))


class TestTheFirstStep:
    @pytest.fixture
    def start(self, sign_in, person, treatment):
        client = sign_in(person)
        return lambda query: client.get(f"/questions/ask/?{query}")

    def test_any_name_of_a_treatment_will_do(self, start, treatment) -> None:
        treatment.synonyms.create(name="Anti-wrinkle jabs", kind="lay")
        UseFactory(treatment=treatment, name="Frown lines", lay_name="Elevens")
        for given in ("botox", "BOTOX", "anti-wrinkle+jabs", "elevens"):
            assert "Ask about Botox" in text(start(f"treatment={given}")), given

    def test_a_misspelt_name_is_understood_and_nothing_is_lost(self, start, treatment) -> None:
        response = start("title=Thinner+calves&treatment=botex")
        page = text(response)
        assert response.status_code == 422
        assert "Did you mean" in page
        assert (
            '<button class="button button--quiet" type="submit" name="chosen" value="botox">Botox</button>'
            in page
        )
        assert 'value="Thinner calves"' in page
        assert "Ask about Botox" in text(start("title=Thinner+calves&treatment=botex&chosen=botox"))

    def test_a_name_of_two_treatments_chooses_neither(self, start, treatment) -> None:
        other = TreatmentFactory(name="Dysport", slug="dysport")
        for owner in (treatment, other):
            UseFactory(treatment=owner, name="Frown lines", slug="frown-lines")
        page = text(start("treatment=frown+lines"))
        assert 'value="botox"' in page
        assert 'value="dysport"' in page

    def test_nothing_chosen_is_said(self, start) -> None:
        assert "Choose a treatment." in text(start("title=Calves&treatment="))

    def test_treatments_can_be_tapped_by_body_area(self, start, treatment) -> None:
        treatment.body_areas.add(BodyAreaFactory(slug="legs"))
        page = text(start(""))
        assert "<summary>Legs (1)</summary>" in page
        assert 'name="chosen" value="botox">Botox</button>' in page

    def test_a_title_from_elsewhere_is_kept(self, start) -> None:
        assert 'value="Thinner calves"' in text(start("title=Thinner+calves"))
        assert 'value="Thinner calves"' in text(start("title=Thinner+calves&treatment=botox"))

    def test_what_is_answered_already_is_shown_first(self, start, treatment) -> None:
        answered = AnswerFactory(
            published=True, question__treatment=treatment, question__title="Calves, by Botox?"
        )
        QuestionFactory(published=True, treatment=treatment, title="Calves and no answer?")
        QuestionFactory(pending=True, treatment=treatment, title="Calves, still hidden?")
        page = text(start("title=Thinner+calves&treatment=botox"))
        assert "Has it been answered already?" in page
        assert "Thinner calves</q></p>" in page
        assert "Too few to call: 1 position so far" in page
        assert answered.question.get_absolute_url() in page
        assert "no answer" not in page
        assert "still hidden" not in page
        assert '<form class="form form--wide"' not in page
        variant, on = (
            f"?title=Thinner+calves&amp;treatment=botox&amp;{rest}"
            for rest in (f"variant_of={answered.question_id}&amp;write=1", "write=1")
        )
        assert f'href="{variant}"' in page
        assert f'href="{on}"' in page
        assert 'value="Thinner calves"' in text(start("title=Thinner+calves&treatment=botox&write=1"))

    def test_where_nothing_is_like_it_one_writes_at_once(self, start) -> None:
        page = text(start("title=Thinner+calves&treatment=botox"))
        assert "Ask about Botox" in page
        assert 'value="Thinner calves"' in page

    @pytest.mark.parametrize(
        "query",
        ["title=" + "x" * 5000 + "&treatment=botox", "title=%3Cimg+src=x%3E&treatment=botox", "treatment=%27--",
         "chosen=%F0%9F%A6%B5", "treatment=" + "9" * 5000, "write=1", "treatment=botox&use=%00x", "variant_of=-1"],
    )  # fmt: skip
    def test_nothing_in_the_address_breaks_it(self, start, query: str) -> None:
        response = start(query)
        assert response.status_code in {200, 400, 422}
        assert "<img src" not in text(response)


class TestAVariant:
    WORDS = "I stand on my toes for a living."

    @pytest.fixture
    def canonical(self, treatment):
        return QuestionFactory(published=True, treatment=treatment, title="Can Botox slim calves?")

    @pytest.fixture
    def send_beside(self, sign_in, person, canonical):
        client = sign_in(person)
        url = f"/questions/ask/?treatment=botox&variant_of={canonical.pk}"
        return lambda button, **data: client.post(
            url, {**GOOD, "difference": self.WORDS, button: "", **data}, follow=True
        )

    def test_it_begins_with_the_thread_and_where_the_doctors_stand(self, sign_in, person, canonical) -> None:
        for _ in range(3):
            AnswerFactory(published=True, question=canonical, stance="against", reason="safety")
        page = text(sign_in(person).get(f"/questions/ask/?variant_of={canonical.pk}"))
        assert "Ask about Botox" in page
        assert f'<a href="{canonical.get_absolute_url()}" dir="auto">{canonical.title}</a>' in page
        assert "All 3 doctors advise against it." in page
        assert "What is different in my case" in page

    def test_it_waits_for_a_moderator_and_stands_beside_the_thread_when_published(
        self, send_beside, client: Client, canonical
    ) -> None:
        assert f"what is different here: <bdi>{self.WORDS}</bdi>" in text(send_beside("preview"))
        send_beside("send")
        question = Question.objects.get(author__handle="the-asker")
        assert (question.variant_of, question.difference, question.state) == (
            canonical,
            self.WORDS,
            State.PENDING,
        )
        assert self.WORDS not in text(client.get(canonical.get_absolute_url()))
        transition(question, to=State.PUBLISHED, by=moderator())
        assert self.WORDS in text(client.get(canonical.get_absolute_url()))
        assert self.WORDS in text(client.get(question.get_absolute_url()))

    @pytest.mark.parametrize(
        ("difference", "words"),
        [("", "This is required"), (" \u200b ", "This is required"), ("x" * 201, "at most 200")],
    )
    def test_what_is_different_is_demanded(self, send_beside, difference: str, words: str) -> None:
        response = send_beside("send", difference=difference)
        assert response.status_code == 422
        assert words in text(response)
        assert GOOD["body"] in text(response)

    def test_words_of_an_emergency_count_there_too(self, send_beside) -> None:
        send_beside("send", difference="Since today I have blurred vision in one eye.")
        assert Question.objects.get(author__handle="the-asker").risk

    def test_a_variant_of_a_variant_is_one_of_its_canonical_thread(self, sign_in, person, canonical) -> None:
        variant = QuestionFactory(published=True, treatment=canonical.treatment, variant_of=canonical)
        page = text(sign_in(person).get(f"/questions/ask/?treatment=botox&variant_of={variant.pk}"))
        assert canonical.title in page

    def test_any_other_number_is_passed_over_alike(self, sign_in, person, canonical) -> None:
        """Hidden, a duplicate, never there, or no number: nothing tells one from another."""
        hidden = [
            QuestionFactory(**{state: True}) for state in ("pending", "rejected", "removed", "withdrawn")
        ]
        hidden.append(QuestionFactory(published=True, duplicate_of=canonical))
        client = sign_in(person)

        def page(number: object) -> str:
            shown = text(client.get(f"/questions/ask/?treatment=botox&variant_of={number}"))
            unlike = re.sub(r'value="[\w-]{30,}"', "", shown)
            return unlike.replace(f"variant_of={number}", "variant_of=#")

        missing = page(987_654_321)
        assert "What is different in my case" not in missing
        for question in hidden:
            assert page(question.pk) == missing
        for other in ("x", "-1", "9" * 40, "1.5", "\u0661"):
            assert "What is different in my case" not in page(other)

    def test_it_is_edited_with_the_question_until_it_is_published(self, sign_in, person, canonical) -> None:
        question = QuestionFactory(pending=True, author=person, variant_of=canonical, difference=self.WORDS)
        client, url = sign_in(person), f"/questions/{question.pk}/edit/"
        assert self.WORDS in text(client.get(url))
        client.post(url, {**GOOD, "difference": "I dance for a living."})
        question.refresh_from_db()
        assert question.difference == "I dance for a living."
        transition(question, to=State.PUBLISHED, by=moderator())
        assert 'name="difference"' not in text(client.get(url))

    def test_other_questions_are_not_asked_for_it(self, send, sign_in, person) -> None:
        send("send", difference="Forged.")
        question = Question.objects.get()
        assert question.difference == ""
        assert 'name="difference"' not in text(sign_in(person).get(f"/questions/{question.pk}/edit/"))


def test_withdrawing_and_sending_again_gives_no_more_places(sign_in, person, treatment) -> None:
    client = sign_in(person)
    withdrawn = QuestionFactory(withdrawn=True, author=person, treatment=treatment)
    for _ in range(WAITING_AT_MOST):
        QuestionFactory(pending=True, author=person, treatment=treatment)
    fields = {"title": "Is it still a good idea?", "body": "I wonder about this again.", "stage": "before"}
    response = client.post(f"/questions/{withdrawn.pk}/edit/", fields)
    assert response.status_code == 429
    assert "I wonder about this again." in response.content.decode()
    assert Question.objects.by_author(person).pending().count() == WAITING_AT_MOST
