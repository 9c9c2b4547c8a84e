"""A doctor lacks one fact: asked, approved, told by mail, answered, approved, read by everybody. Without JavaScript."""

import pytest
from django.core import mail

from tests.factories import DoctorFactory, QuestionFactory, UserFactory, moderator
from tests.journeys.conftest import link_in_last_mail
from tests.journeys.test_main_job import decide, sign_in
from tests.working import do_tasks

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
BEFORE = "Had you had toxin before, and when last?"
TWICE = "Twice, the last time in spring."


def test_a_missing_fact_is_asked_and_given(visitor) -> None:
    asker, judge = UserFactory(), moderator()
    question = QuestionFactory(published=True, author=asker, title="Will my calves grow back?")
    doctor = DoctorFactory(verified=True, name="Gillian Marsh")
    people = [visitor(javascript=False) for _ in range(3)]
    physician, patient, reader = people
    desk = visitor(javascript=False, width=1280)

    sign_in(physician, doctor.user.email)
    physician.go(f"/questions/{question.pk}/answer/")
    physician.follow("Ask for a missing fact")
    physician.fill(text=BEFORE)
    physician.press("Send for review")
    assert "with the moderators" in physician.text()
    reader.go(question.get_absolute_url())
    assert BEFORE not in reader.text()

    sign_in(desk, judge.email)
    decide(desk, BEFORE, "Publish")
    do_tasks()
    assert asker.email in mail.outbox[-1].to
    assert "toxin" not in f"{mail.outbox[-1].subject}{mail.outbox[-1].body}"
    link = link_in_last_mail()

    sign_in(patient, asker.email)
    patient.go(link)
    assert BEFORE in patient.text()
    patient.fill(text=TWICE)
    patient.press("Send to the moderators")
    assert "Awaiting review" in patient.text()

    decide(desk, TWICE, "Publish")
    do_tasks()
    assert doctor.user.email in [person for message in mail.outbox for person in message.to]
    reader.go(question.get_absolute_url())
    for words in ("Gillian Marsh", BEFORE, "The asker answered:", TWICE):
        assert words in reader.text()
