"""A doctor's desk."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from answers.desk import keeps_open
from answers.services import answer_question, edit_answer
from core.enums import State
from core.moderation import transition
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    ProfileClaimFactory,
    QuestionFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UserFactory,
    moderator,
)
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def desk(sign_in, doctor, show: str = "") -> str:
    response = sign_in(doctor.user).get("/desk/", {"show": show})
    assert response.status_code == 200
    return response.content.decode()


def test_what_waits_in_ones_specialty_is_offered(sign_in) -> None:
    question = QuestionFactory(published=True, title="Mine to answer?")
    QuestionFactory(published=True, title="Not mine?")
    specialty = SpecialtyFactory()
    specialty.in_scope.add(question.treatment)
    html = desk(sign_in, DoctorFactory(verified=True, specialty=specialty))
    assert "Mine to answer?" in html
    assert "Not mine?" not in html


def test_whoever_practises_a_treatment_is_offered_its_brands(sign_in) -> None:
    family = TreatmentFactory(name="Botulinum toxin")
    QuestionFactory(published=True, title="Mine too?", treatment__parent=family)
    specialty = SpecialtyFactory()
    specialty.in_scope.add(family)
    assert "Mine too?" in desk(sign_in, DoctorFactory(verified=True, specialty=specialty))


@pytest.mark.parametrize("state", ["rejected", "removed", "pending", "withdrawn"])
def test_what_one_has_answered_is_offered_no_more_whatever_became_of_it(sign_in, state: str) -> None:
    doctor = DoctorFactory(verified=True, specialty=None)
    answer = AnswerFactory(doctor=doctor, question__title="Offered again?", **{state: True})
    assert "Offered again?" not in desk(sign_in, doctor)
    other = DoctorFactory(verified=True, specialty=None)
    assert answer.question.is_public
    assert "Offered again?" in desk(sign_in, other)


def test_what_waits_longest_comes_first_and_what_waits_for_moderators_not_at_all(sign_in) -> None:
    now = timezone.now()
    for title, days in (("Young?", 1), ("Old?", 9), ("Middle-aged?", 4)):
        QuestionFactory(published=True, title=title, asked_at=now - timedelta(days=days))
    QuestionFactory(pending=True, title="Hidden?")
    AnswerFactory(published=True, question__title="Answered?")
    html = desk(sign_in, DoctorFactory(verified=True, specialty=None))
    assert html.index("Old?") < html.index("Middle-aged?") < html.index("Young?")
    assert "Hidden?" not in html
    assert "Answered?" not in html


def test_every_answer_says_where_it_stands_and_why(sign_in) -> None:
    doctor = DoctorFactory(verified=True)
    AnswerFactory(published=True, doctor=doctor, helpful_count=3)
    AnswerFactory(rejected=True, doctor=doctor, moderation_reason="No doses, please.")
    assert "helpful to 3" in desk(sign_in, doctor, "published")
    html = desk(sign_in, doctor, "back")
    assert "A moderator’s reason: <q>No doses, please.</q>" in html


@pytest.mark.parametrize(
    ("trait", "said"),
    [
        ({"published": True}, "Not verified yet"),
        ({"expired": True}, "Verification lapsed"),
        ({"suspended": True}, "Licence not current"),
    ],
)
def test_whoever_may_not_answer_now_is_told_why(sign_in, trait: dict, said: str) -> None:
    QuestionFactory(published=True, title="Waiting for somebody?")
    html = desk(sign_in, DoctorFactory(**trait))
    assert said in html
    assert "Waiting for somebody?" not in html


def test_others_have_no_desk(client, sign_in) -> None:
    page = sign_in(UserFactory()).get("/desk/").text
    assert 'href="/desk/apply/"' in page
    assert "Unanswered" not in page
    assert client.get("/desk/")["Location"] == "/accounts/login/?next=/desk/"


def test_an_edit_that_was_sent_back_says_so_and_why(sign_in) -> None:
    answer = AnswerFactory(published=True)
    edit = edit_answer(answer=answer, by=answer.doctor.user, summary="Take three.")
    assert "an edit awaits review" in desk(sign_in, answer.doctor, "review")
    transition(edit, to=State.DRAFT, by=moderator(), reason="No doses, please.")
    assert "Nothing of yours is with the moderators." in desk(sign_in, answer.doctor, "review")
    html = desk(sign_in, answer.doctor, "back")
    assert "an edit was sent back" in html
    assert "<q>No doses, please.</q>" in html


def test_a_colleague_who_answers_is_named_by_nobody_and_keeps_nobody_away(sign_in) -> None:
    question = QuestionFactory(published=True)
    first, second = DoctorFactory(verified=True, specialty=None), DoctorFactory(verified=True, specialty=None)
    sign_in(first.user).get(f"/questions/{question.pk}/answer/")
    assert "Being answered by a colleague" not in desk(sign_in, first)
    html = desk(sign_in, second)
    assert "Being answered by a colleague, who has it for another" in html
    assert first.user.handle not in html
    form = sign_in(second.user).get(f"/questions/{question.pk}/answer/").text
    assert "Being answered by a colleague, who has it for another" in form
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert "Being answered by a colleague" not in desk(sign_in, second)


def test_sending_an_answer_gives_the_question_free(sign_in) -> None:
    question = QuestionFactory(published=True)
    first, second = DoctorFactory(verified=True, specialty=None), DoctorFactory(verified=True, specialty=None)
    keeps_open(question, by=first.user)
    answer_question(
        question=question, by=first.user, stance="supports", confidence="high", summary="x", body="x"
    )
    assert "Being answered by a colleague" not in desk(sign_in, second)


def test_scopes_say_what_they_hold(sign_in) -> None:
    doctor = DoctorFactory(verified=True, specialty=SpecialtyFactory())
    mine = AnswerFactory(published=True, doctor=doctor).question
    QuestionFactory(published=True, title="Beside mine?", variant_of=mine)
    QuestionFactory(published=True, title="Elsewhere?")
    person = sign_in(doctor.user)
    assert "Nothing waits in your treatments." in person.get("/desk/").text
    beside = person.get("/desk/?scope=beside").text
    assert "Beside mine?" in beside
    assert "Elsewhere?" not in beside
    assert "Elsewhere?" in person.get("/desk/?scope=all").text


def test_away_until_a_day_and_back(sign_in) -> None:
    doctor = DoctorFactory(verified=True)
    person = sign_in(doctor.user)
    day = timezone.localdate() + timedelta(days=9)
    assert (
        f"You are away until {day:%-d %B %Y}" in person.post("/desk/away/", {"until": day}, follow=True).text
    )
    for wrong in (timezone.localdate(), "soon", day + timedelta(days=900)):
        person.post("/desk/away/", {"until": wrong})
    doctor.refresh_from_db()
    assert doctor.away_until == day
    assert "You are here again." in person.post("/desk/away/", {"back": ""}, follow=True).text


@pytest.mark.parametrize(
    "show", ["waiting", "drafts", "review", "back", "published", "due", "opinions", "withdrawn"]
)
def test_an_empty_tab_says_so_and_hostile_values_show_the_first(sign_in, show: str) -> None:
    person = sign_in(DoctorFactory(verified=True).user)
    assert 'class="soft"' in person.get("/desk/", {"show": show, "after": "x", "scope": "x"}).text


def test_saved_replies_are_kept_changed_inserted_and_deleted(sign_in) -> None:
    doctor, other = DoctorFactory(verified=True), DoctorFactory(verified=True)
    person = sign_in(doctor.user)
    kept = {"name": "Healing", "text": "It takes a year."}
    assert "Healing" in person.post("/desk/replies/", kept, follow=True).text
    assert "a saved reply of this name already" in person.post("/desk/replies/", kept).text
    reply = doctor.saved_replies.get()
    assert sign_in(other.user).get(f"/desk/replies/{reply.pk}/").status_code == 404
    sign_in(other.user).post(f"/desk/replies/{reply.pk}/delete/")
    person.post(f"/desk/replies/{reply.pk}/", {**kept, "text": "It takes two years."})
    form = f"/questions/{QuestionFactory(published=True).pk}/answer/"
    html = person.post(form, {"body": "Look:", "reply": reply.pk, "insert": ""}).text
    assert "Look:\n\nIt takes two years.</textarea>" in html
    person.post(f"/desk/replies/{reply.pk}/delete/")
    assert not doctor.saved_replies.exists()


def test_two_doctors_who_open_one_question_at_once_hold_it_once(transactional_db) -> None:
    question = QuestionFactory(published=True)
    people = [DoctorFactory(verified=True).user for _ in range(4)]
    claims = at_once(*(partial(keeps_open, question, by=person) for person in people))
    assert len({claim.by_id for claim in claims}) == 1


class TestWithoutAProfile:
    """Somebody signed in who is no doctor here, and followed a link to the desk."""

    def opened(self, sign_in, user) -> str:
        response = sign_in(user).get("/desk/")
        assert response.status_code == 200
        return response.content.decode()

    def test_the_page_says_what_a_desk_is_and_leads_to_applying(self, sign_in) -> None:
        html = self.opened(sign_in, UserFactory())
        assert "questions that wait" in html
        assert 'href="/desk/apply/">Apply as a doctor' in html

    def test_whoever_has_claimed_a_profile_is_led_to_the_claim(self, sign_in) -> None:
        claim = ProfileClaimFactory(pending=True)
        html = self.opened(sign_in, claim.claimant)
        assert f'href="/desk/claim/{claim.doctor.slug}/">Your claim' in html
        assert "Apply as a doctor" not in html

    def test_whoever_has_asked_as_a_patient_is_not_sent_to_apply(self, sign_in) -> None:
        html = self.opened(sign_in, QuestionFactory().author)
        assert "an account of its own" in html
        assert "Apply as a doctor" not in html
