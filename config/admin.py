"""The rules that hold, in the admin: changed with a reason, tested when saved, tried before that."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse

from config.desk import work  # noqa: F401  # tasks, in the place of the package's own page
from core.admin import DeskAdmin
from core.forms import LineField
from core.models import HoldRule
from core.rules.editing import MEANWHILE, problems_of, save_rule
from core.rules.reading import DETECTORS, READERS
from core.rules.trial import LAST, try_out

LINES = ("phrases", "exceptions", "should_hold", "should_pass")


def _kinds() -> list[tuple[str, str]]:
    return [(label, str(apps.get_model(label)._meta.verbose_name_plural).capitalize()) for label in READERS]


def _detectors() -> list[tuple[str, str]]:
    return [("", "None: phrases alone"), *((name, detector.label) for name, detector in DETECTORS.items())]


class HoldRuleForm(forms.ModelForm):
    """A rule with why it is changed. ``seen`` is the version that was on the screen."""

    kinds = forms.MultipleChoiceField(
        label="It reads",
        choices=_kinds,
        widget=forms.CheckboxSelectMultiple,
        help_text="Of these, what waits",
    )
    detector = forms.ChoiceField(choices=_detectors, required=False)
    reason = LineField(
        label="Why it is changed", max_length=300, help_text="For whoever reads this rule next."
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = HoldRule
        fields = (
            "code",
            "name",
            "sentence",
            "kinds",
            "weight",
            "phrases",
            "detector",
            "exceptions",
            "heeds_denial",
            "should_hold",
            "should_pass",
            "is_active",
        )
        widgets = {name: forms.Textarea(attrs={"rows": 8, "cols": 80}) for name in LINES}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.version
        self.fields["reason"].required = "_dry_run" not in self.data

    def _post_clean(self) -> None:
        """The examples are run on the rule as typed, while nobody else can change it."""
        super()._post_clean()  # type: ignore[misc]
        if self.instance.pk and not self.errors:
            now = (
                HoldRule.objects.select_for_update()
                .values_list("version", flat=True)
                .get(pk=self.instance.pk)
            )
            if now != self.cleaned_data["seen"]:
                self.add_error(None, MEANWHILE)
        if not self.errors:
            for problem in problems_of(self.instance):
                self.add_error(None, problem)


@admin.register(HoldRule)
class HoldRuleAdmin(DeskAdmin):
    form = HoldRuleForm
    change_form_template = "admin/moderation/rule.html"
    list_display = ("name", "weight", "is_active", "version", "changed_by", "changed_at", "why")
    list_filter = ("is_active", "weight")
    list_select_related = ("changed_by",)
    search_fields = ("name", "code")
    search_help_text = "By name"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj is not None else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """``seen`` is put in by the template: a hidden field in a row of its own would have a label of nothing."""
        return [*HoldRuleForm.Meta.fields, "reason"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_rule(rule=obj, by=request.user, why=form.cleaned_data["reason"])  # type: ignore[arg-type]

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The verb has written its row already, with the reason."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The verb has written its row already, with the reason."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if request.method == "POST" and "_dry_run" in request.POST:
            tried = self._dry_run(request, object_id)
            if tried is not None:
                return tried
        rule = self.get_object(request, object_id) if object_id else None
        versions = rule.versions.select_related("by").defer("definition") if rule else ()
        context = {"versions": versions, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def _dry_run(self, request: HttpRequest, object_id: str | None) -> HttpResponseBase | None:
        """What the rule as typed would hold; ``None`` where it could not be saved, for the form to say why."""
        rule = self.get_object(request, object_id) if object_id else None
        allowed = self.has_change_permission(request, rule) if rule else self.has_add_permission(request)
        if not allowed:
            raise PermissionDenied
        form = self.get_form(request, rule, change=rule is not None)(request.POST, instance=rule)
        return self._tried(request, form, object_id) if _is_valid(form) else None

    def _tried(self, request: HttpRequest, form: Any, object_id: str | None) -> HttpResponse:
        typed = [
            (name, value) for name, values in request.POST.lists() for value in values if name not in UNTYPED
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": f"Dry run: {form.instance.name}",
            "opts": self.opts,
            "rule": form.instance,
            "tried": try_out(form.instance),
            "last": LAST,
            "typed": typed,
            "reason": form.cleaned_data.get("reason", ""),
        }
        return TemplateResponse(request, "admin/moderation/dry_run.html", context)


# What the page of a dry run asks for itself.
UNTYPED = frozenset({"csrfmiddlewaretoken", "_dry_run", "reason"})


def _is_valid(form: Any) -> bool:
    """Asked in a transaction, since the form holds the rule while it looks."""
    with transaction.atomic():
        return bool(form.is_valid())
