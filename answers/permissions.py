"""Who may do what with an answer, and in which states of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answers.models import FACTS_OF_A_DOCTOR, FACTS_OF_A_QUESTION, FactAsked, Outcome
from core.enums import State
from core.writing import may_write
from doctors.permissions import practising_doctor

if TYPE_CHECKING:
    from answers.models import Answer, FactGiven, SecondOpinion
    from core.models import Viewer
    from doctors.models import Doctor
    from questions.models import Question

EDITABLE = frozenset({State.DRAFT, State.PENDING, State.PUBLISHED, State.WITHDRAWN})
WITHDRAWABLE = frozenset({State.DRAFT, State.PENDING, State.PUBLISHED})
# A published second opinion is withdrawn and given anew, never changed under its readers.
OPINION_EDITABLE = frozenset({State.DRAFT, State.PENDING, State.WITHDRAWN})
# The same holds for what an asker gives; what was withdrawn of a doctor's asking is asked anew.
FACT_GIVEN_EDITABLE = OPINION_EDITABLE
FACT_ASKED_EDITABLE = frozenset({State.DRAFT, State.PENDING})


def answering_doctor(user: Viewer, question: Question) -> Doctor | None:
    """The verified doctor this user may answer ``question`` as; nobody answers their own question."""
    if not may_write(user) or not question.is_public or question.author_id == user.pk:
        return None
    return practising_doctor(user)


def is_author(user: Viewer, answer: Answer) -> bool:
    return bool(user.is_authenticated and answer.doctor.user_id == user.pk)


def may_edit(user: Viewer, answer: Answer) -> bool:
    """Doctors who are no longer verified may withdraw what they wrote, but not rewrite it.

    Nor does anybody write under a question that is not public: the form would show what it says now.
    """
    is_open = answer.question.is_public and answer.state in EDITABLE
    return is_open and may_write(user) and is_author(user, answer) and answer.doctor.is_verified_now


def may_withdraw(user: Viewer, answer: Answer) -> bool:
    return is_author(user, answer) and answer.state in WITHDRAWABLE


def may_confirm(user: Viewer, answer: Answer) -> bool:
    """To say that an answer still stands takes what it took to give it."""
    is_open = answer.is_public and answer.question.is_public
    return is_open and may_write(user) and is_author(user, answer) and answer.doctor.is_verified_now


def may_vote(user: Viewer, answer: Answer) -> bool:
    """Anyone signed in, but not for one's own answer."""
    return may_write(user) and answer.is_public and not is_author(user, answer)


def may_accept(user: Viewer, question: Question) -> bool:
    return may_write(user) and question.is_public and question.author_id == user.pk


def may_say_outcome(user: Viewer, question: Question) -> bool:
    """The asker of a public question, from the first day on which they are asked."""
    return may_accept(user, question) and Outcome.due_after(question.published_at) is not None


def may_second(doctor: Doctor | None, answer: Answer) -> bool:
    """Whether somebody who may answer in this thread may say what they think of another's public answer."""
    return doctor is not None and answer.is_public and doctor.pk != answer.doctor_id


def seconding_doctor(user: Viewer, answer: Answer) -> Doctor | None:
    """The verified doctor as whom this user may co-sign or dispute ``answer``; never one's own, nor as the asker."""
    doctor = answering_doctor(user, answer.question)
    return doctor if may_second(doctor, answer) else None


def is_author_of_opinion(user: Viewer, opinion: SecondOpinion) -> bool:
    return bool(user.is_authenticated and opinion.doctor.user_id == user.pk)


def may_change_opinion(user: Viewer, opinion: SecondOpinion) -> bool:
    """While readers do not see it, as long as the answer may be co-signed or disputed at all."""
    is_open = opinion.state in OPINION_EDITABLE and is_author_of_opinion(user, opinion)
    return is_open and seconding_doctor(user, opinion.answer) is not None


def may_withdraw_opinion(user: Viewer, opinion: SecondOpinion) -> bool:
    return is_author_of_opinion(user, opinion) and opinion.state in WITHDRAWABLE


def asking_doctor(user: Viewer, question: Question) -> Doctor | None:
    """The verified doctor as whom this user may ask for a missing fact: where there is somebody who could give it."""
    if question.is_imported or question.author is None or not question.author.is_active:
        return None
    return answering_doctor(user, question)


def may_ask_more(doctor: Doctor, question: Question) -> bool:
    """A few for each doctor and for each question: an asker is no witness. Two queries."""
    asked = FactAsked.objects.counted().filter(question=question)
    return asked.count() < FACTS_OF_A_QUESTION and asked.filter(doctor=doctor).count() < FACTS_OF_A_DOCTOR


def is_author_of_fact(user: Viewer, asked: FactAsked) -> bool:
    return bool(user.is_authenticated and asked.doctor.user_id == user.pk)


def may_change_fact(user: Viewer, asked: FactAsked) -> bool:
    """While the asker has not been asked yet, and as long as one may ask at all."""
    is_open = asked.state in FACT_ASKED_EDITABLE and is_author_of_fact(user, asked)
    return is_open and asking_doctor(user, asked.question) is not None


def may_withdraw_fact(user: Viewer, asked: FactAsked) -> bool:
    return is_author_of_fact(user, asked) and asked.state in WITHDRAWABLE


def may_give(user: Viewer, asked: FactAsked) -> bool:
    """The asker, while the doctor could make something of it."""
    is_theirs = may_write(user) and asked.question.author_id == user.pk
    return is_theirs and asked.is_public and asked.doctor.is_verified_now


def may_change_given(user: Viewer, given: FactGiven) -> bool:
    return given.state in FACT_GIVEN_EDITABLE and may_give(user, given.asked)
