"""A proof whose form was wrong elsewhere waits for that form to come back, so that nobody chooses it twice.

The session names it: no address leads to it, and no other account. What nobody comes back for goes by night.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from doctors import evidence
from doctors.evidence import Paper, Unreadable

if TYPE_CHECKING:
    from accounts.http import SignedInRequest
    from doctors.forms import StatedCredentialForm

SESSION, MOST = "proofs_set_aside", 3


class Aside:
    """What the form that was sent says to have brought before: ``paper``, or nothing of it, and then ``is_lost``."""

    def __init__(self, request: SignedInRequest) -> None:
        self.session = request.session
        self.known: dict[str, str] = self.session.get(SESSION, {})
        self.name = request.POST.get("waiting", "")
        self.paper = self._found()
        self.is_lost = bool(self.name) and self.paper is None

    def _found(self) -> Paper | None:
        if self.name not in self.known:
            return None
        try:
            return evidence.taken_up(self.name, sha256=self.known[self.name])
        except Unreadable:
            return None

    def keep_for(self, form: StatedCredentialForm) -> None:
        """With a form that goes back to be mended, what was accepted of its file."""
        paper: Paper | None = form.cleaned_data.get("evidence") if form.is_bound and form.errors else None
        if paper is None:
            return
        if paper != self.paper:
            try:
                self._replace(evidence.set_aside(paper), paper)
            except ValidationError:
                form.ask_again_for_the_file()
                return
        form.wait_with(self.name, paper)

    def drop(self) -> None:
        """It has been sent, or another was chosen."""
        if self.name in self.known:
            evidence.drop(self.name)
            self._remember({name: digest for name, digest in self.known.items() if name != self.name})

    def drop_all(self) -> None:
        """Whoever withdraws leaves nothing here."""
        for name in self.known:
            evidence.drop(name)
        self._remember({})

    def _replace(self, name: str, paper: Paper) -> None:
        self.drop()
        names = list(self.known)
        for old in names[: 1 - MOST]:
            evidence.drop(old)
        kept = {each: self.known[each] for each in names[1 - MOST :]}
        self.name = name
        self._remember({**kept, name: paper.sha256})

    def _remember(self, known: dict[str, str]) -> None:
        self.known = self.session[SESSION] = known
