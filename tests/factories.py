"""Rows for tests, made through the models; ``published`` and its like are traits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import User
from answers.models import Answer, FactAsked, FactGiven, SecondOpinion
from answers.threads import refresh
from config.roles import MODERATORS, SENIORS
from core.enums import ReportState, State
from core.images.models import Photo, Rendition
from core.images.renditions import Kind, opaque_name
from core.models import Report
from doctors.enums import Alike, CredentialKind, Role, ShownIn, SignedHow, Standing, Verdict, View
from doctors.models import (
    DECLARATION,
    Case,
    CasePhoto,
    Consent,
    Credential,
    Doctor,
    Portrait,
    PortraitPhoto,
    ProfileClaim,
    Review,
    ReviewEntry,
    ReviewReply,
    Specialty,
    Verification,
    VisitProof,
)
from questions.models import Question, QuestionTreatment, question_slug
from treatments.enums import Jurisdiction, Status
from treatments.models import BodyArea, Caution, LabelStatus, SafetyNotice, Source, Treatment, TreatmentUse

PASSWORD = "plum ladder quartz 81"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    handle = factory.Sequence(lambda n: f"person-{n}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def confirmed(obj: User, create: bool, extracted: Any, **_: Any) -> None:
        """Whoever exists in a test has confirmed the address."""
        if create:
            EmailAddress.objects.create(user=obj, email=obj.email, verified=True, primary=True)


def moderator(**fields: Any) -> User:
    """A member of the moderators' group."""
    return _staff(MODERATORS, **fields)


def senior(**fields: Any) -> User:
    """A member of the senior moderators' group."""
    return _staff(SENIORS, **fields)


def _staff(group: str, **fields: Any) -> User:
    user = UserFactory(is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=group))
    return User.objects.get(pk=user.pk)


def some_moderator() -> User:
    """The moderator behind rows that only need to have been decided by somebody."""
    return User.objects.filter(handle="some-moderator").first() or moderator(handle="some-moderator")


DECIDED = {
    "moderated_by": factory.LazyFunction(some_moderator),
    "moderated_at": factory.LazyFunction(timezone.now),
    "submitted_at": factory.LazyFunction(timezone.now),
}


class StateTraits(factory.Factory):
    class Params:
        pending = factory.Trait(state=State.PENDING, submitted_at=factory.LazyFunction(timezone.now))
        published = factory.Trait(
            state=State.PUBLISHED, published_at=factory.LazyFunction(timezone.now), **DECIDED
        )
        removed = factory.Trait(
            state=State.REMOVED,
            published_at=factory.LazyFunction(timezone.now),
            moderation_reason="x",
            **DECIDED,
        )
        rejected = factory.Trait(state=State.REJECTED, moderation_reason="x", **DECIDED)
        withdrawn = factory.Trait(state=State.WITHDRAWN, submitted_at=factory.LazyFunction(timezone.now))


class SpecialtyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Specialty
        django_get_or_create = ("slug",)

    slug = "dermatology"
    name = factory.LazyAttribute(lambda s: s.slug.replace("-", " ").capitalize())


class TreatmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Treatment

    name = factory.Sequence(lambda n: f"Treatment {n}")
    slug = factory.LazyAttribute(lambda t: t.name.lower().replace(" ", "-"))
    summary = "What it is in a sentence."
    is_reviewed = True


class BodyAreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BodyArea
        django_get_or_create = ("slug",)

    slug = "face"
    name = factory.LazyAttribute(lambda a: a.slug.capitalize())


class UseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TreatmentUse

    treatment = factory.SubFactory(TreatmentFactory)
    name = factory.Sequence(lambda n: f"Use {n}")
    slug = factory.LazyAttribute(lambda u: u.name.lower().replace(" ", "-"))
    body_area = factory.SubFactory(BodyAreaFactory)


class SourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Source

    slug = factory.Sequence(lambda n: f"source-{n}")
    title = "Prescribing information"
    publisher = "A regulator"
    dated = "2024-10"


class LabelStatusFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LabelStatus

    use = factory.SubFactory(UseFactory)
    jurisdiction = Jurisdiction.US
    status = Status.OFF_LABEL
    source = factory.SubFactory(SourceFactory)


class CautionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Caution

    treatment = factory.SubFactory(TreatmentFactory)
    kind = "pregnancy"
    text = "Put it off."
    source = factory.SubFactory(SourceFactory)


class SafetyNoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SafetyNotice

    treatment = factory.SubFactory(TreatmentFactory)
    product = "Batch 7"
    text = "Do not use what is left of it."
    source = factory.SubFactory(SourceFactory)
    issued_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=10))


