"""Printing text that was made safe when it was written."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString

from core import text
from core.jsonld import breadcrumbs, script

register = template.Library()


@register.filter
def html(rendered: str) -> SafeString:
    """Mark a field rendered by :func:`core.text.render` as HTML. Never use it on anything else."""
    return SafeString(rendered or "")


@register.filter
def excerpt(rendered: str, length: int = 200) -> str:
    """The first words of a rendered field."""
    return text.excerpt(rendered or "", length)


@register.filter
def opening(rendered: str) -> tuple[SafeString, SafeString]:
    """The first paragraphs of a rendered field, and what comes after them."""
    head, rest = text.opening(rendered or "")
    return SafeString(head), SafeString(rest)


@register.simple_tag
def jsonld(data: dict[str, Any] | None) -> SafeString:
    """A JSON-LD block, or nothing."""
    return script(data) if data else SafeString("")


@register.simple_tag
def structured_crumbs(crumbs: list[tuple[str, str | None]]) -> SafeString:
    """The way to a page as a JSON-LD block."""
    return script(breadcrumbs(settings.SITE_ORIGIN, crumbs))
