"""Who can sign in to the demonstration, on the page where one signs in."""

from __future__ import annotations

from django import template
from django.conf import settings

from accounts.models import User

register = template.Library()


@register.inclusion_tag("account/_demo_accounts.html")
def demo_accounts() -> dict[str, list[tuple[str, str, str]]]:
    """The accounts that exist, as (role, e-mail address, password); none outside the demonstration."""
    if not settings.DEMO:
        return {"accounts": []}
    from config.demo import DEMO_ACCOUNTS

    wanted = [email for _role, email, _password in DEMO_ACCOUNTS]
    present = set(User.objects.filter(email__in=wanted).values_list("email", flat=True))
    return {"accounts": [row for row in DEMO_ACCOUNTS if row[1] in present]}
