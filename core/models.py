"""Rows every floor above relies on: what was decided, and the base of everything that is decided about."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from core.decided import APPEAL_DAYS
from core.decided import Appeal as Appeal
from core.decided import Batch as Batch
from core.decided import Reason as Reason
from core.enums import Private, ReportKind, ReportState, State
from core.rules.models import HoldRule as HoldRule
from core.rules.models import HoldRuleVersion as HoldRuleVersion
from core.rules.models import Signal as Signal

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

    Viewer = User | AnonymousUser

REPORT_LENGTH = 1000


class AuditEntry(models.Model):
    """One decision. The database refuses to change or delete it (migration ``core.0002``)."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    action = models.CharField(max_length=40)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True)
    reason_code = models.CharField(
        max_length=20,
        blank=True,
        help_text="Which of the listed reasons it was, for counting without reading",
    )
    waited = models.DurationField(
        null=True, blank=True, help_text="How long what was decided on had been waiting for it"
    )

    class Meta:
        verbose_name = "audit entry"
        verbose_name_plural = "audit trail"
        default_permissions = ("view",)
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="core_auditentry_object"),
            # What the public ledger counts, month by month, without touching the table.
            models.Index(
                fields=["at"],
                include=["action", "object_type", "reason_code", "waited"],
                name="core_auditentry_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_type} {self.object_id}"


class AuditLink(models.Model):
    """The place of one entry in the chain. The database writes it at commit, for everybody (``core.chain``)."""

    number = models.BigIntegerField(primary_key=True, editable=False)
    # Without a key in the database: that an entry has gone is what the chain is there to tell.
    entry = models.OneToOneField(
        AuditEntry, models.DO_NOTHING, related_name="link", db_constraint=False, editable=False
    )
    seal = models.BinaryField(editable=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number}: {bytes(self.seal).hex()[:12]}"


class AccessEntry(models.Model):
    """Somebody looked at what is private. Written by ``core.access``, and as the trail only ever added to."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    kind = models.CharField("what was shown", max_length=8, choices=Private.choices, editable=False)
    object_type = models.CharField(max_length=60, editable=False)
    object_id = models.BigIntegerField(editable=False)
    path = models.CharField("where", max_length=200, editable=False)
    why = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = "look at something private"
        verbose_name_plural = "looks at something private"
        default_permissions = ("view",)
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="core_accessentry_object")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=Private.values),
                name="core_accessentry_kind_is_known",
                violation_error_message="This kind of private thing does not exist.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_kind_display()} {self.object_type} {self.object_id}"


def queue_index(name: str, state: str = State.PENDING) -> models.Index:
    """The order of the queue, of what waits alone: its first page is read off it, however much waits."""
    order = (F("risk").desc(), F("submitted_at").asc(nulls_first=True), F("id").asc())
    return models.Index(*order, condition=Q(state=state), name=name)


class ModeratedQuerySet(models.QuerySet):
    """Adjectives of moderated things. ``PUBLIC`` is the one place that decides what anybody may read."""

    PUBLIC: ClassVar[Q] = Q(state=State.PUBLISHED)

    @property
    def _kind(self) -> type[Moderated]:
        return cast("type[Moderated]", self.model)

    def public(self) -> Self:
        return self.filter(self.PUBLIC)

    def pending(self) -> Self:
        return self.filter(state=State.PENDING)

    def in_work(self) -> Self:
        """With a moderator, or sent back to its author."""
        return self.filter(state__in=[State.PENDING, State.DRAFT])

    def to_tell(self) -> Self:
        """In work, or rejected so recently that its author may still appeal."""
        recently = timezone.now() - timedelta(days=APPEAL_DAYS)
        rejected = Q(state=State.REJECTED, moderated_at__gt=recently)
        return self.filter(Q(state__in=[State.PENDING, State.DRAFT]) | rejected)

    def by_author(self, user: Viewer) -> Self:
        return self.filter(**{self._kind.AUTHOR_PATH: user})

    def visible_to(self, user: Viewer) -> Self:
        """What is public, what is the user's own, and everything to those who moderate this kind."""
        if not user.is_authenticated:
            return self.public()
        if user.has_perm(self._kind.moderate_permission()):
            return self
        return self.filter(self.PUBLIC | Q(**{self._kind.AUTHOR_PATH: user}))


class Moderated(models.Model):
    """Something that nobody else sees before a moderator has approved it.

    ``state`` changes through :func:`core.moderation.transition` alone. ``version`` grows with every
    change of what a reader would see, so that a decision can name what it was about.
    """

    AUTHOR_PATH: ClassVar[str] = "author"

    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    risk = models.PositiveSmallIntegerField(default=0, editable=False, help_text="0 none … 3 look at once")
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    moderated_at = models.DateTimeField(null=True, blank=True, editable=False)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    moderation_reason = models.TextField(blank=True, editable=False)

    objects = ModeratedQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "view", "moderate")
        constraints = [
            models.CheckConstraint(
                condition=Q(moderated_at__isnull=True, moderated_by__isnull=True)
                | Q(moderated_at__isnull=False, moderated_by__isnull=False),
                name="%(app_label)s_%(class)s_decided_by_somebody",
                violation_error_message="A decision needs both a person and a time.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.PUBLISHED, State.REMOVED])
                | Q(moderated_by__isnull=False, published_at__isnull=False),
                name="%(app_label)s_%(class)s_public_only_if_approved",
                violation_error_message="Nothing is public before a moderator approved it.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values),
                name="%(app_label)s_%(class)s_state_is_known",
                violation_error_message="This state does not exist.",
            ),
        ]

    @classmethod
    def moderate_permission(cls) -> str:
        return f"{cls._meta.app_label}.moderate_{cls._meta.model_name}"

    @classmethod
    def locked(cls, pk: int) -> Self:
        """The row as it stands now, nobody else's until the transaction ends."""
        return cls._base_manager.select_for_update(of=("self",)).get(pk=pk)

    @property
    def is_public(self) -> bool:
        return self.state == State.PUBLISHED

    def author_user_id(self) -> int | None:
        """The account that wrote this, following ``AUTHOR_PATH``; ``None`` when nobody here did."""
        value: Any = self
        *steps, last = self.AUTHOR_PATH.split("__")
        for step in steps:
            value = getattr(value, step, None)
        return getattr(value, f"{last}_id", None) if value is not None else None

    def stand_in_id(self) -> int | None:
        """The moderator who entered this for its author, who therefore submits it and never decides on it."""
        return None

    def after_transition(self, *, before: str, by: User, at: datetime) -> None:
        """Called on the locked row inside the transaction; a model writes what belongs to its own rows."""


