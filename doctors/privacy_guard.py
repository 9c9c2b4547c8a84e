"""What a doctor's public reply to a review must not say: anything that tells who was a patient, or for what.

That somebody was there is itself protected health information, also when they said so first: 45 CFR 164.502(a) of the
HIPAA privacy rule lets a provider disclose it in public with the patient's authorization alone. In the resolution
agreements of the Office for Civil Rights with Elite Dental Associates (October 2019) and Manasa Health Center (June
2023) answers to online reviews had done so. The rules of other countries go as far.

Found is what stands in the words; nothing is refused here. Every pattern has bounded repetition, so that its time grows
with the text alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

SHORTEST_NAME = 4


class Told(StrEnum):
    """What a finding tells, the gravest first."""

    MET = "met"
    PERSON = "person"
    DONE = "done"
    BODY = "body"
    DAY = "day"


WHY: dict[Told, tuple[str, str]] = {
    Told.MET: (
        "It confirms that you met. That somebody was your patient is theirs to say, even after they have said it.",
        "Speak of your practice in general: “We want everybody to be heard. Please call our office.”",
    ),
    Told.PERSON: (
        "It names a person.",
        "Thank without a name: “Thank you for taking the time to write.”",
    ),
    Told.DONE: (
        "It says what was done, and so that it was done.",
        "Leave out what was or was not done: “I cannot speak about anybody’s care in public.”",
    ),
    Told.BODY: (
        "It names a part of the body.",
        "Leave it out; the review has said what its author wanted to say.",
    ),
    Told.DAY: (
        "It gives a day or a time at which something happened.",
        "Leave it out: “Please call us whenever it suits you.”",
    ),
}


@dataclass(frozen=True)
class Finding:
    """The words that tell something, where they begin, why that matters and what to say instead."""

    told: Told
    words: str
    start: int

    @property
    def why(self) -> str:
        return WHY[self.told][0]

    @property
    def instead(self) -> str:
        return WHY[self.told][1]


def _any(words: str) -> str:
    """One of these words; a space in one is any white space, ``-`` may be left out."""
    listed = sorted(words.split("|"), key=len, reverse=True)
    return "(?:" + "|".join(word.strip().replace("-", "[- ]?").replace(" ", r"\s") for word in listed) + ")"


def _words(pattern: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", flags)


_MONTH = _any(
    "january|february|march|april|june|july|august|september|october|november|december|jan|feb|apr|aug|sept|oct|nov|dec"
)
_WEEKDAY = _any("monday|tuesday|wednesday|thursday|friday|saturday|sunday")
_TIME = _any(
    "day|week|weeks|month|months|year|years|spring|summer|autumn|fall|winter|session|appointment|morning"
)
_DAY = _words(
    rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}"
    rf"|(?:in|since|of|last|this|until|before|by) {_MONTH}|may \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd"
    rf"|th)? (?:of )?may"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d\d"
    rf"|(?:on|last|next|this|that) (?:a )?{_WEEKDAY}(?! (?:to|through|and|until))"
    rf"|(?:next|last|following) (?:{_TIME}|{_WEEKDAY})|(?:the )?(?:next|same|following) (?:day|week|morning|evening)"
    r"|(?:a|one|two|three|four|five|six|several|\d{1,2}) (?:days?|weeks?|months?|years?) (?:later|ago|after"
    r"|before|earlier)"
    r"|yesterday|in the (?:spring|summer|autumn|fall|winter)|(?:coming|past) (?:days|weeks|months)"
)
_PROCEDURES = _words(
    _any(
        "surger*|operation|operations|operated|injection|injections|injected|injectable|injectables|filler"
        "|fillers|botox"
        "|dysport|implant|implants|laser|lasers|liposuction|lipo|rhinoplast*|face-lift|neck-lift|brow-lift|thread-lift"
        "|tummy-tuck|abdominoplast*|blepharoplast*|augmentation|reduction|mastopex*|breast-lift|peel|peels"
        "|microneedling"
        "|coolsculpting|anaesthe*|anesthe*|sedation|stitches|sutures|scar|scars|scarring|swelling|bruising|incision"
        "|incisions|antibiotic*|prescribed|prescription|dose|dosage|units|syringe|syringes|revision|touch-up|biopsy"
        "|infection|complication|complications|allerg*|diagnos*|hair removal|hair transplant|treated it|stand by it"
    ).replace("*", r"\w{0,10}")
)
_BODY = _words(
    _any(
        "nose|lip|lips|breast|breasts|eyelid|eyelids|forehead|cheek|cheeks|chin|jaw|jawline|thigh|thighs|abdomen|belly"
        "|tummy|stomach|buttock|buttocks|eyebrow|eyebrows|nipple|nipples|labia|scalp|wrinkle|wrinkles|frown"
    )
    + r"|(?:your|his|her|their|the|damaged) "
    + _any(
        "face|skin|neck|chest|arms|legs|hands|hair|eyes|ears|teeth|back|feet|knees|waist|mouth|smile|figure"
    )
)
_OURS = (
    r"(?:i|we|he|she|they|(?:my|our|the) (?:team|staff|nurse|nurses|colleague|colleagues|assistant|office|clinic)"
    r"(?: [a-z]{2,20})?)"
)
_DID = _any(
    "saw|see|met|treated|operated|examined|explained|told|called|phoned|advised|informed|warned|gave|offered|prescribed"
    "|refunded|performed|injected|showed|sent|asked|helped|discussed|removed|corrected|reviewed|looked after|spoke"
    "|talked|agreed|remember|remembers|did|could help|took care of|cared for|follow up|followed up|booked|placed|used"
)
_YOURS = _any(
    "visit|visits|appointment|appointments|consultation|consultations|consult|procedure|procedures|surgery|treatment"
    "|treatments|operation|record|records|chart|file|photo|photos|photographs|pictures|result|results|outcome|recovery"
    "|healing|case|session|sessions|consent|deposit|balance|bill|payment|insurance|diagnosis|condition|symptoms"
    "|follow-up"
    "|aftercare|medication|test|tests|history|medical history|doctor|surgeon|physician|injector|dermatologist|provider"
    "|own words to me|husband|wife|partner|mother|daughter|exam|examination|x-ray|scan|dose|new look|transformation"
    "|concerns with me|contract|candidacy|anatomy|allergy|trust in me|trust in us"
)
_DONE_BY_YOU = _any(
    "were|had|have been|came|come|missed|signed|declined|asked for|asked to|told|said|never|did not|didn't"
    "|didn’t|cancelled"
    "|canceled|smoked|owe|still owe|received|chose|brought|mentioned|agreed|refused|wanted|requested|failed"
    "|ignored|knew"
    "|know that|called|left the|paid|stopped|returned|healed|recovered|love your|look|looked|got|underwent|booked"
    "|decided|showed up|arrived|insisted|used|took|needed|went|also had|already|originally|initially|first came|saw"
    "|consulted|no-showed|accepted|complained|expected|denied|reported|recall|may recall|will recall|remember"
    "|lost|gained"
)
_MET = _words(
    rf"(?:your|his|her) (?:[a-z]{{2,14}} ){{0,2}}{_YOURS}"
    rf"|(?:when|since|after|before|as|because|that"
    rf"|if)? ?{_OURS} (?:[a-z’']{{2,12}} ){{0,2}}{_DID}(?: [a-z’']{{1,14}}){{0,4}}"
    r" (?:you|your)"
    rf"|(?:when|after|before|as) {_OURS} {_any('met|spoke|discussed|talked|agreed|explained|operated')}"
    rf"|(?<!what )(?<!how )(?<!that )you (?:(?:have|also|then|even|only|just|still|yourself|later) )?{_DONE_BY_YOU}"
    r"|that you (?:had|came|were (?!not|un|dis|let)|signed|missed|told|never|love your|like your|received)"
    r"|as (?:your [a-z]{3,14}|you know)|this patient|(?:former|longtime|long-time|valued|loyal|our|my|existing) patient"
    r"|patient of (?:ours|mine|our|my)|our patient for|(?:our|my|the|medical) records (?:show|indicate|say|state)"
    r"|tak(?:e|ing) care of you|car(?:e|ing) for you|treating you|meeting you|seeing you|having you"
    r"|working with you|operating on you"
    r"|see you (?:again|soon|next|in|at|back|for)|you back|remember you\w{0,2}|remembers you|you for (?:coming"
    r"|trusting|choosing"
    r"|visiting|seeing|being|letting us)|for (?:choosing|trusting|visiting) (?:our|us|me|my)|trusting (?:me|us) with"
    rf"|{_OURS} (?:personally )?(?:operated|performed|treated|injected|removed|did your)|performed (?:this|the|that)"
    r"|(?:our|the) (?:last|first|previous|phone) (?:conversation|meeting|call|talk)|during our|at our (?:meeting|last)"
    r"|(?:was|were|be) (?:chosen|discussed|agreed|explained|documented|planned) (?:together "
    r"|in detail )?(?:with|to) you"
    r"|could help you|you and your|(?:was|is) the (?:one|doctor|surgeon) who|recovery room|you by (?:my|our)"
    r"|to you beforehand"
    r"|we looked into|reviewed (?:your|the) (?:file|chart|records?)|happy (?:that )?you love"
)
_OPENERS = frozenset(
    """unfortunately however sorry yes no please sincerely regards generally also still sadly honestly again here hello
    hi dear indeed therefore thus finally overall first second today instead moreover furthermore besides naturally
    respectfully kindly best warmly thanks thank as in at for we our i if when while since although everyone anybody
    nobody patients feedback reviews criticism results prices generally""".split()
)
_TITLED = _words(r"(?:Mr|Mrs|Ms|Miss|Mx)\.? [A-Z][\w'’-]{1,24}", 0)
_ADDRESSED = re.compile(
    r"(?:(?:[Dd]ear|[Hh]i|[Hh]ello|[Hh]ey|[Tt]hank you(?: so much| very much)?,?|[Tt]hanks(?: so much)?,?"
    r"|[Ss]orry,?|[Nn]urse) "
    r"|(?:^|(?<=[.!?\n] )|(?<=\n)))([A-Z][a-zà-ÿ'’-]{2,20})(?=[,!.:])"
    r"|(?<=, )([A-Z][a-zà-ÿ'’-]{2,20})(?=[.!?])"
)
_PLAIN: tuple[tuple[Told, re.Pattern[str]], ...] = (
    (Told.MET, _MET),
    (Told.DONE, _PROCEDURES),
    (Told.BODY, _BODY),
    (Told.DAY, _DAY),
    (Told.PERSON, _TITLED),
)


def findings(text: str, *, names: Iterable[str] = ()) -> list[Finding]:
    """What the words tell, in their order. ``names``: of treatments, by all their names."""
    found = [Finding(told, match[0], match.start()) for told, match in _all(text)]
    found += [
        Finding(Told.PERSON, match[match.lastindex or 1], match.start(match.lastindex or 1))
        for match in _addressed(text)
    ]
    known = _named(names)
    if known is not None:
        found += [Finding(Told.DONE, match[0], match.start()) for match in known.finditer(text)]
    return _apart(found)


def _all(text: str) -> Iterator[tuple[Told, re.Match[str]]]:
    for told, pattern in _PLAIN:
        for match in pattern.finditer(text):
            yield told, match


def _addressed(text: str) -> Iterator[re.Match[str]]:
    return (
        match for match in _ADDRESSED.finditer(text) if match[match.lastindex or 1].lower() not in _OPENERS
    )


def _named(names: Iterable[str]) -> re.Pattern[str] | None:
    listed = {name for name in names if len(name) >= SHORTEST_NAME}
    if not listed:
        return None
    return _words("|".join(re.escape(name) for name in sorted(listed, key=len, reverse=True)))


def _apart(found: list[Finding]) -> list[Finding]:
    """Words are found once: of what overlaps, the gravest."""
    grave = list(Told)
    kept: list[Finding] = []
    for each in sorted(found, key=lambda one: (grave.index(one.told), -len(one.words))):
        end = each.start + len(each.words)
        if all(end <= other.start or each.start >= other.start + len(other.words) for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda one: one.start)
