"""Atom feeds of public threads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from answers.elsewhere import led_on
from answers.models import Answer, Thread, listed
from core.text import excerpt
from questions.models import Question
from treatments.models import Treatment

ENTRIES = 30


class ThreadFeed(Feed):
    """Titles and first words of threads, newest first; addresses on the configured origin.

    Readers take a summary for HTML, so what stands in one is escaped.
    """

    feed_type = Atom1Feed
    author_name = settings.SITE_NAME

    def item_title(self, item: Thread) -> str:
        return item.question.title

    def item_description(self, item: Thread) -> str:
        return escape(excerpt(item.question.body_html, 300))

    def item_guid(self, item: Thread) -> str:
        """Stays when the title, and with it the address, changes."""
        return settings.SITE_ORIGIN + reverse("answers:thread-short", args=[item.pk])

    def item_link(self, item: Thread) -> str:
        return settings.SITE_ORIGIN + item.question.get_absolute_url()

    def item_pubdate(self, item: Thread) -> datetime:
        return item.asked_at

    def item_updateddate(self, item: Thread) -> datetime:
        return item.last_activity_at


class NewestThreads(ThreadFeed):
    title = "Candor: newest questions"
    subtitle = "Questions about cosmetic treatments, and where the doctors stand."

    def link(self) -> str:
        return settings.SITE_ORIGIN + reverse("answers:list")

    def feed_url(self) -> str:
        return settings.SITE_ORIGIN + reverse("answers:feed")

    def items(self) -> QuerySet[Thread]:
        return Thread.objects.public().for_display().order_by("-asked_at", "-pk")[:ENTRIES]


class TreatmentThreads(ThreadFeed):
    def get_object(self, request: HttpRequest, slug: str) -> Treatment:
        return get_object_or_404(Treatment.objects.public(), slug=slug)

    def title(self, obj: Treatment) -> str:
        return f"Candor: questions about {obj.name}"

    def link(self, obj: Treatment) -> str:
        return settings.SITE_ORIGIN + reverse("answers:of-treatment", args=[obj.slug])

    def feed_url(self, obj: Treatment) -> str:
        return settings.SITE_ORIGIN + reverse("answers:treatment-feed", args=[obj.slug])

    def items(self, obj: Treatment) -> QuerySet[Thread]:
        threads = Thread.objects.public().for_display().listed_under(obj)
        return threads.order_by(*listed("-asked_at", "-pk"))[:ENTRIES]


class ThreadAnswers(Feed):
    """The answers of one thread as they are published."""

    feed_type = Atom1Feed
    author_name = settings.SITE_NAME

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A duplicate has no feed of its own: it leads to that of the thread it repeats."""
        try:
            return super().__call__(request, *args, **kwargs)
        except Http404:
            return led_on("answers:thread-feed", pk=kwargs["pk"])

    def get_object(self, request: HttpRequest, pk: int) -> Question:
        return get_object_or_404(Question.objects.public(), pk=pk)

    def title(self, obj: Question) -> str:
        return f"Candor: {obj.title}"

    def link(self, obj: Question) -> str:
        return settings.SITE_ORIGIN + obj.get_absolute_url()

    def feed_url(self, obj: Question) -> str:
        return settings.SITE_ORIGIN + reverse("answers:thread-feed", args=[obj.pk])

    def items(self, obj: Question) -> QuerySet[Answer]:
        answers = Answer.objects.public().filter(question=obj).select_related("doctor", "question")
        return answers.order_by("-published_at", "-pk")[:ENTRIES]

    def item_title(self, item: Answer) -> str:
        return f"{item.get_stance_display() or 'Answer'}: {item.doctor}"

    def item_description(self, item: Answer) -> str:
        return escape(item.summary or excerpt(item.body_html, 300))

    def item_guid(self, item: Answer) -> str:
        return settings.SITE_ORIGIN + item.permalink

    def item_author_name(self, item: Answer) -> str:
        return str(item.doctor)

    def item_updateddate(self, item: Answer) -> Any:
        return item.confirmed_at or item.published_at

    def item_link(self, item: Answer) -> str:
        return settings.SITE_ORIGIN + item.get_absolute_url()

    def item_pubdate(self, item: Answer) -> Any:
        return item.published_at
