"""Pages that belong to the site as a whole."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.defaults import server_error

from answers.consensus import CONSENSUS_SHARE, LEANING_SHARE, MARKS_AT_MOST, MINIMUM_POSITIONS
from answers.enums import OpinionKind, Reason, Stance
from answers.freshness import GRACE
from answers.routing import MODERATORS_AFTER, WIDER_AFTER
from config.gallery import samples
from config.ledger import decided_last_month
from core.images import store
from core.middleware import is_database_away, unavailable
from core.moderation import every_step
from core.writing import MayNotWrite
from doctors import evidence
from doctors.figures.stated import COUNTING
from doctors.models import RECHECK_MONTHS, Doctor
from questions.models import Question
from treatments.models import BodyArea, Treatment

# Of the body areas that people ask most about, a short list; the rest is a click away.
AREAS, TREATMENTS_OF_AN_AREA = 6, 3
HOUR = timedelta(hours=1)
NEWEST = 1000
AREA, NAMED = ("pk", "slug", "name", "position"), ("pk", "slug", "name")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Two queries, five of the previews, and one when a month has ended."""
    context = {
        "areas": _asked_about(),
        "verified": Doctor.objects.public().verified_now().count(),
        "decided": decided_last_month(),
    }
    return render(request, "pages/home.html", context)


def _asked_about() -> list[tuple[BodyArea, list[Treatment]]]:
    """The body areas people ask most about, from head to foot, each with the treatments they ask most about. One query.

    Counted over the newest questions of the site, so that it costs the same for any number of them.
    """
    newest = Question.objects.public().order_by("-pk").values("pk")[:NEWEST]
    area, treatment = "treatment__body_areas", "treatment"
    asked = (
        Question.objects.filter(
            pk__in=newest, treatment__is_reviewed=True, treatment__body_areas__isnull=False
        )
        .values_list(*(f"{area}__{name}" for name in AREA), *(f"{treatment}__{name}" for name in NAMED))
        .annotate(number=Count("pk"))
        .order_by("-number", "treatment__name")
    )
    areas: dict[BodyArea, list[tuple[int, Treatment]]] = {}
    for *row, number in asked:
        of_area, about = row[: len(AREA)], row[len(AREA) :]
        place = BodyArea(**dict(zip(AREA, of_area, strict=True)))
        areas.setdefault(place, []).append((number, Treatment(**dict(zip(NAMED, about, strict=True)))))
    most = sorted(areas, key=lambda a: (-sum(number for number, _ in areas[a]), a.position))[:AREAS]
    return [
        (a, [one for _, one in areas[a][:TREATMENTS_OF_AN_AREA]])
        for a in sorted(most, key=lambda a: a.position)
    ]


@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """The rules as the code has them: nothing on this page is written twice."""
    context: dict[str, Any] = {
        "minimum": MINIMUM_POSITIONS,
        "consensus": CONSENSUS_SHARE,
        "leaning": LEANING_SHARE,
        "marks": MARKS_AT_MOST,
        "stances": Stance,
        "reasons": Reason,
        "transitions": [
            (before.label, edge.verb, to.label, edge.actor.label, edge.needs_reason)
            for before, to, edge in every_step()
        ],
        "opinions": OpinionKind,
        "review_months": Treatment._meta.get_field("review_interval_months").default,
        "grace_days": GRACE.days,
        "recheck_months": RECHECK_MONTHS,
        "wider_hours": WIDER_AFTER // HOUR,
        "moderator_hours": MODERATORS_AFTER // HOUR,
        "counting": COUNTING,
        "crumbs": [("Trust", None)],
    }
    return render(request, "pages/trust.html", context)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state; for those who build, so in the demonstration only."""
    if not settings.DEMO:
        raise Http404
    return render(request, "gallery.html", samples())


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Closed to this person; whose account may not write is told until when and why, and led to the way back."""
    why = str(exception) if isinstance(exception, MayNotWrite) else ""
    return render(request, "403.html", {"why": why}, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """A bug, or the database was away when a middleware asked for it (``database_down`` sees what views raise)."""
    return unavailable() if is_database_away(sys.exc_info()[1]) else server_error(request)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(
            f"Disallow: {path}"
            for path in (
                "/accounts/",
                "/admin/",
                "/me/",
                "/desk/",
                "/search/",
                "/questions/ask/",
                "/reports/",
                "/consent/",
            )
        ),
        f"Sitemap: {settings.SITE_ORIGIN}{reverse('sitemap')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return _plain("ok\n")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database, the photo storage and the folder of evidence can be used; otherwise 503 and what cannot."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return _plain("database unavailable\n", status=503)
    try:
        name = default_storage.save("readyz/probe", ContentFile(b"ready"))
        default_storage.delete(name)
    except OSError:
        return _plain("storage unavailable\n", status=503)
    try:
        store.probe()
    except OSError:
        return _plain("picture storage unavailable\n", status=503)
    try:
        evidence.probe()
    except OSError:
        return _plain("evidence storage unavailable\n", status=503)
    return _plain("ok\n")


def _plain(text: str, status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)
