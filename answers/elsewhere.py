"""The addresses of a duplicate lead to the thread it repeats, for as long as a moderator leaves it so."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from answers.selectors import canonical_of


class Elsewhere(HttpResponseRedirect):
    """For now, since the link can be undone; kept by caches as long as a page is."""

    is_shareable = True


def led_on(name: str = "", *, with_form: bool = False, **where: Any) -> Elsewhere:
    """To the thread itself or to its page ``name``; ``where`` tells the duplicate. 404 where there is none.

    ``with_form``: what was just sent goes along, so that nobody writes a text twice.
    """
    canonical = canonical_of(**where)
    if canonical is None:
        raise Http404
    address = reverse(name, args=[canonical.pk]) if name else canonical.get_absolute_url()
    return Elsewhere(address, preserve_request=with_form)
