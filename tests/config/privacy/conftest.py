"""The fullest account there is, with a word of its own in everything that is theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from accounts.consents import agree
from accounts.enums import Purpose, SanctionKind
from accounts.models import User
from accounts.notify import tell
from accounts.sanctions import impose
from accounts.services import change_handle
from accounts.sessions import SessionStore
from answers.models import AnswerDraft, AskerVisit, Outcome, SavedReply
from answers.services import accept_answer, mark_helpful
from core.access import looked_at
from core.audit import record
from core.claims import claim
from core.enums import Private
from core.models import Amendment, Appeal, Batch, Signal
from doctors.enums import EvidenceKind
from doctors.evidence import Paper, keep
from doctors.models import Credential, EvidenceFile, PracticePlace, ProfileClaim, SentFile, VisitPaper
from questions.models import Follow, Question, SavedQuestion
from questions.services import withdraw_question
from tests.factories import (
    AnswerFactory,
    CredentialFactory,
    DoctorFactory,
    FactAskedFactory,
    FactGivenFactory,
    QuestionFactory,
    ReportFactory,
    ReviewEntryFactory,
    ReviewFactory,
    ReviewReplyFactory,
    SecondOpinionFactory,
    UserFactory,
    VerificationFactory,
    VisitProofFactory,
    senior,
    some_moderator,
)

EMAIL, HANDLE, EARLIER, CANARY = "greta.garbo@example.org", "greta-g", "garbo-77", "quaggazebra"
NAME = "Greta Lovisa Gustafsson"
WORDS = (EMAIL, HANDLE, EARLIER, NAME, CANARY)


@pytest.fixture
def full(db: None) -> dict[str, Any]:
    """A patient who did everything one can do here; the words of the threads that stay hold none of theirs."""
    user = UserFactory(email=EMAIL, handle=EARLIER)
    change_handle(user=user, handle=HANDLE)
    answered = [
        QuestionFactory(
            published=True, author=user, alias=f"{CANARY} {n}", place=CANARY, title=f"Does {n} fade?"
        )
        for n in (1, 2)
    ]
    answers = [AnswerFactory(published=True, question=question) for question in answered]
    accept_answer(answer=answers[0], by=user, accepted=True)
    lonely = QuestionFactory(
        published=True, author=user, title=f"Is {CANARY} safe?", body=f"{CANARY} {EMAIL}"
    )
    withdrawn = QuestionFactory(pending=True, author=user, title=f"Was {CANARY} wise?", body=CANARY)
    withdraw_question(question=withdrawn, by=user)
    Outcome.objects.create(question=answered[0], after_days=30, decision="did", note=CANARY)
    FactGivenFactory(
        pending=True, asked=FactAskedFactory(published=True, question=answered[0]), text=f"{CANARY} {EMAIL}"
    )
    AskerVisit.objects.create(question=answered[0])
    _kept_and_followed(user, answers[1])
    _reviewed(user)
    _decided(user, answered[0], lonely)
    return {"user": user, "answered": answered, "answers": answers, "lonely": lonely, "withdrawn": withdrawn}


def _kept_and_followed(user: User, answer: Any) -> None:
    other = QuestionFactory(published=True)
    lonely = Question.objects.get(title__contains=CANARY, state="published")
    tell(to=UserFactory(), kind="question-removed", about=lonely, event="x", url=lonely.get_absolute_url())
    SavedQuestion.objects.create(user=user, question=other)
    Follow.objects.create(user=user, question=other)
    mark_helpful(answer=AnswerFactory(published=True, question=other), by=user, helpful=True)
    for purpose in Purpose:
        agree(user=user, purpose=purpose)
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session.create()


def _reviewed(user: User) -> None:
    """With what was paid, what the doctor replied, and a proof that nobody has looked at yet."""
    review = ReviewFactory(author=user, alias=f"{CANARY} 3")
    said = {"review": review, "currency": "USD", "paid_in": 2026}
    entry = ReviewEntryFactory(published=True, text=f"{CANARY} healed well.", **said)
    entry.costs.create(part="surgeon", amount=450)
    ReviewEntryFactory(pending=True, text=f"Write to {EMAIL}, says {CANARY}.", **said)
    ReviewReplyFactory(published=True, review=review, text="Thank you for writing.")
    paper = Paper(b"%PDF-1.7 a bill\n%%EOF\n", EvidenceKind.PDF)
    VisitPaper.objects.create(
        proof=VisitProofFactory(review=review, pending=True), **paper.under(keep(paper))
    )


def _decided(user: User, question: Any, lonely: Any) -> None:
    by = some_moderator()
    told = record(actor=by, action="send back", obj=lonely, reason=f"Leave out {EMAIL}, {HANDLE}.")
    record(
        actor=by, action="mark as duplicate", obj=question, reason=f"Same as {lonely.pk}, “{lonely.title}”"
    )
    Appeal.objects.create(
        entry=told, object_type="questions.question", object_id=lonely.pk, author=user, text=CANARY
    )
    ReportFactory(reporter=user, text=f"{CANARY}, says {HANDLE}")
    ReportFactory(on=lonely, text=f"{HANDLE} is selling {CANARY}")
    impose(person=user, by=senior(), kind=SanctionKind.WARNING, reason=f"Do not, {HANDLE}.")
    Batch.objects.create(about=user, by=by, reason=f"All of {HANDLE}’s")
    about = {"object_type": "questions.question", "object_id": lonely.pk}
    Amendment.objects.create(
        **about, version=1, by=by, before={"t": CANARY}, after={"t": ""}, reason="Named you."
    )
    Signal.objects.create(
        **about, object_version=1, code="c", name="n", sentence="s", rule_version=1, weight=1, words=[CANARY]
    )
    looked_at(user, by=by, kind=Private.RECORD, path="/admin/")


@pytest.fixture
def doctor(db: None) -> Callable[..., Any]:
    """``doctor(signs=True)``: one with everything a profile can have, whose answers are public or not."""

    def make(*, signs: bool) -> Any:
        user = UserFactory(email=EMAIL, handle=HANDLE)
        doctor = DoctorFactory(
            verified=True,
            user=user,
            name=NAME,
            bio=CANARY,
            conflicts=CANARY,
            languages=CANARY,
            slug="greta-g-md",
        )
        doctor.portrait.save("p.webp", ContentFile(CANARY.encode()))
        doctor.portrait.close()
        credential = CredentialFactory(doctor=doctor, number=CANARY)
        check = VerificationFactory(doctor=doctor, credential=credential)
        paper = Paper(CANARY.encode(), EvidenceKind.PDF)
        EvidenceFile.objects.create(
            verification=check,
            **paper.under(keep(paper)),
        )
        prove(ProfileClaim.objects.create(claimant=user, doctor=DoctorFactory(), number=CANARY, words=CANARY))
        prove(credential)
        for number, state in ((1, "published"), (2, "pending")):
            words = dict.fromkeys(doctor.TEXT_FIELDS, CANARY)
            by = {name: getattr(doctor, name) for name in ("published_at", "moderated_at", "moderated_by")}
            doctor.revisions.create(number=number, state=state, **words, **by)
        PracticePlace.objects.create(doctor=doctor, name=CANARY, city="Bath", country="GB")
        AnswerFactory(pending=True, doctor=doctor, body=CANARY)
        FactAskedFactory(pending=True, doctor=doctor, text=CANARY)
        waiting = QuestionFactory(published=True)
        AnswerDraft.objects.create(doctor=doctor, question=waiting, fields={"body": CANARY})
        SavedReply.objects.create(doctor=doctor, name=CANARY, text=CANARY)
        claim(waiting, by=user)
        if signs:
            AnswerFactory(published=True, doctor=doctor)
            SecondOpinionFactory(published=True, doctor=doctor)
        return doctor

    return make


def prove(by: ProfileClaim | Credential) -> SentFile:
    paper = Paper(f"{CANARY} {by}".encode(), EvidenceKind.PDF)
    return SentFile.objects.create(
        **{"claim" if isinstance(by, ProfileClaim) else "credential": by},
        **paper.under(keep(paper)),
    )


def found(*words: str) -> set[tuple[str, str, str]]:
    """``(table, column, word)`` for every column of every table in which a word stands."""
    hits = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'"
            " AND a.attnum > 0 AND NOT a.attisdropped"
        )
        for table, column in cursor.fetchall():
            for word in words:
                cursor.execute(
                    f'SELECT EXISTS (SELECT FROM "{table}" WHERE "{column}"::text ILIKE %s)', [f"%{word}%"]
                )
                if cursor.fetchone()[0]:
                    hits.add((table, column, word))
    return hits
