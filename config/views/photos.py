"""Pictures of people leave here and nowhere else: public ones to anybody, all others to the few who may see them.

An address never shows anything else than it did once, and nothing at all as soon as it may not: shared copies live for
a minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from core.access import looked_at
from core.enums import Private
from core.images import showing, store
from core.images.renditions import Kind
from core.middleware import SHARED_SECONDS

if TYPE_CHECKING:
    from accounts.models import User
    from core.images.showing import Shown

TYPES = {Kind.AVIF: "image/avif", Kind.JPEG: "image/jpeg"}
PUBLIC = f"public, max-age={SHARED_SECONDS}, s-maxage={SHARED_SECONDS}, must-revalidate"


@require_safe
def photo(request: HttpRequest, name: str) -> HttpResponseBase:
    shown = showing.find(name)
    if shown is None:
        raise Http404
    try:
        return _if_allowed(request, shown)
    except FileNotFoundError as error:
        raise Http404 from error
    except OSError:
        return _unavailable()


def _if_allowed(request: HttpRequest, shown: Shown) -> HttpResponseBase:
    held = showing.publicly_held(shown)
    if held is not None:
        return _to_anybody(request, shown, may_be_found=held.may_be_found)
    user = cast("User", request.user)
    if not showing.may_see(shown, user):
        raise Http404
    if shown.photo.owner_id != user.pk:
        looked_at(showing.about(shown), by=user, kind=Private.PHOTO, path=request.path)
    return _handed_out(shown)


def _to_anybody(request: HttpRequest, shown: Shown, *, may_be_found: bool) -> HttpResponseBase:
    """A copy that is still good is told so without opening the file."""
    etag = f'"{shown.name}"'
    response = get_conditional_response(request, etag=etag) or _handed_out(shown)
    response["Cache-Control"], response["ETag"] = PUBLIC, etag
    if not may_be_found:
        response["X-Robots-Tag"] = "noindex, noimageindex"
    return response


def _handed_out(shown: Shown) -> HttpResponseBase:
    response = _by_front_server(shown) if settings.PICTURES_ACCEL else _by_us(shown)
    response["Content-Type"] = TYPES[Kind(shown.name.rsplit(".", 1)[-1])]
    response["Cache-Control"] = "private, no-store"
    return response


def _by_front_server(shown: Shown) -> HttpResponseBase:
    place = f"{settings.PICTURES_ACCEL.rstrip('/')}/{store.where(shown.name)}"
    return HttpResponse(headers={"X-Accel-Redirect": place})


def _by_us(shown: Shown) -> HttpResponseBase:
    return FileResponse(store.opened(shown.name), filename=shown.name)


def _unavailable() -> HttpResponse:
    headers = {"Retry-After": "60", "Cache-Control": "no-store"}
    return HttpResponse("Pictures cannot be shown just now.\n", "text/plain", 503, headers=headers)
