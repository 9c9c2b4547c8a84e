"""Whoever is shown what is private of somebody at the desk is on record, once an hour, before the page leaves."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.sanctions import impose
from config.desk.looks import PAGES
from core.access import looked_at
from core.appeals import file_appeal
from core.enums import Private
from core.models import AccessEntry
from core.moderation import transition
from tests.factories import (
    CredentialFactory,
    DoctorFactory,
    QuestionFactory,
    ReportFactory,
    UserFactory,
    moderator,
    senior,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, 20, tzinfo=UTC)


def appeal():
    question = QuestionFactory(pending=True)
    transition(question, to="rejected", by=moderator(), reason="It names a person.", code="private")
    return file_appeal(obj=question, by=question.author, text="That is my own name.")


def doctor():
    return CredentialFactory(doctor=DoctorFactory(pending=True), number="REG-4711").doctor


def sanctioned():
    person = UserFactory()
    impose(person=person, by=senior(), kind="warning", reason="Three times the same.")
    return person


def item(row) -> list[object]:
    return [row._meta.model_name, row.pk]


# Of each page: who or what it is about, its address, what it shows, and as what that is on record.
SHOWN = {
    "moderation_account": (sanctioned, lambda row: [row.pk], "Three times the same.", Private.RECORD),
    "moderation_appeal": (appeal, lambda row: [row.pk], "That is my own name.", Private.APPEAL),
    "moderation_report": (
        ReportFactory,
        lambda row: [row.pk],
        "The second sentence is wrong.",
        Private.REPORT,
    ),
    "moderation_item": (doctor, item, "REG-4711", Private.LICENCE),
    "doctors_doctor_change": (doctor, lambda row: [row.pk], "REG-4711", Private.LICENCE),
    "accounts_user_change": (sanctioned, lambda row: [row.pk], "Warning", Private.RECORD),
    "accounts_user_history": (sanctioned, lambda row: [row.pk], "Three times the same.", Private.RECORD),
}


def test_every_page_that_is_recorded_is_tried_here() -> None:
    assert PAGES.keys() - SHOWN.keys() == {"moderation_verification"}  # a form that was not complete


@pytest.mark.parametrize("page", SHOWN)
def test_who_is_shown_it_is_recorded_once_in_an_hour(page: str, sign_in) -> None:
    """T-AD-05"""
    make, arguments, words, kind = SHOWN[page]
    row, me = make(), senior()
    url = reverse(f"admin:{page}", args=arguments(row))
    with time_machine.travel(NOW, tick=False) as clock:
        for minutes in (0, 20, 39, 2):
            clock.shift(timedelta(minutes=minutes))
            assert words in sign_in(me).get(url).text
    looks = AccessEntry.objects.filter(object_type=row._meta.label_lower, object_id=row.pk)
    assert {(look.actor, look.kind, look.path) for look in looks} == {(me, kind, url)}
    assert [(look.at - NOW) // timedelta(minutes=1) for look in looks] == [61, 0]


def test_another_person_and_another_page_are_looks_of_their_own(sign_in) -> None:
    row = doctor()
    pages = [
        reverse("admin:moderation_item", args=item(row)),
        reverse("admin:doctors_doctor_change", args=[row.pk]),
    ]
    for person in (senior(), senior()):
        for page in pages:
            sign_in(person).get(page)
    assert AccessEntry.objects.count() == 4


def test_what_is_masked_leaves_no_trace_and_neither_does_what_everybody_moderates(sign_in) -> None:
    """A moderator who does not verify is shown the end of a number; questions have no personal data of their own."""
    hand = sign_in(moderator())
    shown = hand.get(reverse("admin:moderation_item", args=item(doctor()))).text
    assert "REG-4711" not in shown
    hand.get(reverse("admin:moderation_item", args=item(QuestionFactory(pending=True))))
    hand.get("/admin/")
    assert not AccessEntry.objects.exists()


def test_who_is_refused_has_seen_nothing(sign_in) -> None:
    assert sign_in(moderator()).get(reverse("admin:moderation_appeal", args=[appeal().pk])).status_code == 403
    assert not AccessEntry.objects.exists()


@pytest.mark.parametrize(
    "page", ["moderation_account", "moderation_appeal", "moderation_report", "moderation_item"]
)
def test_senior_moderators_read_on_its_screen_who_looked_and_others_do_not(page: str, sign_in) -> None:
    make, arguments, _, kind = SHOWN[page]
    row = make()
    looked_at(row, by=UserFactory(handle="curious-one"), kind=kind, path="/admin/")
    url = reverse(f"admin:{page}", args=arguments(row))
    shown = sign_in(senior()).get(url).text.partition('id="looks"')[2].partition("</section>")[0]
    assert "curious-one" in shown
    assert kind.label in shown
    assert "curious-one" not in sign_in(moderator()).get(url).text


def test_looking_again_costs_one_query() -> None:
    person = UserFactory()
    first = looked_at(person, by=person, kind=Private.ACCOUNT, path="/")
    with CaptureQueriesContext(connection) as queries:
        assert looked_at(person, by=person, kind=Private.ACCOUNT, path="/") == first
    assert len(queries) == 1


@pytest.mark.django_db(transaction=True)
def test_two_windows_opened_at_once_are_one_look() -> None:
    """T-RC-01"""
    person = UserFactory()
    start = threading.Barrier(4)

    def look() -> None:
        start.wait()
        looked_at(person, by=person, kind=Private.ACCOUNT, path="/")
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AccessEntry.objects.count() == 1