class DoctorFactory(StateTraits, factory.django.DjangoModelFactory):
    class Meta:
        model = Doctor
        skip_postgeneration_save = True

    class Params:
        verified = factory.Trait(
            state=State.PUBLISHED,
            published_at=factory.LazyFunction(timezone.now),
            standing=Standing.VERIFIED,
            verified_on=factory.LazyFunction(lambda: timezone.now().date()),
            verified_until=factory.LazyFunction(lambda: timezone.now().date() + timedelta(days=300)),
            **DECIDED,
        )
        suspended = factory.Trait(verified=True, standing=Standing.SUSPENDED)
        expired = factory.Trait(
            verified=True,
            verified_until=factory.LazyFunction(lambda: timezone.now().date() - timedelta(days=1)),
        )

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Doctor Number{n}")
    slug = factory.LazyAttribute(lambda d: d.name.lower().replace(" ", "-"))
    title = "MD"
    specialty = factory.SubFactory(SpecialtyFactory)
    city = "Memphis"
    region = "TN"
    country = "US"


class ProfileClaimFactory(StateTraits, factory.django.DjangoModelFactory):
    class Meta:
        model = ProfileClaim

    doctor = factory.SubFactory(DoctorFactory, user=None, published=True, is_imported=True)
    claimant = factory.SubFactory(UserFactory)
    kind = "licence"
    authority = "State board"
    number = factory.Sequence(lambda n: f"C-{n}")


class CredentialFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Credential

    doctor = factory.SubFactory(DoctorFactory)
    kind = CredentialKind.BOARD
    authority = "American Board of Dermatology"
    number = factory.Sequence(lambda n: f"TEST-{n:05}")
    expires_on = factory.LazyFunction(lambda: timezone.now().date() + timedelta(days=400))


class VerificationFactory(factory.django.DjangoModelFactory):
    """Somebody looked the credential up and found it as stated."""

    class Meta:
        model = Verification

    credential = factory.SubFactory(CredentialFactory)
    doctor = factory.LazyAttribute(lambda v: v.credential.doctor)
    result = "verified"
    source = "Register of the authority"
    checked_by = factory.LazyFunction(some_moderator)


class QuestionFactory(StateTraits, factory.django.DjangoModelFactory):
    class Meta:
        model = Question
        skip_postgeneration_save = True

    author = factory.SubFactory(UserFactory)
    treatment = factory.SubFactory(TreatmentFactory)
    title = factory.Sequence(lambda n: f"Is question {n} a good idea?")
    body = "I have wondered about this for a year. What would you say?"
    body_format = "markdown"
    body_html = factory.LazyAttribute(lambda q: f"<p>{q.body}</p>")
    slug = factory.LazyAttribute(lambda q: question_slug(q.title))
    stage = "before"

    @factory.post_generation
    def about(obj: Question, create: bool, extracted: Any, **_: Any) -> None:
        if create and obj.treatment:
            QuestionTreatment.objects.get_or_create(question=obj, treatment=obj.treatment)
        if create:
            refresh([obj.pk])


class AnswerFactory(StateTraits, factory.django.DjangoModelFactory):
    class Meta:
        model = Answer
        skip_postgeneration_save = True

    question = factory.SubFactory(QuestionFactory, published=True)
    doctor = factory.SubFactory(DoctorFactory, verified=True)
    stance = "supports"
    confidence = "moderate"
    summary = "It is a reasonable thing to do."
    body = "In my practice this works for most people."
    body_html = factory.LazyAttribute(lambda a: f"<p>{a.body}</p>")

    @factory.post_generation
    def in_thread(obj: Answer, create: bool, extracted: Any, **_: Any) -> None:
        if create:
            refresh([obj.question_id])


class ReportFactory(factory.django.DjangoModelFactory):
    """On ``on``, a public question unless another thing is given."""

    class Meta:
        model = Report
        exclude = ("on",)

    class Params:
        upheld = factory.Trait(
            state=ReportState.UPHELD,
            decided_by=factory.LazyFunction(some_moderator),
            decided_at=factory.LazyFunction(timezone.now),
            reason="It was so.",
        )
        dismissed = factory.Trait(upheld=True, state=ReportState.DISMISSED, reason="It was not so.")

    on = factory.SubFactory(QuestionFactory, published=True)
    reporter = factory.SubFactory(UserFactory)
    object_type = factory.LazyAttribute(lambda r: r.on._meta.label_lower)
    object_id = factory.LazyAttribute(lambda r: r.on.pk)
    version = 1
    kind = "facts"
    text = "The second sentence is wrong."


class SecondOpinionFactory(StateTraits, factory.django.DjangoModelFactory):
    """A co-signature of the answer's own position; ``dispute`` is a trait."""

    class Meta:
        model = SecondOpinion
        skip_postgeneration_save = True

    class Params:
        dispute = factory.Trait(
            kind="dispute", stance="against", reason="safety", note="The risk is larger than this makes it."
        )

    answer = factory.SubFactory(AnswerFactory, published=True)
    doctor = factory.SubFactory(DoctorFactory, verified=True)
    kind = "cosign"
    stance = factory.LazyAttribute(lambda o: o.answer.stance)

    @factory.post_generation
    def in_thread(obj: SecondOpinion, create: bool, extracted: Any, **_: Any) -> None:
        if create:
            refresh([obj.answer.question_id])


