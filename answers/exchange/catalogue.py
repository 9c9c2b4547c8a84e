"""What a line calls a treatment, a use or a specialty, and which row that is here."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import Any

from django.db.models import Max
from django.utils.text import slugify

from answers.exchange.copying import insert, reserve
from answers.exchange.fields import Refused
from doctors.models import Specialty
from treatments.models import Treatment, TreatmentRedirect, TreatmentSynonym, TreatmentUse, UseRedirect

SLUG_LENGTH = 80
# Keys fetched at a time for new treatments; what is left over is never used.
KEYS = 200


def folded(name: str) -> str:
    """How names are compared: compatibility forms, case and spacing do not matter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


class Catalogue:
    """The names of the catalogue in memory; ``create`` allows unknown treatments, as unreviewed ones.

    What is created is stored by :meth:`save` in the caller's transaction: after a rollback, :meth:`load` again.
    """

    def __init__(self, *, create: bool) -> None:
        self.create = create
        self._keys: list[int] = []
        self.load()

    def load(self) -> None:
        self._treatments: list[dict[str, Any]] = []
        self._uses: list[dict[str, Any]] = []
        self.names: dict[str, int] = {}
        self.slugs: dict[str, int] = {}
        self.reviewed: set[int] = set()
        self.synonyms: defaultdict[str, set[int]] = defaultdict(set)
        self.uses: dict[tuple[int, str], int] = {}
        self.merged: dict[str, str] = {}
        self.former_uses: dict[tuple[str, str], int] = {}
        rows = Treatment.objects.order_by("pk").values_list("pk", "name", "slug", "is_reviewed")
        for pk, name, slug, is_reviewed in rows:
            self._know(pk, name, slug)
            if is_reviewed:
                self.reviewed.add(pk)
        for pk, name in TreatmentSynonym.objects.values_list("treatment_id", "name"):
            self.synonyms[folded(name)].add(pk)
        uses = TreatmentUse.objects.values_list("pk", "treatment_id", "slug", "name")
        for pk, treatment, slug, name in uses:
            self.uses[treatment, folded(name)] = self.uses[treatment, slug] = pk
        self._load_merged()
        specialties = Specialty.objects.values_list("pk", "name", "slug")
        self.specialties = {key: pk for pk, name, slug in specialties for key in (folded(name), slug)}

    def _load_merged(self) -> None:
        """Names and slugs from before a merge mean what they lead to, unless something is called so today."""
        redirects = TreatmentRedirect.objects.order_by("-pk").values_list("pk", "slug", "name", "target")
        self.merges = 0
        for pk, slug, name, target in redirects:
            self.merges = max(self.merges, pk)
            self.slugs.setdefault(slug, target)
            for called in (folded(name), slug):
                self.merged.setdefault(called, slug)
            self.names.setdefault(folded(name), target)
        former = UseRedirect.objects.values_list("treatment__slug", "slug", "name", "use", "use__treatment")
        for treatment, slug, name, use, target in former:
            for called in (folded(name), slug):
                self.former_uses[treatment, called] = use
                self.uses.setdefault((target, called), use)

    def is_current(self) -> bool:
        """Whether nothing was merged since it was loaded. One query."""
        return self.merges == (TreatmentRedirect.objects.aggregate(last=Max("pk"))["last"] or 0)

    def _know(self, pk: int, name: str, slug: str) -> None:
        self.names[folded(name)] = pk
        self.slugs[slug] = pk

    def resolve(self, treatments: list[str], use: str) -> tuple[list[int], int | None]:
        """The treatments in the order named, each once, and the use of the first of them.

        An unknown treatment or use is refused rather than dropped: which positions are counted together
        hangs on it. With ``create`` they are made, but a use only for a treatment that no editor has
        reviewed, since the uses of the others are printed beside their label status.
        """
        found = {name: self._find(name) for name in treatments}
        unknown = [name for name, pk in found.items() if pk is None]
        if unknown and not self.create:
            raise Refused(f"unknown treatment “{unknown[0]}”")
        if use and not treatments:
            raise Refused("a use without a treatment")
        main = found[treatments[0]] if treatments else None
        may_create_use = self.create and main not in self.reviewed
        if use and main is not None and self._use(main, use, treatments[0]) is None and not may_create_use:
            raise Refused(f"unknown use “{use}” of “{treatments[0]}”")
        ids = list(dict.fromkeys(self._find(name) or self._create(name) for name in treatments))
        if not use:
            return ids, None
        return ids, self._use(ids[0], use, treatments[0]) or self._create_use(ids[0], use)

    def place(self, treatments: list[str], use: str) -> tuple[list[int | None], int | None] | None:
        """Where a line belongs as things stand; None where a name may mean several."""
        try:
            found = [self._find(name) for name in treatments]
        except Refused:
            return None
        main = found[0] if found else None
        return list(dict.fromkeys(found)), self._use(main, use, treatments[0]) if use and main else None

    def specialty(self, name: str) -> int | None:
        return self.specialties.get(folded(name)) if name else None

    def _find(self, name: str) -> int | None:
        key = folded(name)
        if pk := self.names.get(key) or self.slugs.get(key):
            return pk
        candidates = self.synonyms.get(key, set())
        candidates = candidates & self.reviewed or candidates
        if len(candidates) > 1:
            slugs = sorted(slug for slug, pk in self.slugs.items() if pk in candidates)
            raise Refused(f"“{name}” is a name of several treatments: {', '.join(slugs)}")
        return next(iter(candidates), None)

    def _use(self, treatment: int, use: str, called: str) -> int | None:
        """Under the name of a treatment that was merged, its own uses come first."""
        name, former = folded(use), self.merged.get(folded(called), "")
        found = self.former_uses.get((former, name)) if self.slugs.get(former) == treatment else None
        return found or self.uses.get((treatment, name))

    def _create(self, name: str) -> int:
        self._keys = self._keys or reserve(Treatment, KEYS)
        pk, slug = self._keys.pop(0), self._free_slug(name)
        self._treatments.append({"id": pk, "name": name, "slug": slug, "is_reviewed": False})
        self._know(pk, name, slug)
        return pk

    def _create_use(self, treatment: int, name: str) -> int:
        slug = slugify(name)[:SLUG_LENGTH].strip("-") or "use"
        (pk,) = reserve(TreatmentUse, 1)
        self._uses.append({"id": pk, "treatment_id": treatment, "name": name, "slug": slug})
        self.uses[treatment, folded(name)] = self.uses[treatment, slug] = pk
        return pk

    def save(self) -> None:
        """Store what was created since the last time."""
        insert(Treatment, self._treatments)
        insert(TreatmentUse, self._uses)
        self._treatments, self._uses = [], []

    def _free_slug(self, name: str) -> str:
        slug = base = slugify(name)[: SLUG_LENGTH - 8].strip("-") or "treatment"
        number = 1
        while slug in self.slugs:
            number += 1
            slug = f"{base}-{number}"
        return slug