class Versioned(Moderated):
    """Something whose published texts are kept, numbered, and replaced only by an approved revision.

    The model has ``revisions``: rows with ``number`` and the same ``TEXT_FIELDS``.
    """

    TEXT_FIELDS: ClassVar[tuple[str, ...]] = ()

    if TYPE_CHECKING:
        revisions: Any

    class Meta(Moderated.Meta):
        abstract = True

    def text(self) -> dict[str, Any]:
        """What a reader would see, as the fields of a revision."""
        return {name: getattr(self, name) for name in self.TEXT_FIELDS}

    def next_number(self) -> int:
        return (self.revisions.aggregate(last=models.Max("number"))["last"] or 0) + 1

    def keep_version(self, at: datetime) -> None:
        """Keep the text that has just become public, unless it is the last one kept."""
        last = self.revisions.filter(state=State.PUBLISHED).order_by("-number").first()
        if last is not None and all(getattr(last, name) == value for name, value in self.text().items()):
            return
        self.revisions.create(
            number=self.next_number(),
            state=State.PUBLISHED,
            submitted_at=self.submitted_at,
            published_at=at,
            moderated_at=self.moderated_at,
            moderated_by=self.moderated_by,
            **self.text(),
        )

    def unkeep_version(self) -> None:
        """The version kept last is public no more, nor part of the history: its publication was undone."""
        last = self.revisions.filter(state=State.PUBLISHED).order_by("-number").first()
        if last is not None:
            last.state = State.REMOVED
            last.save(update_fields=["state"])

    def take_over(self, revision: models.Model, **more: Any) -> None:
        """Make an approved revision's text one's own."""
        for name in self.TEXT_FIELDS:
            setattr(self, name, getattr(revision, name))
        for name, value in more.items():
            setattr(self, name, value)
        self.version += 1
        self.save()


class ReportQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(state=ReportState.OPEN)

    def about(self, obj: models.Model) -> Self:
        return self.filter(object_type=obj._meta.label_lower, object_id=obj.pk)

    def alike(self, report: Report) -> Self:
        """Reports on the same thing as this one, itself among them."""
        return self.filter(object_type=report.object_type, object_id=report.object_id)

    def leading(self) -> Self:
        """Of the open reports on each thing the one that stands for all: the riskiest, then the first."""
        before = Q(risk__gt=OuterRef("risk")) | Q(risk=OuterRef("risk"), pk__lt=OuterRef("pk"))
        others = self.model._base_manager.filter(
            state=ReportState.OPEN, object_type=OuterRef("object_type"), object_id=OuterRef("object_id")
        )
        return self.open().filter(~Exists(others.filter(before)))