class FactAskedFactory(StateTraits, factory.django.DjangoModelFactory):
    class Meta:
        model = FactAsked

    question = factory.SubFactory(QuestionFactory, published=True)
    doctor = factory.SubFactory(DoctorFactory, verified=True)
    text = "Had you had this done before?"


class FactGivenFactory(StateTraits, factory.django.DjangoModelFactory):
    class Meta:
        model = FactGiven

    asked = factory.SubFactory(FactAskedFactory, published=True)
    text = "Twice, the last time in spring."


class ConsentFactory(factory.django.DjangoModelFactory):
    """In force for everywhere; neither recognisable nor sensitive unless told."""

    class Meta:
        model = Consent

    doctor = factory.SubFactory(DoctorFactory, verified=True)
    label = factory.Sequence(lambda n: f"Chair {n}")
    uses = factory.LazyFunction(lambda: list(ShownIn.values))
    is_adult = True
    text_version = 1
    text_sha256 = "0" * 64
    how = SignedHow.SCREEN
    signed_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=10))
    until = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=400))


def some_photo(*, owner: User | None, kind: str = "") -> Photo:
    """The rows of a picture with its renditions, and no files."""
    photo = Photo.objects.create(
        name=opaque_name(Kind.JPEG),
        width=1200,
        height=1500,
        owner=owner,
        holder=kind,
        rendered_at=timezone.now(),
    )
    for each in Kind:
        Rendition.objects.create(photo=photo, name=opaque_name(each), kind=each, width=640, height=800)
    return photo


class CaseFactory(StateTraits, factory.django.DjangoModelFactory):
    """With a pair of pictures of each of ``views``, and then in the state of its trait."""

    class Meta:
        model = Case

    doctor = factory.SubFactory(DoctorFactory, verified=True)
    consent = factory.SubFactory(ConsentFactory, doctor=factory.SelfAttribute("..doctor"))
    treatment = factory.SubFactory(TreatmentFactory)
    technique = "Three points on each side"
    age_band = "35-44"
    skin_type = "3"
    days_after = 30
    alike = factory.LazyFunction(lambda: list(Alike.values))
    is_unedited = True
    looked_through = 1
    views = (View.FRONT,)

    @classmethod
    def _create(cls, model_class: type[Case], *args: Any, **kwargs: Any) -> Case:
        views, decided = kwargs.pop("views"), {}
        for name in (
            "state",
            "submitted_at",
            "published_at",
            "moderated_at",
            "moderated_by",
            "moderation_reason",
        ):
            if name in kwargs:
                decided[name] = kwargs.pop(name)
        case = super()._create(model_class, *args, **kwargs)
        for position, (view, role) in enumerate((view, role) for view in views for role in Role):
            photo = some_photo(owner=case.doctor.user, kind=CasePhoto._meta.label_lower)
            CasePhoto.objects.create(case=case, photo=photo, role=role, view=view, position=position)
        for name, value in decided.items():
            setattr(case, name, value)
        case.save()
        return case


class ReviewFactory(factory.django.DjangoModelFactory):
    """The review alone; what is said in it comes with ``ReviewEntryFactory``."""

    class Meta:
        model = Review

    author = factory.SubFactory(UserFactory)
    doctor = factory.SubFactory(DoctorFactory, published=True)
    treatment = factory.SubFactory(TreatmentFactory)
    treated_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=100))
    declaration = DECLARATION


class ReviewEntryFactory(StateTraits, factory.django.DjangoModelFactory):
    class Meta:
        model = ReviewEntry

    review = factory.SubFactory(ReviewFactory)
    day = factory.LazyAttribute(lambda entry: entry.review.days_since)
    verdict = Verdict.WORTH_IT
    text = "It healed quickly and looks as I had hoped."


class ReviewReplyFactory(StateTraits, factory.django.DjangoModelFactory):
    class Meta:
        model = ReviewReply

    review = factory.SubFactory(ReviewFactory)
    text = "Thank you for taking the time to write. Please call us if you would like to talk."


class VisitProofFactory(StateTraits, factory.django.DjangoModelFactory):
    """Without its file: ``VisitPaper`` rows name one that was kept."""

    class Meta:
        model = VisitProof

    review = factory.SubFactory(ReviewFactory)


class PortraitFactory(StateTraits, factory.django.DjangoModelFactory):
    """With its picture, and where it is published, shown by its profile."""

    class Meta:
        model = Portrait

    doctor = factory.SubFactory(DoctorFactory, verified=True)

    @classmethod
    def _create(cls, model_class: type[Portrait], *args: Any, **kwargs: Any) -> Portrait:
        portrait = super()._create(model_class, *args, **kwargs)
        photo = some_photo(owner=portrait.doctor.user, kind=PortraitPhoto._meta.label_lower)
        PortraitPhoto.objects.create(portrait=portrait, photo=photo)
        if portrait.state == State.PUBLISHED:
            portrait.doctor.portrait_shown = photo.renditions.get(kind=Kind.JPEG)
            portrait.doctor.save(update_fields=["portrait_shown"])
        return portrait
