"""What is moderated here, and how each kind is shown in the queue and on its screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Case as Whichever
from django.db.models import (
    CharField,
    Count,
    DateField,
    DateTimeField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, Left, NullIf
from django.http import Http404

from answers.models import Answer, AnswerRevision, FactAsked, FactGiven, SecondOpinion
from config.reports import REPORTABLE
from core.enums import ReportKind, State
from core.models import Appeal, Moderated, Report
from doctors.models import (
    DUE_AHEAD,
    Case,
    Credential,
    Doctor,
    DoctorRevision,
    Portrait,
    ProfileClaim,
    ReviewEntry,
    ReviewReply,
    VisitProof,
)
from questions.models import Question, QuestionRevision

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from accounts.models import User

TITLE_LENGTH = 120


@dataclass(frozen=True)
class Kind:
    """One moderated model. Paths and expressions are the columns of the queue, seen from the model.

    ``treatment`` is the path to the treatment's id, empty where there is none. ``related`` is what the
    screen prints. A kind with ``parent`` is an edit: the path to what it changes. Reports, appeals
    and checks that are due are no text (``is_text``) that could be published: they have screens of their own.
    What ``is_read_alone`` is published on its own screen only.
    """

    model: type[Moderated] | type[Report] | type[Appeal] | type[Credential]
    label: str
    plural: str
    title: Combinable
    author: Combinable
    treatment: str = ""
    related: tuple[str, ...] = ()
    parent: str = ""
    is_text: bool = True
    is_read_alone: bool = False

    @property
    def name(self) -> str:
        """The name in addresses."""
        return str(self.model._meta.model_name)

    @property
    def template(self) -> str:
        return f"admin/moderation/{self.name}.html"

    def rows(self) -> QuerySet:
        model = cast("type[Moderated]", self.model)
        return model._base_manager.select_related("moderated_by", *self.related)

    def waiting(self) -> QuerySet:
        """What is to be decided, each thing once."""
        return cast("type[Moderated]", self.model)._base_manager.filter(state=State.PENDING)

    def row(self, pk: int) -> Any:
        """One row with what tells its place in the queue, waiting or not any more."""
        return self.model._base_manager.filter(pk=pk).first()

    def may_be_moderated_by(self, user: User) -> bool:
        return user.has_perm(self.model.moderate_permission())


def _asker(path: str = "") -> Combinable:
    """The alias, the handle or a dash: what the moderators may know of the asker in a list."""
    return Coalesce(NullIf(F(f"{path}alias"), Value("")), F(f"{path}author__handle"), Value("–"))


def _named(path: str) -> Combinable:
    return Concat(F(f"{path}name"), Value(" "), F(f"{path}title"))


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            Question,
            "Question",
            "Questions",
            title=F("title"),
            author=_asker(),
            treatment="treatment",
            related=("author", "treatment__parent", "use", "duplicate_of", "variant_of"),
        ),
        Kind(
            QuestionRevision,
            "Edit of a question",
            "Edits of questions",
            title=F("title"),
            author=_asker("question__"),
            treatment="question__treatment",
            related=("question__author", "question__treatment__parent", "question__use"),
            parent="question",
        ),
        Kind(
            Answer,
            "Answer",
            "Answers",
            title=Coalesce(NullIf(F("summary"), Value("")), F("question__title")),
            author=_named("doctor__"),
            treatment="question__treatment",
            related=("doctor__user", "doctor__specialty", "question__treatment__parent", "question__use"),
        ),
        Kind(
            AnswerRevision,
            "Edit of an answer",
            "Edits of answers",
            title=Coalesce(NullIf(F("summary"), Value("")), F("answer__question__title")),
            author=_named("answer__doctor__"),
            treatment="answer__question__treatment",
            related=(
                "answer__doctor__user",
                "answer__doctor__specialty",
                "answer__question__treatment__parent",
                "answer__question__use",
            ),
            parent="answer",
        ),
        Kind(
            SecondOpinion,
            "Second opinion",
            "Second opinions",
            title=Coalesce(
                NullIf(F("note"), Value("")),
                NullIf(F("answer__summary"), Value("")),
                F("answer__question__title"),
            ),
            author=_named("doctor__"),
            treatment="answer__question__treatment",
            related=(
                "doctor__user",
                "doctor__specialty",
                "answer__doctor__specialty",
                "answer__question__treatment__parent",
                "answer__question__use",
            ),
        ),
        Kind(
            FactAsked,
            "Question to the asker",
            "Questions to askers",
            title=F("text"),
            author=_named("doctor__"),
            treatment="question__treatment",
            related=("doctor__user", "doctor__specialty", "question__treatment__parent", "question__use"),
        ),
        Kind(
            FactGiven,
            "Reply to a doctor",
            "Replies to doctors",
            title=F("text"),
            author=_asker("asked__question__"),
            treatment="asked__question__treatment",
            related=(
                "asked__doctor__specialty",
                "asked__question__author",
                "asked__question__treatment__parent",
                "asked__question__use",
            ),
        ),
        Kind(
            Doctor,
            "Doctor",
            "Doctors",
            title=_named(""),
            author=Coalesce(F("user__handle"), Value("no account")),
            related=("user", "specialty"),
        ),
        Kind(
            DoctorRevision,
            "Edit of a profile",
            "Edits of profiles",
            title=_named("doctor__"),
            author=Coalesce(F("doctor__user__handle"), Value("no account")),
            related=("doctor__user", "doctor__specialty"),
            parent="doctor",
        ),
        Kind(
            Portrait,
            "Portrait",
            "Portraits",
            title=_named("doctor__"),
            author=Coalesce(F("doctor__user__handle"), Value("no account")),
            related=("doctor__user", "doctor__specialty", "doctor__portrait_shown"),
            is_read_alone=True,
        ),
        Kind(
            ProfileClaim,
            "Claim to a profile",
            "Claims to profiles",
            title=_named("doctor__"),
            author=Coalesce(F("claimant__handle"), Value("no account")),
            related=("claimant", "doctor__specialty"),
            is_read_alone=True,
        ),
        Kind(
            ReviewEntry,
            "Review",
            "Reviews",
            title=Left(F("text"), TITLE_LENGTH),
            author=_asker("review__"),
            treatment="review__treatment",
            related=(
                "review__author",
                "review__doctor__specialty",
                "review__treatment__parent",
                "review__use",
            ),
        ),
        Kind(
            ReviewReply,
            "Reply to a review",
            "Replies to reviews",
            title=F("text"),
            author=_named("review__doctor__"),
            treatment="review__treatment",
            related=(
                "review__author",
                "review__doctor__user",
                "review__doctor__specialty",
                "review__treatment__parent",
                "review__latest",
            ),
        ),
        Kind(
            VisitProof,
            "Proof of a visit",
            "Proofs of visits",
            title=_named("review__doctor__"),
            author=_asker("review__"),
            treatment="review__treatment",
            related=("review__author", "review__doctor__specialty", "review__treatment__parent"),
            is_read_alone=True,
        ),
    )
}


class CasesKind(Kind):
    """Of what has ended there is nothing to decide, in whatever state it was."""

    def waiting(self) -> QuerySet:
        return super().waiting().filter(ended_at=None)


KINDS["case"] = CasesKind(
    Case,
    "Case",
    "Cases",
    title=Concat(
        Value("Before and after: "),
        Coalesce(F("use__name"), F("treatment__name"), Value("gone")),
        output_field=CharField(),
    ),
    author=_named("doctor__"),
    treatment="treatment",
    related=("doctor__user", "doctor__specialty", "consent", "treatment__parent", "use", "body_area"),
    is_read_alone=True,
)


class ReportsKind(Kind):
    """Reports are no moderated texts: they have states and a screen of their own, and stand once per thing."""

    def waiting(self) -> QuerySet:
        return Report.objects.leading()


def _reported() -> Combinable:
    """What is said to be wrong with what. The words of a report and its author are for its screen."""
    said = Whichever(
        *(When(kind=kind, then=Value(kind.label)) for kind in ReportKind), output_field=CharField()
    )
    things = (
        When(
            object_type=model._meta.label_lower,
            then=Subquery(
                model._base_manager.filter(pk=OuterRef("object_id"))
                .annotate(named=Cast(KINDS[name].title, CharField()))
                .values("named")
            ),
        )
        for name, (model, _) in REPORTABLE.items()
    )
    return Concat(said, Value(": "), Whichever(*things, default=Value("gone"), output_field=CharField()))


def _reporters() -> Combinable:
    """How many people report the same thing."""
    alike = Report.objects.open().filter(object_type=OuterRef("object_type"), object_id=OuterRef("object_id"))
    counted = Subquery(alike.order_by().values("object_id").annotate(people=Count("pk")).values("people"))
    return Concat(Value("People who report it: "), Cast(counted, CharField()), output_field=CharField())


KINDS["report"] = ReportsKind(
    Report, "Report", "Reports", title=_reported(), author=_reporters(), is_text=False
)


class AppealsKind(Kind):
    """Appeals are for senior moderators, and have states and a screen of their own."""

    def waiting(self) -> QuerySet:
        return Appeal.objects.open()


def _appealed() -> Combinable:
    """Which decision about what. The author's alias or handle is not said here: it may be an alias of one question."""
    things = (
        When(
            object_type=kind.model._meta.label_lower,
            then=Subquery(
                kind.model._base_manager.filter(pk=OuterRef("object_id"))
                .annotate(named=Cast(kind.title, CharField()))
                .values("named")
            ),
        )
        for kind in KINDS.values()
        if issubclass(kind.model, Moderated)
    )
    titled = Whichever(*things, default=Value("gone"), output_field=CharField())
    return Concat(Value("Against “"), F("entry__action"), Value("”: "), titled)


