"""Every kind of page, as a machine for accessibility and a narrow phone see it."""

from datetime import UTC, date, datetime, timedelta
from time import sleep

import pytest
from django.conf import settings as django_settings

from accounts.sanctions import impose, lift
from answers.models import Answer
from config.desk.sweeps import remove_everything
from core.appeals import file_appeal
from core.images.models import Photo, Rendition
from core.models import Batch
from core.moderation import transition
from questions.keeping import follow, keep_question
from questions.models import Follow
from tests.factories import (
    PASSWORD,
    AnswerFactory,
    CaseFactory,
    CredentialFactory,
    DoctorFactory,
    FactAskedFactory,
    FactGivenFactory,
    LabelStatusFactory,
    QuestionFactory,
    ReportFactory,
    SafetyNoticeFactory,
    SecondOpinionFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
    moderator,
    senior,
)
from tests.journeys.conftest import layout_shift, problems_in_both_themes
from treatments.models import Term

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
DESK = ("mod@example.org", "judge@example.org")
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
    Term.objects.create(slug="practice", name="practice", explanation="Where a doctor works.")
    answer.keep_version(answer.published_at)
    answer.summary, answer.body_html = "It is still a reasonable thing to do.", "<p>Another text.</p>"
    answer.keep_version(answer.published_at)
    SafetyNoticeFactory(treatment=treatment)
    SafetyNoticeFactory(treatment=treatment, issued_on=date(2009, 4, 30))
    Answer.objects.filter(pk=answer.pk).update(confirmed_at=datetime(2020, 1, 1, tzinfo=UTC))
    other = question.answers.exclude(doctor=doctor).earliest("pk")
    SecondOpinionFactory(published=True, answer=other)
    SecondOpinionFactory(published=True, dispute=True, answer=other)
    SecondOpinionFactory(pending=True, dispute=True, answer=other, doctor=doctor)
    asked_back = FactAskedFactory(published=True, question=question, doctor=doctor, text=f"{LONG}?"[:300])
    FactGivenFactory(published=True, asked=FactAskedFactory(published=True, question=question), text=LONG)
    waiting_fact = FactGivenFactory(pending=True, asked=FactAskedFactory(published=True, question=question))
    open_question = QuestionFactory(published=True, treatment=treatment, title="هل البوتوكس آمن للساقين؟")
    pending = QuestionFactory(pending=True, author=asker, treatment=treatment)
    settled = QuestionFactory(
        published=True, author=asker, alias="Gems", published_at=question.published_at - timedelta(days=200)
    )
    settled.outcomes.create(after_days=30, decision="deciding", note=LONG)
    keep_question(question=question, by=asker)
    follow(by=asker, treatment=treatment)
    Follow.objects.update(seen_at=question.published_at - timedelta(days=1))
    variant = QuestionFactory(
        published=True, treatment=treatment, variant_of=question, difference=f"It is {LONG}."[:200]
    )
    QuestionFactory(
        published=True, author=asker, treatment=treatment, duplicate_of=question, title=f"Also {LONG}?"
    )
    case, covered = (
        CaseFactory(
            published=True, treatment=treatment, use=use, doctor=doctor, technique=LONG, words=LONG,
            is_sensitive=is_sensitive, consent__is_sensitive=is_sensitive, alike=["pose"],
        )
        for is_sensitive in (False, True)
    )  # fmt: skip
    Photo.objects.update(rendered_at=None)
    Rendition.objects.all().delete()
    reports = [
        ReportFactory(on=answer, reporter=asker, text=LONG),
        ReportFactory(on=answer, kind="safety", risk=3),
        ReportFactory(on=question, reporter=asker, dismissed=True),
    ]
    mod = moderator(email="mod@example.org")
    judge, refused = senior(email="judge@example.org"), {}
    for name in ("sent back", "rejected"):
        refused[name] = QuestionFactory(pending=True, author=asker, treatment=treatment)
        to = "draft" if name == "sent back" else "rejected"
        transition(refused[name], to=to, by=mod, reason=f"It is unclear.\n\n{LONG}", code="unclear")
    appeal = file_appeal(obj=refused["rejected"], by=asker, text=LONG)
    warning = impose(person=asker, by=judge, kind="warning", reason=LONG)
    lift(sanction=warning, by=judge, reason=LONG)
    impose(person=asker, by=judge, kind="warning", reason=LONG)
    remove_everything(person=AnswerFactory(published=True).doctor.user, by=judge, reason=LONG, code="spam")
    return {
        "thread": question.get_absolute_url(),
        "empty": open_question.get_absolute_url(),
        "pending": pending.get_absolute_url(),
        "pk": str(question.pk),
        "save": f"/questions/{question.pk}/save/",
        "follow": f"/questions/{question.pk}/follow/",
        "edit": f"/questions/{question.pk}/edit/",
        "withdraw": f"/questions/{question.pk}/withdraw/",
        "write": f"/questions/{open_question.pk}/answer/",
        "answer_edit": f"/answers/{answer.pk}/edit/",
        "ask_fact": f"/desk/questions/{question.pk}/fact/",
        "give_fact": f"/me/facts/{asked_back.pk}/",
        "given_fact": f"/admin/moderation/factgiven/{waiting_fact.pk}/",
        "asked_fact": f"/admin/moderation/factasked/{asked_back.pk}/",
        "second": f"/answers/{other.pk}/second-opinion/",
        "history": f"/answers/{answer.pk}/history/",
        "profile": doctor.get_absolute_url(),
        "case": case.get_absolute_url(),
        "covered": covered.get_absolute_url(),
        "variant": variant.get_absolute_url(),
        "beside": f"/questions/ask/?treatment=botox&variant_of={question.pk}",
        "linked": f"/admin/moderation/question/{variant.pk}/",
        "item": f"/admin/moderation/question/{pending.pk}/",
        "mod": mod.email,
        "afterwards": f"/me/questions/{settled.pk}/afterwards/",
        "report_new": f"/reports/new/?about=question-{question.pk}",
        "report_again": f"/reports/new/?about=answer-{answer.pk}",
        "report": f"/admin/moderation/report/{reports[0].pk}/",
        "sent_back": refused["sent back"].get_absolute_url(),
        "appeal_new": f"/me/appeals/new/?about=question-{refused['sent back'].pk}",
        "appeal": f"/admin/moderation/appeal/{appeal.pk}/",
        "account": f"/admin/moderation/account/{asker.pk}/",
        "swept": f"/admin/moderation/account/{Batch.objects.get().about_id}/",
    }


