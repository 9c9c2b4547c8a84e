"""The two pages of a missing fact, and the thread on which both stand."""

import pytest
from django.test import Client

from answers.models import FactAsked, FactGiven
from core.enums import State
from core.moderation import transition
from tests.factories import (
    DoctorFactory,
    FactAskedFactory,
    FactGivenFactory,
    QuestionFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
BEFORE, TWICE = "Had you had toxin before?", "Twice, in spring."


@pytest.fixture
def question():
    return QuestionFactory(published=True)


@pytest.fixture
def doctor():
    return DoctorFactory(verified=True, name="Gillian Marsh")


@pytest.fixture
def asked(question, doctor) -> FactAsked:
    return FactAskedFactory(published=True, question=question, doctor=doctor, text=BEFORE)


def asking(question) -> str:
    return f"/desk/questions/{question.pk}/fact/"


def giving(asked: FactAsked) -> str:
    return f"/me/facts/{asked.pk}/"


class TestAsking:
    def test_it_is_found_on_the_thread_and_while_writing(self, sign_in, question, doctor) -> None:
        person = sign_in(doctor.user)
        for page in (question.get_absolute_url(), f"/questions/{question.pk}/answer/"):
            assert f'href="{asking(question)}"' in person.get(page).text
        assert asking(question) not in sign_in(UserFactory()).get(question.get_absolute_url()).text

    def test_what_is_sent_waits_and_the_same_click_again_is_harmless(self, sign_in, question, doctor) -> None:
        person = sign_in(doctor.user)
        for _ in range(2):
            response = person.post(asking(question), {"about": "", "text": BEFORE}, follow=True)
            assert "with the moderators" in response.text
            assert BEFORE in response.text
        assert FactAsked.objects.get().state == State.PENDING
        changed = person.post(asking(question), {"about": FactAsked.objects.get().pk, "text": "How old?"})
        assert (changed.status_code, FactAsked.objects.get().text) == (302, "How old?")

    def test_another_tab_loses_nothing_that_was_typed(self, sign_in, question, doctor) -> None:
        person = sign_in(doctor.user)
        person.post(asking(question), {"about": "", "text": BEFORE})
        response = person.post(asking(question), {"about": "", "text": "How old are you?"})
        assert response.status_code == 422
        assert "perhaps in another tab" in response.text
        assert "How old are you?</textarea>" in response.text
        assert FactAsked.objects.get().text == BEFORE

    @pytest.mark.parametrize("text", ["", "​", "x" * 301])
    def test_bad_words_come_back_with_what_to_do(self, sign_in, question, doctor, text: str) -> None:
        response = sign_in(doctor.user).post(asking(question), {"text": text})
        assert (response.status_code, FactAsked.objects.exists()) == (422, False)
        assert "Please write at most 300" in response.text or "please write something" in response.text

    def test_what_was_sent_back_is_mended_and_listed_on_the_desk(self, sign_in, question, doctor) -> None:
        person = sign_in(doctor.user)
        person.post(asking(question), {"text": BEFORE})
        transition(FactAsked.objects.get(), to=State.DRAFT, by=moderator(), reason="Say which toxin.")
        for page in (asking(question), "/desk/?show=facts"):
            assert "Say which toxin." in person.get(page).text

    def test_it_is_withdrawn_by_its_doctor_alone_twice_at_most_once(
        self, sign_in, question, doctor, asked
    ) -> None:
        other = sign_in(DoctorFactory(verified=True).user)
        assert other.post(asking(question), {"withdraw": asked.pk}).status_code == 404
        for _ in range(2):
            sign_in(doctor.user).post(asking(question), {"withdraw": asked.pk})
        asked.refresh_from_db()
        assert asked.state == State.WITHDRAWN
        assert BEFORE not in Client().get(question.get_absolute_url()).text


class TestGiving:
    def test_it_is_asked_on_my_pages_until_i_have_said_something(self, sign_in, question, asked) -> None:
        person = sign_in(question.author)
        assert giving(asked) in person.get("/me/").text
        assert giving(asked) in person.get(question.get_absolute_url()).text
        response = person.post(giving(asked), {"text": f"{TWICE}\nNo <b>more</b>."}, follow=True)
        assert "with the moderators" in response.text
        assert "Twice, in spring.<br>No &lt;b&gt;more&lt;/b&gt;." in response.text
        assert giving(asked) not in person.get("/me/").text
        assert "Twice" not in Client().get(question.get_absolute_url()).text

    def test_words_that_cannot_wait_show_the_card(self, sign_in, question, asked) -> None:
        words = "I have trouble breathing since the injection."
        response = sign_in(question.author).post(giving(asked), {"text": words}, follow=True)
        assert "Do not wait for an answer here" in response.text
        assert FactGiven.objects.get().text == words

    def test_one_may_rather_not_say_and_the_page_says_nothing_of_it(
        self, sign_in, question, doctor, asked
    ) -> None:
        before = Client().get(question.get_absolute_url()).content
        person = sign_in(question.author)
        for _ in range(2):
            assert person.post(giving(asked), {"decline": "yes", "text": "half"}).status_code == 302
        assert giving(asked) not in person.get("/me/").text
        assert Client().get(question.get_absolute_url()).content == before
        assert "rather not" not in sign_in(doctor.user).get(asking(question)).text

    def test_a_decision_meanwhile_changes_nothing_silently(self, sign_in, question, asked) -> None:
        FactGivenFactory(published=True, asked=asked, text=TWICE)
        response = sign_in(question.author).post(giving(asked), {"text": "Once."}, follow=True)
        assert "decided on meanwhile" in response.text
        assert FactGiven.objects.get().text == TWICE

    def test_the_link_of_an_old_mail_says_that_it_is_over(self, sign_in, question, doctor, asked) -> None:
        transition(asked, to=State.WITHDRAWN, by=doctor.user)
        response = sign_in(question.author).get(giving(asked), follow=True)
        assert "not open any more" in response.text

    @pytest.mark.parametrize("state", ["pending", "rejected", "withdrawn"])
    def test_what_was_never_approved_is_not_there_for_the_asker(self, sign_in, question, state: str) -> None:
        hidden = FactAskedFactory(question=question, **{state: True})
        assert sign_in(question.author).get(giving(hidden)).status_code == 404


class TestOnTheThread:
    def test_both_stand_there_with_who_asked_and_can_be_reported(self, client, question, asked) -> None:
        given = FactGivenFactory(published=True, asked=asked, text=TWICE)
        html = client.get(question.get_absolute_url()).text
        item = html[html.index(f'<li id="fact-{asked.pk}">') :].split("</li>")[0]
        for words in ("Gillian Marsh", BEFORE, "The asker answered", TWICE):
            assert words in item
        for about in (f"factasked-{asked.pk}", f"factgiven-{given.pk}"):
            assert f"?about={about}" in item

    def test_of_a_doctor_who_is_suspended_it_says_so_and_of_a_hidden_one_nothing_is_left(
        self, client, question, doctor, asked
    ) -> None:
        FactGivenFactory(published=True, asked=asked, text=TWICE)
        rows = type(doctor).objects.filter(pk=doctor.pk)
        rows.update(standing="suspended")
        assert "(licence not current) asked" in " ".join(
            client.get(question.get_absolute_url()).text.split()
        ).replace("</span>", "")
        transition(doctor, to=State.REMOVED, by=moderator(), reason="x")
        html = client.get(question.get_absolute_url()).text
        assert BEFORE not in html
        assert TWICE not in html
