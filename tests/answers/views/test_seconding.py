"""Giving a second opinion: one page, twenty seconds, the same with and without JavaScript."""

import pytest
from django.test import Client
from django.utils import timezone

from answers.models import Answer, SecondOpinion
from answers.services import edit_answer
from core.enums import State
from core.moderation import transition
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    SecondOpinionFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
DISPUTE = {
    "about": "1",
    "kind": "dispute",
    "stance": "exam",
    "reason": "selection",
    "note": "It depends on the skin.",
}
COSIGN = {"about": "1", "kind": "cosign", "stance": "", "reason": "", "note": ""}


def url_of(answer: Answer) -> str:
    return f"/answers/{answer.pk}/second-opinion/"


@pytest.fixture
def answer() -> Answer:
    return AnswerFactory(published=True, stance="supports", summary="It is fine.")


@pytest.fixture
def doctor():
    return DoctorFactory(verified=True, name="Gillian Marsh")


@pytest.fixture
def person(sign_in, doctor) -> Client:
    return sign_in(doctor.user)


class TestGiving:
    def test_a_co_signature_takes_the_position_of_the_answer_and_waits(
        self, person, client, answer, doctor
    ) -> None:
        assert "I agree and co-sign it: supports" in person.get(url_of(answer)).text
        response = person.post(url_of(answer), COSIGN, follow=True)
        assert "Your second opinion is with the moderators." in response.text
        assert "Your second opinion</a>: awaiting review" in response.text
        given = SecondOpinion.objects.get()
        assert (given.doctor, given.kind, given.stance, given.about_number) == (
            doctor,
            "cosign",
            "supports",
            1,
        )
        assert given.state == State.PENDING
        assert "Gillian Marsh" not in client.get(answer.question.get_absolute_url()).text

    def test_a_dispute_has_a_position_a_reason_and_a_sentence_of_its_own(self, person, answer) -> None:
        person.post(url_of(answer), DISPUTE)
        given = SecondOpinion.objects.get()
        assert (given.kind, given.stance, given.reason) == ("dispute", "exam", "selection")
        assert given.note == "It depends on the skin."

    @pytest.mark.parametrize(
        ("missing", "said"),
        [
            ("stance", "Say where you stand instead."),
            ("reason", "Choose the reason why you dispute it."),
            ("note", "Say in one sentence what you dispute."),
        ],
    )
    def test_what_a_dispute_lacks_is_asked_for_and_the_rest_stays(
        self, person, answer, missing: str, said: str
    ) -> None:
        response = person.post(url_of(answer), {**DISPUTE, missing: ""})
        assert response.status_code == 422
        assert said in response.text
        assert missing == "note" or "It depends on the skin." in response.text
        assert not SecondOpinion.objects.exists()

    def test_whoever_co_signs_cannot_hold_another_position(self, person, answer) -> None:
        response = person.post(url_of(answer), {**COSIGN, "stance": "against"})
        assert "Whoever co-signs takes the position of the answer." in response.text

    def test_sent_twice_it_is_one(self, person, answer) -> None:
        for _ in range(2):
            assert person.post(url_of(answer), DISPUTE)["Location"] == answer.get_absolute_url()
        assert SecondOpinion.objects.count() == 1

    def test_an_answer_without_a_position_can_be_disputed_only(self, person) -> None:
        imported = AnswerFactory(published=True, is_imported=True, stance="", summary="")
        html = person.get(url_of(imported)).text
        assert "I dispute it" in html
        assert "I agree" not in html
        assert person.post(url_of(imported), COSIGN).status_code == 422

    def test_an_answer_that_changed_meanwhile_is_read_again_first(self, person, answer) -> None:
        answer.keep_version(timezone.now())
        edit = edit_answer(answer=answer, by=answer.doctor.user, summary="It is not fine.")
        transition(edit, to="published", by=moderator())
        response = person.post(url_of(answer), COSIGN)
        assert "The answer has been changed since you opened this page." in response.text
        assert not SecondOpinion.objects.exists()
        assert f'name="about" value="{edit.number}"' in response.text
        person.post(url_of(answer), {**COSIGN, "about": edit.number})
        assert SecondOpinion.objects.get().about_number == edit.number


