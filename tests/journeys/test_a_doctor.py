"""A doctor's way: told of a question, answered, edited, confirmed, seconded and disputed by others, withdrawn.

What comes before stands in ``test_becoming``: the application, the second factor, the verification, the claim.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from answers.models import Answer, SecondOpinion
from answers.routing import route_questions
from core.moderation import transition
from questions.models import Question
from tests.factories import (
    DoctorFactory,
    LabelStatusFactory,
    QuestionFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UseFactory,
    moderator,
)
from tests.journeys.conftest import opens_mail
from tests.journeys.test_main_job import decide, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
TITLE = "Would it make my calves thinner?"
SUMMARY = "I would not: you need the strength."


@pytest.fixture
def question() -> Question:
    treatment = TreatmentFactory(name="Botox", slug="botox")
    use = UseFactory(treatment=treatment, name="Calf reduction")
    LabelStatusFactory(use=use)
    SpecialtyFactory(name="Plastic surgery").in_scope.add(treatment)
    return QuestionFactory(pending=True, treatment=treatment, use=use, title=TITLE)


def doctor_of(question: Question, name: str) -> Any:
    return DoctorFactory(verified=True, name=name, specialty=question.treatment.specialties.get())


def test_from_a_question_to_a_withdrawn_answer(visitor: Any, question: Question) -> None:
    ada, ben, cleo = (doctor_of(question, name) for name in ("Ada Moss", "Ben Ash", "Cleo Rand"))
    mod = moderator(email="mod@example.org")
    doctor, judge = visitor(), visitor(width=1280)
    sign_in(judge, mod.email)
    sign_in(doctor, ada.user.email)
    doctor.go("/me/notifications/settings/")
    doctor.fill(**{"new-questions": "at-once"})
    doctor.press("Keep these choices")

    transition(question, to="published", by=mod)
    route_questions()
    opens_mail(doctor, ada.user.email, "New questions wait for a doctor")
    doctor.follow(TITLE)
    doctor.follow("Answer this question")
    doctor.fill(
        stance="against", reason="safety", confidence="high", summary=SUMMARY, body="These muscles carry you."
    )
    colleague = visitor()
    sign_in(colleague, ben.user.email)
    colleague.go("/desk/")
    assert "Being answered by a colleague" in colleague.text()
    doctor.page.get_by_text("Draft saved at").wait_for()
    doctor.page.close()
    doctor.page = doctor.context.new_page()
    doctor.go("/desk/?show=drafts")
    doctor.follow(TITLE)
    doctor.press("Send for review")
    assert "with the moderators" in doctor.text()
    decide(judge, SUMMARY, "Publish")
    opens_mail(doctor, ada.user.email, "Your answer is published")
    assert SUMMARY in doctor.text()

    better = "I would not: you need the strength, and it comes back anyway."
    doctor.follow("Edit")
    doctor.fill(summary=better)
    doctor.press("Send for review")
    assert "the published version stays up" in doctor.text()
    thread = question.get_absolute_url()
    reader = visitor()
    reader.page.clock.install()
    reader.go(thread)
    assert better not in reader.page.content()
    with reader.page.expect_request("**/read/"):
        reader.page.clock.fast_forward("00:06")
    decide(judge, better, "Publish")
    reader.go(thread)
    assert better in reader.text()

    says(colleague, thread, kind="cosign")
    disputes = visitor()
    sign_in(disputes, cleo.user.email)
    says(
        disputes,
        thread,
        kind="dispute",
        stance="conditions",
        reason="evidence",
        note="Small studies do show it.",
    )
    for given in SecondOpinion.objects.all():
        judge.go(f"/admin/moderation/secondopinion/{given.pk}/")
        judge.press("Publish")
    reader.go(thread)
    assert "2 of 3 doctors advise against it" in reader.text()
    assert "Small studies do show it." in reader.text()
    assert "Co-signed by Ben Ash" in reader.text()

    Answer.objects.update(answered_at=timezone.now() - timedelta(days=800), confirmed_at=None)
    doctor.go("/desk/?show=due")
    assert "their threads read 1 time" in doctor.text()
    doctor.press("Still stands")
    doctor.go("/desk/?show=due")
    assert "Nothing is due" in doctor.text()

    doctor.go(thread)
    doctor.follow("Withdraw")
    doctor.press("Withdraw it")
    reader.go(thread)
    assert better not in reader.text()
    assert "No answer yet" in reader.text()


def says(person: Any, thread: str, **values: str) -> None:
    person.go(thread)
    person.page.locator("main").get_by_role("link", name="Co-sign or dispute").first.click()
    person.page.wait_for_load_state()
    person.fill(**values)
    person.press("Send for review")
