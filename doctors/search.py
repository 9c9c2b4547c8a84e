"""Finding doctors by name, specialty and place."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models.expressions import RawSQL

from doctors.models import Doctor

SHOWN = 6
# Said of every doctor, so they find nobody in particular.
TITLES = frozenset("dr doctor doctors md mbbs prof professor specialist surgeon".split())

# Accents are folded as in the query. The index doctors_doctor_words (migration 0003) holds the first of
# these expressions to the letter.
WHO_AND_WHERE = r"""
to_tsvector('simple', regexp_replace(normalize(
    doctors_doctor.name || ' ' || doctors_doctor.city || ' ' || doctors_doctor.region, NFKD
), '[\u0300-\u036f]', '', 'g'))
"""
OF_SPECIALTY = """
doctors_doctor.specialty_id IN (
    SELECT id FROM doctors_specialty WHERE to_tsvector('english', name) @@ %s::tsquery
)
"""
CLOSENESS = f"ts_rank({WHO_AND_WHERE}, %s::tsquery) + ({OF_SPECIALTY})::int * 0.01"


def search_doctors(words: Iterable[str], stems: Iterable[str], *, limit: int = SHOWN) -> list[Doctor]:
    """Doctors of the directory who have a folded word in name or place, or a stem in their specialty.

    Those who match in most come first. One query, none without words.
    """
    asked = [word for word in dict.fromkeys(words) if word not in TITLES]
    if not asked:
        return []
    named = " | ".join(f"'{word}'" for word in asked if word.isalnum())
    specialised = " | ".join(f"'{stem}'" for stem in dict.fromkeys(stems) if stem.isalnum())
    doctors = Doctor.objects.in_directory().for_display()
    matching = doctors.extra(  # noqa: S610  # constants; values are parameters
        where=[f"({WHO_AND_WHERE} @@ %s::tsquery OR {OF_SPECIALTY})"], params=[named, specialised]
    )
    closeness = RawSQL(CLOSENESS, [named, specialised])  # noqa: S611  # as above
    return list(matching.annotate(closeness=closeness).order_by("-closeness", "name", "pk")[:limit])
