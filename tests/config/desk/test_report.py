"""Reports on the desk: one line a thing, one screen with all that was said, one decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answers.services import edit_answer
from core.audit import trail
from core.enums import ReportState
from core.moderation import transition
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    ReportFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
POLYGLOT = "\"'></textarea></script><img src=x onerror=window.zq9=1><svg/onload=zq9=1>{{7*7}}"


def url_of(report) -> str:
    return f"/admin/moderation/report/{report.pk}/"


def test_safety_stands_before_everything_and_old_advice_before_the_rest(sign_in) -> None:
    long_ago = timezone.now() - timedelta(days=9)
    QuestionFactory(pending=True, title="A plain question", submitted_at=long_ago)
    for kind, risk, title in (
        ("outdated", 1, "The old"),
        ("safety", 3, "The urgent"),
        ("abuse", 0, "The rude"),
    ):
        ReportFactory(on=QuestionFactory(published=True, title=title), kind=kind, risk=risk)
    page = sign_in(moderator()).get("/admin/").text
    assert page.count("Look at once") == page.count("Look soon") == 1
    places = [
        page.index(words)
        for words in (
            "Safety concern: The urgent",
            "Outdated: The old",
            "A plain question",
            "Abuse: The rude",
        )
    ]
    assert places == sorted(places)


def test_however_many_report_it_it_is_one_line_with_their_number(sign_in) -> None:
    answer = AnswerFactory(published=True, summary="What is reported.")
    reports = [ReportFactory(on=answer) for _ in range(3)]
    ReportFactory(on=answer, dismissed=True)
    page = sign_in(moderator()).get("/admin/")
    assert [line.key for line in page.context["lines"]] == [f"report-{reports[0].pk}"]
    assert "Wrong facts: What is reported." in page.text
    assert "People who report it: 3" in page.text
    for report in reports:
        assert report.reporter.handle not in page.text


def test_the_screen_shows_the_thing_and_all_that_was_said(sign_in) -> None:
    answer = AnswerFactory(published=True, summary="What is reported.")
    reports = [ReportFactory(on=answer, text=f"Words of number {n}.") for n in range(2)]
    page = sign_in(moderator()).get(url_of(reports[0])).text
    assert "What is reported." in page
    assert "reported by 2 people" in page
    for report in reports:
        assert report.text in page
        assert report.reporter.handle in page
        assert report.reporter.email not in page
    assert f'href="/admin/moderation/answer/{answer.pk}/"' in page


@pytest.mark.parametrize("factory", [QuestionFactory, AnswerFactory, DoctorFactory])
@pytest.mark.parametrize("state", ["published", "removed"])
def test_there_is_a_screen_for_every_kind_of_thing_in_every_state(factory, state: str, sign_in) -> None:
    report = ReportFactory(on=factory(**{state: True}))
    page = sign_in(moderator()).get(url_of(report))
    assert page.status_code == 200
    assert "What is reported" in page.text


def test_the_screen_of_something_gone_still_lets_it_be_settled(sign_in) -> None:
    report = ReportFactory()
    type(report).objects.update(object_id=10**9)
    client = sign_in(moderator())
    assert "What was reported is gone." in client.get(url_of(report)).text
    client.post(url_of(report), {"to": "upheld", "seen": report.pk, "reason": "It is gone."})
    report.refresh_from_db()
    assert report.state == ReportState.UPHELD


def test_edits_since_it_was_reported_are_shown_word_by_word(sign_in) -> None:
    answer = AnswerFactory(published=True, summary="It is always safe.")
    answer.keep_version(timezone.now() - timedelta(days=3))
    report = ReportFactory(on=answer, submitted_at=timezone.now() - timedelta(hours=2))
    client = sign_in(moderator())
    assert "No new version has been published since." in client.get(url_of(report)).text
    revision = edit_answer(answer=answer, by=answer.doctor.user, summary="It is mostly safe.")
    transition(revision, to="published", by=moderator())
    page = client.get(url_of(report)).text
    assert "<del>always</del><ins>mostly</ins>" in page
    assert "about version 1" in page


def test_upholding_leads_to_the_screen_of_the_thing_itself(sign_in) -> None:
    answer = AnswerFactory(published=True)
    report, person = ReportFactory(on=answer), moderator()
    response = sign_in(person).post(
        url_of(report), {"to": "upheld", "seen": report.pk, "reason": "It is wrong."}
    )
    report.refresh_from_db()
    answer.refresh_from_db()
    assert response["Location"] == f"/admin/moderation/answer/{answer.pk}/"
    assert (report.state, report.decided_by, report.reason) == ("upheld", person, "It is wrong.")
    assert answer.is_public
    assert [entry.action for entry in trail(report)] == ["uphold"]


def test_dismissing_leads_to_the_next_in_the_queue(sign_in) -> None:
    report, following = ReportFactory(), QuestionFactory(pending=True)
    client = sign_in(moderator())
    data = {"to": "dismissed", "seen": report.pk, "reason": "It is right."}
    assert client.post(url_of(report), data)["Location"] == f"/admin/moderation/question/{following.pk}/"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"to": "removed", "seen": 1, "reason": "x"},
        {"to": "upheld", "reason": "x"},
        {"to": "open", "seen": 1},
    ],
)
def test_a_crooked_form_decides_nothing(data: dict, sign_in) -> None:
    report = ReportFactory()
    assert sign_in(moderator()).post(url_of(report), data).status_code == 400
    report.refresh_from_db()
    assert report.state == ReportState.OPEN


def test_a_reason_is_demanded(sign_in) -> None:
    report = ReportFactory()
    response = sign_in(moderator()).post(url_of(report), {"to": "upheld", "seen": report.pk, "reason": " "})
    assert response.status_code == 400
    assert "Tell those who reported it why." in response.text


def test_the_second_moderator_is_told(sign_in) -> None:
    report = ReportFactory()
    data = {"to": "upheld", "seen": report.pk, "reason": "It is wrong."}
    sign_in(moderator()).post(url_of(report), data)
    response = sign_in(moderator()).post(url_of(report), {**data, "to": "dismissed"})
    assert response.status_code == 409
    assert "Somebody has decided meanwhile" in response.text


def test_whom_it_concerns_sees_nothing_of_it(sign_in) -> None:
    """Not even a moderator reads who reported their own text."""
    author = moderator()
    report = ReportFactory(on=QuestionFactory(published=True, author=author), text="Zebracanary")
    client = sign_in(author)
    for response in (client.get(url_of(report)), client.post(url_of(report), {"to": "dismissed"})):
        assert response.status_code == 403
        assert report.reporter.handle not in response.text
    for url in ("/admin/", "/admin/core/report/", f"/admin/moderation/question/{report.object_id}/"):
        page = client.get(url).text
        assert report.reporter.handle not in page
        assert "Zebracanary" not in page


def test_who_reported_it_leaves_the_decision_to_others(sign_in) -> None:
    person = moderator()
    report = ReportFactory(reporter=person)
    client = sign_in(person)
    assert "yours: somebody else decides" in client.get("/admin/").text
    assert "another moderator decides" in client.get(url_of(report)).text
    response = client.post(url_of(report), {"to": "upheld", "seen": report.pk, "reason": "x"})
    assert response.status_code == 403


@pytest.mark.parametrize("who", ["patient", "doctor"])
def test_others_have_no_way_in(who: str, sign_in) -> None:
    person = UserFactory() if who == "patient" else DoctorFactory(verified=True).user
    report = ReportFactory()
    client = sign_in(person)
    assert client.get(url_of(report)).status_code == 403
    assert client.post(url_of(report), {"to": "upheld"}).status_code == 403


def test_hostile_words_are_only_words(sign_in) -> None:
    report = ReportFactory(text=POLYGLOT, on=QuestionFactory(published=True, title=POLYGLOT))
    client = sign_in(moderator())
    for url in ("/admin/", url_of(report), "/admin/core/report/"):
        text = client.get(url).text
        assert "<img src=x" not in text
        assert "<svg/onload" not in text


def test_the_queue_and_the_screen_cost_the_same_however_many_report(sign_in) -> None:
    client, answer = sign_in(moderator()), AnswerFactory(published=True)
    report = ReportFactory(on=answer)
    ReportFactory()

    def cost(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    cost(url_of(report))  # the look is recorded once
    few = cost("/admin/"), cost(url_of(report))
    for _ in range(12):
        ReportFactory(on=answer)
        ReportFactory()
    assert (cost("/admin/"), cost(url_of(report))) == few
    assert few[0] <= 10


def test_pages_of_the_queue_follow_each_other_through_reports(sign_in) -> None:
    moment = timezone.now() - timedelta(hours=5)
    keys = [f"report-{ReportFactory(submitted_at=moment).pk}" for _ in range(15)]
    keys += [f"question-{QuestionFactory(pending=True, submitted_at=moment).pk}" for _ in range(15)]
    client = sign_in(moderator())
    first = client.get("/admin/")
    second = client.get(first.context["next_url"])
    assert sorted(line.key for page in (first, second) for line in page.context["lines"]) == sorted(keys)
    narrowed = client.get("/admin/?kind=report")
    assert {line.kind.name for line in narrowed.context["lines"]} == {"report"}
