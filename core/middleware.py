"""What every request passes: hostile shapes are turned away, a lost database is said, caches are told."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from email.message import Message

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

Handler = Callable[[HttpRequest], HttpResponseBase]
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
SHARED_SECONDS = 60
# 304 says again what the page itself said; a cache takes it over.
SHAREABLE = frozenset({200, 301, 304})
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def hostile_input(get_response: Handler) -> Handler:
    """400 for NUL bytes and foreign charsets, 405 for methods nobody here answers.

    PostgreSQL refuses NUL in text and Django's own handler of bad form charsets fails in turn, so both
    would otherwise end as a 500.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method not in METHODS:
            return worded(HttpResponseNotAllowed(sorted(METHODS)))
        query = request.META.get("QUERY_STRING", "")
        texts = (request.path, query, *request.COOKIES.values())
        if "%00" in query or any("\x00" in text for text in texts) or not _readable_charset(request):
            return HttpResponse(render_to_string("400.html"), status=400)
        return get_response(request)

    return middleware


def say_what_is_not_allowed(get_response: Handler) -> Handler:
    """A page for whoever opened what only a form may send, where views answer with a header alone."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return worded(get_response(request))

    return middleware


def worded(response: HttpResponseBase) -> HttpResponseBase:
    """The same answer, with words if it is a refusal of a method that came without any."""
    if isinstance(response, HttpResponseNotAllowed) and not response.content:
        response.content = render_to_string("405.html")
    return response


def _readable_charset(request: HttpRequest) -> bool:
    header = Message()
    header["Content-Type"] = request.META.get("CONTENT_TYPE", "") or "text/plain"
    charset = header.get_content_charset()
    if charset is None:
        return True
    try:
        return codecs.lookup(charset).name in {"utf-8", "ascii"}
    except (LookupError, ValueError):
        return False


def database_down(get_response: Handler) -> Handler:
    """503 with Retry-After while PostgreSQL is away, instead of an error page that caches may keep."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return unavailable() if is_database_away(exception) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def is_database_away(exception: BaseException | None) -> bool:
    return isinstance(exception, OperationalError | InterfaceError)


def unavailable() -> HttpResponse:
    """The page shown while the database is away; it needs neither request nor database."""
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})


def cache_rules(get_response: Handler) -> Handler:
    """Personal pages are never stored; anonymous pages, and redirects that say so, may be shared for a minute.

    Anonymous means that no session came in and no cookie goes out, so the bytes are the same for all.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if "Cache-Control" in response and not response.cookies:
            return response
        if _is_shareable(request, response):
            response["Cache-Control"] = f"public, max-age=0, s-maxage={SHARED_SECONDS}"
            patch_vary_headers(response, ["Cookie"])
        else:
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware


def _is_shareable(request: HttpRequest, response: HttpResponseBase) -> bool:
    return (
        request.method in {"GET", "HEAD"}
        and (response.status_code in SHAREABLE or getattr(response, "is_shareable", False))
        and not response.cookies
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and "Authorization" not in request.headers
    )


def no_body_for_head(get_response: Handler) -> Handler:
    """HEAD is answered with the headers of GET alone; servers complain of a body and drop it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            length = response.headers.get("Content-Length", str(len(response.content)))
            response.content = b""
            response.headers["Content-Length"] = length
        return response

    return middleware


def security_headers(get_response: Handler) -> Handler:
    """Headers no installed package sets: what browsers may use, and who may embed our answers."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        return response

    return middleware
