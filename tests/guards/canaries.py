"""Canaries: a word of its own in every field of every row that is not for everybody, found through the models' registry.

A model, or a field that can hold words, is planted by what follows or listed under ``UNPLANTED`` with the reason; a
new one that is neither stops the tests.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.models import Sanction, User
from answers.models import (
    Answer,
    AnswerDraft,
    AnswerRevision,
    FactAsked,
    FactGiven,
    ImportedAnswer,
    Outcome,
    SavedReply,
    SecondOpinion,
)
from answers.threads import refresh
from core.enums import AppealState, Private, ReportState, State
from core.images.models import Photo
from core.models import (
    AccessEntry,
    Amendment,
    Appeal,
    AuditEntry,
    Batch,
    HoldRule,
    HoldRuleVersion,
    Moderated,
    Report,
    Signal,
)
from doctors.models import (
    Case,
    Consent,
    Credential,
    Doctor,
    DoctorRevision,
    Portrait,
    PracticePlace,
    ProfileClaim,
    Review,
    ReviewEntry,
    ReviewReply,
    Verification,
    VisitProof,
)
from questions.models import Question, QuestionPhoto, QuestionRevision
from tests.factories import (
    AnswerFactory,
    CaseFactory,
    ConsentFactory,
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
    TreatmentFactory,
    UseFactory,
    UserFactory,
    VerificationFactory,
    VisitProofFactory,
    some_moderator,
)
from treatments.models import Caution, LabelStatus, SafetyNotice, Treatment, TreatmentSynonym, TreatmentUse

HIDDEN = [state for state in State if state != State.PUBLISHED]
CANARY = re.compile(r"quagga[a-z]{3}")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = (models.CharField, models.TextField, models.JSONField, ArrayField, models.FileField)

# What holds no canary and why: it is for everybody, or it holds no words.
UNPLANTED = {
    "admin.logentry": "nothing here writes it: the audit trail stands in its place",
    "auth.permission": "names in the code",
    "auth.group": "names in the code",
    "contenttypes.contenttype": "names in the code",
    "sessions.session": "signed and opaque; what it keeps is the reader's own",
    "accounts.session": "the kind of a device, which its owner alone is shown; the rest is signed and opaque",
    "account.emailconfirmation": "a key that its owner's mail holds; confirmed by signature here",
    "core.reason": "the list of reasons is for everybody: the ledger prints it",
    "core.auditforgotten": "numbers and digests",
    "core.likeness": "numbers, and the name of a model",
    "core.photo": "a random name, numbers and the name of a model; who gets the file is a test of the view",
    "core.rendition": "a random name and numbers; who gets the file is a test of the view",
    "core.loose": "random names of files",
    "accounts.consent": "numbers, a digest and one of a few words",
    "accounts.dataexport": "a random name; who gets the file is a test of the privacy pages",
    "accounts.erasure": "a digest",
    "accounts.notification": "names in the code, numbers and paths of this site; its owner alone reads it",
    "accounts.letter": "names in the code and numbers; what went wrong is said without a word of the mail",
    "accounts.wish": "names in the code",
    "django_tasks_database.dbtaskresult": "numbers and names in the code; administrators alone read what went wrong",
    "core.claim": "numbers, and the name of a model",
    "core.bulkaction": "numbers, and the name of a model",
    "answers.word": "a read model of public threads; that no canary is in it is a test",
    "answers.thread": "stances and words of public threads; that a search finds no canary is a test",
    "answers.treatmentthread": "keys, counts and stances of public threads, for lists within a treatment",
    "answers.answeredthread": "keys of public threads and of the doctors whose public answers count there",
    "answers.useposition": "stances and reasons of what is public: one of a few words",
    "doctors.specialty": "a list for everybody",
    "doctors.evidencefile": "a random name, a size and a digest; who gets the file is a test of the desk",
    "doctors.sentfile": "a random name, a size and a digest; who gets the file is a test of the desk",
    "doctors.portraitphoto": "a place in a row; who gets the picture is a test of the view",
    "doctors.casephoto": "one of a few words; who gets the picture is a test of the view",
    "doctors.consentevent": "one of a few words, and times",
    "doctors.consentpaper": "a random name, a size and a digest; who gets the file is a test of the desk",
    "doctors.consent.text_sha256": "the digest of a text that anybody may read",
    "doctors.consent.uses": "one of a few words",
    "doctors.case.alike": "one of a few words",
    "doctors.visitpaper": "a random name, a size and a digest; who gets the file is a test of the desk",
    "doctors.review.declaration": "the version of a text",
    "doctors.reviewentry.weighed": "some of a few words",
    "doctors.figure": "sums of many people's figures; that they show no single one is a test of their own",
    "doctors.contribution": "amounts, marks and words in the code; that nobody reads them is a test of the figures",
    "doctors.postalplace": "a list for everybody",
    "treatments.bodyarea": "a list for everybody",
    "treatments.source": "names of published documents",
    "treatments.term": "the glossary is for everybody",
    "treatments.loadedentry": "names and digests of entries of the catalogue, which anybody may read",
    "treatments.treatment.former_slugs": "addresses that lead to it in public",
    "treatments.treatmentredirect": "addresses and names that a merge has made those of a treatment",
    "treatments.useredirect": "addresses and names that a merge has made those of a use",
    "accounts.user.password": "a hash, and of no use as a word; that nobody is shown it is a test of the admin",
    "mfa.authenticator.type": "one of a few words",
    "questions.question.body_format": "one of a few words",
    **dict.fromkeys(
        (
            f"core.{model}.object_type"
            for model in ("appeal", "signal", "auditentry", "accessentry", "report", "amendment")
        ),
        "the name of a model",
    ),
}  # fmt: skip

SHAPES: dict[str, Callable[[str], Any]] = {
    "core.holdrule.kinds": lambda word: [word],
    "core.holdruleversion.definition": lambda word: {"phrases": word},
    "core.signal.words": lambda word: [word],
    "core.amendment.before": lambda word: {"title": word},
    "core.amendment.after": lambda word: {"title": word},
    "answers.answerdraft.fields": lambda word: {"body": word},
    "mfa.authenticator.data": lambda word: {"secret": word},
    "answers.answer.citations": lambda word: [{"kind": "label", "value": word}],
    "answers.answerrevision.citations": lambda word: [{"kind": "label", "value": word}],
    "answers.answer.author_snapshot": lambda word: {"name": word},
    "answers.answerrevision.author_snapshot": lambda word: {"name": word},
    "answers.secondopinion.author_snapshot": lambda word: {"name": word},
}


def planted_fields(model: type[models.Model]) -> list[models.Field]:
    """The fields that can hold a word of somebody's: no closed choice, long enough, not listed as harmless."""
    label = model._meta.label_lower
    return [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, WORDS)
        and not one.choices
        and (one.max_length or 99) >= len("quaggaaaa")
        and not {label, f"{label}.{one.name}"} & UNPLANTED.keys()
    ]


