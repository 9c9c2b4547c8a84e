"""Doctors in the admin: profile, places and credentials. State and standing change on the desk alone."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html

from core.admin import DeskAdmin, item_url
from core.audit import trail
from core.enums import State
from doctors.forms import CredentialForm, ProfileForm, SpecialtyForm
from doctors.models import Credential, Doctor, PracticePlace, Specialty, Verification
from doctors.services import follow_credentials, free_slug, submit_profile
from treatments.admin import CatalogueAdmin


class CredentialInline(admin.StackedInline):
    model = Credential
    form = CredentialForm
    extra = 1  # without scripts, the empty row is the only way to add one


class PlaceInline(admin.StackedInline):
    model = PracticePlace
    extra = 1


class VerificationInline(admin.StackedInline):
    """What was checked so far. New rows come from the desk, through ``doctors.services``."""

    model = Verification
    extra = 0
    can_delete = False
    fields = ("checked_on", "result", "credential", "source", "note", "checked_by", "valid_until")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("credential", "checked_by")


@admin.register(Doctor)
class DoctorAdmin(DeskAdmin):
    form = ProfileForm
    list_display = (
        "name",
        "title",
        "specialty",
        "place",
        "state",
        "standing_today",
        "verified_until",
        "review",
    )
    list_filter = ("state", "standing", "is_imported")
    list_select_related = ("specialty",)
    ordering = ("-id",)
    search_fields = ("id__exact", "name", "slug__exact")
    search_help_text = "By number or name"
    inlines = (CredentialInline, PlaceInline, VerificationInline)
    ALSO_WRITTEN = ("user",)

    @admin.display(description="Standing", ordering="standing")
    def standing_today(self, doctor: Doctor) -> str:
        """As readers see it: a verification that has run out is none."""
        return str(doctor.standing_now.label)

    @admin.display(description="Desk")
    def review(self, doctor: Doctor) -> str:
        return format_html('<a href="{}" aria-label="Review {}">Review</a>', item_url(doctor), doctor)

    def view_on_site(self, obj: Any) -> str | None:
        """Only what is public has a page."""
        return obj.get_absolute_url() if obj.is_public else None

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*ProfileForm.Meta.fields[:3], "account_email", *ProfileForm.Meta.fields[3:]]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The doctor's own words: once published under the doctor's account, nobody else writes them."""
        return Doctor.TEXT_FIELDS if obj is not None and obj.user_id and obj.is_public else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody keeps their own profile; what somebody took back, a form that was open then does not bring back."""
        closed = obj is not None and (obj.user_id == request.user.pk or obj.state == State.WITHDRAWN)
        return not closed and super().has_change_permission(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form knows who fills it in, since nobody may enter a profile of their own."""
        plain = super().get_form(request, obj, change, **kwargs)

        class OfThisModerator(plain):  # type: ignore[misc, valid-type]
            def __init__(self, *args: Any, **more: Any) -> None:
                super().__init__(*args, **{**more, "moderator": request.user})

        return OfThisModerator

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.slug = free_slug(obj.name)
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.model is Credential and formset.has_changed():
            was_verified = form.instance.is_verified_now
            follow_credentials(doctor=form.instance, by=request.user)  # type: ignore[arg-type]
            if was_verified and not form.instance.is_verified_now:
                said = f"{form.instance} is now “{form.instance.standing_now.label}”: somebody checks the licence."
                self.message_user(request, said, level="WARNING")

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """A change makes a new version, so that a decision about the one before is refused."""
        if message:
            Doctor.objects.filter(pk=obj.pk).update(version=F("version") + 1)
            obj.refresh_from_db(fields=["version", "state"])
        return super().log_change(request, obj, message)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """What has been entered goes straight to the queue, for somebody else to decide."""
        entry = super().log_addition(request, obj, message)
        submit_profile(doctor=obj, by=request.user)  # type: ignore[arg-type]
        return entry

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        self.message_user(request, f"{obj} is in the queue. Another moderator decides.")
        return HttpResponseRedirect(item_url(obj))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        again = " It is a draft: submit it when it is complete." if obj.state == State.DRAFT else ""
        self.message_user(request, f"The profile of {obj} was saved.{again}")
        return HttpResponseRedirect(item_url(obj))


@admin.register(Specialty)
class SpecialtyAdmin(CatalogueAdmin):
    """What lies within a specialty; the form shows who changed what and why."""

    form = SpecialtyForm
    change_form_template = "admin/moderation/explained.html"
    list_display = ("name", "slug", "nucc_code")
    search_fields = ("name",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """``seen`` is put in by the template: a hidden field in a row of its own would have a label of nothing."""
        return [name for name in super().get_fields(request, obj) if name != "seen"]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        shown = {"trail": trail(obj) if obj is not None else [], **(extra_context or {})}
        return super().change_view(request, object_id, form_url, shown)
