"""Narrowing and ordering lists of threads; what is not understood is ignored."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from answers.filters import ThreadFilter, TreatmentThreadFilter
from answers.models import Answer, Thread
from answers.services import mark_helpful
from answers.threads import refresh
from questions.models import Question
from questions.services import set_treatments
from tests.factories import (
    AnswerFactory,
    BodyAreaFactory,
    DoctorFactory,
    QuestionFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def chosen(query: str) -> list[int]:
    """The questions of a list in its order."""
    threads = ThreadFilter(QueryDict(query), queryset=Thread.objects.public())
    return list(threads.qs.order_by(*threads.order).values_list("pk", flat=True))


class TestNarrowing:
    @pytest.mark.parametrize(
        ("query", "fields"),
        [
            ("stage=after", {"stage": "after"}),
            ("age=25-34", {"age_band": "25-34"}),
            ("place=memphis", {"place": "Memphis, Tennessee"}),
        ],
    )
    def test_what_the_asker_said(self, query: str, fields: dict[str, str]) -> None:
        wanted = QuestionFactory(published=True, **fields)
        QuestionFactory(published=True, stage="before", age_band="65+", place="Leeds")
        assert chosen(query) == [wanted.pk]

    def test_a_treatment_named_second_counts_too(self) -> None:
        botox = TreatmentFactory(slug="botox")
        wanted, _ = QuestionFactory(published=True), QuestionFactory(published=True)
        set_treatments(wanted, [wanted.treatment, botox])
        refresh([wanted.pk])
        assert chosen("treatment=botox") == [wanted.pk]

    def test_the_body_area_is_that_of_the_use(self) -> None:
        use = UseFactory(body_area=BodyAreaFactory(slug="legs"))
        wanted, _ = (
            QuestionFactory(published=True, treatment=use.treatment, use=use),
            QuestionFactory(published=True),
        )
        assert chosen("area=legs") == [wanted.pk]

    def test_answered_or_waiting(self) -> None:
        answered, waiting = AnswerFactory(published=True).question, AnswerFactory(pending=True).question
        assert chosen("answered=yes") == [answered.pk]
        assert chosen("answered=no") == [waiting.pk]

    def test_a_position_counts_only_while_its_doctor_does(self) -> None:
        held = AnswerFactory(published=True, stance="exam").question
        AnswerFactory(published=True, stance="exam", doctor=DoctorFactory(suspended=True))
        AnswerFactory(pending=True, stance="exam")
        AnswerFactory(published=True, stance="supports")
        assert chosen("stance=exam") == [held.pk]

    def test_several_filters_narrow_together(self) -> None:
        both = QuestionFactory(published=True, stage="after", age_band="25-34")
        QuestionFactory(published=True, stage="after", age_band="65+")
        assert chosen("stage=after&age=25-34") == [both.pk]

    @pytest.mark.parametrize(
        "query", ["stage=sideways", "treatment=none", "stance=maybe", "sort=author", "colour=red"]
    )
    def test_what_is_not_understood_narrows_nothing(self, query: str) -> None:
        pk = QuestionFactory(published=True).pk
        assert chosen(query) == [pk]

    def test_within_a_treatment_its_own_uses_can_be_chosen(self) -> None:
        use, other = UseFactory(name="Lines"), UseFactory(name="Elsewhere")
        threads = TreatmentThreadFilter(QueryDict(""), queryset=Thread.objects.all(), treatment=use.treatment)
        assert list(threads.form.fields["use"].queryset) == [use]
        assert other.name not in str(threads.form)
        assert not {"treatment", "area"} & set(threads.form.fields)


class TestOrder:
    @pytest.fixture
    def three(self) -> dict[str, int]:
        now = timezone.now()
        old = QuestionFactory(published=True, asked_at=now - timedelta(days=3))
        loved = QuestionFactory(published=True, asked_at=now - timedelta(days=2))
        busy = QuestionFactory(published=True, asked_at=now - timedelta(days=1))
        AnswerFactory(published=True, question=loved, helpful_count=9)
        for _ in range(2):
            AnswerFactory(published=True, question=busy)
        return {"old": old.pk, "loved": loved.pk, "busy": busy.pk}

    @pytest.mark.parametrize(
        ("query", "order"),
        [
            ("", ["busy", "loved", "old"]),
            ("sort=newest", ["busy", "loved", "old"]),
            ("sort=helpful", ["loved", "busy", "old"]),
            ("sort=discussed", ["busy", "loved", "old"]),
            ("sort=waiting", ["old"]),
        ],
    )
    def test_each_order_is_what_its_name_says(
        self, three: dict[str, int], query: str, order: list[str]
    ) -> None:
        assert chosen(query) == [three[name] for name in order]

    def test_within_a_treatment_each_order_is_the_same_and_a_vote_counts_at_once(
        self, three: dict[str, int]
    ) -> None:
        """Read off what the treatment lists."""
        botox = TreatmentFactory(slug="botox")
        for pk in three.values():
            set_treatments(Question.objects.get(pk=pk), [botox])
        refresh(three.values())
        for query, order in (
            ("newest", "busy loved old"),
            ("discussed", "busy loved old"),
            ("waiting", "old"),
        ):
            assert chosen(f"treatment=botox&sort={query}") == [three[name] for name in order.split()]
        assert chosen("treatment=botox&sort=helpful") == [three[name] for name in ("loved", "busy", "old")]
        answer = Answer.objects.filter(question=three["busy"]).first()
        for _ in range(10):
            mark_helpful(answer=answer, by=UserFactory(), helpful=True)
        assert chosen("treatment=botox&sort=helpful") == [three[name] for name in ("busy", "loved", "old")]


def test_an_order_alone_does_not_count_as_narrowed() -> None:
    for query, is_narrowed in (
        ("", False),
        ("sort=helpful", False),
        ("stage=after", True),
        ("stage=sideways", False),
    ):
        threads = ThreadFilter(QueryDict(query), queryset=Thread.objects.all())
        list(threads.qs)
        assert threads.is_narrowed is is_narrowed, query
