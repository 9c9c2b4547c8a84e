"""Pages that belong to the site as a whole."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from answers.consensus import CONSENSUS_SHARE, LEANING_SHARE, MARKS_AT_MOST, MINIMUM_POSITIONS
from answers.enums import Reason, Stance
from config.gallery import samples
from core.moderation import TRANSITIONS
from questions.models import Question
from treatments.models import BodyArea, Treatment


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    areas = BodyArea.objects.filter(treatments__is_reviewed=True).distinct()
    asked = Question.objects.public().filter(treatment=OuterRef("pk"))
    treatments = Treatment.objects.public().filter(Exists(asked)).only("name", "slug").order_by("name")
    return render(request, "pages/home.html", {"areas": areas, "treatments": treatments})


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
            for (before, to), edge in TRANSITIONS.items()
        ],
        "crumbs": [("Trust", None)],
    }
    return render(request, "pages/trust.html", context)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state; for those who build, so in the demonstration only."""
    if not settings.DEMO:
        raise Http404
    return render(request, "gallery.html", samples())


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
    """The database and the photo storage can be used; otherwise 503 and the name of what cannot."""
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
    return _plain("ok\n")


def _plain(text: str, status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)