PUBLIC = [
    "/",
    "/treatments/",
    "/treatments/botox/",
    "/treatments/botox/questions/",
    "/treatments/botox/uses/",
    "/treatments/botox/uses/?country=GB&sort=doctors",
    "/treatments/botox/uses/calf-reduction/",
    "/treatments/botox/uses/calf-reduction/?country=AU",
    "/treatments/botox/doctors/",
    "/treatments/botox/cases/",
    "{profile}cases/",
    "{case}",
    "{covered}",
    "/questions/",
    "/questions/?answered=no&place=x",
    "{thread}",
    "{thread}?country=CA",
    "{empty}",
    "{variant}",
    "{history}",
    "/doctors/",
    "{profile}",
    "{profile}answers/",
    "{profile}answers/?stance=against",
    "/search/?q=botox",
    "/search/?q=zzzz",
    "/search/",
    "/trust/",
    "/trust/ledger/",
    "/trust/terms/",
    "/privacy/",
    "/gallery/",
    "{save}",
    "/me/saved/",
    "/me/packet/?thread={pk}",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/login/code/",
    "/accounts/under-18/",
    "/nowhere/",
]
PRIVATE = {
    "asker@example.org": [
        "/me/",
        "{afterwards}",
        "{give_fact}",
        "/me/saved/",
        "/me/follows/",
        "/me/packet/",
        "{save}",
        "{follow}",
        "/questions/ask/",
        "/questions/ask/?treatment=botox",
        "/questions/ask/?treatment=botex&title=x",
        "/questions/ask/?treatment=botox&title=word",
        "{beside}",
        "{pending}",
        "{edit}",
        "{withdraw}",
        "{thread}",
        "{report_new}",
        "{report_again}",
        "/reports/sent/",
        "/me/reports/",
        "/me/appeals/",
        "/me/privacy/",
        "{appeal_new}",
        "{sent_back}",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/sessions/",
    ],
    "doctor@example.org": [
        "/desk/",
        "/desk/?show=published",
        "/desk/replies/",
        "/desk/profile/",
        "{write}",
        "{answer_edit}",
        "{second}",
        "{ask_fact}",
        "/desk/?show=facts",
    ],
    "mod@example.org": [
        "/admin/",
        "{item}",
        "{asked_fact}",
        "{given_fact}",
        "{linked}",
        "{report}",
        "/admin/core/report/",
        "/admin/core/holdrule/",
        "/admin/questions/question/",
        "/admin/doctors/doctor/",
        "/admin/treatments/safetynotice/",
        "/admin/core/auditentry/",
        "{account}",
    ],
    "judge@example.org": [
        "/admin/?kind=appeal",
        "{appeal}",
        "{account}",
        "{swept}",
        "/admin/core/appeal/",
        "/admin/core/reason/",
    ],
}


