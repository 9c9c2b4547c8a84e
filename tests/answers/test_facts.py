"""Asking an asker for one fact, giving it, and declining: what stands there afterwards, and who is told."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Notification
from answers.asked import public_facts
from answers.facts import EnoughAsked, ask_fact, change_fact, decline_fact, give_fact, withdraw_fact
from answers.models import FACTS_OF_A_DOCTOR, FACTS_OF_A_QUESTION, FactAsked, FactGiven
from config.privacy.erasing import erase
from core.audit import trail
from core.enums import State
from core.models import Signal
from core.moderation import NotPossible, transition
from questions.services import mark_duplicate, withdraw_question
from tests.factories import (
    AnswerFactory,
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
    return DoctorFactory(verified=True)


@pytest.fixture
def asked(question, doctor):
    fact = ask_fact(question=question, by=doctor.user, text=BEFORE)
    return transition(fact, to=State.PUBLISHED, by=moderator())


def told(user) -> list[str]:
    return list(Notification.objects.filter(to=user).order_by("pk").values_list("kind", flat=True))


class TestAsking:
    def test_it_waits_and_the_asker_hears_of_it_once_it_is_approved(self, question, doctor) -> None:
        fact = ask_fact(question=question, by=doctor.user, text=BEFORE)
        assert (fact.state, [entry.action for entry in trail(fact)]) == (State.PENDING, ["submit"])
        assert (told(question.author), public_facts(question)) == ([], [])
        transition(fact, to=State.PUBLISHED, by=moderator())
        assert told(question.author) == ["fact-asked"]
        assert told(doctor.user) == ["asked-fact-published"]
        assert [row.text for row in public_facts(question)] == [BEFORE]

    def test_a_second_click_and_another_tab_find_the_open_one(self, question, doctor, asked) -> None:
        assert ask_fact(question=question, by=doctor.user, text="How old are you?").pk == asked.pk

    @pytest.mark.parametrize("trait", [{}, {"published": True}, {"suspended": True}, {"expired": True}])
    def test_only_doctors_verified_today_ask(self, question, trait: dict) -> None:
        with pytest.raises(PermissionDenied):
            ask_fact(question=question, by=DoctorFactory(**trait).user, text=BEFORE)

    def test_nobody_asks_where_nobody_can_answer(self, doctor) -> None:
        closed = UserFactory(is_active=False)
        for where in ({"author": None}, {"author": closed}, {"author": doctor.user}, {"is_imported": True}):
            with pytest.raises(PermissionDenied):
                ask_fact(question=QuestionFactory(published=True, **where), by=doctor.user, text=BEFORE)
        with pytest.raises(PermissionDenied):
            ask_fact(question=QuestionFactory(pending=True), by=doctor.user, text=BEFORE)

    def test_a_doctor_asks_a_few_in_turn_and_a_question_has_a_handful(self, question, doctor) -> None:
        for n in range(FACTS_OF_A_DOCTOR):
            fact = ask_fact(question=question, by=doctor.user, text=f"{n}?")
            transition(fact, to=State.PUBLISHED, by=moderator())
            decline_fact(asked=fact, by=question.author)
        with pytest.raises(EnoughAsked):
            ask_fact(question=question, by=doctor.user, text=BEFORE)
        for _ in range(FACTS_OF_A_QUESTION - FACTS_OF_A_DOCTOR):
            ask_fact(question=question, by=DoctorFactory(verified=True).user, text=BEFORE)
        with pytest.raises(EnoughAsked):
            ask_fact(question=question, by=DoctorFactory(verified=True).user, text=BEFORE)

    def test_it_is_changed_while_it_waits_and_not_under_the_asker(self, question, doctor, asked) -> None:
        with pytest.raises(PermissionDenied):
            change_fact(asked=asked, by=doctor.user, text="How old are you?")
        withdraw_fact(asked=asked, by=doctor.user)
        anew = ask_fact(question=question, by=doctor.user, text="How old?")
        change_fact(asked=anew, by=doctor.user, text="How old, roughly?")
        assert FactAsked.objects.open().get().text == "How old, roughly?"

    def test_the_database_refuses_a_second_open_one_and_one_without_a_word(self, asked) -> None:
        for wrong in ({"question": asked.question, "doctor": asked.doctor}, {"text": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                FactAskedFactory(**wrong)

    def test_what_is_given_back_after_the_doctor_went_on_stays_closed(self, question, doctor, asked) -> None:
        by = moderator()
        transition(asked, to=State.REMOVED, by=by, reason="Too close.")
        other = ask_fact(question=question, by=doctor.user, text="How old?")
        transition(asked, to=State.PUBLISHED, by=by, reason="It was not.")
        assert (asked.closed_at is not None, other.closed_at) == (True, None)


class TestGiving:
    def test_it_stands_beside_what_was_asked_and_who_waits_is_told(self, question, doctor, asked) -> None:
        colleague = DoctorFactory(verified=True)
        colleague.drafts.create(question=question, version=1, fields={"body": "Half a thought."})
        given = give_fact(asked=asked, by=question.author, text=TWICE)
        assert public_facts(question)[0].reply is None
        transition(given, to=State.PUBLISHED, by=moderator())
        assert public_facts(question)[0].reply.text == TWICE
        assert told(question.author)[-1] == "given-fact-published"
        assert [told(person)[-1] for person in (doctor.user, colleague.user)] == ["fact-given"] * 2
        asked.refresh_from_db()
        assert asked.closed_at is not None

    def test_sent_twice_it_is_one_and_changed_it_waits_anew(self, question, asked) -> None:
        for text in (TWICE, TWICE, "Once."):
            give_fact(asked=asked, by=question.author, text=text)
        given = FactGiven.objects.get()
        assert (given.text, given.state, given.version) == ("Once.", State.PENDING, 2)

    def test_only_its_asker_gives_it(self, asked, doctor) -> None:
        for by in (UserFactory(), doctor.user, moderator()):
            with pytest.raises(PermissionDenied):
                give_fact(asked=asked, by=by, text=TWICE)

    def test_words_that_cannot_wait_come_first_and_an_address_is_held(self, question, asked) -> None:
        given = give_fact(asked=asked, by=question.author, text="I have trouble breathing since then.")
        assert given.risk == 3
        give_fact(asked=asked, by=question.author, text="Write to me at someone@example.org.")
        codes = Signal.objects.filter(object_type="answers.factgiven", is_current=True)
        assert "red-flags" not in codes.values_list("code", flat=True)

    def test_one_would_rather_not_say_and_nobody_is_told(self, question, doctor, asked) -> None:
        before = Notification.objects.count()
        for _ in range(2):
            decline_fact(asked=asked, by=question.author)
        assert (Notification.objects.count(), FactGiven.objects.get().text) == (before, "")
        assert public_facts(question)[0].reply is None
        given = give_fact(asked=asked, by=question.author, text=TWICE)
        assert given.state == State.PENDING

    def test_what_is_withdrawn_is_out_of_sight_and_may_be_sent_anew(self, question, asked) -> None:
        given = give_fact(asked=asked, by=question.author, text=TWICE)
        transition(given, to=State.PUBLISHED, by=moderator())
        with pytest.raises(PermissionDenied):
            give_fact(asked=asked, by=question.author, text="Once.")
        decline_fact(asked=asked, by=question.author)
        assert public_facts(question)[0].reply is None
        assert give_fact(asked=asked, by=question.author, text="Once.").state == State.PENDING

    def test_nothing_is_given_once_what_was_asked_is_no_longer_public(self, question, doctor, asked) -> None:
        def refused() -> bool:
            with pytest.raises(PermissionDenied):
                give_fact(asked=FactAsked.objects.get(pk=asked.pk), by=question.author, text=TWICE)
            return True

        type(doctor).objects.filter(pk=doctor.pk).update(standing="suspended")
        assert refused()
        type(doctor).objects.filter(pk=doctor.pk).update(standing="verified")
        question.author.suspended_until = timezone.now() + timedelta(days=3)
        assert refused()

    def test_the_database_lets_no_empty_word_wait_or_be_read(self, asked) -> None:
        for trait in ("pending", "published"):
            with pytest.raises(IntegrityError), transaction.atomic():
                FactGivenFactory(asked=asked, text="", **{trait: True})


class TestTheQuestionGoes:
    def test_withdrawn_it_takes_everything_along_and_nothing_more_is_approved(self, question, asked) -> None:
        waiting = ask_fact(question=question, by=DoctorFactory(verified=True).user, text="How old?")
        FactGivenFactory(published=True, asked=asked)
        withdraw_question(question=question, by=question.author)
        assert not FactAsked.objects.public().exists()
        assert not FactGiven.objects.public().exists()
        with pytest.raises(NotPossible):
            transition(waiting, to=State.PUBLISHED, by=moderator())
        assert told(question.author).count("fact-asked") == 1

    def test_linked_to_another_thread_it_asks_nobody(self, question, asked) -> None:
        mark_duplicate(
            question=question, canonical=QuestionFactory(published=True), by=moderator(), reason="Same."
        )
        assert not FactAsked.objects.public().exists()
        with pytest.raises(PermissionDenied):
            give_fact(asked=FactAsked.objects.get(), by=question.author, text=TWICE)


class TestErasing:
    def test_of_the_asker_public_words_stay_in_the_thread_and_the_rest_goes(self, question, asked) -> None:
        AnswerFactory(published=True, question=question)
        FactGivenFactory(published=True, asked=asked, text=TWICE)
        other = FactAskedFactory(published=True, question=question)
        FactGivenFactory(pending=True, asked=other, text="My name is Greta.")
        erase(question.author.pk)
        assert list(FactGiven.objects.values_list("text", flat=True)) == [TWICE]
        assert [(fact.text, bool(fact.reply)) for fact in public_facts(question)] == [
            (BEFORE, True),
            (other.text, False),
        ]

    def test_of_a_question_without_an_answer_all_of_it_goes(self, question, asked) -> None:
        FactGivenFactory(published=True, asked=asked, text=TWICE)
        erase(question.author.pk)
        assert not FactAsked.objects.exists()

    def test_of_the_doctor_what_was_asked_in_public_stays_signed(self, question, doctor, asked) -> None:
        ask_fact(question=QuestionFactory(published=True), by=doctor.user, text="How old?")
        erase(doctor.user.pk)
        assert [(fact.text, fact.doctor.name) for fact in public_facts(question)] == [(BEFORE, doctor.name)]
        assert FactAsked.objects.count() == 1
