"""Who may do what with a question, and in which states of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.enums import State
from core.writing import may_write
from questions.models import Question

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Viewer

# So that nobody can bury the queue; more than a person in need asks, less than a moderator reads in an hour.
WAITING_AT_MOST = 10
EDITABLE = frozenset({State.DRAFT, State.PENDING, State.PUBLISHED, State.WITHDRAWN})
WITHDRAWABLE = frozenset({State.DRAFT, State.PENDING, State.PUBLISHED})
LINKABLE = frozenset({State.PENDING, State.PUBLISHED})


def may_ask(user: User) -> bool:
    """Not while too many of one's questions wait for a moderator, nor while suspended."""
    return may_write(user) and Question.objects.by_author(user).pending().count() < WAITING_AT_MOST


def is_asker(user: Viewer, question: Question) -> bool:
    return bool(user.is_authenticated and question.author_id == user.pk)


def may_edit(user: Viewer, question: Question) -> bool:
    """A question that was public and is withdrawn stays as it was: answers were given to those words.

    So does one that leads to another thread: nobody reads it but its title.
    """
    is_over = question.state == State.WITHDRAWN and question.published_at is not None
    is_over |= question.state == State.PUBLISHED and question.duplicate_of_id is not None
    is_open = question.state in EDITABLE and not is_over
    return is_open and is_asker(user, question) and may_write(user)


def may_withdraw(user: Viewer, question: Question) -> bool:
    return is_asker(user, question) and question.state in WITHDRAWABLE


def may_link(user: Viewer, question: Question) -> bool:
    """Moderators, and nobody about a question of their own."""
    moderates = may_write(user) and user.has_perm(Question.moderate_permission())
    return moderates and question.author_id != user.pk
