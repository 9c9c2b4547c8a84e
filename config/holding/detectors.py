"""What phrases cannot say: addresses, numbers to call, links, names and ages.

Every pattern here has bounded repetition and no choice between ways to match the same text, so that the time it
takes grows with the length of the text and no faster; a test holds them to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.rules.reading import Hit, Reading

# Public sources and journals that doctors are asked to cite; a link to them sells nothing.
SOURCES = frozenset(
    """pubmed.ncbi.nlm.nih.gov ncbi.nlm.nih.gov pmc.ncbi.nlm.nih.gov doi.org dx.doi.org fda.gov accessdata.fda.gov
    dailymed.nlm.nih.gov clinicaltrials.gov nhs.uk nice.org.uk gov.uk ema.europa.eu who.int cdc.gov nih.gov
    medlineplus.gov wikipedia.org cochrane.org cochranelibrary.com tga.gov.au canada.ca europepmc.org nejm.org
    jamanetwork.com thelancet.com bmj.com nature.com academic.oup.com onlinelibrary.wiley.com journals.lww.com
    sciencedirect.com link.springer.com tandfonline.com journals.sagepub.com karger.com mdpi.com frontiersin.org
    journals.plos.org jaad.org medrxiv.org arxiv.org""".split()
)
TOP_LEVEL = "|".join(
    """com net org info biz co io me ly shop store online site clinic doctor health app link uk us eu de fr es ca au ie
    in""".split()
)
_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
    r"|(?<!\w)[\w.+-]{2,64} ?[(\[]? ?at ?[)\]]? ?"
    r"(?:gmail|hotmail|outlook|yahoo|icloud|proton(?:mail)?|gmx|aol)\b",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w.,/+-])(?:\+ ?)?\(?\d(?:[ ().-]{0,2}\d){8,14}(?![\w%]|[.,]\d)")
_DATE = re.compile(r"(?:19|20)\d\d[-. ]\d\d?[-. ]\d\d?|\d\d?[-. ]\d\d?[-. ](?:19|20)\d\d")
# A decimal fraction, or hardly more than one digit over and over.
_NO_NUMBER = re.compile(r"\d{1,3}\.\d{5,15}|(\d)\1{0,3}(\d)\2{5,14}|(\d)\3{6,14}")
_HANDLE = re.compile(r"(?<![\w@./])@[a-z][\w.]{2,29}\b", re.IGNORECASE)
_LINK = re.compile(
    rf"\bhttps?://[^\s<>\"')\]]{{3,300}}|(?<![\w@./-])(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?:{TOP_LEVEL})\b(?!@)(?:/[^\s<>\"')\]]{{0,200}})?",
    re.IGNORECASE,
)
# Links by which one reaches a person; the numbers in any other are no numbers to call.
_REACHED = re.compile(
    r"^(?:https?://)?(?:www\.)?(?:wa\.me|t\.me|m\.me|api\.whatsapp\.com|viber\.me|line\.me)\b", re.IGNORECASE
)
_HOST = re.compile(r"^(?:https?://)?(?:www\.)?([^/:?#\s]{1,255})", re.IGNORECASE)
_TITLED = re.compile(
    r"\b(?:(?:[Dd]r|DR|[Pp]rof|Mr|Mrs|Ms)\b\.?|(?:[Dd]octor|[Pp]rofessor|Miss|[Ss]urgeon|[Nn]urse)) (?:[A-Z]\. )?"
    r"([A-Z][a-zà-ÿ'’-]{2,20})(?: [A-Z][a-zà-ÿ'’-]{2,20})?"
)
# Treatments are called something too: in front of it stands who.
_WHO = (
    "doctor|surgeon|nurse|injector|dermatologist|therapist|technician|practitioner|provider|beautician|dentist|man|woman"
    "|lady|guy|girl|boy|friend|somebody|someone|person|patient|people|owner|receptionist"
)
_CALLED = re.compile(
    r"\b[Mm]y name(?: is|'s|’s) [A-Z][a-zà-ÿ'’-]{1,20}"
    rf"|\b(?:{_WHO})(?: is| was|,)? (?:called|named) [A-Z][a-zà-ÿ'’-]{{2,20}} [A-Z][a-zà-ÿ'’-]{{2,20}}"
)
_TWO = re.compile(r"\b([A-Z][a-zà-ÿ]{1,15}) ([A-Z][a-zà-ÿ'’-]{2,20})\b")
NO_NAMES = frozenset(
    """google youtube botox who what when where why how said says told the this that and but will can did does has is
    was in on my your our please thanks thank hello hi dear office visit appointment""".split()
)
FIRST_NAMES = frozenset(
    """aaron abigail adam ahmed alex alexandra alice amanda amy andrea andrew angela anna anne anthony ashley barbara
    benjamin beth brandon brian carlos carol caroline catherine charlotte chris christina christine christopher claire
    daniel david deborah diana donna edward elizabeth emily emma eric fatima frank gary george hannah heather helen
    henry isabella jack jacob james jane janet jason jennifer jessica joan john jonathan jose joseph joshua julia julie
    karen kate katherine kathleen kelly kenneth kevin kimberly laura lauren linda lisa lucy maria mark martin mary
    matthew megan melissa michael michelle mohammed nancy natalie nicholas nicole oliver olivia pamela patricia patrick
    paul peter priya rachel rebecca richard robert ryan samantha samuel sandra sarah scott sharon sophia sophie
    stephanie stephen steven susan thomas timothy tyler vanessa victoria william zoe""".split()
)
_PERSON = (
    "i'?m|i’m|i am|im|she'?s|he'?s|she is|he is|they are|aged?|age of|age:|turned|daughter|son|child|kid|sister|brother"
    "|niece|nephew"
)
# Behind a number these say that it counts something else: "I'm 6 weeks post op", "I'm 10 years out".
_MEASURES = (
    "days?|weeks?|wks?|months?|mos?|hours?|hrs?|minutes?|mins?|units?|ml|cc|mg|mm|cm|kg|kilos?|lbs?|st|%|/"
)
_SINCE = "of|post|after|ago|out|into|later|since"
_AGE = re.compile(
    r"(?<!around the )(?<!before the )(?<!after the )(?<!until the )"
    rf"\b(?:{_PERSON})(?: (?:is|only|just|who|of|now|was|almost|nearly)){{0,3}} (\d{{1,2}})\b"
    rf"(?! ?(?:{_MEASURES}|\.\d|-?(?:years?|yrs?),? (?:{_SINCE})))"
    r"|\b(\d{1,2})[ -]?(?:years?[ -]?old|yrs?[ -]?old|y/?o|yo)\b"
    r"|(?<![^\s(\[])(1[0-7]) ?[mf](?=[)\],])",
    re.IGNORECASE,
)
ADULT, YOUNGEST = 18, 5


def contacts(reading: Reading) -> Iterator[Hit]:
    """Mail addresses, numbers to call and handles."""
    for match in _MAIL.finditer(reading.text):
        yield _hit(reading, match)
    pages = []
    for link in _LINK.finditer(reading.text):
        if _REACHED.match(link[0]):
            yield _hit(reading, link)
        else:
            pages.append(link.span())
    for match in _PHONE.finditer(reading.text):
        if _is_number(match[0]) and not any(start <= match.start() < end for start, end in pages):
            yield _hit(reading, match)
    for match in _HANDLE.finditer(reading.text):
        yield _hit(reading, match)


def links(reading: Reading) -> Iterator[Hit]:
    """Addresses of pages, but for those of public sources."""
    for match in _LINK.finditer(reading.text):
        host = _HOST.match(match[0])
        if host and not _is_source(host[1].lower()):
            yield _hit(reading, match)


def names(reading: Reading) -> Iterator[Hit]:
    """A title with a name, somebody who is called something, a first name with another word in capitals."""
    for match in _TITLED.finditer(reading.text):
        if match[1].lower() not in NO_NAMES:
            yield _hit(reading, match)
    for match in _CALLED.finditer(reading.text):
        yield _hit(reading, match)
    for match in _TWO.finditer(reading.text):
        if match[1].lower() in FIRST_NAMES and match[2].lower() not in NO_NAMES:
            yield _hit(reading, match)


def ages(reading: Reading) -> Iterator[Hit]:
    """An age below eighteen that is somebody's."""
    for match in _AGE.finditer(reading.text):
        if YOUNGEST <= int(match[1] or match[2] or match[3]) < ADULT:
            yield _hit(reading, match)


def _is_number(digits: str) -> bool:
    return not _DATE.match(digits.lstrip("+( ")) and not _NO_NUMBER.fullmatch(digits)


def _is_source(host: str) -> bool:
    return any(host == source or host.endswith(f".{source}") for source in SOURCES)


def _hit(reading: Reading, match: re.Match[str]) -> Hit:
    return Hit.at(reading.text, match.start(), match.end())
