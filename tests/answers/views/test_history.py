"""Every published version of an answer, what each changed, and how to cite it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import time_machine

from answers.models import Answer
from answers.services import edit_answer
from core.enums import State
from core.moderation import transition
from doctors.enums import Standing
from doctors.models import Doctor
from tests.factories import AnswerFactory, CredentialFactory, DoctorFactory, VerificationFactory, moderator

pytestmark = pytest.mark.django_db
ANSWER = {
    "stance": "against",
    "reason": "safety",
    "confidence": "high",
    "summary": "The second word.",
    "body": "New words.",
}


def day(month: int) -> datetime:
    return datetime(2026, month, 3, 12, tzinfo=UTC)


def published(number: int = 2, **fields) -> Answer:
    """An answer with so many approved versions, one a month from March on."""
    with time_machine.travel(day(3)):
        doctor = DoctorFactory(verified=True, verified_until=None, name="Ada Moss")
        VerificationFactory(credential=CredentialFactory(doctor=doctor, expires_on=None))
        answer = AnswerFactory(
            pending=True,
            doctor=doctor,
            summary="The first word.",
            body="Old words.",
            body_html="<p>Old words.</p>",
        )
        transition(answer, to=State.PUBLISHED, by=moderator())
    for n in range(2, number + 1):
        with time_machine.travel(day(2 + n)):
            text = {**ANSWER, **fields, "body": f"New words, {n} times."}
            edit = edit_answer(answer=Answer.objects.get(pk=answer.pk), by=doctor.user, **text)
            transition(edit, to=State.PUBLISHED, by=moderator())
    answer.refresh_from_db()
    return answer


def page(client, answer: Answer) -> str:
    response = client.get(f"/answers/{answer.pk}/history/")
    assert response.status_code == 200
    return response.content.decode()


def section(html: str, number: int) -> str:
    return re.search(rf'<article class="answer" id="version-{number}".*?</article>', html, re.DOTALL)[0]


def test_versions_stand_latest_first_and_a_hidden_one_nowhere(client) -> None:
    answer = published()
    edit_answer(answer=answer, by=answer.doctor.user, **{**ANSWER, "summary": "The word that waits."})
    html = page(client, answer)
    assert (
        html.index("Version 2, the one in force") < html.index("The second word.") < html.index("Version 1<")
    )
    assert "The word that waits." not in html


def test_each_says_when_it_was_published_and_replaced(client) -> None:
    html = page(client, published(3))
    first, second, third = (section(html, n) for n in (1, 2, 3))
    assert "3 March 2026" in first
    assert 'replaced <time datetime="2026-04-03">' in first
    assert 'replaced <time datetime="2026-05-03">' in second
    assert "replaced" not in third
    assert "Version 3, the one in force" in third


def test_what_changed_is_said_in_words_and_marked_word_by_word(client) -> None:
    second = section(page(client, published()), 2)
    assert "Changed since version 1" in second
    assert "Position: from <del>Supports</del> to <ins>Advises against</ins>" in second
    assert "Reason: from <del>none</del> to <ins>Safety</ins>" in second
    assert "Confidence: from <del>Moderate</del> to <ins>High</ins>" in second
    assert "The <del>first</del><ins>second</ins> word." in second
    assert "<del>Old</del><ins>New</ins> words" in second


def test_a_text_cannot_smuggle_markup_into_the_comparison(client) -> None:
    html = page(client, published(summary="<script>alert(1)</script><ins>"))
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_each_has_an_address_and_a_line_to_cite(client, settings) -> None:
    settings.SITE_ORIGIN = "https://candor.example"
    answer = published()
    html = page(client, answer)
    assert 'href="#version-1"' in html
    line = (
        f"Ada Moss, MD. “The first word.” Answer to “{answer.question.title}” Candor, version 1 of 3 March 2026. "
        f"https://candor.example/answers/{answer.pk}/history/#version-1"
    )
    assert line in section(html, 1)


def test_credentials_of_then_stand_beside_those_of_today(client) -> None:
    answer = published(1)
    Doctor.objects.filter(pk=answer.doctor.pk).update(title="MD, PhD", standing=Standing.SUSPENDED)
    html = section(page(client, answer), 1)
    assert '<td data-label="Then">MD</td><td data-label="Today">MD, PhD</td>' in html
    assert '<td data-label="Then">Verified</td><td data-label="Today">Licence not current</td>' in html
    assert '<td colspan="2" data-label="Then and today">American Board of Dermatology</td>' in html


@pytest.mark.parametrize(("number", "words"), [(1, "Old words"), (2, "2 times"), (3, "3 times")])
def test_a_version_taken_down_leaves_no_trace(client, number: int, words: str) -> None:
    answer = published(3)
    hidden = answer.revisions.get(number=number)
    transition(hidden, to=State.REMOVED, by=moderator(), reason="Names a patient.")
    html = page(client, answer)
    assert f'id="version-{number}"' not in html
    assert words not in html
    assert "Names a patient." not in html
    assert html.count("the one in force") == (0 if number == 3 else 1)
    if number == 2:  # the day on which it replaced the first would give it away
        assert "2026-04-03" not in html
        assert "no longer in force" in section(html, 1)


def test_with_every_version_taken_down_nothing_is_shown(client) -> None:
    answer = published(1)
    transition(answer.revisions.get(), to=State.REMOVED, by=moderator(), reason="x")
    html = page(client, answer)
    assert "No version of this answer can be shown." in html
    assert "Old words." not in html


def test_an_import_without_versions_is_its_own_first(client) -> None:
    answer = AnswerFactory(published=True, is_imported=True, is_dated=False, summary="As it came.")
    html = page(client, answer)
    assert "Version 1, the one in force" in html
    assert "As it came." in html
    assert "Published" not in section(html, 1)
    assert "No credentials were recorded" in html


def test_it_is_the_same_for_every_visitor(client) -> None:
    answer = published()
    first = client.get(f"/answers/{answer.pk}/history/")
    assert first.content == client.get(f"/answers/{answer.pk}/history/").content
    assert "csrf" not in first.content.decode()
    assert not first.cookies


@pytest.mark.parametrize("trait", ["pending", "rejected", "removed", "withdrawn"])
def test_an_answer_that_is_not_public_has_no_history(client, trait: str) -> None:
    assert client.get(f"/answers/{AnswerFactory(**{trait: True}).pk}/history/").status_code == 404
