"""What people are told about questions."""

from __future__ import annotations

from accounts.enums import Rhythm
from accounts.notifications import YOU_FOLLOW, YOUR_QUESTIONS, Kind, public, register, register_decisions

DECIDED = "A moderator decides about your question, an edit of it, or what you told a doctor"

register_decisions("question", "question", topic="questions-decided", label=DECIDED, group=YOUR_QUESTIONS)
register_decisions(
    "question-edit", "edit of a question", topic="questions-decided", label=DECIDED, group=YOUR_QUESTIONS
)
NEW_THREAD = register(
    Kind(
        "followed-treatment",
        "A new question about a treatment you follow",
        Rhythm.WEEKLY,
        "New questions about what you follow",
        still_due=public,
        group=YOU_FOLLOW,
    )
)
