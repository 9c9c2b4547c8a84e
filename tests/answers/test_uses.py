"""What doctors say of one use over all its threads."""

from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone

from answers.consensus import MARKS_AT_MOST
from answers.models import Answer
from answers.threads import refresh
from answers.uses import (
    LINES_A_POSITION,
    bar_of_use,
    bars_for_uses,
    doctors_on_use,
    lines_on_use,
    reasons_on_use,
)
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    SecondOpinionFactory,
    TreatmentFactory,
    UseFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def calves():
    return UseFactory(treatment=TreatmentFactory(name="Botox"), name="Calf reduction", slug="calves")


def thread(use):
    return QuestionFactory(published=True, treatment=use.treatment, use=use)


def against(use, **fields):
    given = {"question": thread(use), "stance": "against", "reason": "safety", **fields}
    return AnswerFactory(published=True, **given)


def test_a_doctor_is_heard_once_with_the_latest_answer(calves) -> None:
    doctor = DoctorFactory(verified=True)
    against(calves, doctor=doctor, answered_at=timezone.now() - timezone.timedelta(days=9), summary="Then.")
    AnswerFactory(published=True, question=thread(calves), doctor=doctor, stance="supports", summary="Now.")
    [position] = lines_on_use(calves)
    assert (position.stance, position.count) == ("supports", 1)
    assert [line.words for line in position.lines] == ["Now."]
    assert reasons_on_use(calves) == []


def test_positions_and_counts_are_those_of_the_bar(calves) -> None:
    for _ in range(LINES_A_POSITION + 2):
        against(calves)
    AnswerFactory(published=True, question=thread(calves), stance="exam")
    AnswerFactory(published=True, question=thread(calves), doctor=DoctorFactory(suspended=True))
    AnswerFactory(pending=True, question=thread(calves))
    against(UseFactory(treatment=calves.treatment))
    said = lines_on_use(calves)
    bar = bars_for_uses([calves.pk])[calves.pk]
    assert [(group.stance, group.count) for group in said] == [
        (count["stance"], count["count"]) for count in bar.counts
    ]
    assert (len(said[0].lines), said[0].more) == (LINES_A_POSITION, 2)


def test_second_opinions_have_lines_and_give_reasons(client: Client, calves) -> None:
    """Two of these doctors answered, one disputes, one co-signs with a word, one without."""
    answer = AnswerFactory(published=True, question=thread(calves), summary="Why not.")
    against(calves, question=answer.question, summary="No.")
    SecondOpinionFactory(published=True, dispute=True, answer=answer, note="It is too much.")
    SecondOpinionFactory(published=True, answer=answer, note="So do I.")
    SecondOpinionFactory(published=True, answer=answer)
    supports, contra = lines_on_use(calves)
    assert (supports.count, supports.seconds, supports.more) == (3, 2, 1)
    assert [(line.words, line.on) for line in supports.lines] == [
        ("So do I.", answer.doctor.name),
        ("Why not.", ""),
    ]
    assert (contra.count, contra.seconds, contra.more) == (2, 1, 0)
    [safety] = reasons_on_use(calves)
    assert (safety.label, safety.count, safety.stance, safety.more) == ("Safety", 2, "against", 0)
    assert [dispute.note for dispute in safety.disputes] == ["It is too much."]
    html = client.get("/treatments/botox/uses/calves/").content.decode()
    assert "3 doctors, 2 of them by a second opinion" in html
    assert f"on {answer.doctor.name}’s answer" in html
    assert "<b>3</b> support it" in html


def test_a_dispute_counts_for_no_reason_where_its_author_holds_a_later_answer(calves) -> None:
    answer = AnswerFactory(published=True, question=thread(calves))
    doctor = DoctorFactory(verified=True)
    SecondOpinionFactory(published=True, dispute=True, answer=answer, doctor=doctor)
    AnswerFactory(published=True, question=answer.question, doctor=doctor, stance="exam")
    assert reasons_on_use(calves) == []
    assert [(group.stance, group.count) for group in lines_on_use(calves)] == [("supports", 1), ("exam", 1)]


def test_marks_are_the_doctors_of_the_count_and_go_where_there_are_too_many(calves) -> None:
    answer = against(calves)
    second = SecondOpinionFactory(published=True, answer=answer)
    bar = bar_of_use(calves)
    assert bar == replace(bars_for_uses([calves.pk])[calves.pk], marks=bar.marks)
    assert [(mark.stance, mark.name, mark.url) for mark in bar.marks] == [
        ("against", one.doctor.name, one.permalink) for one in (answer, second)
    ]
    for _ in range(MARKS_AT_MOST):
        against(calves)
    assert bar_of_use(calves) == bars_for_uses([calves.pk])[calves.pk]
    assert bar_of_use(calves).total == MARKS_AT_MOST + 2


def test_an_old_import_does_not_speak_for_a_doctor_who_answered_since(calves) -> None:
    doctor = DoctorFactory(verified=True)
    AnswerFactory(published=True, question=thread(calves), doctor=doctor, stance="exam", summary="Now.")
    old = against(calves, doctor=doctor, is_imported=True, summary="Then.")
    Answer.objects.filter(pk=old.pk).update(answered_at=timezone.now() - timezone.timedelta(days=900))
    refresh([old.question_id])
    [position] = lines_on_use(calves)
    assert [line.words for line in position.lines] == ["Now."]
    assert reasons_on_use(calves) == []


def test_reasons_stand_side_by_side_the_most_frequent_first(calves) -> None:
    against(calves, reason="evidence")
    for _ in range(3):
        against(calves, reason="safety")
    found = [(group.label, group.count, len(group.answers), group.more) for group in reasons_on_use(calves)]
    assert found == [("Safety", 3, 2, 1), ("Evidence", 1, 1, 0)]


def test_doctors_who_answered_are_named_those_who_count_first(calves) -> None:
    suspended = DoctorFactory(suspended=True, name="A")
    counted = DoctorFactory(verified=True, name="Z")
    for doctor in (suspended, counted):
        against(calves, doctor=doctor)
    AnswerFactory(pending=True, question=thread(calves))
    assert doctors_on_use(calves) == [counted, suspended]


def test_the_page_says_it_all(client: Client, calves) -> None:
    answer = against(calves, summary="Far too much toxin.")
    other = UseFactory(treatment=TreatmentFactory(name="Dysport"), name="Calf reduction", slug="calves")
    html = client.get("/treatments/botox/uses/calves/").content.decode()
    for words in (
        "In one line each",
        "Far too much toxin.",
        "Why they differ, over all threads",
        "Doctors who answered about it",
        answer.doctor.name,
        f'<a href="{other.get_absolute_url()}">Dysport: Calf reduction</a>',
        f'href="{answer.permalink}"',
    ):
        assert words in html


def test_a_use_nobody_asked_about_has_no_empty_headings(client: Client, calves) -> None:
    html = client.get("/treatments/botox/uses/calves/").content.decode()
    for heading in ("In one line each", "Why they differ", "Doctors who answered", "Other treatments here"):
        assert heading not in html
    assert "Nobody has asked about this use yet." in html
