"""What a person finds, and what nobody may find."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from answers.models import Thread, Word
from answers.search import FOUND, find, read, search_threads
from answers.search.finding import RANKED
from answers.search.reading import quoted
from answers.threads import count_words
from core.enums import State
from core.moderation import transition
from questions.models import Question
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    TreatmentFactory,
    UseFactory,
    moderator,
)
from tests.timing import is_done_within
from treatments.models import TreatmentSynonym
from treatments.search import catalogue

pytestmark = pytest.mark.django_db


def thread(title: str, body: str = "Tell me.", **fields) -> int:
    fields.setdefault("treatment", None)
    return QuestionFactory(published=True, title=title, body=body, **fields).pk


def answer(thread: int, **fields) -> None:
    AnswerFactory(question=Question.objects.get(pk=thread), **fields)


def found(query: str, **options) -> list[int]:
    return [row.pk for row in search_threads(query, **options)]


def suggestion(query: str) -> str:
    return read(query, catalogue()).suggestion


class TestWords:
    def test_any_word_finds_and_the_thread_with_more_of_them_stands_first(self) -> None:
        both = thread("Will my calves get thinner after toxin?")
        one = thread("Is toxin painful?")
        thread("How long do veneers last?")
        assert found("toxin for thinner calves") == [both, one]

    def test_a_rare_word_outweighs_a_common_one(self) -> None:
        for number in range(8):
            thread(f"Is my skin fine after week {number}?")
        rare = thread("Does hyaluronidase hurt?")
        assert found("skin hyaluronidase")[0] == rare

    def test_the_title_outweighs_an_answer(self) -> None:
        in_answer = thread("What happens on the day?")
        answer(in_answer, published=True, body_html="<p>Bruising is usual.</p>")
        in_title = thread("Bruising on the day?")
        assert found("bruising") == [in_title, in_answer]

    def test_a_treatment_is_found_by_its_other_names(self) -> None:
        botox = TreatmentFactory(name="Botox", slug="botox", generic="onabotulinumtoxinA")
        TreatmentSynonym.objects.create(treatment=botox, name="Wrinkle relaxer", kind="lay")
        tagged = thread("Can it make my legs smaller?", treatment=botox)
        mentions = thread("Is botox safe in winter?")
        assert found("wrinkle relaxer") == [tagged, mentions]
        assert found("onabotulinumtoxinA")[0] == tagged

    def test_a_use_is_found_by_its_everyday_name(self) -> None:
        use = UseFactory(name="Masseter reduction", lay_name="Jaw slimming")
        pk = thread("How often is it repeated?", treatment=use.treatment, use=use)
        assert found("jaw slimming") == [pk]

    def test_two_words_find_what_is_written_as_one(self) -> None:
        pk = thread("Is a facelift worth it?")
        assert found("face lift") == [pk]

    @pytest.mark.parametrize("query", ["juvéderm", "JUVÉDERM", "juve\u0301derm", "juvederm"])
    def test_accents_and_case_make_no_difference(self, query: str) -> None:
        pk = thread("Is Juvéderm painful?")
        assert found(query) == [pk]

    @pytest.mark.parametrize("query", ["calf", "calfs", "calves"])
    def test_one_calf_and_two_calves_find_the_same(self, query: str) -> None:
        one = QuestionFactory(published=True, title="Can a calf be made thinner?")
        two = QuestionFactory(published=True, title="Can calves be made thinner?")
        QuestionFactory(published=True, title="Can a chin be made thinner?")
        assert set(found(query)) == {one.pk, two.pk}

    def test_words_without_meaning_find_nothing(self) -> None:
        thread("What is it?", body="")
        assert found("what is it") == []


class TestMisspelling:
    def test_a_misspelt_word_finds_what_the_right_one_finds(self) -> None:
        rosacea = [thread("Does rosacea go away?"), thread("Laser for rosacea on the nose")]
        thread("How long do veneers last?")
        assert set(found("rosecea")) == set(found("rosacea")) == set(rosacea)
        assert suggestion("is rosecea forever") == "is rosacea forever"

    def test_a_name_of_the_catalogue_is_meant_although_no_thread_has_it(self) -> None:
        TreatmentFactory(name="Botox", slug="botox")
        assert suggestion("botoks") == "botox"

    def test_a_misspelling_somebody_made_does_not_hide_the_right_word(self) -> None:
        wrong = thread("My excema is itching")
        right = [thread(f"What helps against eczema {number}?") for number in range(25)]
        count_words()
        assert set(found("excema", limit=50)) == {wrong, *right}

    def test_a_word_spelt_right_is_left_alone(self) -> None:
        thread("Does a peel hurt?")
        thread("Do peels hurt?")
        thread("Is heel pain normal?")
        assert suggestion("peel") == suggestion("heel pain") == ""

    def test_a_word_of_a_removed_text_is_not_suggested(self) -> None:
        question = QuestionFactory(published=True, title="Ask Zimmerwald about it", treatment=None)
        assert suggestion("zimerwald") == "zimmerwald"
        transition(question, to=State.REMOVED, by=moderator(), reason="names a person")
        assert suggestion("zimerwald") == ""
        assert not Word.objects.filter(word="zimmerwald").exists()

    def test_words_shared_with_another_thread_stay_known(self) -> None:
        question = QuestionFactory(published=True, title="Is keloid harmless?", treatment=None)
        thread("Keloid after piercing")
        count_words()
        transition(question, to=State.REMOVED, by=moderator(), reason="doubled")
        assert suggestion("keloyd") == "keloid"


class TestWhatNobodyMayFind:
    @pytest.mark.parametrize("trait", ["pending", "rejected", "removed", "withdrawn"])
    def test_a_question_that_is_not_public(self, trait: str) -> None:
        QuestionFactory(**{trait: True}, title="Unmistakable pterodactyl")
        assert found("pterodactyl") == []
        assert suggestion("pterodactil") == ""

    @pytest.mark.parametrize("trait", ["pending", "rejected", "removed", "withdrawn"])
    def test_an_answer_that_is_not_public(self, trait: str) -> None:
        pk = thread("What would you say?")
        answer(pk, **{trait: True}, body_html="<p>pterodactyl</p>", summary="A pterodactyl")
        assert found("pterodactyl") == []
        [row] = search_threads("say")
        assert "pterodactyl" not in row.extract

    def test_an_answer_of_a_hidden_profile(self) -> None:
        pk = thread("What would you say?")
        answer(pk, published=True, doctor=DoctorFactory(removed=True), body_html="pterodactyl")
        assert found("pterodactyl") == []

    def test_a_removed_text_is_gone_at_once(self) -> None:
        question = QuestionFactory(published=True, title="Pterodactyl", treatment=None)
        assert found("pterodactyl") == [question.pk]
        transition(question, to=State.REMOVED, by=moderator(), reason="off topic")
        assert found("pterodactyl") == []


class TestExtract:
    def test_the_words_are_marked(self) -> None:
        thread("Legs", body="They said toxin makes calves thinner.")
        [row] = search_threads("thinner calves")
        assert "<mark>calves</mark> <mark>thinner</mark>" in row.extract

    def test_markup_in_a_text_stays_text(self) -> None:
        pk = thread("Legs", body_html="<p>&lt;script&gt;alert(1)&lt;/script&gt; thinner &lt;mark&gt;</p>")
        [row] = search_threads("thinner script mark")
        assert row.pk == pk
        assert "&lt;" in row.extract
        assert "<script" not in row.extract
        assert row.extract.count("<mark>") == row.extract.count("</mark>")


class TestNarrowing:
    def test_within_a_treatment(self) -> None:
        botox, filler = TreatmentFactory(), TreatmentFactory()
        thread("Does it hurt?", treatment=botox)
        pk = thread("Does it hurt?", treatment=filler)
        assert found("hurt", within=Thread.objects.public().for_treatment(filler)) == [pk]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "the of and",
        "a\x00b",
        "'; DROP TABLE answers_thread; --",
        "\\ ' \" & | ! <-> :* ( ) %s {0} $$",
        "x" * 3000,
        "thinner calves " * 200,
        " ".join(f"word{number}" for number in range(600)),
        "ﷺ حب الشباب 皮肤 🙂",
        "\u0301\u0301",
        "-5.3e-10 http://example.org/a?b=c me@example.org",
    ],
)
def test_hostile_queries_are_answered_quickly(query: str) -> None:
    thread("Will my calves get thinner?")
    assert is_done_within(1, lambda: search_threads(query))


def test_a_lexeme_is_quoted_whatever_stands_in_it() -> None:
    assert quoted(r"it's a \ slash") == r"'it''s a \\ slash'"


def test_a_bounded_number_is_ranked_and_the_best_are_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every word is common, threads with two of them still come first."""
    monkeypatch.setattr("answers.search.finding.RANKED", 6)
    pks = [thread(f"Skin care {number}") for number in range(10)]
    both = thread("Laser on the skin")
    pks += [thread(f"Laser care {number}") for number in range(10)]
    count_words()
    assert found("laser skin")[0] == both
    assert len(found("laser skin")) < len(pks)
    assert FOUND <= RANKED


