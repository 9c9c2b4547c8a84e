"""Pictures of people leave here: public ones to anybody, all others to the few who may see them.

An address never shows anything else than it did once, and nothing at all as soon as it may not: shared copies live for
a minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from core.access import looked_at
from core.enums import Private
from core.images import showing
from core.images.handing import handed_out, hands_out
from core.middleware import SHARED_SECONDS

if TYPE_CHECKING:
    from accounts.models import User
    from core.images.showing import Shown

PUBLIC = f"public, max-age={SHARED_SECONDS}, s-maxage={SHARED_SECONDS}, must-revalidate"


@require_safe
@hands_out
def photo(request: HttpRequest, name: str) -> HttpResponseBase:
    shown = showing.find(name)
    if shown is None:
        raise Http404
    held = showing.publicly_held(shown)
    if held is not None:
        return _to_anybody(request, shown, may_be_found=held.may_be_found)
    user = cast("User", request.user)
    if not showing.may_see(shown, user):
        raise Http404
    if shown.photo.owner_id != user.pk:
        looked_at(showing.about(shown), by=user, kind=Private.PHOTO, path=request.path)
    return handed_out(shown.name)


def _to_anybody(request: HttpRequest, shown: Shown, *, may_be_found: bool) -> HttpResponseBase:
    """A copy that is still good is told so without opening the file."""
    etag = f'"{shown.name}"'
    response = get_conditional_response(request, etag=etag) or handed_out(shown.name)
    response["Cache-Control"], response["ETag"] = PUBLIC, etag
    if not may_be_found:
        response["X-Robots-Tag"] = "noindex, noimageindex"
    return response
