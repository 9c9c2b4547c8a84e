"""The base of everything that nobody else sees before a moderator has approved it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.decided import APPEAL_DAYS
from core.enums import State

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

    Viewer = User | AnonymousUser


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

    def before_transition(self, *, to: State, by: User) -> None:
        """Called on the locked row before anything is written; a model raises a TransitionError to refuse a step."""

    def party_ids(self) -> set[int | None]:
        """The accounts that have a part in this without having written it, and so never decide on it."""
        return set()

    def concerns(self, user: User) -> bool:
        """Whether this is the user's own affair: they wrote it, entered it for its author, or are a party to it."""
        return user.pk in {self.author_user_id(), self.stand_in_id(), *self.party_ids()}

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
