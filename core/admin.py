"""What every list and form of the admin shares, and the audit trail, which can only be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from core.audit import record, trail_with_former
from core.explained import WHY, ExplainedForm, changes
from core.forms import LineField
from core.models import AccessEntry, Appeal, AuditEntry, Moderated, Reason, Report
from core.moderation import every_step

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = admin.ModelAdmin

# What a filter of ours puts behind the name of its field.
FILTER_ENDINGS = frozenset({"", "exact", "isnull", "gte", "lt", "id__exact"})


def item_url(obj: Moderated | Report | Appeal) -> str:
    """The one screen on which ``obj`` is read and decided."""
    return reverse("admin:moderation_item", args=[obj._meta.model_name, obj.pk])


class DeskAdmin(Base):
    """Nothing is deleted, only declared filters look things up, and what is changed is in the audit trail."""

    actions: Any = None
    list_per_page = 50
    show_full_result_count = False
    # Columns a form of ours writes beside its fields.
    ALSO_WRITTEN: ClassVar[tuple[str, ...]] = ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write the changed columns alone: the others may have been decided on while the form was open."""
        if not change:
            obj.save()
            return
        columns = {field.name for field in self.opts.concrete_fields}
        obj.save(update_fields=columns.intersection([*form.changed_data, *self.ALSO_WRITTEN]))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Any field may not be asked for by its beginning: that would read what is not shown."""
        names = [name for name in self.list_filter or () if isinstance(name, str)]
        return any(
            lookup == name or (lookup.startswith(f"{name}__") and lookup[len(name) + 2 :] in FILTER_ENDINGS)
            for name in names
        )

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return record(actor=request.user, action="add", obj=obj)  # type: ignore[arg-type]

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """One row that names the fields; saving a form without a change is no deed."""
        if not message:
            return None
        said = LogEntry(change_message=json.dumps(message)).get_change_message()
        return record(actor=request.user, action="edit", obj=obj, reason=said)  # type: ignore[arg-type]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The audit trail of one row, instead of Django's own log."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"Audit trail of {obj}",
            "opts": self.opts,
        }
        return TemplateResponse(
            request,
            "admin/moderation/history.html",
            {**context, "object": obj, "trail": trail_with_former(obj, self.formerly(obj))},
        )

    def formerly(self, obj: Any) -> dict[int, str]:
        """What became part of ``obj``: the name of each by its key. Its history shows here as well."""
        return {}


class ExplainedAdmin(DeskAdmin):
    """What moderators keep: added and changed with a reason, and with the words before and after on record."""

    form = ExplainedForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whoever only reads is asked for no reason."""
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return [name for name in super().get_fields(request, obj) if may or name != WHY]

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Empty where nothing was changed but the reason."""
        said = [] if add else changes(form, formsets or ())
        return [form.cleaned_data[WHY], *said] if add or said else []

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return record(actor=request.user, action="add", obj=obj, reason="\n".join(message))  # type: ignore[arg-type]

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if not message:
            return None
        return record(actor=request.user, action="edit", obj=obj, reason="\n".join(message))  # type: ignore[arg-type]


class ReadOnlyAdmin(DeskAdmin):
    """Rows that nobody writes here, administrators included."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class _LeadsToTheScreen(ChangeList):
    def url_for_result(self, result: Any) -> str:
        return item_url(result)


class ModeratedAdmin(ReadOnlyAdmin):
    """A list by state. Its rows lead to the screen where things are decided; there is no form."""

    ordering = ("-id",)
    search_help_text = "By number or words"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _LeadsToTheScreen

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        return HttpResponseRedirect(item_url(obj))