class TestWho:
    @pytest.mark.parametrize("trait", [{"published": True}, {"suspended": True}, {"expired": True}])
    def test_only_doctors_verified_now(self, sign_in, answer, trait: dict) -> None:
        person = sign_in(DoctorFactory(**trait).user)
        assert person.get(url_of(answer)).status_code == 403
        assert person.post(url_of(answer), DISPUTE).status_code == 403
        assert "Co-sign or dispute" not in person.get(answer.question.get_absolute_url()).text

    def test_nobody_seconds_their_own_answer(self, sign_in, answer) -> None:
        author = sign_in(answer.doctor.user)
        assert author.post(url_of(answer), COSIGN).status_code == 403
        assert "Co-sign or dispute" not in author.get(answer.question.get_absolute_url()).text

    def test_nor_does_whoever_asked(self, person, doctor) -> None:
        answer = AnswerFactory(published=True, question=QuestionFactory(published=True, author=doctor.user))
        assert person.post(url_of(answer), COSIGN).status_code == 403

    def test_nor_anybody_else(self, sign_in, client, answer) -> None:
        assert sign_in(UserFactory()).post(url_of(answer), COSIGN).status_code == 403
        assert client.post(url_of(answer), COSIGN)["Location"].startswith("/accounts/login/")
        assert not SecondOpinion.objects.exists()

    @pytest.mark.parametrize("trait", ["pending", "removed", "withdrawn", "rejected"])
    def test_what_is_not_public_is_not_found(self, person, trait: str) -> None:
        assert person.get(url_of(AnswerFactory(**{trait: True}))).status_code == 404

    def test_the_way_there_stands_at_the_answers_of_others(self, person, answer) -> None:
        html = person.get(answer.question.get_absolute_url()).text
        assert f'<a href="{url_of(answer)}" rel="nofollow">Co-sign or dispute this answer</a>' in html


class TestHavingGivenOne:
    def test_it_is_shown_and_can_be_said_otherwise_while_it_waits(self, person, answer, doctor) -> None:
        person.post(url_of(answer), DISPUTE)
        html = person.get(url_of(answer)).text
        assert '<q dir="auto">It depends on the skin.</q>' in html
        assert "What you send below replaces it." in html
        person.post(url_of(answer), {**DISPUTE, "note": "It depends on the light."})
        given = SecondOpinion.objects.get()
        assert (given.note, given.version, given.state) == ("It depends on the light.", 2, State.PENDING)

    def test_a_published_one_is_withdrawn_and_given_anew(self, person, client, answer, doctor) -> None:
        given = SecondOpinionFactory(published=True, answer=answer, doctor=doctor)
        assert 'name="kind"' not in person.get(url_of(answer)).text
        assert "decided on meanwhile" in person.post(url_of(answer), DISPUTE, follow=True).text
        thread = answer.question.get_absolute_url()
        assert "Gillian Marsh" in client.get(thread).text
        html = person.post(url_of(answer), {"withdraw": "yes"}, follow=True).text
        assert "Your second opinion is withdrawn. Nobody else sees it any more." in html
        assert "Gillian Marsh" not in client.get(thread).text
        person.post(url_of(answer), DISPUTE)
        given.refresh_from_db()
        assert (given.state, given.kind) == (State.PENDING, "dispute")
        first = given.published_at
        transition(given, to="published", by=moderator())
        assert given.published_at > first

    def test_withdrawing_twice_finds_it_done(self, person, answer, doctor) -> None:
        SecondOpinionFactory(published=True, answer=answer, doctor=doctor)
        for _ in range(2):
            assert person.post(url_of(answer), {"withdraw": "yes"})["Location"] == url_of(answer)

    def test_one_that_was_sent_back_says_why_and_can_be_mended(self, person, answer) -> None:
        person.post(url_of(answer), DISPUTE)
        given = SecondOpinion.objects.get()
        transition(given, to="draft", by=moderator(), reason="On what?")
        assert "A moderator’s reason: <q>On what?</q>" in person.get(url_of(answer)).text
        assert "<q>On what?</q>" in person.get("/desk/?show=opinions").text
        person.post(url_of(answer), DISPUTE)
        given.refresh_from_db()
        assert given.state == State.PENDING

    def test_a_rejected_one_is_shown_and_stays(self, person, answer, doctor) -> None:
        given = SecondOpinionFactory(rejected=True, answer=answer, doctor=doctor)
        html = person.get(url_of(answer)).text
        assert "Rejected" in html
        assert 'name="kind"' not in html
        person.post(url_of(answer), DISPUTE)
        person.post(url_of(answer), {"withdraw": "yes"})
        given.refresh_from_db()
        assert given.state == State.REJECTED

    def test_it_can_be_withdrawn_although_the_answer_is_gone_and_the_licence_too(
        self, person, answer, doctor
    ) -> None:
        given = SecondOpinionFactory(published=True, answer=answer, doctor=doctor)
        transition(answer, to="removed", by=moderator(), reason="x")
        type(doctor).objects.filter(pk=doctor.pk).update(standing="suspended")
        html = person.get(url_of(answer)).text
        assert "The answer it is about is not public now" in html
        assert "It is fine." not in html
        assert "An answer that is not public now" in person.get("/desk/?show=opinions").text
        person.post(url_of(answer), {"withdraw": "yes"})
        given.refresh_from_db()
        assert given.state == State.WITHDRAWN

    def test_somebody_elses_cannot_be_withdrawn(self, person, answer) -> None:
        other = SecondOpinionFactory(published=True, answer=answer)
        person.post(url_of(answer), {"withdraw": "yes"})
        other.refresh_from_db()
        assert other.state == State.PUBLISHED

    def test_the_desk_lists_them_with_their_state(self, person, answer, doctor) -> None:
        SecondOpinionFactory(pending=True, dispute=True, answer=answer, doctor=doctor)
        html = person.get("/desk/?show=opinions").text
        assert "Second opinions" in html
        assert "Dispute: advises against" in html
        assert "The risk is larger than this makes it." in html