class Report(models.Model):
    """Somebody says that something public is wrong. As the audit trail, it names its object without a key to it.

    Nothing follows from a report by itself, nor from any number of them: a moderator decides.
    """

    AUTHOR_PATH: ClassVar[str] = "reporter"

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="reports"
    )
    object_type = models.CharField(max_length=60, editable=False)
    object_id = models.BigIntegerField(editable=False)
    version = models.PositiveIntegerField(
        null=True, editable=False, help_text="Of the thing, when it was reported"
    )
    kind = models.CharField(max_length=8, choices=ReportKind.choices)
    text = models.CharField(max_length=REPORT_LENGTH, blank=True)
    risk = models.PositiveSmallIntegerField(default=0, editable=False)
    state = models.CharField(
        max_length=9, choices=ReportState.choices, default=ReportState.OPEN, editable=False
    )
    submitted_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    reason = models.TextField(blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        default_permissions = ("view", "moderate")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="core_report_object"),
            models.Index(fields=["reporter", "-id"], name="core_report_of_reporter"),
            queue_index("core_report_waiting", ReportState.OPEN),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["reporter", "object_type", "object_id"],
                condition=Q(state="open"),
                name="core_report_open_once_per_person",
                violation_error_message="You have reported this already; a moderator will look at it.",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True, decided_by__isnull=True, reason="")
                | (
                    Q(state__in=["upheld", "dismissed"], decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(reason="")
                ),
                name="core_report_decided_by_somebody_with_a_reason",
                violation_error_message="A decision needs a person, a time and a reason.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ReportKind.values),
                name="core_report_kind_is_known",
                violation_error_message="This kind of report does not exist.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ReportKind.OTHER) | ~Q(text=""),
                name="core_report_other_is_explained",
                violation_error_message="Please say what is wrong.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.object_type} {self.object_id}"

    @classmethod
    def moderate_permission(cls) -> str:
        return "core.moderate_report"

    def target(self) -> Any:
        """The thing itself as it stands now, public or not; ``None`` once it is gone."""
        return apps.get_model(self.object_type)._base_manager.filter(pk=self.object_id).first()


class ClaimQuerySet(models.QuerySet):
    def active(self) -> Self:
        return self.filter(until__gt=timezone.now())

    def on(self, obj: models.Model) -> Self:
        return self.filter(object_type=obj._meta.label_lower, object_id=obj.pk)


class Claim(models.Model):
    """A moderator has something open. It tells the others and forbids nothing; it ends by itself."""

    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(help_text="Since when they have it open")
    until = models.DateTimeField(db_index=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["object_type", "object_id"], name="core_claim_one_at_a_time"),
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="core_claim_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id} until {self.until:%H:%M}"


class Amendment(models.Model):
    """What a moderator changed of somebody's text before it was published: both texts, whole."""

    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    version = models.PositiveIntegerField(help_text="The version its author sent")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    before = models.JSONField(help_text="As its author sent it, field by field")
    after = models.JSONField(help_text="As it was published")
    reason = models.TextField(help_text="Why; its author reads it, and other moderators do")

    class Meta:
        default_permissions = ("view",)
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["object_type", "object_id", "version"], name="core_amendment_of_a_version_once"
            ),
            models.CheckConstraint(condition=~Q(before=F("after")), name="core_amendment_changes_something"),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id}, version {self.version}, amended"


class BulkAction(models.Model):
    """One decision about several things, each decided by itself; kept so that it can be undone in time.

    ``items``: of each decided thing ``{"id", "version", "decided_at", "submitted_at"}``, by which it is known
    whether anybody has touched it since.
    """

    object_type = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    to = models.CharField(max_length=12, choices=State.choices)
    items = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ("view",)
        ordering = ["-id"]
        indexes = [models.Index(fields=["by", "-at"], name="core_bulkaction_of_somebody")]
        constraints = [
            models.CheckConstraint(
                condition=Q(to__in=[State.PUBLISHED, State.REJECTED]),
                name="core_bulkaction_publishes_or_rejects",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=F("at")),
                name="core_bulkaction_undone_afterwards",
            ),
        ]

    def __str__(self) -> str:
        return f"{len(self.items)} × {self.object_type} to {self.to}"
