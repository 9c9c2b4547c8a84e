"""What shows that the writer of a review was there, to those who decide about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from config.desk.verifying import handed_out
from core.access import looked_at
from core.enums import Private
from doctors.evidence import Unreadable, load
from doctors.models import VisitPaper, VisitProof

if TYPE_CHECKING:
    from accounts.models import User

GONE = "This file cannot be shown ({}). Send the proof back, so that it can be sent again."


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, as a download and on record; nobody sees it who is a party to it."""
    user = cast("User", request.user)
    if not user.has_perm(VisitProof.moderate_permission()):
        raise PermissionDenied
    file = get_object_or_404(VisitPaper.objects.select_related("proof__review"), pk=pk)
    if file.proof.concerns(user):
        raise PermissionDenied
    try:
        content = load(file.name, sha256=file.sha256)
    except Unreadable as error:
        messages.error(request, GONE.format(error))
        return redirect("admin:moderation_item", "visitproof", file.proof_id)
    looked_at(file, by=user, kind=Private.EVIDENCE, path=request.path, why=f"{file.proof}")
    return handed_out(content, file, name=f"visit-{pk}")
