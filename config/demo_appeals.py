"""Appeals and a warning of the demonstration: one waits, one was declined; through the same verbs as everybody's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.enums import SanctionKind
from accounts.models import User
from accounts.sanctions import impose
from core.appeals import decide_appeal, file_appeal
from core.enums import AppealState
from core.models import Moderated


@dataclass(frozen=True)
class Objected:
    """``about`` is the thread that was rejected; ``declined`` why the appeal was, if it was."""

    about: str
    text: str
    declined: str = ""


APPEALS = (
    Objected(
        "d-coolsculpting-package-for-sale",
        "I did not mean to advertise. I have sessions left that I cannot use, and wanted to know whether "
        "another person may have them at all.",
    ),
    Objected(
        "a-spa-deal",
        "It is an invitation, not an advertisement. Everybody there is an adult.",
        "An invitation to buy an injection is an offer. You are welcome to ask what makes such an evening unsafe.",
    ),
)
# Whose thread it was, and what they were told.
WARNED = (
    "a-spa-deal",
    "Your question offered a treatment for sale. Nothing is sold here; please do not do so again.",
)


def seed(things: Mapping[str, Moderated], *, people: Mapping[str, User], senior: User) -> None:
    """Those about ``things`` that have just been made."""
    for told in APPEALS:
        if told.about not in things:
            continue
        appeal = file_appeal(obj=things[told.about], by=people[told.about], text=told.text)
        if told.declined:
            decide_appeal(appeal=appeal, by=senior, to=AppealState.DECLINED, reason=told.declined)
    about, reason = WARNED
    if about in things:
        impose(person=people[about], by=senior, kind=SanctionKind.WARNING, reason=reason)
