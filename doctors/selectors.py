"""Reading doctors: which treatments lie within a specialty, and what a profile rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, Value, When

from doctors.enums import CredentialKind, Standing, VerificationResult
from doctors.models import Credential, Doctor, Specialty, Verification, verified_today
from treatments.models import Treatment


def in_scope_of(doctors: QuerySet[Doctor], treatment: Treatment) -> QuerySet[Doctor]:
    """Doctors whose specialty lists the treatment or its family."""
    scope = Q(in_scope=treatment.pk)
    if treatment.parent_id:
        scope |= Q(in_scope=treatment.parent_id)
    return doctors.filter(specialty__in=Specialty.objects.filter(scope).values("pk"))


def verified_first(doctors: QuerySet[Doctor]) -> QuerySet[Doctor]:
    """Those who count today stand first, then by name."""
    rank = Case(When(verified_today(""), then=Value(0)), default=Value(1))
    return doctors.order_by(rank, "name", "pk")


def scope_of(doctor: Doctor) -> list[Treatment]:
    """Public treatments within the doctor's specialty; families stand for their members. One query."""
    if doctor.specialty_id is None:
        return []
    return list(Treatment.objects.public().filter(specialties=doctor.specialty_id).only("name", "slug"))


@dataclass(frozen=True)
class Shown:
    """One credential and the check that vouches for it, or did until it was due again."""

    credential: Credential
    check: Verification | None
    is_vouched_for: bool


@dataclass(frozen=True)
class Evidence:
    """What a profile rests on: what somebody here checked, what the doctor states, and the whole record.

    ``stopped`` is the suspension in force, if there is one; ``history`` holds every check, latest first.
    """

    checked: list[Shown]
    stated: list[Shown]
    stopped: Verification | None
    history: list[Verification]

    @property
    def in_force(self) -> list[Credential]:
        """Licences and certificates that are checked, neither run out nor due again."""
        return [
            row.credential
            for row in self.checked
            if row.is_vouched_for and row.credential.kind != CredentialKind.NPI
        ]


def evidence_of(doctor: Doctor) -> Evidence:
    """Credentials and checks without the people who did them. Two queries."""
    checks = list(doctor.verifications.select_related("credential").defer("note", "checked_by"))
    stops = (check for check in checks if check.result == VerificationResult.SUSPENDED)
    stopped = next(stops, None) if doctor.standing == Standing.SUSPENDED else None
    shown = [
        Shown(row, row.check_among(checks), row.is_vouched_for(checks))
        for row in sorted(doctor.credentials.all(), key=lambda row: row.kind != CredentialKind.BOARD)
    ]
    named = stopped.credential_id if stopped else None
    return Evidence(
        checked=[row for row in shown if row.check or row.credential.pk == named],
        stated=[row for row in shown if not row.check and row.credential.pk != named],
        stopped=stopped,
        history=checks,
    )


class Scopes:
    """Which specialties answer for which treatment, and which for its neighbours. Three queries, once.

    A treatment lies within a specialty that lists it or its family. Its neighbours are the treatments of the same
    kind (injectable, surgery, …) for a body area it is for too, and those of the same family.
    """

    def __init__(self) -> None:
        treatments = Treatment.objects.order_by().values_list("pk", "kind", "parent")
        self._places = {pk: (kind, parent) for pk, kind, parent in treatments}
        self._areas = _grouped(Treatment.body_areas.through.objects.values_list("treatment", "bodyarea"))
        self._listed = _grouped(Specialty.in_scope.through.objects.values_list("treatment", "specialty"))

    def near(self, treatment: int | None) -> set[int]:
        """The specialties a treatment lies within."""
        parent = self._places.get(treatment, ("", None))[1] if treatment else None
        return self._listed.get(treatment, set()) | self._listed.get(parent, set())

    def wider(self, treatment: int | None) -> set[int]:
        """The specialties its neighbours lie within, and it does not."""
        if treatment not in self._places:
            return set()
        found = [self.near(other) for other in self._places if self._are_neighbours(treatment, other)]
        return set().union(*found) - self.near(treatment)

    def _are_neighbours(self, one: int, other: int) -> bool:
        (kind, parent), (other_kind, other_parent) = self._places[one], self._places[other]
        if one == other or (parent is not None and parent == other_parent):
            return one != other
        areas = self._areas.get(one, set()) & self._areas.get(other, set())
        return kind == other_kind and bool(areas)


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int | None, set[int]]:
    """The second of each pair, by the first."""
    grouped: dict[int | None, set[int]] = {}
    for key, value in pairs:
        grouped.setdefault(key, set()).add(value)
    return grouped
