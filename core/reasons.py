"""The closed list of reasons, as it is offered and as it is said to authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.models import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

Choices = list[tuple[str, object]]


def reasons_for(kind: type[Model] | str, decisions: Iterable[str]) -> list[Reason]:
    """The reasons in use that fit this kind of thing and at least one of ``decisions``. One query."""
    label, wanted = kind if isinstance(kind, str) else kind._meta.label_lower, set(decisions)
    return [
        reason
        for reason in Reason.objects.filter(is_active=True)
        if any(reason.fits(kind=label, decision=decision) for decision in wanted)
    ]


def reasons_for_all() -> list[Reason]:
    """Those that fit whatever is refused or removed, of every kind."""
    fitting = ("reject", "remove")
    rows = Reason.objects.filter(is_active=True, kinds=[])
    return [row for row in rows if all(row.fits(kind="", decision=decision) for decision in fitting)]


def choices_for(kind: type[Model] | str, decisions: Iterable[str]) -> Choices:
    """The same as the choices of a field, grouped by what can be decided for them."""
    wanted = list(decisions)
    groups: dict[str, list[tuple[str, str]]] = {}
    for reason in reasons_for(kind, wanted):
        fitting = [decision for decision in wanted if decision in reason.decisions]
        groups.setdefault(f"To {' or '.join(fitting)}", []).append((reason.code, reason.sentence))
    return [("", "Choose a reason"), *groups.items()]


def explained(code: str, written: str) -> str:
    """What the author is told: the sentence of ``code``, then what the moderator wrote."""
    sentence = Reason.objects.filter(code=code).values_list("sentence", flat=True).first() if code else ""
    return "\n\n".join(part for part in (sentence, written.strip()) if part)


def sentences() -> dict[str, str]:
    """Every code there ever was, with its sentence."""
    return dict(Reason.objects.values_list("code", "sentence"))
