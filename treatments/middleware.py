"""The addresses of a treatment that was merged lead to the one it is part of now, each to the same page there."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import reverse

from treatments.selectors import merged_into

BELOW = "treatments/<slug:slug>/"


def merged_treatments(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable:
    """In one place for every page below a treatment, whichever app it is in; a page that is found costs nothing."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _led_on(request) if isinstance(exception, Http404) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def _led_on(request: HttpRequest) -> HttpResponse | None:
    """For good, since a merge is; what was sent goes along."""
    page = request.resolver_match
    if page is None or not page.route.startswith(BELOW):
        return None
    where = merged_into(page.kwargs["slug"], page.kwargs.get("use", ""))
    if not where:
        return None
    address = reverse(page.view_name, kwargs={**page.kwargs, **where})
    query = request.META.get("QUERY_STRING")
    with_form = request.method not in {"GET", "HEAD"}
    return HttpResponsePermanentRedirect(
        f"{address}?{query}" if query else address, preserve_request=with_form
    )
