"""Two moderators clear a queue of thirty mixed things without touching a mouse, with and without JavaScript."""

from __future__ import annotations

import re
import time

import pytest

from answers.models import Answer, AnswerRevision, SecondOpinion
from answers.services import edit_answer
from core.enums import ReportState, State
from core.models import Amendment, AuditEntry, Claim, Report
from doctors.models import Doctor
from questions.models import Question, QuestionRevision
from questions.services import edit_question
from tests.factories import (
    PASSWORD,
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    ReportFactory,
    SecondOpinionFactory,
    TreatmentFactory,
    moderator,
)
from tests.journeys.conftest import accessibility_problems

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
REASON = "We could not tell what is meant."
MODELS = (Question, QuestionRevision, Answer, AnswerRevision, SecondOpinion, Doctor)
PATIENCE = 120


def thirty() -> dict[str, str]:
    """What waits, as ``kind/number``, with what is to be done about it."""
    plan: dict[str, str] = {}

    def note(row, deed: str) -> None:
        plan[f"{row._meta.model_name}/{row.pk}"] = deed

    treatment = TreatmentFactory(name="Botox", slug="botox")
    for deed in ("publish",) * 5 + ("send back",) * 3 + ("reject",) * 2:
        note(QuestionFactory(pending=True, treatment=treatment, risk=3 if not plan else 0), deed)
    for deed in ("publish",) * 4 + ("reject",):
        note(AnswerFactory(pending=True, question__treatment=treatment), deed)
    note(AnswerFactory(pending=True, summary="Call me at the practice."), "edit")
    for _ in range(4):
        question = QuestionFactory(published=True, treatment=treatment)
        note(edit_question(question=question, by=question.author, title="A better title of it"), "publish")
    for deed in ("publish", "publish", "reject"):
        answer = AnswerFactory(published=True)
        note(edit_answer(answer=answer, by=answer.doctor.user, summary="I see it otherwise now."), deed)
    for deed in ("publish", "publish", "reject"):
        note(SecondOpinionFactory(pending=True, dispute=True), deed)
    for _ in range(2):
        note(DoctorFactory(pending=True), "publish")
    note(ReportFactory(kind="safety", risk=3), "uphold")
    note(ReportFactory(), "dismiss")
    assert len(plan) == 30
    return plan


class Hands:
    """A moderator who only has a keyboard. Without JavaScript the access keys and Tab do the same."""

    def __init__(self, person, *, javascript: bool) -> None:
        self.page, self.javascript, self.person = person.page, javascript, person
        self.done: list[str] = []

    def key(self, key: str) -> None:
        """One key that leads to another page."""
        with self.page.expect_navigation():
            if self.javascript:
                self.page.keyboard.press(key)
            else:
                self.access_key(key)

    def access_key(self, key: str) -> None:
        """Alt and a letter. Playwright leaves out the letter, by which Chromium looks for what has the key."""
        session = self.page.context.new_cdp_session(self.page)
        event = {"modifiers": 1, "key": key, "unmodifiedText": key, "windowsVirtualKeyCode": ord(key.upper())}
        for kind in ("keyDown", "keyUp"):
            session.send("Input.dispatchKeyEvent", {"type": kind, **event})
        session.detach()

    def reach(self, name: str) -> None:
        """Tab until the focus stands on the field or link of this name."""
        for _ in range(PATIENCE):
            self.page.keyboard.press("Tab")
            focus = self.page.locator(":focus")
            if name in (focus.get_attribute("name"), focus.get_attribute("id"), focus.inner_text().strip()):
                return
        pytest.fail(f"{name} is out of reach")

    def decide(self, key: str, *, field: str = "reason_code") -> None:
        """A decision that needs a reason: by its key the field is reached, and Ctrl with Enter sends it."""
        if not self.javascript:
            self.reach(field)
        else:
            self.page.keyboard.press(key)
            assert self.page.locator(":focus").get_attribute("name") == field
        self.page.keyboard.type(REASON if field == "reason" else REASON[:12])
        if not self.javascript:
            self.key(key)
            return
        with self.page.expect_navigation():
            self.page.keyboard.press("Control+Enter")

    def open_first(self) -> bool:
        """From the queue to the first thing nobody else has open; whether there was one."""
        free = self.page.locator("[data-desk-queue] > li:not(:has(.desk-open)) h2 a")
        if not free.count():
            return False
        if self.javascript:
            title = free.first.get_attribute("href")
            for _ in range(PATIENCE):
                self.page.keyboard.press("j")
                if self.page.locator(":focus").get_attribute("href") == title:
                    break
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
            return True
        self.reach(free.first.inner_text().strip())
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return True

    def edit(self) -> None:
        if self.javascript:
            self.page.keyboard.press("e")
            self.page.wait_for_function("document.activeElement.name === 'edit-summary'")
        else:
            self.access_key("e")
            if not self.page.locator("[name=edit-summary]").is_visible():
                self.page.keyboard.press("Enter")  # the access key brought the focus there
            self.reach("edit-summary")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type("Ask a doctor you can see.")
        self.reach("edit-reason")
        self.page.keyboard.type("Nothing is sold here.")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def one(self, plan: dict[str, str]) -> bool:
        """Decide on what is on the screen, or take something from the queue; whether there was anything."""
        here = re.search(r"/moderation/([a-z]+/\d+)/", self.page.url)
        if here is None:
            self.person.go("/admin/")
            return self.open_first()
        deed = plan.get(here[1], "leave")
        if here[1] in self.done or deed == "leave":
            self.key("g")
            return True
        {
            "publish": lambda: self.key("p"),
            "send back": lambda: self.decide("s"),
            "reject": lambda: self.decide("r"),
            "edit": self.edit,
            "uphold": lambda: self.decide("p", field="reason"),
            "dismiss": lambda: self.decide("r", field="reason"),
        }[deed]()
        self.done.append(here[1])
        return True


