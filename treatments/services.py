"""What people do to the catalogue as a whole. Each verb is one transaction with a named actor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import ManyToOneRel, Model

from core.audit import record
from core.moderation import NotPermitted, NotPossible, ReasonMissing, Stale
from treatments.merging.companions import COMPANIONS, Merge
from treatments.merging.gate import alone
from treatments.merging.plan import LabelGroup, Plan, UseMatch, plan_of
from treatments.models import (
    Caution,
    LabelStatus,
    LoadedEntry,
    SafetyNotice,
    Treatment,
    TreatmentRedirect,
    TreatmentSynonym,
    TreatmentUse,
    UseRedirect,
)
from treatments.permissions import may_merge

if TYPE_CHECKING:
    from accounts.models import User

SIGNS = "signs"
MEANWHILE = "The catalogue changed while you were reading. Nothing was done; look at it again."
GONE = "One of the two is no longer there: somebody merged it meanwhile. Nothing was done."


def merge(
    *,
    source: Treatment,
    target: Treatment,
    by: User,
    reason: str,
    seen: str,
    chosen: Mapping[str, int] | None = None,
) -> Treatment:
    """Make ``source`` part of ``target``, for good: what names it names the target, its addresses lead there.

    ``seen`` is the digest of the plan that was shown; ``chosen`` says for each conflict of that plan which row stays:
    of the label statuses (by the group's key), and whose emergency signs (``signs``, a treatment).
    Raises a TransitionError whose message can be shown, and then nothing is done.
    """
    with transaction.atomic():
        alone()
        source, target = _held(source, target)
        plan = plan_of(source, target)
        chosen = chosen or {}
        _check(plan, by=by, reason=reason, seen=seen, chosen=chosen)
        told = _told(plan, chosen, reason)
        redirect = _redirect(plan)
        _move_family(plan, chosen)
        _move_names(plan, redirect)
        _move_uses(plan, redirect)
        _settle_labels(plan, redirect, chosen)
        _move_facts(plan, redirect)
        under_way = Merge(source, target, {m.use.pk: m.into.pk for m in plan.uses if m.into}, by)
        for companion in COMPANIONS:
            companion.moved(under_way)
        record(actor=by, action="merge", obj=source, reason=told)
        _end(source, plan.ending_uses)
    return target


def _held(source: Treatment, target: Treatment) -> tuple[Treatment, Treatment]:
    """Both as they are now, with their families, nobody else's until the transaction ends."""
    pks = {source.pk, target.pk}
    list(Treatment.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))
    rows = Treatment.objects.select_related("parent__parent", "emergency_source").in_bulk(pks)
    if len(rows) < len(pks):
        raise NotPossible(GONE)
    return rows[source.pk], rows[target.pk]


def _check(plan: Plan, *, by: User, reason: str, seen: str, chosen: Mapping[str, int]) -> None:
    if not may_merge(by):
        raise NotPermitted("Only those who keep the catalogue merge treatments.")
    if plan.obstacles:
        raise NotPossible(plan.obstacles[0])
    if plan.digest != seen:
        raise Stale(MEANWHILE)
    if not reason.strip():
        raise ReasonMissing("Say for the record why the two are one.")
    options = {group.key: {label.pk for label in group.options} for group in plan.conflicts}
    if len(plan.signs) > 1:
        options[SIGNS] = {treatment.pk for treatment in plan.signs}
    if any(chosen.get(key) not in allowed for key, allowed in options.items()):
        raise NotPossible("The two contradict each other: choose what holds from now on.")


def _redirect(plan: Plan) -> TreatmentRedirect:
    """The address of the source, and all that led to it, lead to the target in one step."""
    source, target = plan.source, plan.target
    TreatmentRedirect.objects.filter(target=source).update(target=target)
    LoadedEntry.objects.filter(kind=LoadedEntry.TREATMENT, slug=source.slug).delete()
    return TreatmentRedirect.objects.create(
        slug=source.slug, name=source.name, former_pk=source.pk, target=target
    )


def _move_family(plan: Plan, chosen: Mapping[str, int]) -> None:
    """The target keeps its place, or takes the source's where it belonged to it, so that nothing goes round."""
    source, target = plan.source, plan.target
    target.former_slugs = [*target.former_slugs, *source.slugs]
    if plan.takes_the_place:
        target.parent = source.parent
    said = {treatment.pk: treatment for treatment in plan.signs}
    if said:
        speaks = said[chosen[SIGNS]] if len(said) > 1 else next(iter(said.values()))
        target.emergency_signs, target.emergency_source = speaks.emergency_signs, speaks.emergency_source
    target.save(update_fields=["former_slugs", "parent", "emergency_signs", "emergency_source"])
    Treatment.objects.filter(parent=source).exclude(pk=target.pk).update(parent=target)
    target.body_areas.add(*source.body_areas.all())
    source.body_areas.clear()