class KindFilter(admin.SimpleListFilter):
    """What an entry is about, from the models known here rather than from a scan of the trail."""

    title = "what it is about"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        models = [model for model in model_admin.admin_site._registry if model is not AuditEntry]
        return [(model._meta.label_lower, str(model._meta.verbose_name).capitalize()) for model in models]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(object_type=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "action", "about", "from_state", "to_state", "version", "reason")
    list_filter = (KindFilter, "at")
    list_select_related = ("actor",)
    search_fields = ("object_id__exact", "actor__handle__iexact")
    search_help_text = "By the number of the thing or the handle of the person"
    fields = list_display
    readonly_fields = ("about",)

    @admin.display(description="About")
    def about(self, entry: AuditEntry) -> str:
        return format_html('<a href="{}">{} {}</a>', _address(entry), entry.object_type, entry.object_id)


@admin.register(AccessEntry)
class AccessEntryAdmin(ReadOnlyAdmin):
    """Who was shown what is private; for those who may ask moderators about it."""

    list_display = ("at", "actor", "kind", "about", "path", "why")
    list_filter = ("kind", "at")
    list_select_related = ("actor",)
    search_fields = ("object_id__exact", "actor__handle__iexact")
    search_help_text = "By the number of the thing or the handle of the person who looked"
    fields = list_display
    readonly_fields = ("about",)

    @admin.display(description="About")
    def about(self, entry: AccessEntry) -> str:
        return format_html('<a href="{}">{} {}</a>', _address(entry), entry.object_type, entry.object_id)


@admin.register(Report)
class ReportAdmin(ModeratedAdmin):
    """What was reported and what became of it. The words and their author stand on the screen alone."""

    list_display = ("id", "kind", "object_type", "object_id", "state", "submitted_at", "decided_at")
    list_filter = ("state", "kind")
    search_fields = ("id__exact", "object_id__exact")
    search_help_text = "By the number of the report or of the thing"


@admin.register(Appeal)
class AppealAdmin(ModeratedAdmin):
    """Who appealed against what, and what became of it, for senior moderators. The words stand on the screen."""

    list_display = ("id", "object_type", "object_id", "state", "submitted_at", "decided_at")
    list_filter = ("state",)
    search_fields = ("id__exact", "object_id__exact")
    search_help_text = "By the number of the appeal or of the thing"


class ReasonForm(ExplainedForm):
    """What a reason fits is ticked, from the kinds and decisions there are."""

    kinds = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, help_text="None ticked: of anything."
    )
    decisions = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    sentence = LineField(max_length=300, help_text=Reason._meta.get_field("sentence").help_text)
    mend = LineField(
        label="How to mend it",
        max_length=300,
        required=False,
        help_text=Reason._meta.get_field("mend").help_text,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verbs = dict.fromkeys(edge.verb for _, _, edge in every_step() if edge.needs_reason)
        models = [model._meta for model in apps.get_models() if issubclass(model, Moderated)]
        choices = {
            "kinds": [(meta.label_lower, str(meta.verbose_name).capitalize()) for meta in models],
            "decisions": [(verb, verb.capitalize()) for verb in verbs],
        }
        for name, offered in choices.items():
            if name in self.fields:
                self.fields[name].choices = offered  # type: ignore[attr-defined]


@admin.register(Reason)
class ReasonAdmin(ExplainedAdmin):
    """The closed list. A reason goes out of use; it is never deleted, and its code never changed."""

    form = ReasonForm
    list_display = ("code", "sentence", "fits_decisions", "is_active", "position")
    list_filter = ("is_active",)
    fields = ("code", "sentence", "mend", "kinds", "decisions", "is_active", "position", "why")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    @admin.display(description="For")
    def fits_decisions(self, reason: Reason) -> str:
        return ", ".join(reason.decisions)


def _address(entry: AuditEntry | AccessEntry) -> str:
    """Where the thing an entry is about can be seen; the list of entries itself if nowhere."""
    try:
        model: type[Model] = apps.get_model(entry.object_type)
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        if issubclass(model, Moderated):
            return reverse("admin:moderation_item", args=[model._meta.model_name, entry.object_id])
        return reverse(f"admin:{name}_change", args=[entry.object_id])
    except (LookupError, ValueError, NoReverseMatch):
        return reverse("admin:core_auditentry_changelist")
