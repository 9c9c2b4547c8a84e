"""Whether somebody who names a thing says that it is not there. In doubt it is: a look too many costs little."""

from __future__ import annotations

from core.rules.phrases import PAUSE, STOP, Match, Word, Words

REACH, FAR = 5, 12
NEGATIONS = frozenset(
    """no not never without denies denied isnt arent wasnt werent havent hasnt hadnt dont didnt doesnt nor neither any
    zero""".split()
)
# Words that end the clause before them as a comma does.
JOINTS = frozenset("but because since although though however now then except yet".split())
# After these, something else is spoken of: "no idea why I can't breathe" denies nothing.
BEYOND = frozenset(
    """i im ive it its my me we he she they why what how if when that and idea sure such stop stops stopped answering
    answer slept sleep sleeping help helps helped only just matter doubt one longer getting improving""".split()
)
AS_NEVER_BEFORE = frozenset("like before until till".split())
ALTERNATIVES = frozenset({"or", "nor"})
# "The risk of …", "I read about …": spoken of, not there.
SPOKEN_OF = frozenset(
    "risk risks chance chances odds read heard stories story cases history possibility".split()
)
OF = frozenset({"of", "about"})
KEPT_AWAY = frozenset("prevent prevents preventing avoid avoids avoiding".split())
MODALS = frozenset("can could does do will would may might".split())
CAUSES = frozenset("cause causes lead leads give result".split())
PRESENT = frozenset("my i im ive me we now still today".split())
ANSWERED_NO = frozenset("no none nope negative".split())


def is_denied(words: Words, match: Match) -> bool:
    """Whether the clause of ``match`` denies it, before or behind, or speaks of it in general."""
    if any(word.norm in AS_NEVER_BEFORE for word in words.all[match.last + 1 : match.last + 3]):
        return False
    return _denied_before(words, match) or _answered_no(words, match) or _in_general(words, match)


def _denied_before(words: Words, match: Match) -> bool:
    listed = _is_listed(words, match)
    following: Word = words.all[match.first]
    for step in range(1, (FAR if listed else REACH) + 1):
        if match.first - step < 0 or following.after == STOP or (following.after == PAUSE and not listed):
            return False
        word = words.all[match.first - step]
        if word.norm in NEGATIONS:
            return following.norm not in BEYOND
        if word.norm in JOINTS or word.norm in BEYOND:
            return False
        following = word
    return False


def _is_listed(words: Words, match: Match) -> bool:
    """One of several: "no fever, chest pain or rash"."""
    around = words.all[max(match.first - 1, 0) : match.first] + words.all[match.last + 1 : match.last + 3]
    return any(word.norm in ALTERNATIVES and word.after != STOP for word in around)


def _answered_no(words: Words, match: Match) -> bool:
    """ "Fever: no." A word after it would begin another sentence: "chest pain, no help"."""
    after = words.all[match.last + 1 : match.last + 3]
    return bool(after) and after[0].norm in ANSWERED_NO and (len(after) == 1 or after[1].after != 0)


def _in_general(words: Words, match: Match) -> bool:
    before: list[str] = []
    following = words.all[match.first]
    for i in range(match.first - 1, max(match.first - 1 - REACH, -1), -1):
        if following.after:
            break
        following = words.all[i]
        before.insert(0, following.norm)
    for i, norm in enumerate(before):
        rest = before[i + 1 :]
        named = norm in SPOKEN_OF and bool(rest) and rest[0] in OF
        caused = norm in CAUSES and bool(MODALS.intersection(before[:i])) and "what" not in before
        if (named or caused or norm in KEPT_AWAY) and not PRESENT.intersection(rest):
            return True
    return False
