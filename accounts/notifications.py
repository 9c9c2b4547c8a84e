"""What people can be told. Each app declares its kinds in its own ``notifications``, imported when it is ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from accounts.enums import Rhythm
from core.enums import State
from core.moderation import ADVERSE, TRANSITIONS

PLAIN = "notifications/plain.txt"
# The headings under which one chooses; those of doctors and of moderators stand on their own pages alone.
YOUR_QUESTIONS, YOUR_REVIEWS, YOUR_ANSWERS, YOUR_PROFILE, YOU_FOLLOW, YOUR_ACCOUNT, MODERATION = GROUPS = (
    "Your questions",
    "Your reviews",
    "Your answers",
    "Your profile as a doctor",
    "What you follow",
    "Your account",
    "Moderation",
)
OF_DOCTORS, OF_MODERATORS = frozenset({YOUR_ANSWERS, YOUR_PROFILE}), frozenset({MODERATION})


def whatever_is_there(rows: QuerySet) -> QuerySet:
    """Due as long as the row exists."""
    return rows


@dataclass(frozen=True)
class Kind:
    """One kind of thing that people are told.

    ``label`` names the kind where one chooses how soon to hear of it; ``rhythm`` is what it is before anybody
    chose. ``subject`` is the subject of the mail and the line on the site: no words about health, no name of a
    treatment. ``template`` says in a sentence or two, as plain text and as carefully, what it means for the reader.
    ``still_due`` narrows rows of the model that was told about to those still worth telling; it is asked at the
    moment of sending. ``name_of`` is how its reader knows such a row, which is loaded with what ``related`` names;
    it is shown on the site alone.

    Kinds of one ``topic`` share a choice (and their label). ``group`` is the heading it stands under.
    ``reaches_closed``: also told to those whose account is closed. ``in_one_line``: however often it happened, a
    summary says it once.
    """

    name: str
    label: str
    rhythm: Rhythm
    subject: str
    template: str = PLAIN
    still_due: Callable[[QuerySet], QuerySet] = whatever_is_there
    topic: str = ""
    group: str = YOUR_ACCOUNT
    name_of: Callable[[Model], str] = str
    related: tuple[str, ...] = ()
    reaches_closed: bool = False
    in_one_line: bool = False

    @property
    def setting(self) -> str:
        """The name of the choice that it follows."""
        return self.topic or self.name


KINDS: dict[str, Kind] = {}
# What authors are told of, by the step a moderator took: its name in kinds and events, and in words.
OUTCOMES = {
    (State.PENDING, State.PUBLISHED): ("published", "is published"),
    (State.PENDING, State.DRAFT): ("sent-back", "was sent back to you"),
    (State.PENDING, State.REJECTED): ("rejected", "was not accepted"),
    (State.PUBLISHED, State.REMOVED): ("removed", "was removed"),
    (State.REMOVED, State.PUBLISHED): ("restored", "is published again"),
}


def register(kind: Kind) -> Kind:
    """Make a kind known. Its name and its event are for ever: rows in the database hold them."""
    if kind.name in KINDS:
        raise ValueError(f"There is a kind of notification called {kind.name} already.")
    alike = [one for one in KINDS.values() if one.setting == kind.setting]
    if any((one.label, one.group, one.rhythm) != (kind.label, kind.group, kind.rhythm) for one in alike):
        raise ValueError(f"{kind.name} shares a choice with kinds of another label, group or rhythm.")
    KINDS[kind.name] = kind
    return kind


def public(rows: QuerySet) -> QuerySet:
    """Due while anybody may read it."""
    return rows.public()  # type: ignore[attr-defined]


def outcome_of(before: str, after: str) -> str:
    """The name of what a moderator decided, empty for every other step (``core.moderation.TRANSITIONS``)."""
    return OUTCOMES.get((State(before), State(after)), ("", ""))[0]


def register_decisions(
    noun: str,
    words: str,
    *,
    topic: str,
    label: str,
    group: str,
    name_of: Callable[[Model], str] = str,
    related: tuple[str, ...] = (),
) -> None:
    """The kinds ``<noun>-<outcome>`` of what moderators decide about one sort of text, all at once by default."""
    for step, (outcome, said) in OUTCOMES.items():
        template = "against" if TRANSITIONS[step].verb in ADVERSE else "published"
        register(
            Kind(
                f"{noun}-{outcome}",
                label,
                Rhythm.AT_ONCE,
                f"Your {words} {said}",
                f"notifications/{template}.txt",
                _in_state(step[1]),
                topic,
                group,
                name_of,
                related,
            )
        )


def _in_state(state: State) -> Callable[[QuerySet], QuerySet]:
    """Due while it stands as it was decided."""
    return lambda rows: rows.filter(state=state)


SANCTIONED = register(
    Kind(
        "sanction-imposed",
        "A moderator warns you or limits your account",
        Rhythm.AT_ONCE,
        "A decision about your account",
        "notifications/sanction_imposed.txt",
        lambda rows: rows.standing(),  # type: ignore[attr-defined]
        topic="sanctions",
        reaches_closed=True,
    )
)
SANCTION_LIFTED = register(
    Kind(
        "sanction-lifted",
        "A moderator warns you or limits your account",
        Rhythm.AT_ONCE,
        "A decision about your account was taken back",
        "notifications/sanction_lifted.txt",
        lambda rows: rows.filter(lifted_at__isnull=False),
        topic="sanctions",
    )
)
