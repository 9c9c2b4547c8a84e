"""Printing text that was made safe when it was written, and moments of the recent past."""

from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import dates, text
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
def ended(sentence: str) -> str:
    """The words with a full stop, unless they end with a mark of their own."""
    return text.ended(sentence)


@register.filter
def opening(rendered: str) -> tuple[SafeString, SafeString]:
    """The first paragraphs of a rendered field, and what comes after them."""
    head, rest = text.opening(rendered or "")
    return SafeString(head), SafeString(rest)


@register.simple_tag
def ago(moment: datetime) -> SafeString:
    """How long ago, with the moment itself for machines."""
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), dates.ago(moment))


@register.simple_tag
def jsonld(data: dict[str, Any] | None) -> SafeString:
    """A JSON-LD block, or nothing."""
    return script(data) if data else SafeString("")


@register.simple_tag
def structured_crumbs(crumbs: list[tuple[str, str | None]]) -> SafeString:
    """The way to a page as a JSON-LD block."""
    return script(breadcrumbs(settings.SITE_ORIGIN, crumbs))
