"""Counting in months of the calendar, and saying how long ago something was."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.timesince import timesince


def months_later(day: date, months: int) -> date:
    """The same day of a later month (an earlier one if negative), or its last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def ago(moment: datetime) -> str:
    """How long ago, which is right in whatever time zone it is read."""
    if timezone.now() - moment < timedelta(minutes=1):
        return "just now"
    return f"{timesince(moment, depth=1)} ago"