class TestWhatReadersSee:
    def page(self, client: Client, answer: Answer) -> str:
        return client.get(answer.question.get_absolute_url()).text

    def test_who_co_signs_is_named_and_linked(self, client, answer, doctor) -> None:
        given = SecondOpinionFactory(published=True, answer=answer, doctor=doctor)
        html = self.page(client, answer)
        assert "Co-signed by" in html
        assert f'<span id="opinion-{given.pk}"><a href="/doctors/gillian-marsh/">' in html
        assert f'href="#opinion-{given.pk}"' in html
        assert "Of these doctors 1 co-signed another doctor’s answer." in html

    def test_a_dispute_says_who_why_and_when_and_joins_the_reasons(self, client, answer, doctor) -> None:
        given = SecondOpinionFactory(published=True, dispute=True, answer=answer, doctor=doctor)
        html = self.page(client, answer)
        line = html[html.index(f'<li id="opinion-{given.pk}">') :].split("</li>")[0]
        for words in ("The risk is larger", "Gillian Marsh", "dermatology", "reason: safety", "verified"):
            assert words in line
        assert f"{given.published_at:%Y-%m-%d}" in line
        why = html[html.index("Why they differ") :].split("</section>")[0]
        assert "Safety · 1 doctor" in why
        assert "The risk is larger than this makes it." in why
        assert f"on {answer.doctor.name}’s answer" in why
        assert "Of these doctors 1 disputed another doctor’s answer." in html

    @pytest.mark.parametrize(
        ("trait", "said"), [("suspended", "licence not current"), ("expired", "verification lapsed")]
    )
    def test_without_a_current_licence_it_stays_and_does_not_count(self, client, answer, trait, said) -> None:
        given = SecondOpinionFactory(
            published=True, dispute=True, answer=answer, doctor=DoctorFactory(**{trait: True})
        )
        html = self.page(client, answer)
        assert f"{said}, not counted" in html
        assert f'href="#opinion-{given.pk}"' not in html
        assert "Too few to call: 1 position so far" in html
        assert "Why they differ" not in html

    def test_after_an_edit_it_is_about_an_earlier_version_and_holds_what_it_held(
        self, client, answer, doctor
    ) -> None:
        answer.keep_version(timezone.now())
        SecondOpinionFactory(published=True, answer=answer, doctor=doctor)
        assert "about an earlier version" not in self.page(client, answer)
        words = {"summary": "No.", "stance": "against", "reason": "safety"}
        edit = edit_answer(answer=answer, by=answer.doctor.user, **words)
        assert "about an earlier version" not in self.page(client, answer)
        transition(edit, to="published", by=moderator())
        html = self.page(client, answer)
        assert "about an earlier version, holding “supports”" in html

    def test_a_version_taken_out_of_the_history_stays_the_one_it_is_measured_by(
        self, client, answer, doctor
    ) -> None:
        """The text of the answer stays: what was said of the version before is not said of it."""
        answer.keep_version(timezone.now())
        SecondOpinionFactory(published=True, answer=answer, doctor=doctor)
        edit = edit_answer(answer=answer, by=answer.doctor.user, summary="Otherwise.")
        transition(edit, to="published", by=moderator())
        assert "Version 2 of" in self.page(client, answer)
        edit.refresh_from_db()
        transition(edit, to="removed", by=moderator(), reason="x")
        html = self.page(client, answer)
        assert "about an earlier version" in html
        assert "Version 2 of" not in html

    def test_a_doctor_who_answered_counts_once_whatever_they_say_of_others(self, client, answer) -> None:
        own = AnswerFactory(published=True, question=answer.question, stance="against", reason="safety")
        SecondOpinionFactory(published=True, dispute=True, answer=answer, doctor=own.doctor)
        html = self.page(client, answer)
        assert "Too few to call: 2 positions so far" in html
        assert "Of these positions" not in html
        assert "Safety · 1 doctor" in html

    def test_the_address_of_a_second_opinion_leads_to_its_line(self, client, answer) -> None:
        given = SecondOpinionFactory(published=True, answer=answer)
        place = f"{answer.question.get_absolute_url()}#opinion-{given.pk}"
        assert client.get(given.get_absolute_url())["Location"] == place
        wrong = client.get(f"/answers/{answer.pk}/?opinion=x%0d%0ay")["Location"]
        assert wrong == answer.get_absolute_url()

    def test_it_costs_one_query_however_many_there_are(
        self, client, answer, django_assert_max_num_queries
    ) -> None:
        for _ in range(12):
            SecondOpinionFactory(published=True, answer=answer)
        with django_assert_max_num_queries(6):
            self.page(client, answer)