@dataclass
class Aviary:
    """Where every canary sits, and the rows they sit in."""

    where: dict[str, str] = field(default_factory=dict)
    rows: list[models.Model] = field(default_factory=list)

    def values(self, model: type[models.Model], what: str, only: tuple[str, ...] = ()) -> dict[str, Any]:
        """A new canary for each field of one row."""
        fields = [one for one in planted_fields(model) if not only or one.name in only]
        return {one.name: self._value(one, f"{one} of {what}") for one in fields}

    def plant(self, row: models.Model, what: str, only: tuple[str, ...] = ()) -> Any:
        """Into a row that is there, past every verb: whatever the fields hold, nobody may find it."""
        model = type(row)
        model._base_manager.filter(pk=row.pk).update(**self.values(model, what, only))
        self.rows.append(row)
        return row

    def grow(self, model: type[models.Model], what: str, **fields: Any) -> Any:
        """A new row of a model that refuses to be changed."""
        row = model._base_manager.create(**self.values(model, what), **fields)
        self.rows.append(row)
        return row

    def _value(self, one: models.Field, where: str) -> Any:
        word = "quagga" + "".join(
            next(itertools.islice(itertools.product(LETTERS, repeat=3), len(self.where), None))
        )
        self.where[word] = where
        if isinstance(one, models.EmailField):
            return f"{word}@example.org"
        if isinstance(one, models.URLField):
            return f"https://{word}.example/"
        if isinstance(one, models.FileField):
            return f"{one.upload_to}{word}.webp"
        if isinstance(one, models.JSONField):
            return SHAPES[f"{one.model._meta.label_lower}.{one.name}"](word)
        return [word] if isinstance(one, ArrayField) else word


def traits(state: str) -> dict[str, Any]:
    return {} if state == State.DRAFT else {str(state): True}


def decided(state: str) -> dict[str, Any]:
    """The same for rows without a factory."""
    now = timezone.now()
    fields: dict[str, Any] = {"state": state, "submitted_at": now}
    if state in {State.REJECTED, State.REMOVED}:
        fields |= {"moderated_by": some_moderator(), "moderated_at": now}
    return fields | ({"published_at": now} if state == State.REMOVED else {})


