"""The first page of the admin: everything that waits, in the right order, at a fixed cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answers.services import edit_answer
from core.claims import claim
from core.enums import State
from questions.services import edit_question
from tests.factories import (
    AnswerFactory,
    CaseFactory,
    DoctorFactory,
    FactAskedFactory,
    FactGivenFactory,
    PortraitFactory,
    QuestionFactory,
    ReportFactory,
    ReviewEntryFactory,
    ReviewReplyFactory,
    SecondOpinionFactory,
    TreatmentFactory,
    VisitProofFactory,
    moderator,
)

pytestmark = pytest.mark.django_db


def hours_ago(hours: int) -> object:
    return timezone.now() - timedelta(hours=hours)


def positions(page: str, *texts: str) -> list[int]:
    return [page.index(text) for text in texts]


def test_the_riskiest_comes_first_and_then_who_waited_longest(sign_in) -> None:
    QuestionFactory(pending=True, title="Newest plain", submitted_at=hours_ago(1))
    QuestionFactory(pending=True, title="Oldest plain", submitted_at=hours_ago(90))
    QuestionFactory(pending=True, title="Cannot breathe", risk=3, submitted_at=hours_ago(2))
    AnswerFactory(pending=True, summary="Between the two", submitted_at=hours_ago(50))
    page = sign_in(moderator()).get("/admin/").text
    places = positions(page, "Cannot breathe", "Oldest plain", "Between the two", "Newest plain")
    assert places == sorted(places)
    assert "Look at once" in page
    assert "data-late" in page


def test_every_kind_is_counted(sign_in) -> None:
    QuestionFactory(pending=True)
    question, answer = QuestionFactory(published=True), AnswerFactory(published=True)
    edit_question(question=question, by=question.author, title="A better title of it")
    edit_answer(answer=answer, by=answer.doctor.user, summary="A better summary of it")
    AnswerFactory(pending=True)
    SecondOpinionFactory(pending=True)
    FactAskedFactory(pending=True)
    FactGivenFactory(pending=True)
    DoctorFactory(pending=True, name="Grace Hollis")
    DoctorFactory(published=True).revisions.create(number=2, bio="x", state=State.PENDING)
    for kind in (PortraitFactory, CaseFactory, ReviewEntryFactory, ReviewReplyFactory, VisitProofFactory):
        kind(pending=True)
    ReportFactory(on=question)
    ReportFactory(on=question)
    page = sign_in(moderator()).get("/admin/")
    assert {row["kind"].name: row["count"] for row in page.context["counts"]} == {
        "question": 1,
        "questionrevision": 1,
        "answer": 1,
        "answerrevision": 1,
        "secondopinion": 1,
        "factasked": 1,
        "factgiven": 1,
        "doctor": 1,
        "doctorrevision": 1,
        "portrait": 1,
        "case": 1,
        "reviewentry": 1,
        "reviewreply": 1,
        "visitproof": 1,
        "report": 1,
    }
    assert page.context["total"] == 15
    for text in ("A better title of it", "A better summary of it", "Grace Hollis MD"):
        assert text in page.text


def test_what_is_decided_or_unfinished_does_not_wait(sign_in) -> None:
    for state in ({"published": True}, {"removed": True}, {"rejected": True}, {"withdrawn": True}, {}):
        QuestionFactory(title="Not in the queue", **state)
    page = sign_in(moderator()).get("/admin/").text
    assert "Not in the queue" not in page
    assert "Nothing is waiting" in page


def test_the_queue_is_narrowed_by_kind_treatment_and_age(sign_in) -> None:
    laser = TreatmentFactory(name="Laser")
    QuestionFactory(pending=True, title="Old laser question", treatment=laser, submitted_at=hours_ago(100))
    QuestionFactory(pending=True, title="Fresh laser question", treatment=laser)
    QuestionFactory(pending=True, title="Old other question", submitted_at=hours_ago(100))
    AnswerFactory(pending=True, summary="Laser answer", question__treatment=laser, question__published=True)
    client = sign_in(moderator())
    page = client.get("/admin/", {"kind": "question", "treatment": laser.pk, "age": "three-days"}).text
    assert "Old laser question" in page
    for other in ("Fresh laser question", "Old other question", "Laser answer"):
        assert other not in page
    both = client.get("/admin/", {"treatment": laser.pk}).text
    assert "Fresh laser question" in both
    assert "Laser answer" in both


@pytest.mark.parametrize(
    "query",
    [
        "kind=nothing&treatment=x&age=never&after=question",
        "after=question-999999",
        f"after=question-{'9' * 30}&treatment={'9' * 30}",
        "after=question-²&treatment=²",
        "after[]=1&treatment=-1",
        "kind=doctor&treatment=1",
    ],
)
def test_hostile_values_give_the_first_page(query: str, sign_in) -> None:
    QuestionFactory(pending=True, title="Still here")
    response = sign_in(moderator()).get(f"/admin/?{query}")
    assert response.status_code == 200


def test_pages_follow_each_other_without_loss(sign_in) -> None:
    moment = hours_ago(5)
    rows = [QuestionFactory(pending=True, submitted_at=moment) for _ in range(20)]
    answers = [AnswerFactory(pending=True, submitted_at=moment) for _ in range(10)]
    client = sign_in(moderator())
    first = client.get("/admin/")
    second = client.get(first.context["next_url"])
    seen = [line.key for page in (first, second) for line in page.context["lines"]]
    assert sorted(seen) == sorted([f"question-{q.pk}" for q in rows] + [f"answer-{a.pk}" for a in answers])
    assert second.context["next_url"] == ""
    assert "Back to the start" in second.text


def test_it_costs_the_same_with_one_item_and_with_twenty(sign_in) -> None:
    QuestionFactory(pending=True)
    client = sign_in(moderator())
    with CaptureQueriesContext(connection) as few:
        client.get("/admin/")
    for _ in range(5):
        QuestionFactory(pending=True)
        DoctorFactory(pending=True)
        AnswerFactory(pending=True)
        SecondOpinionFactory(pending=True)
    with CaptureQueriesContext(connection) as many:
        client.get("/admin/")
    assert len(many) == len(few) <= 10


def test_ones_own_items_are_marked(sign_in) -> None:
    person = moderator()
    QuestionFactory(pending=True, author=person)
    assert "yours: somebody else decides" in sign_in(person).get("/admin/").text


def test_an_alias_stays_an_alias_in_the_list(sign_in) -> None:
    question = QuestionFactory(pending=True, alias="Quiet river")
    page = sign_in(moderator()).get("/admin/").text
    assert "Quiet river" in page
    assert question.author.handle not in page


def keys(page) -> set[str]:
    return {line.key for line in page.context["lines"]}


def test_each_cause_counts_what_its_tab_shows(sign_in) -> None:
    old = hours_ago(100)
    QuestionFactory(pending=True, risk=3)
    AnswerFactory(pending=True, submitted_at=old)
    DoctorFactory(pending=True, submitted_at=old)
    SecondOpinionFactory(pending=True)
    FactGivenFactory(pending=True)
    question = QuestionFactory(published=True)
    edit_question(question=question, by=question.author, title="A better title of it")
    ReportFactory(on=question, kind="safety", risk=3)
    client = sign_in(moderator())
    page = client.get("/admin/")
    expected = {
        "new": 2,
        "edits": 1,
        "opinions": 1,
        "facts": 1,
        "reported": 1,
        "held": 1,
        "profiles": 1,
        "due": 2,
        "reviews": 0,
    }
    assert {cause["name"]: cause["count"] for cause in page.context["causes"]} == expected
    for cause in page.context["causes"]:
        tab = client.get(cause["url"])
        assert len(tab.context["lines"]) == cause["count"] == tab.context["total"], cause["name"]
        for row in tab.context["counts"]:
            assert len(client.get(row["url"]).context["lines"]) == row["count"], (
                cause["name"],
                row["kind"].name,
            )


def test_the_queue_is_narrowed_by_author_risk_and_who_has_it_open(sign_in) -> None:
    me, other = moderator(), moderator()
    mine, theirs, free = (QuestionFactory(pending=True, risk=risk) for risk in (0, 1, 3))
    claim(mine, by=me)
    claim(theirs, by=other)
    client = sign_in(me)
    one, two, three = (f"question-{question.pk}" for question in (mine, theirs, free))
    for query, expected in (
        (f"author={theirs.author.handle}", {two}),
        (f"author={theirs.author.handle[:-1]}", set()),
        ("author=nobody-at-all", set()),
        ("risk=high", {three}),
        ("risk=some", {two, three}),
        ("risk=none", {one}),
        ("assignee=mine", {one}),
        ("assignee=others", {two}),
        ("assignee=nobody", {three}),
        ("assignee=nonsense&risk=9&cause=never", {one, two, three}),
    ):
        page = client.get(f"/admin/?{query}")
        assert keys(page) == expected, query
        assert page.context["total"] == len(expected), query


def test_what_another_has_open_is_marked_with_who_and_since_when(sign_in) -> None:
    question, other = QuestionFactory(pending=True), moderator(handle="quick-one")
    since = claim(question, by=other).at
    text = sign_in(moderator()).get("/admin/").text
    assert f"open with <bdi>quick-one</bdi> since {since:%H:%M}" in text
    assert "open with you since" in sign_in(other).get("/admin/").text


def test_next_and_previous_follow_the_order_and_skip_what_others_have_and_ones_own(sign_in) -> None:
    me = moderator()
    rows = [
        QuestionFactory(pending=True, risk=3, submitted_at=hours_ago(1)),
        QuestionFactory(pending=True, submitted_at=None),
        AnswerFactory(pending=True, submitted_at=hours_ago(9)),
        QuestionFactory(pending=True, submitted_at=hours_ago(8), author=me),
        QuestionFactory(pending=True, submitted_at=hours_ago(7)),
        QuestionFactory(pending=True, submitted_at=hours_ago(6)),
        DoctorFactory(pending=True, submitted_at=hours_ago(6)),
        QuestionFactory(pending=True, submitted_at=hours_ago(6)),
        AnswerFactory(pending=True, submitted_at=hours_ago(6)),
    ]
    claim(rows[4], by=moderator())
    client = sign_in(me)
    listed = [line.key for line in client.get("/admin/").context["lines"]]
    left_out = {f"question-{rows[3].pk}", f"question-{rows[4].pk}"}
    expected = [f"/admin/moderation/{key.replace('-', '/')}/" for key in listed if key not in left_out]
    assert len(expected) == 7
    there = [expected[0]]
    while len(there) < len(expected):
        there.append(client.get(f"{there[-1]}next/")["Location"])
    assert there == expected
    assert client.get(f"{there[-1]}next/")["Location"] == expected[0]
    back = [expected[-1]]
    while len(back) < len(expected):
        back.append(client.get(f"{back[-1]}previous/")["Location"])
    assert back == expected[::-1]
    assert client.get(f"{expected[0]}previous/")["Location"] == "/admin/"


def test_next_stays_within_the_tab(sign_in) -> None:
    first = QuestionFactory(pending=True)
    AnswerFactory(pending=True)
    second = QuestionFactory(pending=True)
    client, within = sign_in(moderator()), "?kind=question&cause=new"
    place = client.get(f"/admin/moderation/question/{first.pk}/next/{within}")["Location"]
    assert place == f"/admin/moderation/question/{second.pk}/{within}"
    alone = client.get(
        f"/admin/moderation/question/{second.pk}/next/?author={second.author.handle}", follow=True
    )
    assert "Nothing else waits for you here." in alone.text