def test_searching_costs_four_queries(django_assert_num_queries) -> None:
    for number in range(12):
        thread(f"Thinner calves {number}?")
    with django_assert_num_queries(4):
        assert len(search_threads("thinner calves")) == 12


class TestReindex:
    def test_it_mends_what_was_changed_behind_its_back(self) -> None:
        pk = thread("Will my calves get thinner?")
        Thread.objects.update(words="'nothing':1")
        Word.objects.all().delete()
        call_command("reindex", verbosity=0)
        assert found("calvs") == [pk]
        assert Word.objects.get(word="calves").threads == 1

    def test_a_site_that_doubles_counts_its_words_by_itself(self) -> None:
        for number in range(30):
            thread(f"Skin {number}")
        assert Word.objects.get(word="skin").threads > 10


class TestEvaluation:
    @pytest.fixture
    def files(self, tmp_path):
        for number, title in enumerate(["Thinner calves", "Whiter teeth", "Fuller lips"]):
            thread(title, external_id=f"ext-{number}")
        queries, qrels = tmp_path / "q.jsonl", tmp_path / "r.tsv"
        asked = [("q0", "calves"), ("q1", "teeth"), ("q2", "whiter")]
        queries.write_text("\n".join(json.dumps({"id": pk, "text": text}) for pk, text in asked))
        qrels.write_text(
            "query-id\tcorpus-id\tscore\nq0\text-0\t1\nq0\text-1\t0\nq1\text-1\t1\nq2\text-2\t1\n"
        )
        return {"queries": queries, "qrels": qrels}

    def test_it_measures_what_ranks_where(self, files) -> None:
        call_command("search_eval", stdout=(out := StringIO()), **files)
        rows = dict(line.rsplit(maxsplit=1) for line in out.getvalue().splitlines())
        assert rows["queries"] == "3"
        assert rows["nDCG@10"] == rows["MRR@10"] == rows["recall@100"] == "0.6667"
        assert float(rows["ms, p95"]) >= float(rows["ms, median"]) > 0

    def test_it_says_when_the_threads_are_not_here(self, files) -> None:
        Thread.objects.all().delete()
        call_command("search_eval", stdout=StringIO(), stderr=(err := StringIO()), **files)
        assert "3 relevant threads are not imported here" in err.getvalue()

    def test_judgements_of_other_queries_are_an_error(self, files) -> None:
        files["qrels"].write_text("query-id\tcorpus-id\tscore\n")
        with pytest.raises(CommandError, match="No query of this file"):
            call_command("search_eval", **files)


def test_finding_alone_returns_keys_best_first() -> None:
    pk = thread("Thinner calves")
    assert find(read("calves", catalogue())) == [pk]