def signed_in(visitor, who, **options):
    person = visitor(width=1280, **options)
    person.go("/accounts/login/")
    person.fill(login=who.email, password=PASSWORD)
    person.press("Sign in")
    person.go("/admin/")
    return person


def waiting() -> int:
    reports = Report.objects.filter(state=ReportState.OPEN).count()
    return reports + sum(model._base_manager.filter(state=State.PENDING).count() for model in MODELS)


def test_thirty_things_are_decided_by_keyboard_alone(visitor, javascript: bool) -> None:
    plan = thirty()
    people = [moderator(handle="first-mod"), moderator(handle="second-mod")]
    hands = [Hands(signed_in(visitor, who, javascript=javascript), javascript=javascript) for who in people]
    started = time.perf_counter()
    while sum(each.one(plan) for each in hands):
        both = [each.page.url.partition("?")[0] for each in hands]
        assert both[0] != both[1] or "/moderation/" not in both[0], "they look at the same thing"
    taken = (time.perf_counter() - started) / len(plan)
    print(f"\n{taken:.2f} s per item {'with' if javascript else 'without'} JavaScript")  # noqa: T201

    assert waiting() == 0
    assert sorted(hands[0].done + hands[1].done) == sorted(plan)
    assert min(len(each.done) for each in hands) >= 10
    for name, deed in plan.items():
        kind, _, pk = name.partition("/")
        rows = AuditEntry.objects.filter(object_type__endswith=f".{kind}", object_id=pk, actor__in=people)
        verb = "publish" if deed == "edit" else deed
        assert [row.action for row in rows] == [verb], name
        if deed in {"send back", "reject"}:
            assert rows[0].reason.startswith(REASON[:12])
    assert Amendment.objects.get().after == {"summary": "Ask a doctor you can see."}
    assert not Claim.objects.active().filter(object_type__in=[m._meta.label_lower for m in MODELS]).exists()


def test_keys_are_shown_and_never_fire_while_typing(visitor) -> None:
    question = QuestionFactory(pending=True)
    person = signed_in(visitor, moderator())
    page = person.page
    person.go(f"/admin/moderation/question/{question.pk}/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    assert dialog.is_visible()
    assert "publishes" in dialog.inner_text()
    page.keyboard.press("p")  # nothing is decided behind it
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    page.locator("[name=reason]").focus()
    page.keyboard.type("press r and p, not now")
    page.keyboard.press("Control+Enter")
    assert "Nothing is chosen yet" in page.locator("[data-desk-status]").inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    assert "Send back" in page.locator("[data-desk-status]").inner_text()
    question.refresh_from_db()
    assert question.state == State.PENDING
    assert page.locator("[name=reason]").input_value() == "press r and p, not now"
    page.locator("[name=reason_code]").select_option("unclear")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    question.refresh_from_db()
    assert question.state == State.DRAFT
    assert question.moderation_reason.endswith("press r and p, not now")


def test_several_are_ticked_rejected_and_put_back_by_keyboard(visitor) -> None:
    rows = [QuestionFactory(pending=True) for _ in range(3)]
    person = signed_in(visitor, moderator())
    page = person.page
    for key in ("j", "x", "j", "x", "k", "j"):
        page.keyboard.press(key)
    assert page.locator("[name=choice]:checked").count() == 2
    assert page.locator(".desk-line:focus-within").count() == 1
    page.keyboard.press("r")
    page.keyboard.type("It was sent in")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert "Questions now “Rejected”: 2." in page.locator(".messagelist").inner_text()
    assert Question.objects.filter(state=State.REJECTED).count() == 2
    with page.expect_navigation():
        page.keyboard.press("z")
    assert "Questions back in the queue: 2." in page.locator(".messagelist").inner_text()
    assert Question.objects.pending().count() == len(rows)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_desk_fits_a_tablet_and_is_accessible(visitor, theme: str) -> None:
    other = moderator(handle="another-one")
    question = QuestionFactory(pending=True, risk=3, body="Word " * 300)
    Claim.objects.create(
        object_type="questions.question",
        object_id=question.pk,
        by=other,
        at=question.submitted_at,
        until=question.submitted_at.replace(year=2999),
    )
    answer = AnswerFactory(pending=True, question__published=True)
    AnswerFactory(published=True, question=answer.question)
    QuestionFactory(pending=True, author=question.author, body="Word " * 300)
    report = ReportFactory(on=answer.question)
    person = visitor(width=768, color_scheme=theme)
    who = moderator()
    person.go("/accounts/login/")
    person.fill(login=who.email, password=PASSWORD)
    person.press("Sign in")
    problems = []
    for path in ("/admin/", f"question/{question.pk}/", f"answer/{answer.pk}/", f"report/{report.pk}/"):
        person.go(path if path.startswith("/") else f"/admin/moderation/{path}")
        for details in person.page.locator("details summary").all():
            details.click()
        problems += [f"{path}: {problem}" for problem in accessibility_problems(person.page)]
        person.page.keyboard.press("?")
        problems += [f"{path} keys: {problem}" for problem in accessibility_problems(person.page)]
        if person.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems.append(f"{path}: scrolls sideways")
    assert not problems, "\n".join(problems)
