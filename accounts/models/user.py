"""A person with an account. The e-mail signs in, the handle is all that others ever see."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.enums import SanctionKind
from accounts.validators import validate_handle


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
    erasure_due_at = models.DateTimeField(
        "to be erased from", null=True, blank=True, editable=False, help_text="Asked for by the person"
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
        return self.is_active and not self.is_suspended and self.erasure_due_at is None

    def why_not_writing(self) -> str:
        """What a suspended person is told: until when, and why; one who is to be erased, the way back."""
        if self.is_active and self.erasure_due_at is not None:
            return (
                f"This account is to be erased from {self.erasure_due_at:%-d %B %Y, %H:%M} (UTC) on, as you asked. "
                "Until then you can read and take that back under “Privacy” in your account, but not write."
            )
        standing = self.sanctions.standing().filter(kind=SanctionKind.SUSPENSION).order_by("-until").first()
        if standing is None:
            return "This account is closed."
        until = timezone.localtime(standing.until)
        return (
            f"Until {until:%-d %B %Y, %H:%M} (UTC) you can read here, but not post, vote, report or edit. "
            f"A moderator’s reason: {standing.reason}"
        )
