"""Who issues numbers to doctors, what such a number looks like, and where it is looked up in public.

Listed are authorities whose format somebody here has read in a document, with that document and the day. A number
of anybody else is neither right nor wrong: it is compared with the register by eye, as are all the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from doctors.enums import CredentialKind

_SEPARATORS = re.compile(r"[\s.\-–/]+")
_BRACKETED = re.compile(r"\([^)]*\)")


@dataclass(frozen=True)
class Authority:
    """``pattern`` is of a number without separators, ``expected`` the same in words; without one, any is taken.

    ``prefix`` goes before a number whose last digit is a check digit; ``None`` says that it has none.
    ``names`` are other spellings; an authority without names stands for the country's others of its ``kind``.
    """

    label: str
    kind: CredentialKind
    country: str
    register: str
    names: tuple[str, ...] = ()
    pattern: str = ""
    expected: str = ""
    prefix: str | None = None
    source: str = ""
    read_on: date | None = None

    def problem_with(self, number: str) -> str:
        """What is wrong with a number of this authority, in a sentence; empty where nothing is."""
        compact = compacted(number)
        if self.pattern and not re.fullmatch(self.pattern, compact, re.ASCII):
            return f"A number of the {self.label} is {self.expected}."
        if self.prefix is not None and not passes_luhn(self.prefix + compact):
            return f"This is no number of the {self.label}: its check digit is wrong. Look for a slip of the pen."
        return ""


NPI = Authority(
    "National Provider Identifier",
    CredentialKind.NPI,
    "US",
    "https://npiregistry.cms.hhs.gov/",
    names=("NPI", "NPPES", "National Plan and Provider Enumeration System", "CMS"),
    pattern="[12][0-9]{9}",
    expected="ten digits, the first a 1 or a 2",
    prefix="80840",
    source="45 CFR 162.406(a); 69 FR 3434 of 23 January 2004; CMS, Requirements for NPI Check Digit",
    read_on=date(2026, 11, 27),
)
AUTHORITIES = (
    NPI,
    Authority(
        "General Medical Council",
        CredentialKind.LICENCE,
        "GB",
        "https://www.gmc-uk.org/registrants",
        names=("GMC",),
        pattern="[0-9]{7}",
        expected="seven digits",
        source="HL7 UK Core, Practitioner identifiers (1.6.0); NHS Data Dictionary, GMC reference number",
        read_on=date(2026, 11, 27),
    ),
    Authority(
        "Australian Health Practitioner Regulation Agency",
        CredentialKind.LICENCE,
        "AU",
        "https://www.ahpra.gov.au/registration/registers-of-practitioners.aspx",
        names=("AHPRA", "Ahpra", "Medical Board of Australia"),
        pattern="(?i:MED)[0-9]{10}",
        expected="MED and ten digits",
        source="HL7 Australia, AU Base 5.0.0, Ahpra Registration Number (inv-ahpra-0)",
        read_on=date(2026, 11, 27),
    ),
    Authority(
        "Répertoire partagé des professionnels de santé",
        CredentialKind.LICENCE,
        "FR",
        "https://annuaire.sante.fr/",
        names=(
            "RPPS",
            "Ordre des médecins",
            "Ordre national des médecins",
            "Conseil national de l’Ordre des médecins",
        ),
        pattern="[0-9]{11}",
        expected="eleven digits",
        source="Ordre national des chirurgiens-dentistes, RPPS: “composé de 11 chiffres”",
        read_on=date(2026, 11, 27),
    ),
    Authority(
        "BIG-register",
        CredentialKind.LICENCE,
        "NL",
        "https://zoeken.bigregister.nl/",
        names=("BIG", "CIBG"),
        pattern="[0-9]{11}",
        expected="eleven digits",
        source="NORA Online, BIG register (as of 1 October 2014)",
        read_on=date(2026, 11, 27),
    ),
    Authority(
        "DocInfo of the boards of the US states", CredentialKind.LICENCE, "US", "https://www.docinfo.org/"
    ),
    Authority(
        "member board of the ABMS", CredentialKind.BOARD, "US", "https://www.certificationmatters.org/"
    ),
)


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it: modulus 10, "double-add-double"."""
    doubled = "0246813579"
    total = sum(
        int(digit if place % 2 else doubled[int(digit)]) for place, digit in enumerate(digits[::-1], 1)
    )
    return total % 10 == 0


def compacted(number: str) -> str:
    """Without what people put between the digits."""
    return _SEPARATORS.sub("", number)


def authority_of(*, kind: str, name: str, country: str) -> Authority | None:
    """The one we know that is meant: every NPI is of one authority, others go by their name and country."""
    if kind == CredentialKind.NPI:
        return NPI
    of_kind = [one for one in AUTHORITIES if one.kind == kind]
    said = _plain(name)
    for one in of_kind:
        spellings = {_plain(spelling) for spelling in (one.label, *one.names)}
        if one.names and country in ("", one.country) and said in spellings:
            return one
    return next((one for one in of_kind if not one.names and one.country == country), None)


def _plain(name: str) -> str:
    return " ".join(_BRACKETED.sub(" ", name).replace("'", "’").casefold().split())
