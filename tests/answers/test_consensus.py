"""Where the doctors stand: who counts, and what the sentence says."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.consensus import MARKS_AT_MOST, bar_for_answers, bar_of, bars_for_questions
from answers.enums import Agreement, Stance
from answers.models import Answer
from answers.reasons import reasons_against, why_most
from answers.selectors import opinions_of
from answers.uses import bars_for_uses
from tests.factories import AnswerFactory, DoctorFactory, QuestionFactory, SecondOpinionFactory, UseFactory

COUNTS = st.dictionaries(st.sampled_from(Stance.values), st.integers(0, 40))


@given(COUNTS)
def test_the_picture_never_says_more_than_the_count(counts: dict[str, int]) -> None:
    bar = bar_of(counts)
    total = sum(counts.values())
    assert bar.total == total == sum(row["count"] for row in bar.counts)
    assert bar.too_few == (total < 3)
    assert "%" not in bar.sentence
    if total <= MARKS_AT_MOST:
        assert Counter(bar.dots) == Counter({s: n for s, n in counts.items() if n})
    else:
        assert bar.dots == []
    if total:
        assert abs(sum(float(s["width"]) for s in bar.segments) - 100) < 0.1


@pytest.mark.parametrize(
    ("counts", "agreement", "sentence"),
    [
        (
            {"against": 8, "conditions": 1, "exam": 1},
            Agreement.CONSENSUS,
            "8 of 10 doctors advise against it",
        ),
        ({"supports": 3}, Agreement.CONSENSUS, "All 3 doctors support it"),
        ({"supports": 4, "against": 3}, Agreement.LEANING, "4 of 7 doctors support it"),
        (
            {"supports": 2, "against": 2},
            Agreement.SPLIT,
            "4 doctors are split: 2 support it, 2 advise against it",
        ),
        ({"against": 2}, Agreement.TOO_FEW, "Too few to call: 2 positions so far"),
        ({"exam": 1}, Agreement.TOO_FEW, "Too few to call: 1 position so far"),
        ({}, Agreement.TOO_FEW, "No verified doctor has taken a position yet"),
    ],
)
def test_the_sentence_says_the_count_in_words(counts: dict, agreement: Agreement, sentence: str) -> None:
    bar = bar_of(counts)
    assert (bar.agreement, bar.sentence) == (agreement, sentence)


@pytest.mark.parametrize(
    ("counts", "label", "meaning"),
    [
        ({"against": 2, "exam": 1}, "Consensus", "two thirds or more share one position"),
        ({"against": 3, "exam": 2}, "Leaning", "more than half share one position"),
        ({"against": 2, "exam": 2}, "Split", "no position is shared by more than half"),
        ({"against": 2}, "Too few to call", ""),
    ],
)
def test_the_label_is_explained(counts: dict, label: str, meaning: str) -> None:
    bar = bar_of(counts)
    assert (bar.label_text, bar.meaning) == (label, meaning)


@pytest.mark.django_db
@pytest.mark.parametrize("trait", ["suspended", "expired"])
def test_doctors_without_a_current_licence_are_shown_but_not_counted(client, trait: str) -> None:
    question = QuestionFactory(published=True)
    for _ in range(3):
        AnswerFactory(published=True, question=question)
    lapsed = AnswerFactory(
        published=True,
        question=question,
        stance="against",
        reason="safety",
        doctor=DoctorFactory(**{trait: True}),
    )
    page = client.get(question.get_absolute_url()).content.decode()
    assert "All 3 doctors support it" in page
    assert f'id="answer-{lapsed.pk}"' in page
    assert "this answer is not counted" in page
    assert bars_for_questions([question.pk])[question.pk].total == 3


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["pending", "rejected", "removed", "withdrawn"])
def test_only_published_answers_count(state: str) -> None:
    question = QuestionFactory(published=True)
    AnswerFactory(published=True, question=question)
    AnswerFactory(question=question, **{state: True})
    assert bars_for_questions([question.pk])[question.pk].total == 1


@pytest.mark.django_db
def test_over_a_use_a_doctor_counts_once_with_the_latest_position() -> None:
    use = UseFactory()
    doctor = DoctorFactory(verified=True)
    for stance in ("supports", "against"):
        question = QuestionFactory(published=True, treatment=use.treatment, use=use)
        AnswerFactory(published=True, question=question, doctor=doctor, stance=stance, reason="safety")
    bar = bars_for_uses([use.pk])[use.pk]
    assert bar.total == 1
    assert bar.counts[0]["stance"] == "against"


@pytest.mark.django_db
def test_every_way_of_counting_a_thread_agrees() -> None:
    question = QuestionFactory(published=True)
    for stance in Stance.values:
        AnswerFactory(
            published=True, question=question, stance=stance, reason="safety" if stance == "against" else ""
        )
    listed = bars_for_questions([question.pk])[question.pk]
    shown = bar_for_answers(Answer.objects.public().select_related("doctor"))
    assert (listed.sentence, listed.dots) == (shown.sentence, shown.dots)
    assert [mark.stance for mark in shown.marks] == list(Stance.values)


@pytest.mark.django_db
def test_reasons_stand_side_by_side_most_frequent_first() -> None:
    question = QuestionFactory(published=True)
    for reason in ("safety", "alternative", "safety"):
        AnswerFactory(published=True, question=question, stance="against", reason=reason)
    groups = reasons_against(Answer.objects.public().select_related("doctor"))
    assert [(g.reason, g.count) for g in groups] == [("safety", 2), ("alternative", 1)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        (["safety", "safety", "goal"], "safety"),
        (["safety", "goal", "evidence"], ""),
        (["safety", "safety"], ""),
    ],
)
def test_the_reason_most_give_is_said_only_where_one_leads(reasons: list[str], said: str) -> None:
    question = QuestionFactory(published=True)
    for reason in reasons:
        AnswerFactory(published=True, question=question, stance="against", reason=reason)
    answers = list(Answer.objects.public().select_related("doctor"))
    assert why_most(bar_for_answers(answers), reasons_against(answers)) == said


@pytest.mark.django_db
def test_the_main_reason_is_that_of_those_who_advise_against_it() -> None:
    """Three against, two of them for safety; evidence is given by a supporter, by "unknown" and beside an answer."""
    question = QuestionFactory(published=True)
    against = [
        AnswerFactory(published=True, question=question, stance="against", reason=reason)
        for reason in ("safety", "safety", "alternative", "alternative", "alternative", "goal")
    ]
    for stance in ("supports", "unknown", "unknown"):
        AnswerFactory(published=True, question=question, stance=stance, reason="safety")
    for author in against[:2]:
        SecondOpinionFactory(
            published=True, dispute=True, reason="goal", answer=against[2], doctor=author.doctor
        )
    answers = list(Answer.objects.public().select_related("doctor"))
    opinions = opinions_of(answers)
    groups = reasons_against(answers, opinions)
    assert [(g.reason, g.count, g.against, g.beside, g.more) for g in groups] == [
        ("safety", 5, 2, 0, 0),
        ("alternative", 3, 3, 0, 0),
        ("goal", 1, 1, 2, 0),
    ]
    assert why_most(bar_for_answers(answers, opinions), groups) == "a better alternative"


@pytest.mark.django_db
def test_two_disputes_of_a_doctor_are_one_voice() -> None:
    question = QuestionFactory(published=True)
    doctor = DoctorFactory(verified=True)
    for reason in ("goal", "safety"):
        answer = AnswerFactory(published=True, question=question)
        SecondOpinionFactory(published=True, dispute=True, answer=answer, doctor=doctor, reason=reason)
    answers = list(Answer.objects.public().select_related("doctor"))
    groups = reasons_against(answers, opinions_of(answers))
    assert [(g.reason, g.count, g.beside) for g in groups] == [("safety", 1, 0), ("goal", 0, 1)]


@pytest.mark.django_db
def test_no_reason_speaks_for_doctors_who_mostly_support_it() -> None:
    question = QuestionFactory(published=True)
    for stance, reason in (("supports", ""), ("supports", ""), ("against", "safety")):
        AnswerFactory(published=True, question=question, stance=stance, reason=reason)
    answers = list(Answer.objects.public().select_related("doctor"))
    assert why_most(bar_for_answers(answers), reasons_against(answers)) == ""


@pytest.mark.django_db
def test_a_reason_that_doctors_of_different_positions_give_has_no_colour_of_one() -> None:
    question = QuestionFactory(published=True)
    for stance in ("against", "unknown"):
        AnswerFactory(published=True, question=question, stance=stance, reason="evidence")
    [group] = reasons_against(Answer.objects.public().select_related("doctor"))
    assert (group.stance, group.count) == ("", 2)
