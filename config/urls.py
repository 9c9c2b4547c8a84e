"""Every address. Paths are fixed by ../shared/design/product.md; people and search engines keep them."""

from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from config import views
from config.sitemaps import SITEMAPS, index
from config.views import appeals, photos, privacy, reports, tray
from config.views.search import search

handler403 = "config.views.pages.refused"
handler500 = "config.views.pages.failed"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", search, name="search"),
    path("trust/", views.trust, name="trust"),
    path("trust/ledger/", views.ledger, name="ledger"),
    path("trust/terms/", views.terms, name="terms"),
    path("reports/new/", reports.new, name="report"),
    path("reports/sent/", reports.sent, name="report-sent"),
    path("me/reports/", reports.mine, name="my-reports"),
    path("me/appeals/", appeals.mine, name="my-appeals"),
    path("me/appeals/new/", appeals.new, name="appeal"),
    path("privacy/", privacy.policy, name="privacy"),
    path("me/privacy/", privacy.mine, name="my-privacy"),
    path("me/privacy/consent/", privacy.withdraw_consent, name="my-consent"),
    path("me/privacy/terms/", privacy.terms_again, name="my-terms"),
    path("me/privacy/copy/", privacy.copy, name="my-copy"),
    path("me/privacy/copy/<int:pk>/", privacy.fetch, name="my-copy-file"),
    path("me/privacy/erasure/", privacy.erasure, name="my-erasure"),
    path("me/privacy/erasure/undo/", privacy.undo, name="my-erasure-undo"),
    re_path(r"^photos/(?P<name>[0-9a-f]{32}\.(?:avif|jpg))$", photos.photo, name="photo"),
    path("me/photos/", tray.add, name="my-photos"),
    path("me/photos/<int:pk>/", tray.change, name="my-photo"),
    path("gallery/", never_cache(views.gallery), name="gallery"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", RedirectView.as_view(url="/static/img/favicon.svg", permanent=True), name="favicon"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("sitemap.xml", index, name="sitemap"),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap-section"),
    path("", include("questions.urls")),
    path("", include("answers.urls")),
    path("", include("treatments.urls")),
    path("", include("doctors.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
]
