"""Words that cannot wait are recognised; words that deny them are not (T-MS-01)."""

from time import process_time

import pytest

from questions.red_flags import RED_FLAGS, matching, words_of
from tests.timing import is_done_within
from treatments.models import Treatment

TOXIN = Treatment(slug="botox", name="Botox")
FILLER = Treatment(slug="hyaluronic-acid-filler", name="Filler")
SURGERY = Treatment(slug="tummy-tuck", name="Tummy tuck")


@pytest.mark.parametrize(
    ("treatment", "text", "name"),
    [
        (TOXIN, "Since yesterday I have trouble swallowing my food", "swallowing"),
        (TOXIN, "it is hard to swallow and my speech is slurred", "swallowing"),
        (TOXIN, "I can’t breathe properly at night", "breathing"),
        (FILLER, "there is a white patch above my lip", "filler-colour"),
        (FILLER, "my nose went grey an hour after", "filler-colour"),
        (FILLER, "I lost vision in one eye", "vision"),
        (TOXIN, "suddenly blurry vision since the injection", "vision"),
        (SURGERY, "chest pain and short of breath", "chest-pain"),
        (SURGERY, "I have a fever and the wound is red", "infection"),
        (SURGERY, "I want to kill myself because of my face", "self-harm"),
        (TOXIN, "I have no idea why I can't breathe properly", "breathing"),
        (TOXIN, "The clinic is not answering, trouble breathing since noon", "breathing"),
        (SURGERY, "I have never had chest pain like this", "chest-pain"),
        (SURGERY, "I have not slept because of chest pain", "chest-pain"),
        (SURGERY, "I don't know why, chest tightness since Monday", "chest-pain"),
        (SURGERY, "It does not stop: chest pain", "chest-pain"),
    ],
)
def test_emergencies_fire(treatment: Treatment, text: str, name: str) -> None:
    assert name in [flag.name for flag in matching(text, treatment=treatment)]


@pytest.mark.parametrize(
    ("treatment", "text"),
    [
        (TOXIN, "no trouble swallowing, just a headache"),
        (TOXIN, "I never had difficulty breathing afterwards"),
        (FILLER, "no vision changes at all"),
        (SURGERY, "without any chest pain or shortness of breath"),
        (FILLER, "How long does lip filler last?"),
        (SURGERY, "I don't have a fever. The scar is red"),
        (TOXIN, "Would it make my calves thinner?"),
    ],
)
def test_denials_and_ordinary_questions_do_not(treatment: Treatment, text: str) -> None:
    assert matching(text, treatment=treatment) == []


@pytest.mark.parametrize("phrase", ["no blind ", "any white skin ", "can't ", "any, ", "red a a ", "skin\n!"])
def test_the_longest_text_is_read_at_once_whatever_it_repeats(phrase: str) -> None:
    text = phrase * (20_000 // len(phrase))

    def read() -> None:
        matching(text, treatment=None)
        for flag in RED_FLAGS:
            words_of(flag, text)

    assert is_done_within(1, read, process_time)


def test_a_denial_far_into_a_text_is_heard() -> None:
    before = "It has been a week, and all is well, " * 200
    assert matching(before + "no trouble swallowing", treatment=TOXIN) == []
    assert matching(before + "but I have trouble swallowing", treatment=TOXIN) != []
