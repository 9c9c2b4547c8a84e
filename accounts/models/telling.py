"""What people are told, on the site and by mail, and how soon they wish to hear."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.enums import LetterState, Rhythm


class LetterQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        return self.filter(state=LetterState.WAITING)

    def claimed(self) -> Self:
        return self.filter(state=LetterState.CLAIMED)


class Letter(models.Model):
    """One e-mail that tells somebody of one thing, or of several together.

    ``key`` says what it is about, once per person; the Message-ID follows from the two. It is *claimed* in the
    database before the mail server hears of it and *sent* after the server took it, so that a worker that dies
    between the two leaves a claim behind: that letter goes out once more, under the same Message-ID.
    """

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="letters", verbose_name="to"
    )
    key = models.CharField("about", max_length=120, editable=False)
    topic = models.CharField(max_length=40, editable=False, help_text="A setting of its reader, or a rhythm")
    state = models.CharField(
        max_length=8, choices=LetterState.choices, default=LetterState.WAITING, editable=False
    )
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    lost = models.PositiveSmallIntegerField(
        "answers lost",
        default=0,
        editable=False,
        help_text="How often nobody knows whether the mail server took it",
    )
    trouble = models.TextField(blank=True, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=[LetterState.WAITING, LetterState.CLAIMED]),
                name="accounts_letter_under_way",
            ),
            models.Index(fields=["key"], name="accounts_letter_about"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["to", "key"], name="accounts_letter_once_per_person"),
            models.CheckConstraint(
                condition=Q(state__in=LetterState.values), name="accounts_letter_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.CLAIMED) | Q(claimed_at__isnull=False),
                name="accounts_letter_claimed_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(state=LetterState.SENT, sent_at__isnull=False)
                | (~Q(state=LetterState.SENT) & Q(sent_at__isnull=True)),
                name="accounts_letter_sent_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.PARKED) | ~Q(trouble=""),
                name="accounts_letter_given_up_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Letter {self.pk} to {self.to_id}: {self.key}"


class NotificationQuerySet(models.QuerySet):
    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notification(models.Model):
    """One thing that somebody is told, once. As the audit trail, it names what it is about without a key to it."""

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, editable=False, related_name="notifications"
    )
    kind = models.CharField(max_length=40, editable=False)
    event = models.CharField(max_length=120, editable=False)
    object_type = models.CharField(max_length=60, editable=False)
    object_id = models.BigIntegerField(editable=False)
    url = models.CharField(max_length=300, editable=False)
    told_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices, editable=False)
    letter = models.ForeignKey(
        Letter, models.SET_NULL, null=True, editable=False, related_name="notifications"
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["to", "-id"], name="accounts_notification_of"),
            models.Index(fields=["to"], condition=Q(read_at=None), name="accounts_notification_unread"),
            models.Index(
                fields=["rhythm", "to"],
                condition=Q(letter=None, read_at=None, rhythm__in=[Rhythm.DAILY, Rhythm.WEEKLY]),
                name="accounts_to_digest",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["to", "event"], name="accounts_notification_told_once"),
            models.CheckConstraint(
                condition=Q(rhythm__in=Rhythm.values), name="accounts_notification_rhythm_is_known"
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="/") & ~Q(url__startswith="//"),
                name="accounts_notification_leads_to_a_page_of_ours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_id}: {self.event}"


class Wish(models.Model):
    """How soon somebody wants to hear of one topic by e-mail, where it is not the usual."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="wishes")
    topic = models.CharField(max_length=40)
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "wishes"
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="accounts_wish_one_per_topic"),
            models.CheckConstraint(
                condition=Q(rhythm__in=Rhythm.values), name="accounts_wish_rhythm_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.topic} {self.rhythm}"
