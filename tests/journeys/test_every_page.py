"""Every kind of page, as a machine for accessibility and a narrow phone see it."""

import pytest
from django.conf import settings as django_settings

from tests.factories import (
    PASSWORD,
    AnswerFactory,
    CredentialFactory,
    DoctorFactory,
    LabelStatusFactory,
    QuestionFactory,
    SecondOpinionFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
    moderator,
)
from tests.journeys.conftest import accessibility_problems

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
LONG = "Hydroxyethylmethacrylate" * 4


@pytest.fixture
def world() -> dict[str, str]:
    treatment = TreatmentFactory(name="Botox", slug="botox")
    SpecialtyFactory().in_scope.add(treatment)
    use = UseFactory(treatment=treatment, name="Calf reduction", slug="calf-reduction")
    LabelStatusFactory(use=use)
    asker = UserFactory(email="asker@example.org")
    doctor = DoctorFactory(verified=True, user__email="doctor@example.org")
    CredentialFactory(doctor=doctor)
    question = QuestionFactory(
        published=True, treatment=treatment, use=use, author=asker, title=f"A word: {LONG}"
    )
    for stance in ("supports", "conditions", "against", "unknown", "exam"):
        AnswerFactory(
            published=True, question=question, stance=stance, reason="safety" if stance == "against" else ""
        )
    answer = AnswerFactory(
        published=True, question=question, doctor=doctor, citations=[{"kind": "pmid", "value": "123"}]
    )
    other = question.answers.exclude(doctor=doctor).earliest("pk")
    SecondOpinionFactory(published=True, answer=other)
    SecondOpinionFactory(published=True, dispute=True, answer=other)
    SecondOpinionFactory(pending=True, dispute=True, answer=other, doctor=doctor)
    open_question = QuestionFactory(published=True, treatment=treatment, title="هل البوتوكس آمن للساقين؟")
    pending = QuestionFactory(pending=True, author=asker, treatment=treatment)
    mod = moderator(email="mod@example.org")
    return {
        "thread": question.get_absolute_url(),
        "empty": open_question.get_absolute_url(),
        "pending": pending.get_absolute_url(),
        "edit": f"/questions/{question.pk}/edit/",
        "withdraw": f"/questions/{question.pk}/withdraw/",
        "write": f"/questions/{open_question.pk}/answer/",
        "answer_edit": f"/answers/{answer.pk}/edit/",
        "second": f"/answers/{other.pk}/second-opinion/",
        "history": f"/answers/{answer.pk}/history/",
        "profile": doctor.get_absolute_url(),
        "item": f"/admin/moderation/question/{pending.pk}/",
        "mod": mod.email,
    }


PUBLIC = [
    "/",
    "/treatments/",
    "/treatments/botox/",
    "/treatments/botox/questions/",
    "/treatments/botox/uses/",
    "/treatments/botox/uses/calf-reduction/",
    "/treatments/botox/doctors/",
    "/questions/",
    "/questions/?answered=no&place=x",
    "{thread}",
    "{empty}",
    "{history}",
    "/doctors/",
    "{profile}",
    "/search/?q=botox",
    "/search/?q=zzzz",
    "/search/",
    "/trust/",
    "/gallery/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/nowhere/",
]
PRIVATE = {
    "asker@example.org": [
        "/me/",
        "/questions/ask/",
        "/questions/ask/?treatment=botox",
        "{pending}",
        "{edit}",
        "{withdraw}",
        "{thread}",
        "/accounts/email/",
        "/accounts/password/change/",
    ],
    "doctor@example.org": ["/desk/", "{write}", "{answer_edit}", "{second}"],
    "mod@example.org": [
        "/admin/",
        "{item}",
        "/admin/questions/question/",
        "/admin/doctors/doctor/",
        "/admin/core/auditentry/",
    ],
}


def look_at(person, urls: list[str], world: dict[str, str]) -> list[str]:
    problems = []
    for url in urls:
        path = url.format(**world)
        person.go(path)
        problems += [f"{path}: {problem}" for problem in accessibility_problems(person.page)]
        if person.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems.append(f"{path}: scrolls sideways at {person.page.viewport_size['width']} px")
    return problems


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_public_pages_are_accessible_and_fit_a_phone(visitor, world, theme: str) -> None:
    assert django_settings.DEMO
    person = visitor(width=320, color_scheme=theme)
    problems = look_at(person, PUBLIC, world)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("email", list(PRIVATE))
def test_personal_pages_are_accessible_and_fit_a_phone(visitor, world, email: str) -> None:
    person = visitor(width=390 if "mod" in email else 320)
    person.go("/accounts/login/")
    person.fill(login=email, password=PASSWORD)
    person.press("Sign in")
    problems = look_at(person, PRIVATE[email], world)
    assert not problems, "\n".join(problems)


def test_a_thread_is_read_with_the_keyboard_alone(visitor, world) -> None:
    person = visitor(width=1280)
    person.go(world["thread"])
    person.page.keyboard.press("Tab")
    assert "Skip" in person.page.evaluate("document.activeElement.textContent")
    person.page.keyboard.press("Enter")
    assert person.page.evaluate("document.activeElement.id") == "main"
    reached = set()
    for _ in range(200):
        person.page.keyboard.press("Tab")
        if person.page.evaluate("document.activeElement === document.body"):
            break  # past the last link
        reached.add(person.page.evaluate("document.activeElement.className"))
        visible = person.page.evaluate(
            "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).boxShadow"
        )
        assert visible != "nonenone", person.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    assert any("mark" in name for name in reached)
