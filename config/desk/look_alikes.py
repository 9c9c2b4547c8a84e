"""The pictures of one item beside those that look like them, for whoever decides."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from config.desk.kinds import KINDS
from config.holding.readers import pictures_of
from core.images.matching import Match, matches


def look_alikes(obj: Any) -> list[dict[str, Any]]:
    """``{match, what, url}``: the nearest of each picture first; nothing for what holds no pictures."""
    if not hasattr(obj, "photos"):
        return []
    found = matches(pictures_of(obj))
    return [_beside(match) for match in (*found.elsewhere, *found.within)]


def _beside(match: Match) -> dict[str, Any]:
    holding = match.other.holding()
    held = holding.first() if holding is not None else None
    if held is None:
        return {"match": match, "what": "something that is gone", "url": ""}
    holder = held.held_by
    name = str(holder._meta.model_name)
    url = reverse("admin:moderation_item", args=[name, holder.pk]) if name in KINDS else ""
    return {"match": match, "what": f"{holder._meta.verbose_name} {holder.pk}", "url": url}
