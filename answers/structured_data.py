"""Threads for search engines. Why a thread is a QAPage and not something else: docs/adr/0005."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from answers.models import Answer
from core.text import excerpt
from questions.models import Question

ANSWERS_LISTED = 3


def listed(answers: list[Answer]) -> list[Answer]:
    """Those that are named: the most helpful, and the one that settled it wherever it stands."""
    ranked = sorted(answers, key=lambda answer: (-answer.helpful_count, answer.pk))
    return [a for place, a in enumerate(ranked) if place < ANSWERS_LISTED or a.is_accepted]


def thread(question: Question, answers: list[Answer]) -> dict[str, Any]:
    """A question with the first of its answers; the one that settled it is the accepted answer."""
    url = settings.SITE_ORIGIN + question.get_absolute_url()
    settled = [_answer(answer, url) for answer in listed(answers) if answer.is_accepted]
    suggested = [_answer(answer, url) for answer in listed(answers) if not answer.is_accepted]
    return {
        "@type": ["QAPage", "MedicalWebPage"],
        "url": url,
        "inLanguage": "en",
        "mainEntity": {
            "@type": "Question",
            "name": question.title,
            "text": excerpt(question.body_html, 200) or question.title,
            **({"dateCreated": question.asked_at.isoformat()} if question.is_dated else {}),
            "author": {"@type": "Person", "name": question.asker_name},
            "answerCount": len(answers),
            "url": url,
            **({"suggestedAnswer": suggested} if suggested else {}),
            **({"acceptedAnswer": settled[0]} if settled else {}),
        },
    }


def _answer(answer: Answer, url: str) -> dict[str, Any]:
    return {
        "@type": "Answer",
        "text": answer.summary or excerpt(answer.body_html, 300),
        **({"dateCreated": answer.answered_at.isoformat()} if answer.is_dated else {}),
        "upvoteCount": answer.helpful_count,
        "url": f"{url}#answer-{answer.pk}",
        "author": {
            "@type": "Physician" if answer.doctor.is_verified_now else "Person",
            "name": str(answer.doctor),
            "url": settings.SITE_ORIGIN + answer.doctor.get_absolute_url(),
        },
    }
