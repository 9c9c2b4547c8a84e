"""Words that cannot wait are recognised; words that deny them are not (T-MS-01)."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from questions.red_flags import FILE, RED_FLAGS, matching, words_of
from questions.services import edit_question
from tests.factories import QuestionFactory, TreatmentFactory
from tests.timing import grows_in_proportion
from tests.treatments.merging import merged
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
def test_a_longer_text_takes_longer_only_in_proportion_whatever_it_repeats(phrase: str) -> None:
    def read(length: int) -> None:
        text = phrase * (length // len(phrase))
        matching(text, treatment=None)
        for flag in RED_FLAGS:
            words_of(flag, text)

    assert grows_in_proportion(read, 5_000)


def test_a_denial_far_into_a_text_is_heard() -> None:
    before = "It has been a week, and all is well, " * 200
    assert matching(before + "no trouble swallowing", treatment=TOXIN) == []
    assert matching(before + "but I have trouble swallowing", treatment=TOXIN) != []


PHRASES = Path(__file__).parent / "data" / "red_flag_phrases.tsv"
CATALOGUE = Path(FILE).parents[2] / "treatments" / "catalogue"


def _catalogue() -> dict[str, str | None]:
    """Every treatment of the shipped catalogue with its parent."""
    files = [json.loads(file.read_text()) for file in CATALOGUE.glob("*.json")]
    return {
        row["slug"]: row["parent"] for data in files for row in data.get("treatments", ()) if "parent" in row
    }


def _phrases() -> Iterator[tuple[bool, Treatment | None, str]]:
    parents = _catalogue()
    for line in PHRASES.read_text().splitlines():
        if not line.startswith("#"):
            sign, slug, text = line.split("\t")
            parent = Treatment(slug=parents[slug]) if slug and parents[slug] else None
            yield sign == "+", Treatment(slug=slug, parent=parent) if slug else None, text


def test_every_emergency_on_the_list_of_phrases_is_recognised(capsys: pytest.CaptureFixture[str]) -> None:
    """T-MS-01: recall is complete on more than 200 phrases as people write them; precision is printed."""
    phrases = list(_phrases())
    raised = [bool(matching(text, treatment=treatment)) for _, treatment, text in phrases]
    wanted = [must for must, _, _ in phrases]
    missed = [text for (must, _, text), was in zip(phrases, raised, strict=True) if must and not was]
    false = [text for (must, _, text), was in zip(phrases, raised, strict=True) if was and not must]
    hits = sum(wanted) - len(missed)
    precision, recall = hits / (hits + len(false)), hits / sum(wanted)
    with capsys.disabled():
        print(f"\nRed flags on {len(phrases)} phrases: precision {precision:.1%}, recall {recall:.1%}")  # noqa: T201
        for text in missed:
            print(f"  missed: {text}")  # noqa: T201
        for text in false:
            print(f"  false:  {text}")  # noqa: T201
    assert (sum(wanted) >= 130, len(wanted) - sum(wanted) >= 70) == (True, True)
    assert missed == []
    assert precision >= 0.95


def test_every_symptom_has_its_document_and_the_day_it_was_reviewed() -> None:
    assert len(RED_FLAGS) >= 40
    assert len({flag.name for flag in RED_FLAGS}) == len(RED_FLAGS)
    for flag in RED_FLAGS:
        assert flag.source.title
        assert flag.source.publisher
        assert date.fromisoformat(flag.reviewed_on) <= date.today()  # noqa: DTZ011
        assert flag.advice.endswith(".")


def test_every_family_is_in_the_catalogue() -> None:
    known = _catalogue()
    assert {slug for flag in RED_FLAGS for slug in flag.families} - set(known) == set()


@pytest.mark.parametrize("flag", RED_FLAGS, ids=lambda flag: flag.name)
def test_each_symptom_is_raised_by_some_phrase_of_the_list(flag) -> None:
    """None is there in name only."""
    assert any(flag in matching(text, treatment=treatment) for must, treatment, text in _phrases() if must)


@pytest.mark.django_db
class TestAfterAMerge:
    """Words that are an emergency after one treatment stay one, whatever it is part of now."""

    VOICE = "My voice is hoarse since the injection"

    def test_flags_know_a_treatment_by_what_was_merged_into_it(self) -> None:
        family = TreatmentFactory(name="Botulinum toxin", slug="botulinum-toxin")
        member, target = TreatmentFactory(parent=family), TreatmentFactory(name="Neuromodulators")
        assert not matching(self.VOICE, treatment=target)
        merged(family, target)
        member.refresh_from_db()
        for treatment in (Treatment.objects.get(pk=target.pk), member):
            assert [flag.name for flag in matching(self.VOICE, treatment=treatment)] == ["toxin-voice"]

    def test_what_waits_is_read_again_under_its_new_treatment(self) -> None:
        family = TreatmentFactory(name="Botulinum toxin", slug="botulinum-toxin")
        double = TreatmentFactory(name="Made by an import", is_reviewed=False)
        question = QuestionFactory(pending=True, treatment=double, body=self.VOICE)
        edited = QuestionFactory(published=True, treatment=double)
        edit = edit_question(question=edited, by=edited.author, body=self.VOICE)
        assert (question.risk, edit.risk) == (0, 0)
        merged(double, TreatmentFactory(name="Botox", parent=family))
        question.refresh_from_db()
        edit.refresh_from_db()
        assert question.risk == edit.risk == 3
