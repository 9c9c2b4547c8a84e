"""What a thread says of the age of its answers, and of safety notices."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.formats import date_format

from answers.models import Answer
from answers.services import confirm_answer, edit_answer
from core.enums import State
from core.moderation import transition
from tests.factories import AnswerFactory, LabelStatusFactory, SafetyNoticeFactory, UseFactory, moderator

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer() -> Answer:
    """Published and confirmed a month ago."""
    use = UseFactory()
    LabelStatusFactory(use=use)
    answer = AnswerFactory(published=True, question__treatment=use.treatment, question__use=use)
    Answer.objects.filter(pk=answer.pk).update(confirmed_at=timezone.now() - timedelta(days=30))
    answer.refresh_from_db()
    return answer


def thread(client, answer: Answer) -> str:
    return client.get(answer.question.get_absolute_url()).content.decode()


def test_a_card_says_until_when_it_was_confirmed(client, answer) -> None:
    assert "Confirmed current on" in thread(client, answer)
    assert "last confirmed by its doctor in" in thread(client, answer)
    for days, words in ((705, "due again since"), (800, "Not confirmed since")):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            html = thread(client, answer)
        assert words in html
        assert "1 answer is due for confirmation" in html
        assert "Confirmed current" not in html


def test_a_notice_marks_older_answers_at_once_until_it_is_withdrawn(client, answer) -> None:
    notice = SafetyNoticeFactory(treatment=answer.question.treatment, product="Batch <9>")
    html = thread(client, answer)
    assert "Predates the safety notice of" in html
    assert "(Batch &lt;9&gt;)" in html
    assert "1 answer predates the safety notice of" in html
    notice.withdrawn_on = timezone.localdate()
    notice.save()
    html = thread(client, answer)
    assert "redates the safety notice" not in html
    assert "Batch" not in html


def test_whoever_confirms_after_a_notice_no_longer_predates_it(client, answer) -> None:
    SafetyNoticeFactory(treatment=answer.question.treatment, issued_on=timezone.localdate())
    assert "Predates" in thread(client, answer)
    confirm_answer(answer=answer, by=answer.doctor.user)
    assert "Predates" not in thread(client, answer)


def test_an_approved_edit_counts_as_a_confirmation(client, answer) -> None:
    SafetyNoticeFactory(treatment=answer.question.treatment)
    edit = edit_answer(answer=answer, by=answer.doctor.user, summary="Not any more.")
    assert "Predates" in thread(client, answer)
    transition(edit, to=State.PUBLISHED, by=moderator())
    assert "Predates" not in thread(client, answer)


def test_notices_stand_below_the_bar_the_recent_ones_by_name(client, answer) -> None:
    treatment = answer.question.treatment
    recent = SafetyNoticeFactory(treatment=treatment, product="New one")
    SafetyNoticeFactory(
        treatment=treatment, product="Old one", issued_on=timezone.localdate() - timedelta(days=800)
    )
    html = thread(client, answer)
    day = date_format(recent.issued_on, "j F Y")
    assert f"Safety notice for {treatment.name}, {day}:" in html
    assert f'<a href="{treatment.get_absolute_url()}#notices">New one</a> ({recent.source.publisher})' in html
    places = [html.index(words) for words in ("Off-label", 'id="stand"', "New one", "1 older safety notice")]
    assert places == sorted(places)


def test_the_guide_has_them_in_full(client, answer) -> None:
    treatment = answer.question.treatment
    notice = SafetyNoticeFactory(treatment=treatment, source__url="https://regulator.example/1")
    html = client.get(treatment.get_absolute_url()).content.decode()
    assert 'id="notices"' in html
    for words in (notice.product, notice.text, "https://regulator.example/1", notice.source.publisher):
        assert words in html
    assert f'datetime="{notice.issued_on.isoformat()}"' in html


def test_a_card_names_its_version_where_there_is_more_than_one(client) -> None:
    answer = AnswerFactory(pending=True)
    transition(answer, to=State.PUBLISHED, by=moderator())
    assert ">Versions</a>" in thread(client, answer)
    edit = edit_answer(answer=answer, by=answer.doctor.user, summary="Another word.")
    transition(edit, to=State.PUBLISHED, by=moderator())
    edit_answer(answer=answer, by=answer.doctor.user, summary="A third, that waits.")
    html = thread(client, answer)
    assert f'<a href="/answers/{answer.pk}/history/#version-2">Version 2 of <time' in html
    transition(edit, to=State.REMOVED, by=moderator(), reason="x")
    assert "Version 2" not in thread(client, answer)
    assert ">Versions</a>" in thread(client, answer)
