"""Where a question meets a doctor, and the read models of that."""

from answers.models.answer import (
    STOOD_AT,
    SUMMARY_LENGTH,
    AcceptedAnswer,
    Answer,
    AnswerQuerySet,
    AnswerRevision,
    HelpfulVote,
    ImportedAnswer,
    current_number,
)
from answers.models.asker import ASKED_AFTER, NOTE_LENGTH, AskerVisit, Outcome
from answers.models.desk import REPLY_LENGTH, AnswerDraft, SavedReply
from answers.models.fact import (
    ASKED_LENGTH,
    FACTS_OF_A_DOCTOR,
    FACTS_OF_A_QUESTION,
    GIVEN_LENGTH,
    FactAsked,
    FactAskedQuerySet,
    FactGiven,
    FactGivenQuerySet,
)
from answers.models.opinion import SecondOpinion, SecondOpinionQuerySet
from answers.models.route import Reached, Round, Route
from answers.models.tally import AnsweredThread, DoctorCount, Readership
from answers.models.thread import Thread, ThreadQuerySet, TreatmentThread, Word, listed
from answers.models.use import UseCount, UsePosition, UseThread

__all__ = [
    "ASKED_AFTER",
    "ASKED_LENGTH",
    "FACTS_OF_A_DOCTOR",
    "FACTS_OF_A_QUESTION",
    "GIVEN_LENGTH",
    "NOTE_LENGTH",
    "REPLY_LENGTH",
    "STOOD_AT",
    "SUMMARY_LENGTH",
    "AcceptedAnswer",
    "Answer",
    "AnswerDraft",
    "AnswerQuerySet",
    "AnswerRevision",
    "AnsweredThread",
    "AskerVisit",
    "DoctorCount",
    "FactAsked",
    "FactAskedQuerySet",
    "FactGiven",
    "FactGivenQuerySet",
    "HelpfulVote",
    "ImportedAnswer",
    "Outcome",
    "Reached",
    "Readership",
    "Round",
    "Route",
    "SavedReply",
    "SecondOpinion",
    "SecondOpinionQuerySet",
    "Thread",
    "ThreadQuerySet",
    "TreatmentThread",
    "UseCount",
    "UsePosition",
    "UseThread",
    "Word",
    "current_number",
    "listed",
]
