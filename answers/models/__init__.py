"""Where a question meets a doctor, and the read models of that."""

from answers.models.answer import (
    SUMMARY_LENGTH,
    AcceptedAnswer,
    Answer,
    AnswerQuerySet,
    AnswerRevision,
    HelpfulVote,
    ImportedAnswer,
)
from answers.models.opinion import SecondOpinion, SecondOpinionQuerySet, current_number
from answers.models.thread import Thread, ThreadQuerySet, Word

__all__ = [
    "SUMMARY_LENGTH",
    "AcceptedAnswer",
    "Answer",
    "AnswerQuerySet",
    "AnswerRevision",
    "HelpfulVote",
    "ImportedAnswer",
    "SecondOpinion",
    "SecondOpinionQuerySet",
    "Thread",
    "ThreadQuerySet",
    "Word",
    "current_number",
]
