"""A person with an account. The e-mail signs in, the handle is all that others ever see."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.enums import LetterState, Rhythm, SanctionKind
from accounts.validators import validate_handle

REASON_LENGTH = 1000


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A saved account. Without a password nobody can sign in to it."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField("e-mail address", max_length=254, unique=True)
    handle = models.CharField(
        max_length=30,
        validators=[validate_handle],
        help_text="Shown beside what you write. Not your real name; letters, digits and hyphens.",
    )
    is_staff = models.BooleanField("may open the moderation desk", default=False)
    is_active = models.BooleanField("active", default=True)
    is_adult_since = models.DateTimeField("said to be 18 or older on", null=True, blank=True, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    suspended_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Follows from the sanctions; read with every request"
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["handle"]

    objects = UserManager()

    class Meta:
        verbose_name = "account"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_one_account_per_email",
                violation_error_message="There is an account with this e-mail address already.",
            ),
            models.UniqueConstraint(
                Lower("handle"),
                name="accounts_user_one_account_per_handle",
                violation_error_message="Somebody else goes by this handle; please choose another.",
            ),
        ]

    # Set for a request that has not seen the second factor yet (``accounts.middleware.SecondFactor``).
    is_held_back = False

    def __str__(self) -> str:
        return self.handle

    def get_short_name(self) -> str:
        return self.handle

    @property
    def is_doctor(self) -> bool:
        """Whether a doctor's profile belongs to this account, verified or not."""
        return hasattr(self, "doctor")

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return not self.is_held_back and super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return not self.is_held_back and super().has_module_perms(app_label)

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None and self.suspended_until > timezone.now()

    @property
    def may_write(self) -> bool:
        """The one place that says so; asked through ``core.writing`` by everything that posts, votes or edits."""
        return self.is_active and not self.is_suspended

    def why_not_writing(self) -> str:
        """What a suspended person is told: until when, and why."""
        standing = self.sanctions.standing().filter(kind=SanctionKind.SUSPENSION).order_by("-until").first()
        if standing is None:
            return "This account is closed."
        until = timezone.localtime(standing.until)
        return (
            f"Until {until:%-d %B %Y, %H:%M} (UTC) you can read here, but not post, vote, report or edit. "
            f"A moderator’s reason: {standing.reason}"
        )


class SanctionQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Those not lifted, suspensions that have run out not among them."""
        return self.filter(Q(until=None) | Q(until__gt=timezone.now()), lifted_at=None)


class Sanction(models.Model):
    """What was imposed on an account, by whom, why, and whether it was taken back. Nothing here is deleted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="sanctions"
    )
    kind = models.CharField(max_length=10, choices=SanctionKind.choices)
    reason = models.CharField(max_length=REASON_LENGTH)
    until = models.DateTimeField(null=True, blank=True)
    imposed_at = models.DateTimeField(default=timezone.now, editable=False)
    imposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    lifted_at = models.DateTimeField(null=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    lifted_reason = models.CharField(max_length=REASON_LENGTH, blank=True, editable=False)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        default_permissions = ("add", "view")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SanctionKind.values), name="accounts_sanction_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="accounts_sanction_has_a_reason",
                violation_error_message="A sanction needs a reason; the person reads it.",
            ),
            models.CheckConstraint(
                condition=Q(kind=SanctionKind.SUSPENSION, until__isnull=False, until__gt=F("imposed_at"))
                | (~Q(kind=SanctionKind.SUSPENSION) & Q(until__isnull=True)),
                name="accounts_sanction_only_suspensions_end_by_themselves",
                violation_error_message="A suspension, and nothing else, needs a date in the future on which it ends.",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_reason="")),
                name="accounts_sanction_lifted_by_somebody_with_a_reason",
                violation_error_message="Lifting needs a person, a time and a reason.",
            ),
            models.CheckConstraint(
                condition=~Q(imposed_by=F("user")), name="accounts_sanction_not_on_oneself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.user_id}"

    @property
    def is_standing(self) -> bool:
        return self.lifted_at is None and (self.until is None or self.until > timezone.now())


class LetterQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        return self.filter(state=LetterState.WAITING)

    def claimed(self) -> Self:
        return self.filter(state=LetterState.CLAIMED)


class Letter(models.Model):
    """One e-mail that tells somebody of one thing, or of several together.

    ``key`` says what it is about, once per person; the Message-ID follows from the two. It is *claimed* in the
    database before the mail server hears of it and *sent* after the server took it, so that a worker that dies
    between the two leaves a claim behind: that letter goes out once more, under the same Message-ID.
    """

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="letters", verbose_name="to"
    )
    key = models.CharField("about", max_length=120, editable=False)
    topic = models.CharField(max_length=40, editable=False, help_text="A setting of its reader, or a rhythm")
    state = models.CharField(
        max_length=8, choices=LetterState.choices, default=LetterState.WAITING, editable=False
    )
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    lost = models.PositiveSmallIntegerField(
        "answers lost",
        default=0,
        editable=False,
        help_text="How often nobody knows whether the mail server took it",
    )
    trouble = models.TextField(blank=True, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=[LetterState.WAITING, LetterState.CLAIMED]),
                name="accounts_letter_under_way",
            ),
            models.Index(fields=["key"], name="accounts_letter_about"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["to", "key"], name="accounts_letter_once_per_person"),
            models.CheckConstraint(
                condition=Q(state__in=LetterState.values), name="accounts_letter_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.CLAIMED) | Q(claimed_at__isnull=False),
                name="accounts_letter_claimed_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(state=LetterState.SENT, sent_at__isnull=False)
                | (~Q(state=LetterState.SENT) & Q(sent_at__isnull=True)),
                name="accounts_letter_sent_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.PARKED) | ~Q(trouble=""),
                name="accounts_letter_given_up_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Letter {self.pk} to {self.to_id}: {self.key}"


class NotificationQuerySet(models.QuerySet):
    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notification(models.Model):
    """One thing that somebody is told, once. As the audit trail, it names what it is about without a key to it."""

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="notifications"
    )
    kind = models.CharField(max_length=40, editable=False)
    event = models.CharField(max_length=120, editable=False)
    object_type = models.CharField(max_length=60, editable=False)
    object_id = models.BigIntegerField(editable=False)
    url = models.CharField(max_length=300, editable=False)
    told_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices, editable=False)
    letter = models.ForeignKey(
        Letter, models.SET_NULL, null=True, editable=False, related_name="notifications"
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["to", "-id"], name="accounts_notification_of"),
            models.Index(fields=["to"], condition=Q(read_at=None), name="accounts_notification_unread"),
            models.Index(
                fields=["rhythm", "to"],
                condition=Q(letter=None, read_at=None, rhythm__in=[Rhythm.DAILY, Rhythm.WEEKLY]),
                name="accounts_to_digest",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["to", "event"], name="accounts_notification_told_once"),
            models.CheckConstraint(
                condition=Q(rhythm__in=Rhythm.values), name="accounts_notification_rhythm_is_known"
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="/") & ~Q(url__startswith="//"),
                name="accounts_notification_leads_to_a_page_of_ours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_id}: {self.event}"


class Wish(models.Model):
    """How soon somebody wants to hear of one topic by e-mail, where it is not the usual."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="wishes")
    topic = models.CharField(max_length=40)
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "wishes"
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="accounts_wish_one_per_topic"),
            models.CheckConstraint(
                condition=Q(rhythm__in=Rhythm.values), name="accounts_wish_rhythm_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.topic} {self.rhythm}"