KINDS["appeal"] = AppealsKind(
    Appeal,
    "Appeal",
    "Appeals",
    title=_appealed(),
    author=Value("its author", CharField()),
    is_text=False,
)


class DueKind(Kind):
    """Credentials that somebody has to check again; their screen is that of their doctor."""

    def waiting(self) -> QuerySet:
        return self._placed(Credential.objects.due_soon())

    def row(self, pk: int) -> Any:
        return self._placed(Credential.objects.filter(pk=pk)).select_related("doctor").first()

    @staticmethod
    def _placed(rows: QuerySet) -> QuerySet:
        """Nothing is riskier than another; each has waited since it came to stand in the queue."""
        came_on = ExpressionWrapper(F("due_on") - Value(DUE_AHEAD.days), output_field=DateField())
        return rows.annotate(
            risk=Value(0, IntegerField()), submitted_at=Cast(came_on, DateTimeField())
        ).order_by()


KINDS["credential"] = DueKind(
    Credential,
    "Check due",
    "Checks due",
    title=Concat(
        Value("By "),
        Func(F("due_on"), Value("FMDD Mon YYYY"), function="to_char", output_field=CharField()),
        Value(": "),
        _named("doctor__"),
        Value(", "),
        F("authority"),
        output_field=CharField(),
    ),
    author=Coalesce(F("doctor__user__handle"), Value("no account")),
    is_text=False,
)


def kind_or_404(name: str) -> Kind:
    if name not in KINDS:
        raise Http404("Nothing of this kind is moderated.")
    return KINDS[name]
