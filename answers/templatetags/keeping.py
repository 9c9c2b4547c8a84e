"""Keep and carry, for the pages of threads and treatments: one partial each, without a query for visitors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.template import Context

from answers.shelf import news_count
from questions.models import Follow, Question, SavedQuestion
from treatments.models import Treatment

if TYPE_CHECKING:
    from core.models import Viewer

register = template.Library()


@register.inclusion_tag("answers/_keep.html", takes_context=True)
def keep_and_carry(context: Context, question: Question) -> dict[str, Any]:
    """What one can do with a thread beside reading it. No query for visitors, two for signed-in people."""
    user = context["request"].user
    known = user.is_authenticated
    return {
        "question": question,
        "user": user,
        "is_kept": known and SavedQuestion.objects.filter(user=user, question=question).exists(),
        "is_followed": known and Follow.objects.filter(user=user, question=question).exists(),
    }


@register.inclusion_tag("answers/_follow_treatment.html", takes_context=True)
def follow_treatment(context: Context, treatment: Treatment) -> dict[str, Any]:
    """New questions about a treatment, for its guide. No query for visitors, one for signed-in people."""
    user = context["request"].user
    known = user.is_authenticated
    followed = known and Follow.objects.filter(user=user, treatment=treatment).exists()
    return {"treatment": treatment, "user": user, "is_followed": followed}


@register.simple_tag
def news(user: Viewer) -> int:
    """How many of the things somebody follows have something new. One query, none for visitors."""
    return news_count(user) if user.is_authenticated else 0