def questions(world: dict, state: str) -> Iterator[Question]:
    about = {"treatment": world["treatment"], "use": world["use"]}
    for link in ({}, {"variant_of": world["question"]}, {"duplicate_of": world["question"]}):
        yield QuestionFactory(**traits(state), **about, **link)


def question_revisions(world: dict, state: str) -> Iterator[QuestionRevision]:
    question = QuestionFactory(published=True, treatment=world["treatment"])
    yield question.revisions.create(number=2, title="x", body="x", **decided(state))


def answers(world: dict, state: str) -> Iterator[Answer]:
    yield AnswerFactory(**traits(state), question=world["question"])


def answer_revisions(world: dict, state: str) -> Iterator[AnswerRevision]:
    answer = AnswerFactory(published=True, question__treatment=world["treatment"])
    yield answer.revisions.create(number=2, stance="supports", summary="x", body="x", **decided(state))


def second_opinions(world: dict, state: str) -> Iterator[SecondOpinion]:
    yield SecondOpinionFactory(**traits(state), dispute=True, answer=world["answer"])


def facts_asked(world: dict, state: str) -> Iterator[FactAsked]:
    yield FactAskedFactory(**traits(state), question=world["question"])


def facts_given(world: dict, state: str) -> Iterator[FactGiven]:
    """To something public, and in public to something that is not."""
    asked = FactAskedFactory(published=True, question=world["question"])
    yield FactGivenFactory(**traits(state), asked=asked)
    hidden = FactAskedFactory(**traits(state), question=world["question"])
    yield FactGivenFactory(published=True, asked=hidden)


def doctors(world: dict, state: str) -> Iterator[Doctor]:
    yield DoctorFactory(**traits(state))


def doctor_revisions(world: dict, state: str) -> Iterator[DoctorRevision]:
    yield DoctorFactory(published=True).revisions.create(number=2, bio="x", **decided(state))


def profile_claims(world: dict, state: str) -> Iterator[ProfileClaim]:
    yield ProfileClaimFactory(**traits(state))


def portraits(world: dict, state: str) -> Iterator[Portrait]:
    yield PortraitFactory(**traits(state))


def cases(world: dict, state: str) -> Iterator[Case]:
    yield CaseFactory(**traits(state), treatment=world["treatment"])


def review_entries(world: dict, state: str) -> Iterator[ReviewEntry]:
    yield ReviewEntryFactory(**traits(state), review__doctor=world["verified"])


def review_replies(world: dict, state: str) -> Iterator[ReviewReply]:
    """To something public, by a doctor everybody knows."""
    entry = ReviewEntryFactory(published=True, review__doctor__user=UserFactory())
    yield ReviewReplyFactory(**traits(state), review=entry.review)


def visit_proofs(world: dict, state: str) -> Iterator[VisitProof]:
    yield VisitProofFactory(**traits(state), review__doctor=world["verified"])


MODERATED: dict[type[Moderated], Callable[[dict, str], Iterator[Moderated]]] = {
    Question: questions,
    QuestionRevision: question_revisions,
    Answer: answers,
    AnswerRevision: answer_revisions,
    SecondOpinion: second_opinions,
    FactAsked: facts_asked,
    FactGiven: facts_given,
    Doctor: doctors,
    DoctorRevision: doctor_revisions,
    ProfileClaim: profile_claims,
    Portrait: portraits,
    Case: cases,
    ReviewEntry: review_entries,
    ReviewReply: review_replies,
    VisitProof: visit_proofs,
}


def plant_everything(world: dict) -> Aviary:
    """One of each moderated thing in each hidden state, and every other row that is somebody's business alone."""
    aviary = Aviary()
    for model in MODERATED:
        for state in HIDDEN:
            for row in MODERATED[model](world, state):
                aviary.plant(row, str(state))
                _people(aviary, row, state)
    for name in ("question", "answer", "opinion", "asked_fact", "given_fact", "verified"):
        aviary.plant(world[name], "something public", only=("moderation_reason",))
    for model, make in OTHERS.items():
        for row in make(aviary, world):
            assert isinstance(row, model)
    refresh(list(Question.objects.values_list("pk", flat=True)))
    return aviary


def _people(aviary: Aviary, row: Moderated, state: str) -> None:
    """Who wrote what is hidden. Authors of edits and of answers have public pages; their accounts have none."""
    author = type(row)._base_manager.get(pk=row.pk).author_user_id()
    person = User.objects.get(pk=author)
    if not any(isinstance(one, User) and one.pk == person.pk for one in aviary.rows):
        what = f"the author of {row._meta.model_name} {state}"
        wrote_in_public = Question.objects.filter(author=person, state=State.PUBLISHED).exists()
        aviary.plant(person, what, only=("email",) if wrote_in_public else ())


