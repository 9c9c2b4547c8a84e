"""How much somebody has not read yet."""

from __future__ import annotations

from django import template

from accounts.models import User
from accounts.selectors import COUNTED_TO, unread_count

register = template.Library()


@register.simple_tag
def unread(user: User) -> str:
    """Empty where there is nothing. One query."""
    number = unread_count(user)
    return f"{number}+" if number >= COUNTED_TO else str(number or "")
