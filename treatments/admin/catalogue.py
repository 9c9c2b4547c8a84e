"""The catalogue in the admin: treatments with their names, uses and cautions; uses with their labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import DateField, URLField
from django.forms import CheckboxSelectMultiple, DateInput
from django.http import HttpRequest, HttpResponse
from django.urls import path

from core.admin import ExplainedAdmin
from core.text import clean_body, clean_line, number_in, render
from treatments.admin import merging
from treatments.merging import hold_off
from treatments.models import (
    BodyArea,
    Caution,
    LabelStatus,
    SafetyNotice,
    Source,
    Term,
    Treatment,
    TreatmentSynonym,
    TreatmentUse,
)


class SynonymInline(admin.StackedInline):
    model = TreatmentSynonym
    extra = 1


class UseInline(admin.StackedInline):
    model = TreatmentUse
    extra = 1
    fields = ("name", "slug", "lay_name", "body_area")
    show_change_link = True


class CautionInline(admin.StackedInline):
    model = Caution
    extra = 1
    raw_id_fields = ("source",)


class LabelInline(admin.StackedInline):
    model = LabelStatus
    extra = 1
    raw_id_fields = ("source",)


class CatalogueAdmin(ExplainedAdmin):
    """Whoever saves a form that names a treatment, and whoever merges that treatment, wait for each other."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        with transaction.atomic():
            hold_off()
            return super().changeform_view(request, *args, **kwargs)


@admin.register(Treatment)
class TreatmentAdmin(CatalogueAdmin):
    list_display = ("name", "generic", "kind", "is_prescription_only", "is_reviewed")
    list_filter = ("is_reviewed", "kind")
    search_fields = ("name", "generic", "synonyms__name")
    raw_id_fields = ("parent", "emergency_source")
    inlines = (SynonymInline, UseInline, CautionInline)
    ALSO_WRITTEN = ("description_html",)

    def get_urls(self) -> list[Any]:
        pages: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("<int:pk>/merge/", merging.choose, "treatments_treatment_merge"),
            ("<int:pk>/merge/<int:into>/", merging.preview, "treatments_treatment_merge_into"),
        ]
        return [
            *(path(at, self.admin_site.admin_view(page), name=name) for at, page, name in pages),
            *super().get_urls(),
        ]

    def formerly(self, obj: Any) -> dict[int, str]:
        return dict(obj.redirects.values_list("former_pk", "name"))

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """What was merged is looked up at what it became part of: its form, or its history."""
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        page = name if name.endswith("_history") else merging.FORM
        led_on = merging.led_on(request, number_in(object_id), page=page)
        return led_on or super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]

    def view_on_site(self, obj: Any) -> str | None:
        """Only what an editor has reviewed has a page."""
        return obj.get_absolute_url() if obj.is_reviewed else None

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(
            db_field, request, **{**kwargs, "widget": CheckboxSelectMultiple}
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Text is cleaned and rendered where it is written."""
        obj.description = clean_body(obj.description)
        obj.description_html = render(obj.description)
        super().save_model(request, obj, form, change)


@admin.register(TreatmentUse)
class TreatmentUseAdmin(CatalogueAdmin):
    list_display = ("name", "treatment", "lay_name", "body_area")
    list_filter = ("body_area",)
    list_select_related = ("treatment", "body_area")
    search_fields = ("name", "lay_name", "treatment__name")
    raw_id_fields = ("treatment",)
    inlines = (LabelInline,)

    def formerly(self, obj: Any) -> dict[int, str]:
        rows = obj.redirects.exclude(former_pk=obj.pk).select_related("treatment")
        return {row.former_pk: f"{row.name} ({row.treatment.name})" for row in rows}


@admin.register(SafetyNotice)
class SafetyNoticeAdmin(CatalogueAdmin):
    """In force as soon as it is saved, and out of sight as soon as it has a day of withdrawal."""

    list_display = ("product", "treatment", "issued_on", "withdrawn_on", "source")
    list_filter = ("issued_on", "withdrawn_on")
    list_select_related = ("treatment", "source")
    search_fields = ("product", "text", "treatment__name")
    raw_id_fields = ("treatment", "source")
    formfield_overrides = {DateField: {"widget": DateInput(format="%Y-%m-%d", attrs={"type": "date"})}}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Text is cleaned where it is written."""
        obj.product, obj.text = clean_line(obj.product), clean_line(obj.text)
        super().save_model(request, obj, form, change)


@admin.register(Source)
class SourceAdmin(ExplainedAdmin):
    list_display = ("title", "publisher", "dated", "slug")
    search_fields = ("title", "publisher", "slug")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        scheme = {"assume_scheme": "https"} if isinstance(db_field, URLField) else {}
        return super().formfield_for_dbfield(db_field, request, **kwargs, **scheme)


@admin.register(BodyArea)
class BodyAreaAdmin(ExplainedAdmin):
    list_display = ("name", "slug", "position")


@admin.register(Term)
class TermAdmin(ExplainedAdmin):
    """The glossary. A term shows in its changed form at the next request of any page that has it."""

    list_display = ("name", "also", "explanation", "source", "changed_at")
    list_select_related = ("source",)
    search_fields = ("name", "also")
    raw_id_fields = ("source",)
    prepopulated_fields = {"slug": ("name",)}
    ALSO_WRITTEN = ("changed_at",)
