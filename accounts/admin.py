"""Accounts in the admin: moderators see who somebody is here, administrators say who moderates."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db import transaction
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from accounts.enums import LetterState
from accounts.models import Letter, Sanction, User
from accounts.tasks import send_between
from core.admin import DeskAdmin, ReadOnlyAdmin
from core.audit import record

# Addresses are confirmed and second factors set up by their owners; config.roles keeps the group of moderators.
admin.site.unregister([Authenticator, EmailAddress, Group])


@admin.register(User)
class UserAdmin(DeskAdmin):
    """No password, no permissions of one's own; e-mail addresses for administrators only."""

    list_display = ("handle", "is_active", "is_staff", "date_joined")
    list_filter = ("is_active", "is_staff")
    # Whole addresses only: the list must not say which addresses begin with something.
    search_fields = ("handle__istartswith", "email__iexact")
    search_help_text = "By the beginning of a handle, or a whole e-mail address"
    ordering = ("-id",)
    SHOWN = ("handle", "is_active", "is_staff", "date_joined", "sanctioned")
    # An account is closed and opened again by a sanction, with a reason.
    readonly_fields: ClassVar = ("handle", "email", "is_active", "date_joined", "last_login", "sanctioned")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if not request.user.is_superuser:
            return self.SHOWN
        return ("handle", "email", "is_active", "is_staff", "groups", *self.SHOWN[3:], "last_login")

    @admin.display(description="Sanctions")
    def sanctioned(self, user: User) -> str:
        """What was ever imposed, with the way to the screen where that is done and undone."""
        rows = [
            (str(row.get_kind_display()), f"{row.imposed_at:%Y-%m-%d}", _standing(row))
            for row in user.sanctions.all()
        ]
        listed = format_html_join("", "<li>{} of {}, {}</li>", rows)
        url = reverse("admin:moderation_account", args=[user.pk])
        said = format_html("<ul>{}</ul>", listed) if rows else "None so far. "
        return format_html('{}<a href="{}">All of it, and what can be done</a>', said, url)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators only, and nobody their own account: that would be the way to lock oneself out."""
        return bool(request.user.is_superuser and (obj is None or obj.pk != request.user.pk))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(
            db_field, request, **{**kwargs, "widget": CheckboxSelectMultiple}
        )


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    """What became of mail, for administrators: never what it said, nor to which address."""

    list_display = ("id", "to", "topic", "state", "written_at", "sent_at", "tries", "lost", "trouble")
    list_filter = ("state",)
    list_select_related = ("to",)
    search_fields = ("to__handle__iexact",)
    search_help_text = "By the handle of whom it is to"
    actions = ("send_again",)
    fields = (*list_display, "key", "claimed_at")
    readonly_fields = fields

    @admin.action(description="Send those that were given up once more", permissions=["again"])
    def send_again(self, request: HttpRequest, letters: Any) -> None:
        """Whoever asks for it has found out that the server did not take them, or takes it upon themselves."""
        with transaction.atomic():
            parked = list(letters.filter(state=LetterState.PARKED).select_for_update().order_by("pk"))
            pks = [letter.pk for letter in parked]
            Letter.objects.filter(pk__in=pks).update(state=LetterState.WAITING, tries=0, lost=0)
            for letter in parked:
                record(actor=request.user, action="send letter again", obj=letter)  # type: ignore[arg-type]
            send_between(pks)
        messages.success(request, f"{len(pks)} will be sent once more.")

    def has_again_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)


def _standing(row: Sanction) -> str:
    if row.lifted_at is not None:
        return "lifted"
    return "stands" if row.is_standing else "over"
