"""The admin of this site: the queue is its first page, and one signs in where everybody does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from config.desk import accounts, acts, appeals, dashboard, looks, reports, verifying, views, visits

if TYPE_CHECKING:
    from config.desk.forms import BulkForm


class ModerationDesk(AdminSite):
    """Open to staff who may do something here; others are asked to sign in, or told that it is closed."""

    site_title = "Candor"
    site_header = "Candor"
    index_title = "Waiting for a decision"
    enable_nav_sidebar = False
    app_index_template = "admin/moderation/app.html"

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_active and user.is_staff and (user.is_superuser or user.get_all_permissions()))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def closed_or(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if self.has_permission(request):
                return looks.with_looks(request, inner(request, *args, **kwargs))
            if request.user.is_authenticated:
                raise PermissionDenied
            return redirect_to_login(request.get_full_path(), reverse("account_login"))

        return closed_or

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one place to sign in, with its rate limits."""
        wanted = request.GET.get("next", "")
        safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        return redirect_to_login(wanted if safe else reverse("admin:index"), reverse("account_login"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The page everybody signs out by; imported by its address, since it loads forms of ours in turn."""
        return resolve(reverse("account_logout")).func(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        context = {**self.each_context(request), "app_list": self.get_app_list(request)}
        return views.overview(request, {**context, **(extra_context or {})})

    def queue_again(self, request: HttpRequest, bulk: BulkForm) -> HttpResponse:
        """The queue, with what was wrong with a decision about several things."""
        context = {**self.each_context(request), "app_list": self.get_app_list(request)}
        return views.overview(request, context, bulk=bulk)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [
            path(
                "moderation/doctor/<int:pk>/verification/",
                self.admin_view(verifying.verify),
                name="moderation_verification",
            ),
            path(
                "moderation/doctor/<int:pk>/checks/",
                self.admin_view(verifying.check),
                name="moderation_checks",
            ),
            path("moderation/credential/<int:pk>/", self.admin_view(verifying.due), name="moderation_due"),
            path(
                "moderation/evidence/<int:pk>/",
                self.admin_view(verifying.evidence),
                name="moderation_evidence",
            ),
            path("moderation/proof/<int:pk>/", self.admin_view(verifying.sent_file), name="moderation_proof"),
            path("moderation/visit/<int:pk>/", self.admin_view(visits.paper), name="moderation_visit"),
            path("moderation/question/<int:pk>/link/", self.admin_view(views.link), name="moderation_link"),
            path(
                "moderation/dashboard/",
                self.admin_view(dashboard.dashboard),
                name="moderation_dashboard",
            ),
            path("moderation/report/<int:pk>/", self.admin_view(reports.report), name="moderation_report"),
            path("moderation/appeal/<int:pk>/", self.admin_view(appeals.appeal), name="moderation_appeal"),
            path(
                "moderation/account/<int:pk>/", self.admin_view(accounts.account), name="moderation_account"
            ),
            path("moderation/bulk/", self.admin_view(acts.decide_together), name="moderation_bulk"),
            path("moderation/bulk/<int:pk>/undo/", self.admin_view(acts.undo), name="moderation_undo"),
            path(
                "moderation/<slug:name>/<int:pk>/claim/", self.admin_view(acts.claim), name="moderation_claim"
            ),
            path(
                "moderation/<slug:name>/<int:pk>/next/", self.admin_view(views.step), name="moderation_next"
            ),
            path(
                "moderation/<slug:name>/<int:pk>/previous/",
                self.admin_view(views.step),
                {"back": True},
                name="moderation_previous",
            ),
            path("moderation/<slug:name>/<int:pk>/edit/", self.admin_view(acts.edit), name="moderation_edit"),
            path("moderation/<slug:name>/<int:pk>/", self.admin_view(views.item), name="moderation_item"),
            *super().get_urls(),
        ]