def _move_names(plan: Plan, redirect: TreatmentRedirect) -> None:
    """Every name of the source is one of the target's; what it was called already stays, whatever a file says."""
    rows = [
        TreatmentSynonym(treatment=plan.target, name=name, kind=kind, came_with=redirect)
        for name, kind in plan.names
    ]
    TreatmentSynonym.objects.filter(treatment=plan.source).delete()
    TreatmentSynonym.objects.bulk_create(rows, ignore_conflicts=True)
    known = {name.casefold() for name, _ in plan.names}
    there = TreatmentSynonym.objects.filter(treatment=plan.target, came_with__isnull=True)
    there.filter(pk__in=[row.pk for row in there if row.name.casefold() in known]).update(came_with=redirect)


def _move_uses(plan: Plan, redirect: TreatmentRedirect) -> None:
    """A use moves with its number; of one that ends, the address leads to the use that it is."""
    for match in plan.ending_uses:
        UseRedirect.objects.filter(use=match.use).update(use=match.into)
    moving = [match.use.pk for match in plan.moving_uses]
    TreatmentUse.objects.filter(pk__in=moving).update(treatment=plan.target)
    UseRedirect.objects.bulk_create(
        UseRedirect(
            treatment=redirect,
            slug=match.use.slug,
            name=match.use.name,
            former_pk=match.use.pk,
            use=match.stays_as,
        )
        for match in plan.uses
    )


def _settle_labels(plan: Plan, redirect: TreatmentRedirect, chosen: Mapping[str, int]) -> None:
    """One statement for each use and jurisdiction: what only one side said, what both said, or what was chosen."""
    for group in plan.labels:
        stays = _stays(group, chosen)
        LabelStatus.objects.filter(pk__in=[label.pk for label in group.said if label.pk != stays.pk]).delete()
        if stays.use_id != group.use.pk or group.use in [match.use for match in plan.moving_uses]:
            stays.came_with = redirect
        stays.use = group.use
        stays.save(update_fields=["use", "came_with", "checked_on"])


def _stays(group: LabelGroup, chosen: Mapping[str, int]) -> LabelStatus:
    return next((label for label in group.options if label.pk == chosen.get(group.key)), group.options[0])


def _move_facts(plan: Plan, redirect: TreatmentRedirect) -> None:
    """Cautions and safety notices; what the target has word for word is there once, as it was looked at last."""
    for caution in Caution.objects.filter(treatment=plan.source).exclude(
        pk__in=[row.pk for row in plan.cautions]
    ):
        same = Caution.objects.filter(
            treatment=plan.target, kind=caution.kind, text=caution.text, source=caution.source_id
        )
        if caution.checked_on:
            same.exclude(checked_on__gte=caution.checked_on).update(checked_on=caution.checked_on)
    for kind, moving in ((Caution, plan.cautions), (SafetyNotice, plan.notices)):
        rows: Any = kind._default_manager
        rows.filter(pk__in=[row.pk for row in moving]).update(treatment=plan.target, came_with=redirect)
        rows.filter(treatment=plan.source).delete()


def _end(source: Treatment, ending: list[UseMatch]) -> None:
    """The rows go last, and only if nothing names them any more: what no floor has moved is not lost in silence."""
    rows = [*(match.use for match in ending), source]
    for row in rows:
        left = next(_naming(row), None)
        if left:
            raise NotPossible(f"There are {left} that name {row} and could not be moved. Nothing was done.")
        gone = type(row)._base_manager.filter(pk=row.pk)
        gone._raw_delete(gone.db)


def _naming(row: Model) -> Iterator[str]:
    """Of every kind of row that names ``row``, the name of the kind."""
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel):
            continue
        if relation.related_model._base_manager.filter(**{relation.field.name: row}).exists():
            yield str(relation.related_model._meta.verbose_name_plural)


def _told(plan: Plan, chosen: Mapping[str, int], reason: str) -> str:
    """For the trail: what became part of what, what was chosen where they differed, and why."""
    source, target = plan.source, plan.target
    lines = [f"“{source}” ({source.slug}) became part of “{target}” ({target.slug})."]
    for group in plan.conflicts:
        stays = _stays(group, chosen)
        gone = "; ".join(_statement(label) for label in group.options if label != stays)
        lines.append(f"{group.use}: {_statement(stays)}. Not kept: {gone}.")
    if len(plan.signs) > 1:
        silent = next(treatment for treatment in plan.signs if treatment.pk != chosen[SIGNS])
        lines.append(f"Emergency signs not kept ({silent.emergency_source}): {silent.emergency_signs}")
    lines += [f"{name} not kept: {text}" for name, text in plan.texts_left]
    return "\n".join([*lines, reason.strip()])


def _statement(label: LabelStatus) -> str:
    """A label status with the document it rests on."""
    checked = f", checked {label.checked_on}" if label.checked_on else ""
    note = f": “{label.note}”" if label.note else ""
    return f"{label}, by {label.source}{checked}{note}"
