"""The profiles behind imported answers: found by name, title and city, or made, unclaimed and unverified."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.utils.text import slugify

from answers.exchange.catalogue import Catalogue
from answers.exchange.copying import insert, reserve
from answers.exchange.people import IncomingDoctor
from doctors.models import Doctor

SLUG_LENGTH = 80
Key = tuple[str, str, str]


def doctors_for(
    incoming: Iterable[IncomingDoctor], *, catalogue: Catalogue, decided: dict[str, Any]
) -> tuple[dict[Key, int], list[int]]:
    """The profile of each key, and which of them are new.

    Only imported profiles are found: nothing is ever attributed to somebody who signed up here because
    they bear the same name. ``decided`` holds the fields of the moderation of new ones.
    """
    wanted = {doctor.key: doctor for doctor in reversed(list(incoming))}
    names = {name for name, _, _ in wanted}
    rows = Doctor.objects.filter(is_imported=True, name__in=names).values_list("name", "title", "city", "pk")
    found = {(name, title, city): pk for name, title, city, pk in rows}
    new = [doctor for key, doctor in reversed(wanted.items()) if key not in found]
    keys = reserve(Doctor, len(new)) if new else []
    slugs = _free_slugs(new)
    insert(
        Doctor,
        (
            _row(doctor, catalogue.specialty(doctor.specialty)) | {"id": pk, "slug": slug} | decided
            for doctor, pk, slug in zip(new, keys, slugs, strict=True)
        ),
    )
    return found | dict(zip((doctor.key for doctor in new), keys, strict=True)), keys


def _row(doctor: IncomingDoctor, specialty: int | None) -> dict[str, Any]:
    return {
        "name": doctor.name,
        "title": doctor.title,
        "specialty_id": specialty,
        "specialty_as_given": "" if specialty else doctor.specialty,
        "city": doctor.city,
        "region": doctor.region,
        "country": doctor.country,
        "is_imported": True,
    }


def _free_slugs(doctors: list[IncomingDoctor]) -> list[str]:
    """An address for each: the name, else with the city, else with a mark made from all three."""
    wanted = [_candidates(doctor) for doctor in doctors]
    every = {slug for slugs in wanted for slug in slugs}
    taken = set(Doctor.objects.filter(slug__in=every).values_list("slug", flat=True))
    chosen = []
    for slugs in wanted:
        slug = next((slug for slug in slugs if slug not in taken), slugs[-1])
        taken.add(slug)
        chosen.append(slug)
    return chosen


def _candidates(doctor: IncomingDoctor) -> list[str]:
    mark = hashlib.blake2b("\n".join(doctor.key).encode(), digest_size=5).hexdigest()
    base = slugify(doctor.name)[:SLUG_LENGTH].strip("-")
    if not base:
        return [f"doctor-{mark}"]
    with_city = f"{base}-{slugify(doctor.city)}"[:SLUG_LENGTH].strip("-")
    return [base, with_city, f"{base}-{mark}"]
