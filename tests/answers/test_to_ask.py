"""Which questions a packet puts forward: what anybody should ask, and what its threads leave open."""

import pytest

from answers.enums import Agreement, Reason, Stance
from answers.to_ask import QUESTIONS, Open, questions_to_ask
from treatments.enums import Status

SETTLED = Open(agreement=Agreement.CONSENSUS, stances=frozenset({Stance.SUPPORTS}), status=Status.APPROVED)


def asked(**facts) -> str:
    return " ".join(questions_to_ask([Open(**{"agreement": Agreement.CONSENSUS, **facts})]))


def test_without_a_thread_there_is_nothing_to_ask() -> None:
    assert questions_to_ask([]) == []


def test_some_things_are_asked_whatever_doctors_said() -> None:
    always = " ".join(questions_to_ask([SETTLED]))
    for words in ("Who will do it", "how often", "What if it goes wrong", "What does it cost", "do nothing"):
        assert words in always
    assert "Doctors differ" not in always
    assert "label" not in always


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"agreement": Agreement.SPLIT}, "Doctors differ"),
        ({"agreement": Agreement.LEANING}, "Doctors differ"),
        ({"agreement": Agreement.TOO_FEW}, "How much is known"),
        ({"stances": frozenset({"conditions"})}, "with conditions"),
        ({"stances": frozenset({"exam"})}, "examine me"),
        ({"stances": frozenset({"unknown"})}, "How much is known"),
        ({"status": "off_label"}, "label does not cover"),
        ({"status": "not_permitted"}, "not permitted in some countries"),
        ({"is_prescription_only": True}, "who prescribes it"),
        *[({"reasons": frozenset({reason.value})}, None) for reason in Reason],
    ],
)
def test_what_is_open_is_asked(facts: dict, words: str | None) -> None:
    more = set(questions_to_ask([Open(**{"agreement": Agreement.CONSENSUS, **facts})])) - set(
        questions_to_ask([SETTLED])
    )
    assert len(more) == 1
    assert words is None or words in more.pop()


def test_each_question_is_asked_once_and_in_one_order() -> None:
    everything = Open(
        Agreement.SPLIT, frozenset(Stance.values), frozenset(Reason.values), Status.OFF_LABEL, True
    )
    asked = questions_to_ask([everything, SETTLED, everything])
    assert asked == [text for _, text in QUESTIONS if "permitted in some countries" not in text]
