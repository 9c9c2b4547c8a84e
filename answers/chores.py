"""What is due every night about answers. Each may run twice, and be interrupted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.notify import tell_many
from answers.models import Answer
from answers.notifications import NOTICE
from treatments.models import SafetyNotice

if TYPE_CHECKING:
    from django.db.models import QuerySet

# Older notices were there when the answers were last looked at, or have been told of long ago.
LOOKS_BACK = timedelta(days=90)


def tell_of_notices() -> str:
    """Doctors with an answer that predates a safety notice, each once a notice."""
    notices = SafetyNotice.objects.current().filter(issued_on__gte=timezone.localdate() - LOOKS_BACK)
    told = sum(
        tell_many(
            to=predating(notice).values_list("doctor__user", flat=True),
            kind=NOTICE.name,
            about=notice,
            event=f"notice-{notice.pk}",
            url=reverse("answers:desk"),
        )
        for notice in notices
    )
    return f"{told} doctors told of a safety notice"


def predating(notice: SafetyNotice) -> QuerySet[Answer]:
    """Public answers of people with an account that ``answers.freshness`` holds to be older than the notice."""
    concerned = Q()
    for path in ("treatment", "treatment__parent", "treatment__parent__parent"):
        concerned |= Q(**{f"question__{path}": notice.treatment_id})
    older = (
        Q(confirmed_at__date__lt=notice.issued_on)
        | Q(confirmed_at=None, is_dated=True, answered_at__date__lt=notice.issued_on)
        | Q(confirmed_at=None, is_dated=False)
    )
    return Answer.objects.public().filter(concerned, older, doctor__user__isnull=False)
