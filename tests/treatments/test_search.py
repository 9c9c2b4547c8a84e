"""Finding treatments by any name, and the word that was meant."""

import pytest

from tests.factories import TreatmentFactory, UseFactory
from treatments.models import TreatmentSynonym
from treatments.search import catalogue, fold, likeness, matching, nearest, telling, vocabulary, words_of


@pytest.fixture
def entries(db: None):
    botox = TreatmentFactory(name="Botox", slug="botox", generic="onabotulinumtoxinA")
    TreatmentSynonym.objects.create(treatment=botox, name="Wrinkle relaxer", kind="lay")
    TreatmentFactory(name="Lip filler", slug="lip-filler")
    TreatmentFactory(name="Dermal filler", slug="dermal-filler")
    UseFactory(treatment=botox, name="Calf reduction", slug="calves", lay_name="Slimmer legs")
    TreatmentFactory(name="Unreviewed thing", slug="unreviewed", is_reviewed=False)
    return catalogue()


def names(entries, query: str) -> list[str]:
    return [entry.name for entry in matching(entries, words_of(query))]


class TestMatching:
    @pytest.mark.parametrize("query", ["botox", "is botox safe", "wrinkle relaxers", "OnabotulinumtoxinA"])
    def test_any_name_of_a_treatment_finds_it(self, entries, query: str) -> None:
        assert names(entries, query) == ["Botox"]

    def test_the_closest_name_comes_first(self, entries) -> None:
        assert names(entries, "lip filler") == ["Lip filler"]
        assert names(entries, "fillers") == ["Lip filler", "Dermal filler"]

    def test_a_use_leads_to_its_own_page(self, entries) -> None:
        [use] = matching(entries, words_of("slimmer legs"))
        assert use.get_absolute_url() == "/treatments/botox/uses/calves/"
        assert use.treatment == "Botox"

    def test_what_no_editor_has_reviewed_stays_out_of_sight(self, entries) -> None:
        assert names(entries, "unreviewed thing") == []
        assert "unreviewed" not in vocabulary(entries)

    def test_the_catalogue_costs_one_query(self, entries, django_assert_num_queries) -> None:
        with django_assert_num_queries(1):
            catalogue()


class TestNearest:
    KNOWN = dict.fromkeys(
        (
            "rosacea rosea eczema edema keloid botox books juvederm jeuveau kybella dandruff alopecia cyst "
            "hyperhidrosis hyperpigmentation abdominoplasty vitiligo dermatitis dermal laser scabies itching"
        ).split(),
        20.0,
    )

    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("rosecea", "rosacea"),
            ("excema", "eczema"),
            ("exema", "eczema"),
            ("keloyd", "keloid"),
            ("juviderm", "juvederm"),
            ("kybela", "kybella"),
            ("alopicia", "alopecia"),
            ("cist", "cyst"),
            ("hyperhydrosis", "hyperhidrosis"),
            ("vitigo", "vitiligo"),
            ("lazer", "laser"),
            ("dermatis", "dermatitis"),
        ],
    )
    def test_common_misspellings(self, wrong: str, right: str) -> None:
        assert nearest(wrong, self.KNOWN)[0] == right

    def test_what_sounds_the_same_is_near(self) -> None:
        assert likeness("botoks", "botox") > likeness("botoks", "bottom")

    def test_the_commoner_of_two_alike_words_wins(self) -> None:
        assert nearest("botax", {"botox": 900, "botux": 1})[0] == "botox"

    @pytest.mark.parametrize("word", ["abc", "4711", "mp3player", "xylophonist", ""])
    def test_what_is_like_nothing_is_left_alone(self, word: str) -> None:
        assert nearest(word, self.KNOWN) == []


class TestFolding:
    def test_accents_case_and_composition_make_one_word(self) -> None:
        assert fold("JUVÉDERM") == fold("juve\u0301derm") == "juvederm"

    def test_nul_is_a_space(self) -> None:
        assert words_of("lip\x00filler, please!") == ["lip", "filler", "please"]

    def test_plurals_and_little_words_tell_nothing_apart(self) -> None:
        assert telling(["fillers", "for", "the", "lips"]) == {"filler", "lip"}
        assert telling(["the", "of"]) == {"the", "of"}
