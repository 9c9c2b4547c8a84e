"""Words that may describe an emergency after a treatment.

A first, short list that runs on the server when a question is previewed and submitted. A hit shows the
emergency card and puts the question on top of the queue; it never stops anybody from posting. A phrase
that is denied ("no trouble breathing") does not fire: a negation stands shortly before it in the same clause.

Reviewed on 2026-11-23 against these documents:
- spread of toxin: boxed warning of all US botulinum toxin labels (FDA, 2009 onwards);
- filler in a vessel: FDA, "Dermal Fillers (Soft Tissue Fillers)", consumer update, 2023;
- infection, clots and chest symptoms after surgery: NHS, "Sepsis" and "Pulmonary embolism" pages, 2023.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treatments.models import Treatment

LOOK_AT_ONCE = 3
# Characters before a hit in which its denial is looked for: far more than the four words it can be away.
LOOK_BACK = 200


@dataclass(frozen=True)
class RedFlag:
    """``families`` are slugs of treatments or parents; empty means any treatment."""

    name: str
    pattern: str
    advice: str
    families: tuple[str, ...] = ()


_TOXIN = ("botulinum-toxin", "botox", "dysport", "xeomin", "jeuveau", "daxxify")
_FILLER = (
    "dermal-filler",
    "hyaluronic-acid-filler",
    "biostimulator",
    "juvederm",
    "restylane",
    "radiesse",
    "sculptra",
)

RED_FLAGS = (
    RedFlag(
        "toxin-spread",
        r"(?:trouble|difficult\w*|hard|can'?t|cannot|unable|struggl\w+|problems?)\W+(?:\w+\W+){0,2}"
        r"(?:swallow\w*|breath\w*|speak\w*|talk\w*)|(?:swallow\w*|breath\w*|speech)\W+(?:\w+\W+){0,2}"
        r"(?:is|are|got|getting|feels?|difficult|hard|slurred|worse)|chok(?:e|ing) on|double vision|slurr\w+",
        "Trouble swallowing, speaking or breathing after a toxin can become dangerous within hours.",
        _TOXIN,
    ),
    RedFlag(
        "vision",
        r"(?:los[tes]\w*|blurr\w*|sudden\w*|black\w*|can'?t|cannot)\W+(?:\w+\W+){0,3}(?:vision|sight|see(?:ing)?\b|eyesight)"
        r"|(?:vision|sight)\W+(?:\w+\W+){0,3}(?:lost|gone|going|blurr\w*|black|worse|disappear\w*)|blind(?:ness)?\b",
        "A change of vision after an injection or operation near the face needs an eye specialist now.",
    ),
    RedFlag(
        "blocked-vessel",
        r"(?:skin|lips?|nose|patch\w*|area|spot)\W+(?:\w+\W+){0,4}(?:white|grey|gray|blue|purple|dusky|mottled|blanch\w*|black)\b"
        r"|(?:white|grey|gray|dusky|mottled|blanch\w*)\W+(?:\w+\W+){0,2}(?:skin|lips?|nose|patch\w*|area|spot)",
        "Skin that turns white, grey or mottled after a filler may have lost its blood supply; minutes count.",
        _FILLER,
    ),
    RedFlag(
        "chest",
        r"chest\W+(?:\w+\W+){0,2}(?:pain|tight\w*|pressure)|short(?:ness)?\W+of\W+breath|cough\w*\W+(?:up\W+)?blood"
        r"|(?:calf|leg)\W+(?:\w+\W+){0,4}(?:swollen|swelling|hot)\W+(?:\w+\W+){0,4}(?:pain\w*|red|one side)",
        "Chest pain, breathlessness or a hot swollen calf after an operation can be a clot.",
    ),
    RedFlag(
        "infection",
        r"(?:fever|chills|temperature)\W+(?:\w+\W+){0,8}(?:red\w*|swoll\w*|pus|spreading|wound|confus\w*)"
        r"|(?:red\w*|pus)\W+(?:\w+\W+){0,8}(?:spreading|fever|chills)",
        "Fever with spreading redness or pus may be an infection that cannot wait.",
    ),
    RedFlag(
        "allergy",
        r"(?:throat|tongue|face)\W+(?:\w+\W+){0,3}(?:clos\w*|swell\w*\W+(?:shut|fast|up)|tight\w*)|anaphyla\w*",
        "Swelling of throat or tongue may be a severe allergic reaction.",
    ),
    RedFlag(
        "self-harm",
        r"(?:kill|harm|hurt)\w*\W+myself|suicid\w*|end\W+(?:my\W+life|it\W+all)|don'?t\W+want\W+to\W+(?:live|be\W+alive)",
        "If you think of harming yourself, please talk to somebody now; the emergency number can connect you.",
    ),
)
# A negation reaches three words far, and not past words that begin something else: "no idea why I can't breathe".
_BEYOND = r"i|it|my|me|we|he|she|why|what|how|if|when|that|and|idea|sure|such|stop\w*|answer\w*|sle(?:ep|pt)\w*|help\w*"
_NEGATION = re.compile(
    r"\b(?:no|not|never|without|denies|isn'?t|aren'?t|wasn'?t|haven'?t|hasn'?t|don'?t|didn'?t|doesn'?t|nor|any)\W+"
    rf"(?:(?!(?:{_BEYOND})\b)\w+\W+){{0,3}}$",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[.,;:!?\n]|\b(?:but|because|since|although|though|however|now)\b", re.IGNORECASE)
# "Never had chest pain like this" says that it is there.
_AS_NEVER_BEFORE = re.compile(r"\W+(?:\w+\W+)?(?:like|before|until|till)\b", re.IGNORECASE)
_COMPILED = {flag.name: re.compile(rf"\b(?:{flag.pattern})", re.IGNORECASE) for flag in RED_FLAGS}


def matching(text: str, *, treatment: Treatment | None) -> list[RedFlag]:
    """The flags that ``text`` raises for a question about ``treatment``; without one, every flag is tried."""
    families = {treatment.slug, treatment.parent.slug if treatment.parent else ""} if treatment else set()
    plain = text.replace("’", "'")
    return [
        flag
        for flag in RED_FLAGS
        if (not flag.families or not families or families & set(flag.families)) and _fires(flag, plain)
    ]


def risk_of(text: str, *, treatment: Treatment | None) -> int:
    """0, or the rank that puts a question on top of the queue."""
    return LOOK_AT_ONCE if matching(text, treatment=treatment) else 0


def words_of(flag: RedFlag, text: str) -> list[str]:
    """The words of ``text`` that raise ``flag``, for whoever has to judge whether it means what it says."""
    return list(_hits(flag, text.replace("’", "'")))


def _fires(flag: RedFlag, text: str) -> bool:
    return any(_hits(flag, text))


def _hits(flag: RedFlag, text: str) -> Iterator[str]:
    return (match[0] for match in _COMPILED[flag.name].finditer(text) if not _is_denied(text, match))


def _is_denied(text: str, match: re.Match[str]) -> bool:
    """Whether its own clause denies it. In doubt not: a card too many costs less than one too few."""
    clause = _CLAUSE_END.split(text[max(match.start() - LOOK_BACK, 0) : match.start()])[-1]
    return bool(_NEGATION.search(clause)) and not _AS_NEVER_BEFORE.match(text, match.end())
