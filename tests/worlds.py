"""A small site with one of everything, for tests that walk over all addresses."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django_tasks_db.models import DBTaskResult

from config.desk.reasons import load_reasons
from config.holding.loading import load
from core.access import looked_at
from core.appeals import file_appeal
from core.audit import record
from core.enums import Private
from core.models import HoldRule, Reason
from core.moderation import transition
from doctors.enums import EvidenceKind
from doctors.evidence import Paper, keep
from doctors.models import ConsentPaper, EvidenceFile, SentFile, VisitPaper
from tests.factories import (
    AnswerFactory,
    CaseFactory,
    CredentialFactory,
    DoctorFactory,
    FactAskedFactory,
    FactGivenFactory,
    LabelStatusFactory,
    PortraitFactory,
    ProfileClaimFactory,
    QuestionFactory,
    ReportFactory,
    ReviewEntryFactory,
    ReviewFactory,
    ReviewReplyFactory,
    SafetyNoticeFactory,
    SecondOpinionFactory,
    SourceFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
    VerificationFactory,
    VisitProofFactory,
    some_moderator,
    some_photo,
)
from treatments.models import Term


def one_of_everything() -> dict[str, Any]:
    """The patient asked the questions; the verified and the suspended doctor wrote one answer each."""
    treatment = TreatmentFactory(name="Botox", slug="botox")
    use = UseFactory(treatment=treatment)
    label = LabelStatusFactory(use=use, source=SourceFactory())
    patient = UserFactory()
    question = QuestionFactory(published=True, author=patient, treatment=treatment, use=use)
    unverified = DoctorFactory(pending=True)
    verified, suspended = DoctorFactory(verified=True), DoctorFactory(suspended=True)
    verified.portrait.save("p.webp", ContentFile(b"RIFF0000WEBP"))
    verified.portrait.close()
    answer = AnswerFactory(published=True, question=question, doctor=verified)
    other_answer = AnswerFactory(published=True, question=question, doctor=suspended)
    made = {
        "treatment": treatment,
        "double": TreatmentFactory(name="Botulinum toxin (Botox)", slug="botulinum-toxin-botox"),
        "use": use,
        "source": label.source,
        "notice": SafetyNoticeFactory(treatment=treatment),
        "area": use.body_area,
        "specialty": SpecialtyFactory(),
        "term": Term.objects.create(slug="ptosis", name="Ptosis", explanation="Drooping."),
        "question": question,
        "open": QuestionFactory(published=True, author=patient, treatment=treatment),
        "pending": QuestionFactory(pending=True, author=patient, treatment=treatment),
        "answer": answer,
        "other_answer": other_answer,
        "reply": verified.saved_replies.create(name="Healing", text="It takes a year."),
        "opinion": SecondOpinionFactory(published=True, answer=answer, doctor=suspended),
        "asked_fact": FactAskedFactory(published=True, question=question, doctor=verified),
        "given_fact": FactGivenFactory(
            published=True, asked=FactAskedFactory(published=True, question=question, doctor=suspended)
        ),
        "edit": question.revisions.create(number=2, title="Edited title", body="x", state="pending"),
        "answer_edit": answer.revisions.create(
            number=2, stance="supports", summary="s", body="x", state="pending"
        ),
        "unverified": unverified,
        "verified": verified,
        "suspended": suspended,
        "patient_user": patient,
    }
    verified.drafts.create(question=made["open"], version=1, fields={"body": "Half a thought."})
    check = VerificationFactory(credential=CredentialFactory(doctor=unverified, kind="licence"))
    paper = Paper(b"%PDF-1.7\n%%EOF\n", EvidenceKind.PDF)
    made["evidence"] = EvidenceFile.objects.create(verification=check, **paper.under(keep(paper)))
    made["proof"] = SentFile.objects.create(credential=check.credential, **paper.under(keep(paper)))
    made["profile_edit"] = verified.revisions.create(number=2, bio="Other words.", state="pending")
    made["case"] = CaseFactory(published=True, doctor=verified, treatment=treatment)
    made["draft_case"] = CaseFactory(doctor=verified, treatment=treatment, consent=made["case"].consent)
    made["paper"] = ConsentPaper.objects.create(consent=made["case"].consent, **paper.under(keep(paper)))
    made["portrait"] = PortraitFactory(pending=True, doctor=verified)
    made["free_photo"] = some_photo(owner=verified.user)
    made["claim"] = ProfileClaimFactory(pending=True)
    made["review"] = ReviewFactory(author=patient, doctor=verified, treatment=treatment, use=use)
    made["review_entry"] = ReviewEntryFactory(review=made["review"], published=True)
    made["review_reply"] = ReviewReplyFactory(review=made["review"], published=True)
    shown = VisitProofFactory(review=made["review"], pending=True)
    made["visit"] = VisitPaper.objects.create(proof=shown, **paper.under(keep(paper)))
    load_reasons()
    load()
    made["rule"] = HoldRule.objects.get(code="insults")
    made["report"] = ReportFactory(on=answer)
    made["reason"] = Reason.objects.get(code="private")
    # Against two questions something is decided: their author has appealed about one of them.
    made["rejected"], made["appealed"] = (
        QuestionFactory(pending=True, author=patient, treatment=treatment) for _ in range(2)
    )
    for refused in (made["rejected"], made["appealed"]):
        transition(refused, to="rejected", by=some_moderator(), reason="It names a person.", code="private")
    made["appeal"] = file_appeal(obj=made["appealed"], by=patient, text="It is my own name.")
    made["notification"], made["letter"] = patient.notifications.first(), patient.letters.first()
    made["task"] = DBTaskResult.objects.first()
    made["entry"] = record(actor=patient, action="tested", obj=question)
    made["look"] = looked_at(patient, by=patient, kind=Private.ACCOUNT, path="/")
    return made
