"""Structured data for search engines, safe inside a script element."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html
from django.utils.safestring import SafeString

_ESCAPES = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def script(data: dict[str, Any]) -> SafeString:
    """A JSON-LD block; nothing in ``data`` can end the script element. Empty values are left out."""
    filled = {name: value for name, value in data.items() if value not in (None, "", [], {})}
    packed = json.dumps(
        {"@context": "https://schema.org", **filled}, cls=DjangoJSONEncoder, ensure_ascii=False
    )
    return format_html(
        '<script type="application/ld+json">{}</script>', SafeString(packed.translate(_ESCAPES))
    )


def reviewed(at: date | None) -> dict[str, Any]:
    """Who stands behind a page and when they last looked: the editors of this site; nothing where nobody has."""
    if at is None:
        return {}
    editors = {"@type": "Organization", "name": settings.SITE_NAME, "url": f"{settings.SITE_ORIGIN}/trust/"}
    return {"reviewedBy": editors, "lastReviewed": f"{at:%Y-%m-%d}"}


def breadcrumbs(origin: str, crumbs: list[tuple[str, str | None]]) -> dict[str, Any]:
    """A BreadcrumbList of (label, path) pairs; the last path may be ``None``."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": label,
                **({"item": origin + path} if path else {}),
            }
            for position, (label, path) in enumerate(crumbs, start=1)
        ],
    }
