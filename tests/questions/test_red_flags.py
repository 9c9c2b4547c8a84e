"""Words that cannot wait are recognised; words that deny them are not (T-MS-01)."""

import pytest

from questions.red_flags import matching
from treatments.models import Treatment

TOXIN = Treatment(slug="botox", name="Botox")
FILLER = Treatment(slug="hyaluronic-acid-filler", name="Filler")
SURGERY = Treatment(slug="tummy-tuck", name="Tummy tuck")


@pytest.mark.parametrize(
    ("treatment", "text", "name"),
    [
        (TOXIN, "Since yesterday I have trouble swallowing my food", "toxin-spread"),
        (TOXIN, "it is hard to swallow and my speech is slurred", "toxin-spread"),
        (TOXIN, "I can’t breathe properly at night", "toxin-spread"),
        (FILLER, "there is a white patch above my lip", "blocked-vessel"),
        (FILLER, "my nose went grey an hour after", "blocked-vessel"),
        (FILLER, "I lost vision in one eye", "vision"),
        (TOXIN, "suddenly blurry vision since the injection", "vision"),
        (SURGERY, "chest pain and short of breath", "chest"),
        (SURGERY, "I have a fever and the wound is red", "infection"),
        (SURGERY, "I want to kill myself because of my face", "self-harm"),
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
        (FILLER, "How long does lip filler last?"),
        (SURGERY, "I don't have a fever. The scar is red"),
        (TOXIN, "Would it make my calves thinner?"),
    ],
)
def test_denials_and_ordinary_questions_do_not(treatment: Treatment, text: str) -> None:
    assert matching(text, treatment=treatment) == []
