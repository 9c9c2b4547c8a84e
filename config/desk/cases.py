"""Cases at the desk: what stands on the screen of one, deciding on it, and the document of its consent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from config.desk.kinds import KINDS
from core.access import looked_at
from core.enums import Private, State
from doctors.casework import look_through
from doctors.enums import Role
from doctors.evidence import Unreadable, load
from doctors.models import Case, CasePhoto, ConsentPaper

if TYPE_CHECKING:
    from accounts.models import User

MEDIA_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


def of_case(case: Case) -> dict[str, Any]:
    """The pictures in pairs and what is known of the consent, without its document: three queries."""
    views: dict[str, dict[str, Any]] = {}
    for held in CasePhoto.objects.filter(case=case).for_display():
        views.setdefault(held.get_view_display(), {})[held.role] = held.photo
    return {
        "views": [
            {
                "label": label,
                "sides": [(Role(role).label, sides[role]) for role in Role.values if role in sides],
            }
            for label, sides in views.items()
        ],
        "papers": list(case.consent.papers.all()) if case.consent else [],
    }


def before_deciding(case: Case, *, to: str, by: User, version: int) -> None:
    """What was ticked for publishing goes on record with who ticked it."""
    if to == State.PUBLISHED and case.state == State.PENDING:
        look_through(case=case, by=by, version=version)


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed document of a consent, to those who moderate cases but not to its doctor here; on record."""
    user, file = (
        cast("User", request.user),
        get_object_or_404(ConsentPaper.objects.select_related("consent__doctor"), pk=pk),
    )
    if not KINDS["case"].may_be_moderated_by(user) or file.consent.doctor.user_id == user.pk:
        raise PermissionDenied
    try:
        content = load(file.name, sha256=file.sha256)
    except Unreadable as error:
        messages.error(request, f"This document cannot be shown ({error}). That there is a consent stands.")
        return redirect("admin:index")
    looked_at(file, by=user, kind=Private.EVIDENCE, path=request.path, why=f"{file.consent.doctor}, consent")
    response = HttpResponse(content, content_type=MEDIA_TYPES[file.kind])
    response["Content-Disposition"] = f'attachment; filename="consent-{pk}.{file.kind}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