def look_at(person, urls: list[str], world: dict[str, str]) -> list[str]:
    problems = []
    for url in urls:
        path = url.format(**world)
        person.go(path)
        problems += [f"{path}: {problem}" for problem in problems_in_both_themes(person.page)]
        if person.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems.append(f"{path}: scrolls sideways at {person.page.viewport_size['width']} px")
        person.page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
        if moved := layout_shift(person.page, wait=50):
            problems.append(f"{path}: moves by itself: {moved}")
    return problems


def test_public_pages_are_accessible_and_fit_a_phone(visitor, world) -> None:
    assert django_settings.DEMO
    person = visitor(width=320)
    problems = look_at(person, PUBLIC, world)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("email", list(PRIVATE))
def test_personal_pages_are_accessible_and_fit_a_phone(visitor, world, email: str) -> None:
    person = visitor(width=390 if email in DESK else 320)
    person.go("/accounts/login/")
    person.fill(login=email, password=PASSWORD)
    person.press("Sign in")
    problems = look_at(person, PRIVATE[email], world)
    assert not problems, "\n".join(problems)


def test_a_script_that_comes_late_moves_nothing(visitor, world) -> None:
    person = visitor(width=320)
    person.go("/accounts/login/")
    person.fill(login="asker@example.org", password=PASSWORD)
    person.press("Sign in")

    def late(route) -> None:
        sleep(0.4)
        route.continue_()

    person.page.route("**/js/*.js", late)
    for path in ("/questions/ask/?treatment=botox", world["thread"], "/"):
        person.go(path)
        assert layout_shift(person.page) == 0, path
    person.go("/questions/ask/?treatment=botox")
    assert person.page.locator(".counter").first.is_visible()


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


def test_a_term_is_explained_by_keyboard_without_a_script(visitor) -> None:
    Term.objects.create(slug="ptosis", name="Ptosis", explanation="Drooping of a lid.")
    question = QuestionFactory(published=True, body_html="<p>Is this ptosis?</p>")
    person = visitor(javascript=False, width=320)
    person.go(question.get_absolute_url())
    note = person.page.locator("#term-ptosis")
    assert not note.is_visible()
    person.page.locator("dfn button").focus()
    person.page.keyboard.press("Enter")
    assert note.is_visible()
    assert "Drooping of a lid." in note.inner_text()
    box = note.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    person.page.keyboard.press("Escape")
    assert not note.is_visible()
