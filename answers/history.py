"""The published versions of an answer: what each changed, when it was in force, who its author was then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from answers.models import Answer, AnswerRevision
from core.diff import MAX_PRODUCT, words_changed
from core.text import ended, plain
from doctors.enums import StandingNow

# A page that can still be read; nobody has come near it, but edits are free.
VERSIONS_AT_MOST = 30
CREDENTIALS = {
    "title": "Title",
    "specialty": "Specialty",
    "board": "Certified by",
    "licence": "Licence with",
    "place": "Place",
    "standing": "Standing",
    "checked_on": "Checked on",
}


@dataclass(frozen=True)
class Version:
    """One version beside the one before it.

    ``changes`` are ``{label, before, after}`` in words; ``summary`` and ``body`` are safe HTML with <ins> and <del>,
    empty where nothing differs or nothing came before.
    """

    revision: AnswerRevision
    previous: int | None
    is_in_force: bool
    published_at: datetime | None
    replaced_at: datetime | None
    changes: list[dict[str, str]]
    summary: SafeString
    body: SafeString
    credentials: list[dict[str, str]]

    @property
    def number(self) -> int:
        return self.revision.number

    @property
    def anchor(self) -> str:
        return f"version-{self.number}"

    @property
    def changed_words(self) -> bool:
        return bool(self.changes or self.summary or self.body)


def versions_of(answer: Answer) -> list[Version]:
    """The public versions, latest first. Two queries whatever their number, a third where there are none.

    The more there are, the less time each comparison gets. An imported answer that was never edited has no
    version on record: what stands there is its first.
    """
    later = answer.revisions.filter(published_at__isnull=False, number__gt=OuterRef("number"))
    rows: list[AnswerRevision] = list(
        answer.revisions.public()
        .annotate(replaced_at=Subquery(later.order_by("number").values("published_at")[:1]))
        .order_by(F("number").desc())[:VERSIONS_AT_MOST]
    )
    if not rows and not answer.revisions.exists():
        rows = [AnswerRevision(number=1, published_at=answer.published_at, **answer.text())]
    today = answer.doctor.snapshot()
    share = MAX_PRODUCT // max(len(rows), 1)
    padded: list[AnswerRevision | None] = [None, *rows, None]
    return [
        _version(answer, row, after=padded[n], before=padded[n + 2], today=today, share=share)
        for n, row in enumerate(rows)
    ]


def _version(
    answer: Answer,
    row: AnswerRevision,
    *,
    after: AnswerRevision | None,
    before: AnswerRevision | None,
    today: Mapping[str, Any],
    share: int,
) -> Version:
    return Version(
        revision=row,
        previous=before.number if before else None,
        is_in_force=after is None and row.body_html == answer.body_html and row.summary == answer.summary,
        published_at=row.published_at if answer.is_dated or before else None,
        # The day is given only where what came next is on this page too: a version taken down leaves no trace.
        replaced_at=after.published_at if after and row.replaced_at == after.published_at else None,  # type: ignore[attr-defined]
        changes=_changes(before, row) if before else [],
        summary=_marked(before.summary, row.summary, share) if before else SafeString(""),
        body=_marked(plain(before.body_html), plain(row.body_html), share) if before else SafeString(""),
        credentials=credentials(row.author_snapshot, today),
    )


def _marked(before: str, after: str, share: int) -> SafeString:
    return words_changed(before, after, at_most=share) if before != after else SafeString("")


def _changes(before: AnswerRevision, after: AnswerRevision) -> list[dict[str, str]]:
    """What differs beside the running text: ``{label, before, after}``, in words."""
    old, new = _facts(before), _facts(after)
    return [
        {"label": label, "before": old[label] or "none", "after": new[label] or "none"}
        for label in new
        if old[label] != new[label]
    ]


def _facts(row: AnswerRevision) -> dict[str, str]:
    sources = "; ".join(f"{link['kind']}: {link['label']}" for link in row.citation_links)
    return {
        "Position": row.get_stance_display(),
        "Reason": row.get_reason_display(),
        "Confidence": row.get_confidence_display(),
        "Sources": sources,
        "Declared interest": row.conflict_of_interest,
    }


def credentials(then: Mapping[str, Any], today: Mapping[str, Any]) -> list[dict[str, str]]:
    """What was true of the author then beside what is true now, as ``{label, then, today}``; empty rows left out."""
    if not then:
        return []
    rows = [
        {"label": label, "then": _said(key, then.get(key)), "today": _said(key, today.get(key))}
        for key, label in CREDENTIALS.items()
    ]
    return [row for row in rows if row["then"] or row["today"]]


def _said(key: str, value: Any) -> str:
    if not value:
        return ""
    if key == "standing":
        return dict(StandingNow.choices).get(value, value)
    return date_format(date.fromisoformat(value), "j F Y") if key == "checked_on" else str(value)


def citation(answer: Answer, version: Version) -> str:
    """How to cite one version: who, what, in which thread, where, which version of which day, and its address."""
    address = settings.SITE_ORIGIN + reverse("answers:history", args=[answer.pk]) + f"#{version.anchor}"
    said = f"“{version.revision.summary}” " if version.revision.summary else ""
    of = (
        f" of {date_format(timezone.localtime(version.published_at), 'j F Y')}"
        if version.published_at
        else ""
    )
    return (
        f"{answer.doctor}. {said}{ended(f'Answer to “{answer.question.title}”')} "
        f"Candor, version {version.number}{of}. {address}"
    )
