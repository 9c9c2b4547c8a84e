"""Why the doctors differ: the reasons given in answers and disputes, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from answers.consensus import Bar, positions_of
from answers.enums import OpinionKind, Reason, Stance
from answers.models import Answer, SecondOpinion

ANSWERS_NAMED = 9
DISPUTES_QUOTED = 2


@dataclass(frozen=True)
class ReasonGroup:
    """The doctors who give one reason.

    ``count`` are those who hold a position in the bar for it, ``against`` those of them who advise against it,
    ``beside`` those who give it only in a dispute beside the position they hold. ``stance`` is the position that
    those who count share, empty where they do not. ``answers`` and ``disputes`` are what is printed.
    """

    reason: str
    count: int
    stance: str = ""
    against: int = 0
    beside: int = 0
    answers: Sequence[Answer] = ()
    disputes: Sequence[SecondOpinion] = ()

    @property
    def label(self) -> str:
        return Reason(self.reason).label

    @property
    def more(self) -> int:
        """How many doctors give the reason and are not named with it."""
        named = {one.doctor_id for one in self.answers} | {one.doctor_id for one in self.disputes}
        return self.count + self.beside - len(named)

    def cut(self, answers: int, disputes: int = DISPUTES_QUOTED) -> ReasonGroup:
        """The same with fewer of them named."""
        return replace(self, answers=self.answers[:answers], disputes=self.disputes[:disputes])


def reasons_against(
    answers: Iterable[Answer], opinions: Iterable[SecondOpinion] = (), *, named: int = ANSWERS_NAMED
) -> list[ReasonGroup]:
    """The reasons given in a thread's counted answers and disputes, most frequent first."""
    opinions = list(opinions)
    held = positions_of(answers, opinions)
    given: dict[str, list[Answer]] = {}
    for one in held.values():
        if isinstance(one, Answer) and one.reason:
            given.setdefault(one.reason, []).append(one)
    disputed = _disputes(opinions, held)
    groups = [
        _group(reason, given.get(reason, []), disputed.get(reason, []), held).cut(named)
        for reason in dict.fromkeys([*given, *disputed])
    ]
    return sorted(groups, key=lambda group: -group.count)


def _disputes(
    opinions: Iterable[SecondOpinion], held: dict[int, Answer | SecondOpinion]
) -> dict[str, list[SecondOpinion]]:
    """The public disputes of verified doctors by reason, those that hold a position first."""
    groups: dict[str, list[SecondOpinion]] = {}
    for one in sorted(opinions, key=lambda one: held.get(one.doctor_id) is not one):
        if one.is_public and one.kind == OpinionKind.DISPUTE and one.doctor.is_verified_now:
            groups.setdefault(one.reason, []).append(one)
    return groups


def _group(
    reason: str,
    given: list[Answer],
    disputed: list[SecondOpinion],
    held: dict[int, Answer | SecondOpinion],
) -> ReasonGroup:
    counting = [one for one in disputed if held[one.doctor_id] is one]
    stances = [*(one.stance for one in given), *(one.stance for one in counting)]
    counted = {one.doctor_id for one in given} | {one.doctor_id for one in counting}
    return ReasonGroup(
        reason=reason,
        count=len(counted),
        stance=stances[0] if len(set(stances)) == 1 else "",
        against=stances.count(Stance.AGAINST),
        beside=len({one.doctor_id for one in disputed} - counted),
        answers=given,
        disputes=disputed,
    )


def why_most(bar: Bar, reasons: Iterable[ReasonGroup]) -> str:
    """The reason given by most of those who advise against something, where most doctors do.

    Empty where no reason leads.
    """
    against = next((c["count"] for c in bar.counts if c["stance"] == Stance.AGAINST), 0)
    if bar.too_few or 2 * against <= bar.total:
        return ""
    ranked = sorted(reasons, key=lambda group: -group.against)
    if not ranked or not ranked[0].against:
        return ""
    if len(ranked) > 1 and ranked[0].against == ranked[1].against:
        return ""
    return ranked[0].label.lower()
