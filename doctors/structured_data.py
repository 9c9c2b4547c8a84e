"""Doctors for search engines: schema.org Physician, without ratings, and nothing that nobody has checked."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from doctors.models import Credential, Doctor
from doctors.selectors import Evidence


def physician(doctor: Doctor, evidence: Evidence) -> dict[str, Any]:
    """A listed profile. What goes beyond the name is claimed only while the verification holds."""
    about = {
        "@type": "Physician",
        "name": str(doctor),
        "url": settings.SITE_ORIGIN + doctor.get_absolute_url(),
        "image": settings.SITE_ORIGIN + doctor.portrait_url if doctor.portrait_url else "",
    }
    return {**about, **_checked(doctor, evidence)} if doctor.is_verified_now else about


def _checked(doctor: Doctor, evidence: Evidence) -> dict[str, Any]:
    """Empty values are left out where this is printed."""
    place = {"addressLocality": doctor.city, "addressRegion": doctor.region, "addressCountry": doctor.country}
    address = {name: value for name, value in place.items() if value}
    areas = (c.region or c.country for c in evidence.in_force)
    return {
        "description": f"{doctor.specialty.name}, verified {doctor.verified_on:%Y-%m-%d}"
        if doctor.specialty
        else "",
        "medicalSpecialty": doctor.specialty.name if doctor.specialty else "",
        "hasCredential": [_credential(credential) for credential in evidence.in_force],
        "areaServed": list(dict.fromkeys(filter(None, areas))),
        "address": {"@type": "PostalAddress", **address} if address else None,
    }


def _credential(credential: Credential) -> dict[str, Any]:
    """Without its number, which is for comparing by eye."""
    return {
        "@type": "EducationalOccupationalCredential",
        "credentialCategory": credential.get_kind_display(),
        "recognizedBy": {"@type": "Organization", "name": credential.authority},
        **({"expires": credential.expires_on} if credential.expires_on else {}),
    }
