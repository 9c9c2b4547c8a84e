"""Doctors for search engines: schema.org Physician, without ratings."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from doctors.models import Doctor


def physician(doctor: Doctor) -> dict[str, Any]:
    """A public profile. The specialty is claimed only while somebody here has checked it."""
    place = {"addressLocality": doctor.city, "addressRegion": doctor.region, "addressCountry": doctor.country}
    address = {name: value for name, value in place.items() if value}
    checked = doctor.specialty if doctor.is_verified_now else None
    return {
        "@type": "Physician",
        "name": str(doctor),
        "url": settings.SITE_ORIGIN + doctor.get_absolute_url(),
        "address": {"@type": "PostalAddress", **address} if address else None,
        "image": settings.SITE_ORIGIN + doctor.portrait_url if doctor.portrait_url else "",
        "description": f"{checked.name}, verified {doctor.verified_on:%Y-%m-%d}" if checked else "",
    }
