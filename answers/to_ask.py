"""What to ask at an appointment: what anybody should, and what the threads leave open.

General sentences, none of which says anything of a treatment that its thread has not said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from answers.enums import Agreement, Reason, Stance
from treatments.enums import Status


@dataclass(frozen=True)
class Open:
    """What is known of one thread, as far as it decides what remains to be asked."""

    agreement: Agreement
    stances: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    status: str = ""
    is_prescription_only: bool = False


Applies = Callable[[Open], bool]


def _always(thread: Open) -> bool:
    return True


def _holds(stance: Stance) -> Applies:
    return lambda thread: stance in thread.stances


def _gives(reason: Reason) -> Applies:
    return lambda thread: reason in thread.reasons


def _is(status: Status) -> Applies:
    return lambda thread: thread.status == status


# In the order in which they are printed; each once, if it applies to any of the threads.
QUESTIONS: tuple[tuple[Applies, str], ...] = (
    (_always, "Who will do it, what is their training, and how often do they do exactly this?"),
    (_always, "What can I expect in my case: when will I see it, and how long does it last?"),
    (
        lambda thread: thread.agreement in {Agreement.SPLIT, Agreement.LEANING},
        "Doctors differ on this. What do you advise me, and what in my case decides it?",
    ),
    (
        _holds(Stance.CONDITIONS),
        "Some doctors support it with conditions. Which of them do I meet, and which not?",
    ),
    (_holds(Stance.EXAM), "What do you find when you examine me, and does it change the plan?"),
    (
        lambda thread: Stance.UNKNOWN in thread.stances or thread.agreement == Agreement.TOO_FEW,
        "How much is known about this, and what is your own experience with it?",
    ),
    (
        _gives(Reason.SAFETY),
        "Doctors name safety as a reason against it. How large is that risk for me, and how would we notice it?",
    ),
    (_gives(Reason.EVIDENCE), "What do the studies show, and were the people in them like me?"),
    (_gives(Reason.SELECTION), "What speaks for me as a candidate, and what against?"),
    (
        _gives(Reason.ALTERNATIVE),
        "Doctors see a better alternative. Which one would you compare it with, and how?",
    ),
    (_gives(Reason.GOAL), "Can this do what I hope for?"),
    (_gives(Reason.SCOPE), "Is this your own field, or should I see somebody else as well?"),
    (
        _is(Status.OFF_LABEL),
        "The label does not cover this use. Why would you do it, and what does the consent form say about that?",
    ),
    (_is(Status.NOT_PERMITTED), "This use is not permitted in some countries. What is the rule here?"),
    (
        lambda thread: thread.is_prescription_only,
        "Which product will be used, how much of it, and who prescribes it?",
    ),
    (_always, "Which of the cautions on this paper apply to me, with my illnesses, medicines and plans?"),
    (_always, "What are the other ways, and what happens if I do nothing?"),
    (_always, "What if it goes wrong or I do not like it: what can be undone, and whom do I call at night?"),
    (_always, "What does it cost in all, with follow-up visits and a correction?"),
)


def questions_to_ask(threads: list[Open]) -> list[str]:
    """Nothing without a thread."""
    return [text for applies, text in QUESTIONS if any(applies(thread) for thread in threads)]
