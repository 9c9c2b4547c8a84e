"""The main job from end to end: asked, approved, answered, approved, read, marked."""

import re

import pytest
from django.core import mail

from tests.factories import (
    PASSWORD,
    DoctorFactory,
    LabelStatusFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UseFactory,
    moderator,
)
from tests.journeys.conftest import link_in_last_mail

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
TITLE = "Can Botox make my calves thinner without weakness?"


@pytest.fixture
def botox():
    treatment = TreatmentFactory(name="Botox", slug="botox")
    use = UseFactory(treatment=treatment, name="Calf reduction", slug="calf-reduction")
    LabelStatusFactory(use=use)
    SpecialtyFactory().in_scope.add(treatment)
    return treatment


def sign_in(person, email: str) -> None:
    person.go("/accounts/login/")
    person.fill(login=email, password=PASSWORD)
    person.press("Sign in")
    assert "/accounts/login" not in person.page.url


def sign_up(person, email: str, handle: str) -> None:
    person.go("/accounts/signup/")
    person.fill(email=email, handle=handle, password1=PASSWORD, is_adult="on")
    person.press("Sign up")
    assert email in mail.outbox[-1].to
    assert "look in your mail" in person.text().lower() or "confirm" in person.text().lower()
    person.go(link_in_last_mail())
    person.press("Confirm")


def ask(person) -> str:
    person.go("/questions/ask/")
    person.fill(treatment="botox")
    person.press("Go on")
    person.fill(
        use="calf-reduction",
        title=TITLE,
        body="I cycle a lot and my calves are large. Would it be **safe** for someone who stands all day?",
        stage="before",
        alias="Pedal",
        understood="on",
        agrees="on",
    )
    person.press("Preview")
    assert TITLE in person.text()
    person.press("Send to the moderators")
    assert "Awaiting review" in person.text()
    return re.sub(r"^https?://[^/]+", "", person.page.url)


def decide(person, title: str, verb: str) -> None:
    person.go("/admin/")
    person.page.get_by_role("link", name=title).first.click()
    person.page.wait_for_load_state()
    person.press(verb)


def test_from_question_to_consensus(visitor, javascript: bool, botox) -> None:
    doctors = [DoctorFactory(verified=True) for _ in range(3)]
    patient, reader = visitor(javascript=javascript), visitor(javascript=javascript)
    judge = visitor(javascript=javascript, width=1280)
    email = moderator(email="mod@example.org").email

    sign_up(patient, "gems@example.org", "gems-of-houston")
    thread = ask(patient)

    assert reader.go(thread) == 404
    for page in (
        "/questions/",
        "/questions/feed/",
        "/search/?q=calves+thinner",
        "/sitemap-threads.xml",
        "/treatments/botox/",
    ):
        answer = reader.context.request.get(reader.origin + page)
        assert answer.ok
        assert "without weakness" not in answer.text()

    sign_in(judge, email)
    decide(judge, TITLE, "Publish")
    assert reader.go(thread) == 200
    assert "Pedal" in reader.text()
    assert "gems-of-houston" not in reader.page.content()
    assert "No answer yet" in reader.text()

    for doctor in doctors:
        person = visitor(javascript=javascript)
        sign_in(person, doctor.user.email)
        person.go("/desk/")
        person.page.get_by_role("link", name=TITLE).first.click()
        person.page.get_by_role("link", name="Answer this question").click()
        person.fill(
            stance="against",
            reason="safety",
            confidence="high",
            summary=f"I would not, says {doctor.name}.",
            body="Standing all day needs that muscle; there are better ways.",
            sources="Label: BOTOX prescribing information",
        )
        person.press("Preview")
        assert "I would not" in person.text()
        person.press("Send for review")
        assert "with the moderators" in person.text()

    reader.go(thread)
    assert "I would not" not in reader.page.content()
    for doctor in doctors:
        decide(judge, f"I would not, says {doctor.name}.", "Publish")
    reader.go(thread)
    assert "All 3 doctors advise against it" in reader.text()
    assert "Off-label" in reader.text()
    reader.go("/questions/")
    assert "All 3 doctors advise against it" in reader.text()

    patient.go(thread)
    patient.press("Helpful")
    patient.press("This settled it")
    reader.go(thread)
    assert "Helpful to 1 reader" in reader.text()
    assert "Settled it for the person who asked" in reader.text()