def _new(aviary: Aviary, *rows: models.Model, what: str = "somebody's", only: tuple[str, ...] = ()) -> list:
    return [aviary.plant(row, what, only) for row in rows]


def _accounts(aviary: Aviary, world: dict) -> list:
    alias = QuestionFactory(published=True, treatment=world["treatment"], alias="Wren").author
    return _new(aviary, some_moderator(), alias, world["verified"].user, world["suspended"].user)


def _sanctions(aviary: Aviary, world: dict) -> list:
    said = {"imposed_by": some_moderator(), "kind": "warning", "reason": "x"}
    lifted = {"lifted_by": some_moderator(), "lifted_at": timezone.now(), "lifted_reason": "x"}
    person = UserFactory()
    kept, gone = (
        Sanction.objects.create(user=person, **said),
        Sanction.objects.create(user=person, **said, **lifted),
    )
    return [*_new(aviary, kept, only=("reason",)), *_new(aviary, gone)]


def _appeals(aviary: Aviary, world: dict) -> list:
    appeal, entry = world["appeal"], world["entry"]
    said = {"object_type": "questions.question", "object_id": world["question"].pk, "author": UserFactory()}
    declined = {"state": AppealState.DECLINED, "decided_by": some_moderator(), "decided_at": timezone.now()}
    other = Appeal.objects.create(entry=entry, **said, text="x", reason="x", **declined)
    return [*_new(aviary, appeal, only=("text",)), *_new(aviary, other)]


def _batches(aviary: Aviary, world: dict) -> list:
    undone = {"undone_at": timezone.now(), "undone_by": some_moderator(), "undone_reason": "x"}
    batch = Batch.objects.create(about=UserFactory(), by=some_moderator(), reason="x", **undone)
    return _new(aviary, batch)


def _reports(aviary: Aviary, world: dict) -> list:
    decided = [ReportFactory(on=world["answer"], **{state: True}) for state in ("upheld", "dismissed")]
    waiting = ReportFactory(on=world["question"], state=ReportState.OPEN)
    return [*_new(aviary, *decided), *_new(aviary, waiting, only=("text",))]


def _rules(aviary: Aviary, world: dict) -> list:
    return _new(aviary, HoldRule.objects.get(code="links"))


def _rule_versions(aviary: Aviary, world: dict) -> list:
    rule = world["rule"]
    return [aviary.grow(HoldRuleVersion, "a rule", rule=rule, number=99)]


def _signals(aviary: Aviary, world: dict) -> list:
    about = {
        "object_type": "answers.answer",
        "object_id": world["answer"].pk,
        "object_version": 1,
        "weight": 1,
    }
    return [aviary.grow(Signal, "something public", rule=world["rule"], rule_version=1, **about)]


def _trail(aviary: Aviary, world: dict) -> list:
    about = {"object_type": "answers.answer", "object_id": world["answer"].pk, "actor": some_moderator()}
    return [aviary.grow(AuditEntry, "something public", **about)]


def _looks(aviary: Aviary, world: dict) -> list:
    about = {"object_type": "accounts.user", "object_id": world["patient_user"].pk, "actor": some_moderator()}
    return [aviary.grow(AccessEntry, "an account", kind=Private.ACCOUNT, **about)]


def _amendments(aviary: Aviary, world: dict) -> list:
    about = {"object_type": "questions.question", "object_id": world["question"].pk, "by": some_moderator()}
    return [aviary.grow(Amendment, "something public", version=1, **about)]


def _treatments(aviary: Aviary, world: dict) -> list:
    treatment = TreatmentFactory(is_reviewed=False, emergency_signs="x", emergency_source=SourceFactory())
    return _new(aviary, treatment, what="a treatment nobody has reviewed")


def _of_a_treatment(make: Callable[[Treatment], models.Model]) -> Callable[[Aviary, dict], list]:
    def planted(aviary: Aviary, world: dict) -> list:
        return _new(aviary, make(TreatmentFactory(is_reviewed=False)), what="a treatment nobody has reviewed")

    return planted


def _notices(aviary: Aviary, world: dict) -> list:
    gone = SafetyNoticeFactory(treatment=world["treatment"], withdrawn_on=timezone.localdate())
    unreviewed = SafetyNoticeFactory(treatment=TreatmentFactory(is_reviewed=False))
    return _new(aviary, gone, unreviewed, what="a notice out of force")


