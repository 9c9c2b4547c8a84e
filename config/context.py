"""What every template knows about the site itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from treatments.countries import country_of


def site(request: HttpRequest) -> dict[str, Any]:
    """``site`` and ``country`` for all pages; ``canonical_url`` is the page's own address without its query string."""
    return {
        "site": {
            "name": settings.SITE_NAME,
            "demo": settings.DEMO,
            "origin": settings.SITE_ORIGIN,
            "second_factor": settings.SECOND_FACTOR,
            "mail_folder": "var/mail/" if settings.DEMO and not settings.EMAIL_URL else None,
        },
        "country": country_of(request),
        "canonical_url": f"{settings.SITE_ORIGIN}{request.path}",
    }
