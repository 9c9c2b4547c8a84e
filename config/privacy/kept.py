"""The one table of what is kept about people: why, how long, what a copy of it holds and what an erasure does to it.

The privacy pages print it, the copy and the erasure follow it, and a test holds it to the models: a new model or key
that leads to an account must be entered here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings

from core.claims import LASTS
from questions.kept import KEPT_SECONDS

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from accounts.models import User

EXPORT_KEPT = timedelta(hours=24)
ERASURE_AFTER = timedelta(days=7)
UNCONFIRMED_KEPT = timedelta(days=30)
# For whoever runs the site: how long a backup may be kept, so that what is erased is gone from all of them.
BACKUPS_KEPT = timedelta(days=35)

SESSION = timedelta(seconds=settings.SESSION_COOKIE_AGE)
STAFF_SESSION = timedelta(seconds=settings.STAFF_SESSION_SECONDS)


def hours(long: timedelta) -> str:
    return f"{long.total_seconds() // 3600:.0f} hours"


WHILE_ACCOUNT = "as long as you have an account"
ALWAYS = "as long as the site exists"


class After(StrEnum):
    """What an erasure leaves."""

    GONE = "erased"
    NAMELESS = "kept without you"
    PSEUDONYM = "kept under a name that is nobody’s"
    AS_IT_IS = "kept"


@dataclass(frozen=True)
class Kept:
    """One kind of rows. ``own`` leads from a row to the person it is about; ``staff`` are keys to whoever decided.

    Where ``own`` is empty, ``not_copied`` says why a copy has nothing of it. ``hidden`` fields are in no copy.
    """

    model: str
    what: str
    why: str
    long: str
    after: After
    own: str = ""
    not_copied: str = ""
    hidden: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    more: str = ""

    def of(self, user: User) -> QuerySet[Any]:
        """The rows about this person, in the order they were made."""
        model: type[Model] = apps.get_model(self.model)
        if not self.own:
            return model._base_manager.none()
        return model._base_manager.filter(**{self.own: user.pk}).order_by("pk")

    @property
    def file(self) -> str:
        return f"{self.model.replace('.', '-')}.json"


ACCOUNT = "Your account"
QUESTIONS = "What you asked"
TOLD = "What you were told, and how soon you want to hear"
KEPT_THREADS = "Threads and treatments you keep or follow, and answers you found helpful"
ANSWERS = "What you wrote as a doctor"
PROFILE = "Your profile as a doctor"
CHECKS = "Checks of your credentials"
SPOKEN_UP = "What you reported, and your appeals"
DECISIONS = "Decisions of moderators"
THREADS_STAY = (
    "A question that somebody answered stays under “a former member”, without its other name and place, and cannot be "
    "linked to your others; a question without an answer goes."
)
ANSWERS_STAY = (
    "Published answers and second opinions stay under the name they were published with, as in a journal, and count no "
    "more; everything that is not public goes."
)
TO_TELL = "to tell you once what happens to what is yours"
ASKED = "so that doctors can answer, and others in your place can read it"
RECORD = "so that every decision can be accounted for, and nobody can change it afterwards"
DECIDER = ("moderated_by",)

KEPT: tuple[Kept, ...] = (
    Kept(
        "accounts.user",
        ACCOUNT,
        "to sign you in and to show others a name that is not yours",
        f"{WHILE_ACCOUNT}; {UNCONFIRMED_KEPT.days} days if nobody confirms its address",
        After.GONE,
        own="pk",
        hidden=("password",),
        more="Of a moderator’s account a row without name and address stays, since decisions lead to it.",
    ),
    Kept("account.emailaddress", ACCOUNT, "to reach you", WHILE_ACCOUNT, After.GONE, own="user"),
    Kept(
        "account.emailconfirmation",
        ACCOUNT,
        "to reach you",
        f"{settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS} days",
        After.GONE,
        not_copied="a key that your mail holds",
    ),
    Kept(
        "mfa.authenticator",
        "Second factors",
        "so that your password alone opens nothing",
        WHILE_ACCOUNT,
        After.GONE,
        own="user",
        hidden=("data",),
    ),
    Kept(
        "sessions.session",
        "Sessions",
        "to keep you signed in",
        f"{SESSION.days} days after you signed in, {hours(STAFF_SESSION)} for moderators",
        After.GONE,
        not_copied="opaque, and a key to your account as long as it lasts",
    ),
    Kept(
        "accounts.consent",
        "What you agreed to",
        "to show that you did",
        WHILE_ACCOUNT,
        After.GONE,
        own="user",
    ),
    Kept(
        "accounts.dataexport",
        "Copies of your data",
        "because you asked for one",
        hours(EXPORT_KEPT),
        After.GONE,
        own="user",
        hidden=("name", "until", "size"),
    ),
    Kept(
        "accounts.erasure",
        "Erasures",
        "so that a backup brings nobody back",
        ALWAYS,
        After.AS_IT_IS,
        more="Written then; it names nobody.",
        not_copied="written when you are gone: a number by which a backup’s account is recognised, and no word",
    ),
    Kept(
        "accounts.sanction",
        "Warnings and suspensions",
        "to tell you why, and to end them in time",
        WHILE_ACCOUNT,
        After.GONE,
        own="user",
        hidden=("imposed_by", "lifted_by"),
        staff=("imposed_by", "lifted_by"),
    ),
    Kept(
        "core.batch",
        "Warnings and suspensions",
        "to tell you why, and to end them in time",
        WHILE_ACCOUNT,
        After.GONE,
        own="about",
        hidden=("by", "undone_by"),
        staff=("by", "undone_by"),
    ),
    Kept("accounts.notification", TOLD, TO_TELL, WHILE_ACCOUNT, After.GONE, own="to", hidden=("letter",)),
    Kept(
        "accounts.letter",
        TOLD,
        TO_TELL,
        WHILE_ACCOUNT,
        After.GONE,
        own="to",
        hidden=("trouble",),
    ),
    Kept("accounts.wish", TOLD, TO_TELL, WHILE_ACCOUNT, After.GONE, own="user"),
    Kept(
        "questions.question",
        QUESTIONS,
        ASKED,
        "until you withdraw it or erase your account",
        After.NAMELESS,
        own="author",
        hidden=DECIDER,
        staff=DECIDER,
        more=THREADS_STAY,
    ),
    Kept(
        "questions.questiontreatment",
        QUESTIONS,
        ASKED,
        "as long as the question",
        After.NAMELESS,
        own="question__author",
    ),
    Kept(
        "questions.questionrevision",
        QUESTIONS,
        ASKED,
        "as long as the question",
        After.NAMELESS,
        own="question__author",
        hidden=DECIDER,
        staff=DECIDER,
    ),
    Kept(
        "answers.acceptedanswer",
        QUESTIONS,
        ASKED,
        "as long as the question",
        After.NAMELESS,
        own="question__author",
    ),
    Kept(
        "answers.thread",
        QUESTIONS,
        ASKED,
        "as long as the question",
        After.NAMELESS,
        not_copied="computed from what is public",
    ),
    Kept(
        "answers.usethread",
        QUESTIONS,
        ASKED,
        "as long as the question",
        After.NAMELESS,
        not_copied="computed from what is public",
    ),
    Kept(
        "questions.savedquestion",
        KEPT_THREADS,
        "because you asked for it",
        WHILE_ACCOUNT,
        After.GONE,
        own="user",
    ),
    Kept("questions.follow", KEPT_THREADS, "because you asked for it", WHILE_ACCOUNT, After.GONE, own="user"),
    Kept(
        "answers.helpfulvote", KEPT_THREADS, "so that each counts once", WHILE_ACCOUNT, After.GONE, own="user"
    ),
    Kept(
        "doctors.doctor",
        PROFILE,
        "so that readers know who answers",
        WHILE_ACCOUNT,
        After.NAMELESS,
        own="user",
        hidden=DECIDER,
        staff=DECIDER,
        more="The name stays where published answers stand under it; everything else of the profile goes.",
    ),
    Kept(
        "doctors.practiceplace",
        PROFILE,
        "so that readers know who answers",
        WHILE_ACCOUNT,
        After.GONE,
        own="doctor__user",
    ),
    Kept(
        "doctors.credential",
        PROFILE,
        "so that readers know who answers",
        WHILE_ACCOUNT,
        After.NAMELESS,
        own="doctor__user",
        more="Numbers of credentials go.",
    ),
    Kept(
        "doctors.verification",
        CHECKS,
        RECORD,
        ALWAYS,
        After.AS_IT_IS,
        own="doctor__user",
        hidden=("checked_by",),
        staff=("checked_by",),
    ),
    Kept(
        "doctors.evidencefile",
        CHECKS,
        RECORD,
        WHILE_ACCOUNT,
        After.AS_IT_IS,
        own="verification__doctor__user",
        hidden=("name",),
        more="That somebody checked what, and where, stays; the files you gave are erased.",
    ),
    Kept(
        "answers.answer",
        ANSWERS,
        "so that patients can read it",
        "until you withdraw it",
        After.AS_IT_IS,
        own="doctor__user",
        hidden=DECIDER,
        staff=DECIDER,
        more=ANSWERS_STAY,
    ),
    Kept(
        "answers.answerrevision",
        ANSWERS,
        "so that patients can read it",
        "as long as the answer",
        After.AS_IT_IS,
        own="answer__doctor__user",
        hidden=DECIDER,
        staff=DECIDER,
    ),
    Kept(
        "answers.importedanswer",
        ANSWERS,
        "so that patients can read it",
        "as long as the answer",
        After.AS_IT_IS,
        own="answer__doctor__user",
    ),
    Kept(
        "answers.secondopinion",
        ANSWERS,
        "so that patients can read it",
        "until you withdraw it",
        After.AS_IT_IS,
        own="doctor__user",
        hidden=DECIDER,
        staff=DECIDER,
    ),
    Kept(
        "answers.useposition",
        ANSWERS,
        "so that patients can read it",
        "as long as the answer",
        After.AS_IT_IS,
        not_copied="computed from what is public",
    ),
    Kept(
        "core.report",
        SPOKEN_UP,
        "so that somebody looks at it",
        WHILE_ACCOUNT,
        After.NAMELESS,
        own="reporter",
        hidden=("decided_by",),
        staff=("decided_by",),
        more="That there was one stays, for the ledger counts it; its words go.",
    ),
    Kept(
        "core.appeal",
        SPOKEN_UP,
        "so that somebody looks at it",
        WHILE_ACCOUNT,
        After.NAMELESS,
        own="author",
        hidden=("decided_by", "entry"),
        staff=("decided_by",),
    ),
    Kept(
        "core.auditentry",
        DECISIONS,
        RECORD,
        ALWAYS,
        After.NAMELESS,
        staff=("actor",),
        not_copied="the reason of each decision stands beside what was decided",
        more="What was done, when and to what stays; reasons that name you or what went with you go, and what "
        "you did yourself was done by “former-member”. What you decided as a moderator stays, under a name "
        "that is nobody’s.",
    ),
    Kept(
        "core.auditlink",
        DECISIONS,
        RECORD,
        ALWAYS,
        After.AS_IT_IS,
        not_copied="numbers and seals, and no word",
    ),
    Kept(
        "core.auditforgotten",
        DECISIONS,
        RECORD,
        ALWAYS,
        After.AS_IT_IS,
        not_copied="numbers and seals, and no word",
    ),
    Kept(
        "core.accessentry",
        DECISIONS,
        RECORD,
        ALWAYS,
        After.AS_IT_IS,
        staff=("actor",),
        not_copied="who looked at what is private: about moderators, and without words of yours",
    ),
    Kept(
        "core.amendment",
        DECISIONS,
        RECORD,
        WHILE_ACCOUNT,
        After.GONE,
        staff=("by",),
        not_copied="what a moderator changed stands in the versions of what you wrote",
    ),
    Kept(
        "core.signal",
        DECISIONS,
        "so that moderators see at once what cannot wait",
        WHILE_ACCOUNT,
        After.GONE,
        not_copied="what the rules noticed, for moderators alone: knowing it would help to get around them",
    ),
    Kept(
        "core.claim",
        DECISIONS,
        RECORD,
        f"{LASTS.total_seconds() // 60:.0f} minutes",
        After.GONE,
        own="",
        staff=("by",),
        not_copied="who has what open",
    ),
    Kept(
        "core.bulkaction",
        DECISIONS,
        RECORD,
        ALWAYS,
        After.PSEUDONYM,
        staff=("by",),
        not_copied="numbers, and no word",
    ),
    Kept(
        "core.holdrule",
        DECISIONS,
        RECORD,
        ALWAYS,
        After.PSEUDONYM,
        staff=("changed_by",),
        not_copied="the site’s own rules",
    ),
    Kept(
        "core.holdruleversion",
        DECISIONS,
        RECORD,
        ALWAYS,
        After.PSEUDONYM,
        staff=("by",),
        not_copied="the site’s own rules",
    ),
    Kept(
        "admin.logentry",
        DECISIONS,
        RECORD,
        ALWAYS,
        After.GONE,
        staff=("user",),
        not_copied="nothing here writes it",
    ),
)
BY_MODEL = {kept.model: kept for kept in KEPT}

# In the browser, and nowhere else.
COOKIES: tuple[tuple[str, str, str], ...] = (
    ("sessionid", "keeps you signed in; set when you sign in", f"{SESSION.days} days"),
    ("csrftoken", "so that no other site can send a form in your name", "a year"),
    ("kept", "threads you keep without an account; set when you keep one", f"{KEPT_SECONDS // 86_400} days"),
    (
        "country",
        "the country whose labels and emergency numbers you are shown; set when you choose one",
        "a year",
    ),
)


@dataclass(frozen=True)
class Subject:
    """What the pages print: all rows of one kind as one line."""

    what: str
    kinds: tuple[Kept, ...]

    def _each(self, name: str) -> list[str]:
        return list(dict.fromkeys(text for kind in self.kinds if (text := getattr(kind, name))))

    @property
    def why(self) -> str:
        return "; ".join(self._each("why"))

    @property
    def long(self) -> str:
        return self.kinds[0].long

    @property
    def after(self) -> list[str]:
        """In words; what merely goes or stays first, where there is more to say."""
        plain, more = f"{self.kinds[0].after.value.capitalize()}.", self._each("more")
        return [plain, *more] if self.kinds[0].after == After.GONE else more or [plain]


def subjects() -> list[Subject]:
    names = dict.fromkeys(kept.what for kept in KEPT)
    return [Subject(name, tuple(kept for kept in KEPT if kept.what == name)) for name in names]