def _consents(aviary: Aviary, world: dict) -> list:
    """Also of a case that anybody may read: the label is its doctor's alone, and the digest of the link nobody's."""
    public = CaseFactory(published=True, treatment=world["treatment"]).consent
    return _new(aviary, public, ConsentFactory())


def _credentials(aviary: Aviary, world: dict) -> list:
    hidden = CredentialFactory(doctor=DoctorFactory(removed=True))
    public = CredentialFactory(doctor=world["verified"])
    return [*_new(aviary, hidden), *_new(aviary, public, what="a public doctor", only=("number",))]


def _places(aviary: Aviary, world: dict) -> list:
    return _new(aviary, PracticePlace.objects.create(doctor=DoctorFactory(rejected=True), name="x", city="x"))


def _verifications(aviary: Aviary, world: dict) -> list:
    made = []
    for doctor, only in ((DoctorFactory(removed=True), ()), (world["verified"], ("note",))):
        spare = VerificationFactory.build(
            credential=CredentialFactory(doctor=doctor), checked_by=some_moderator()
        )
        for name, value in aviary.values(Verification, "a check", only).items():
            setattr(spare, name, value)
        spare.save()
        made.append(spare)
    return made


def _imported(aviary: Aviary, world: dict) -> list:
    hidden = AnswerFactory(pending=True, question=world["question"])
    return [aviary.grow(ImportedAnswer, "an answer that waits", answer=hidden)]


def _drafts(aviary: Aviary, world: dict) -> list:
    about = {"doctor": DoctorFactory(verified=True), "question": world["question"]}
    return [aviary.grow(AnswerDraft, "a doctor's", **about)]


def _saved_replies(aviary: Aviary, world: dict) -> list:
    return [aviary.grow(SavedReply, "a doctor's", doctor=DoctorFactory(verified=True))]


def _outcomes(aviary: Aviary, world: dict) -> list:
    said = {"question": world["question"], "after_days": 30, "decision": "did"}
    return [aviary.grow(Outcome, "an asker's note to themselves", **said)]


def _captions(aviary: Aviary, world: dict) -> list:
    question = QuestionFactory(pending=True, treatment=world["treatment"])
    photo = Photo.objects.create(name=f"{0:032x}.jpg", width=1, height=1, owner=question.author)
    return [aviary.grow(QuestionPhoto, "a question that waits", question=question, photo=photo)]


def _addresses(aviary: Aviary, world: dict) -> list:
    return _new(aviary, EmailAddress.objects.get(user=UserFactory()))


def _second_factors(aviary: Aviary, world: dict) -> list:
    return [aviary.grow(Authenticator, "somebody's", user=UserFactory(), type="totp")]


def _reviews(aviary: Aviary, world: dict) -> list:
    return _new(aviary, ReviewFactory(doctor=world["verified"]), what="a review that nobody has read")


OTHERS: dict[type[models.Model], Callable[[Aviary, dict], list]] = {
    User: _accounts,
    EmailAddress: _addresses,
    Authenticator: _second_factors,
    Sanction: _sanctions,
    Appeal: _appeals,
    Batch: _batches,
    Report: _reports,
    HoldRule: _rules,
    HoldRuleVersion: _rule_versions,
    Signal: _signals,
    AuditEntry: _trail,
    AccessEntry: _looks,
    Amendment: _amendments,
    Treatment: _treatments,
    TreatmentSynonym: _of_a_treatment(lambda one: one.synonyms.create(name="x")),
    TreatmentUse: _of_a_treatment(lambda one: UseFactory(treatment=one)),
    LabelStatus: _of_a_treatment(lambda one: LabelStatusFactory(use=UseFactory(treatment=one))),
    Caution: _of_a_treatment(
        lambda one: one.cautions.create(kind="caution", text="x", source=SourceFactory())
    ),
    SafetyNotice: _notices,
    Credential: _credentials,
    Consent: _consents,
    PracticePlace: _places,
    Verification: _verifications,
    ImportedAnswer: _imported,
    AnswerDraft: _drafts,
    SavedReply: _saved_replies,
    Outcome: _outcomes,
    Review: _reviews,
    QuestionPhoto: _captions,
}


def unplanted_models() -> list[str]:
    """Models with words that are neither planted nor listed, and moderated ones nobody makes."""
    made = MODERATED.keys() | OTHERS.keys()
    wordy = {model for model in apps.get_models() if planted_fields(model)}
    moderated = {model for model in apps.get_models() if issubclass(model, Moderated)}
    return sorted(model._meta.label_lower for model in (wordy - made) | (moderated - MODERATED.keys()))
