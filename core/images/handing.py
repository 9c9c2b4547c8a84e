"""A file of a picture as an answer; whoever calls has asked whether it may be seen."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase

from core.images import store
from core.images.renditions import Kind

TYPES = {Kind.AVIF: "image/avif", Kind.JPEG: "image/jpeg"}


def hands_out(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For views that do: a file that has gone is a 404, a store that is away says so."""

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(*args, **kwargs)
        except FileNotFoundError as error:
            raise Http404 from error
        except OSError:
            headers = {"Retry-After": "60", "Cache-Control": "no-store"}
            return HttpResponse("Pictures cannot be shown just now.\n", "text/plain", 503, headers=headers)

    return inner


def handed_out(name: str) -> HttpResponseBase:
    """For nobody but whoever asked. Raises OSError."""
    response = _by_front_server(name) if settings.PICTURES_ACCEL else _by_us(name)
    response["Content-Type"] = TYPES[Kind(name.rsplit(".", 1)[-1])]
    response["Cache-Control"] = "private, no-store"
    return response


def _by_front_server(name: str) -> HttpResponseBase:
    place = f"{settings.PICTURES_ACCEL.rstrip('/')}/{store.where(name)}"
    return HttpResponse(headers={"X-Accel-Redirect": place})


def _by_us(name: str) -> HttpResponseBase:
    return FileResponse(store.opened(name), filename=name)
