"""The one table of what is kept about people: why, how long, what a copy of it holds and what an erasure does to it.

The privacy pages print it, the copy, the erasure and the nightly work follow it, and a test holds it to the models: a
new model or key that leads to an account must be entered here.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from config.privacy.kinds import After, Rows, Subject
from core.claims import LASTS
from questions.kept import KEPT_SECONDS

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
RECORD = "so that every decision can be accounted for, and nobody can change it afterwards"
COMPUTED = "computed from what is public"


def moderated(model: str, *, own: str) -> Rows:
    """Rows that a moderator decided about: who it was is somebody else's name."""
    return Rows(model, own=own, hidden=("moderated_by",), staff=("moderated_by",))


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        "Your account",
        "to sign you in, to reach you, and to show others a name that is not yours",
        f"{WHILE_ACCOUNT}; {UNCONFIRMED_KEPT.days} days if nobody confirms its address",
        After.GONE,
        (
            Rows("accounts.user", own="pk", hidden=("password",)),
            Rows("account.emailaddress", own="user"),
            Rows("account.emailconfirmation", not_copied="a key that your mail holds"),
        ),
        more="Of a moderator’s account a row without name and address stays, since decisions lead to it.",
    ),
    Subject(
        "Second factors",
        "so that your password alone opens nothing",
        WHILE_ACCOUNT,
        After.GONE,
        (Rows("mfa.authenticator", own="user", hidden=("data",)),),
    ),
    Subject(
        "Sessions",
        "to keep you signed in, and to show you where",
        f"{SESSION.days} days after you signed in, {hours(STAFF_SESSION)} for moderators",
        After.GONE,
        (
            Rows("accounts.session", own="user", hidden=("session_key", "session_data")),
            Rows("sessions.session", not_copied="nothing here writes it"),
        ),
    ),
    Subject(
        "What you agreed to",
        "to show that you did",
        WHILE_ACCOUNT,
        After.GONE,
        (Rows("accounts.consent", own="user"),),
    ),
    Subject(
        "Copies of your data",
        "because you asked for one",
        hours(EXPORT_KEPT),
        After.GONE,
        (Rows("accounts.dataexport", own="user", hidden=("name", "until", "size")),),
    ),
    Subject(
        "Erasures",
        "so that a backup brings nobody back",
        ALWAYS,
        After.AS_IT_IS,
        (
            Rows(
                "accounts.erasure",
                not_copied="written when you are gone: a number by which a backup’s account is recognised, and no word",
            ),
        ),
        more="Written then; it names nobody.",
    ),
    Subject(
        "Warnings and suspensions",
        "to tell you why, and to end them in time",
        WHILE_ACCOUNT,
        After.GONE,
        (
            Rows(
                "accounts.sanction",
                own="user",
                hidden=("imposed_by", "lifted_by"),
                staff=("imposed_by", "lifted_by"),
            ),
            Rows("core.batch", own="about", hidden=("by", "undone_by"), staff=("by", "undone_by")),
        ),
    ),
    Subject(
        "What you were told, and how soon you want to hear",
        "to tell you once what happens to what is yours",
        WHILE_ACCOUNT,
        After.GONE,
        (
            Rows("accounts.notification", own="to", hidden=("letter",)),
            Rows("accounts.letter", own="to", hidden=("trouble",)),
            Rows("accounts.wish", own="user"),
        ),
    ),
    Subject(
        "What you asked",
        "so that doctors can answer, and others in your place can read it",
        "until you withdraw it or erase your account",
        After.NAMELESS,
        (
            moderated("questions.question", own="author"),
            Rows("questions.questiontreatment", own="question__author"),
            moderated("questions.questionrevision", own="question__author"),
            moderated("answers.factgiven", own="asked__question__author"),
            Rows("answers.acceptedanswer", own="question__author"),
            Rows("answers.route", not_copied="which doctors hear of a question next"),
            Rows("answers.reached", not_copied="the specialties whose doctors were told of a question"),
            Rows("answers.thread", not_copied=COMPUTED),
            Rows("answers.usethread", not_copied=COMPUTED),
            Rows("answers.treatmentthread", not_copied=COMPUTED),
            Rows("answers.answeredthread", not_copied=COMPUTED),
            Rows("answers.readership", not_copied="how often a thread was read, without who"),
        ),
        more="A question that somebody answered stays under “a former member”, without its other name and place, and "
        "cannot be linked to your others, and so does what you told doctors under it in public; a question without an "
        "answer goes.",
    ),
    Subject(
        "What you did in the end, and when you last looked",
        "so that others in your place learn what came of it, and you see what is new",
        "as long as the question is yours",
        After.GONE,
        (
            Rows("answers.outcome", own="question__author"),
            Rows("answers.askervisit", own="question__author"),
        ),
    ),
    Subject(
        "Threads and treatments you keep or follow, and answers you found helpful",
        "because you asked for it, and so that each vote counts once",
        WHILE_ACCOUNT,
        After.GONE,
        (
            Rows("questions.savedquestion", own="user"),
            Rows("questions.follow", own="user"),
            Rows("answers.helpfulvote", own="user"),
        ),
    ),
    Subject(
        "Your profile as a doctor",
        "so that readers know who answers",
        WHILE_ACCOUNT,
        After.NAMELESS,
        (
            moderated("doctors.doctor", own="user"),
            moderated("doctors.doctorrevision", own="doctor__user"),
            moderated("doctors.portrait", own="doctor__user"),
            Rows("doctors.portraitphoto", own="portrait__doctor__user"),
            Rows("doctors.practiceplace", own="doctor__user"),
            Rows("doctors.credential", own="doctor__user"),
        ),
        more="The name stays where published answers stand under it; everything else goes, your portrait and numbers "
        "of credentials among it. Of an application that you withdraw all this goes at once; that there was one stays, "
        "without a name.",
    ),
    Subject(
        "What you sent as proof, and claims to a profile",
        "so that a moderator can tell who you are",
        f"{WHILE_ACCOUNT}; proof until you withdraw what it was sent for",
        After.GONE,
        (
            moderated("doctors.profileclaim", own="claimant"),
            Rows(
                "doctors.sentfile",
                own="credential__doctor__user",
                or_own="claim__claimant",
                hidden=("name",),
            ),
        ),
    ),
    Subject(
        "Checks of your credentials",
        RECORD,
        ALWAYS,
        After.AS_IT_IS,
        (
            Rows("doctors.verification", own="doctor__user", hidden=("checked_by",), staff=("checked_by",)),
            Rows("doctors.evidencefile", own="verification__doctor__user", hidden=("name",)),
        ),
        more="That somebody checked what, and where, stays; the files you gave are erased.",
    ),
    Subject(
        "Cases you showed as a doctor, and what the people in them agreed to",
        "so that readers can compare, and everybody in a picture decides about it",
        "until you or the person in the pictures take it back; what happened to a consent, as long as the site exists",
        After.NAMELESS,
        (
            moderated("doctors.case", own="doctor__user"),
            Rows("doctors.casephoto", own="case__doctor__user"),
            Rows("doctors.consent", own="doctor__user", hidden=("token_hash",)),
            Rows("doctors.consentevent", own="consent__doctor__user"),
            Rows("doctors.consentpaper", own="consent__doctor__user", hidden=("name",)),
        ),
        more="Pictures, words, your labels and the signed documents go; that a case was there, and when a consent was "
        "given or taken back, stays as numbers and dates. The person in the pictures is named nowhere here but on the "
        "signed document.",
    ),
    Subject(
        "What you wrote as a doctor",
        "so that patients can read it",
        "until you withdraw it",
        After.AS_IT_IS,
        (
            moderated("answers.answer", own="doctor__user"),
            moderated("answers.answerrevision", own="answer__doctor__user"),
            Rows("answers.importedanswer", own="answer__doctor__user"),
            moderated("answers.secondopinion", own="doctor__user"),
            Rows(
                "answers.factasked",
                own="doctor__user",
                # since when it is closed might tell that its asker would rather not say
                hidden=("moderated_by", "closed_at"),
                staff=("moderated_by",),
            ),
            moderated("doctors.reviewreply", own="review__doctor__user"),
            Rows("answers.useposition", not_copied=COMPUTED),
            Rows("answers.doctorcount", not_copied=COMPUTED),
        ),
        more="Published answers, second opinions, questions to askers and replies to reviews stay under the name "
        "they were published with, as in a journal, and count no more; everything that is not public goes.",
    ),
    Subject(
        "What you write with as a doctor: drafts and saved replies",
        "so that nothing you typed is lost",
        "until you send or delete it",
        After.GONE,
        (
            Rows("answers.answerdraft", own="doctor__user"),
            Rows("answers.savedreply", own="doctor__user"),
        ),
    ),
    Subject(
        "What you say of doctors and treatments, and what you paid",
        "so that others learn how it was, and so that each person counts once",
        "until you withdraw it or erase your account",
        After.GONE,
        (
            Rows("doctors.review", own="author"),
            moderated("doctors.reviewentry", own="review__author"),
            Rows("doctors.reviewcost", own="entry__review__author"),
            Rows("doctors.reviewphoto", own="entry__review__author"),
            moderated("doctors.visitproof", own="review__author"),
            Rows("doctors.visitpaper", own="proof__review__author", hidden=("name",)),
            Rows(
                "doctors.contribution",
                not_copied="which figures count you, and with what you said in your review",
            ),
        ),
        more="Also what doctors replied to it. What shows that you were there is deleted as soon as a moderator has "
        "decided.",
    ),
    Subject(
        "What you reported, and your appeals",
        "so that somebody looks at it",
        WHILE_ACCOUNT,
        After.NAMELESS,
        (
            Rows("core.report", own="reporter", hidden=("decided_by",), staff=("decided_by",)),
            Rows("core.appeal", own="author", hidden=("decided_by", "entry"), staff=("decided_by",)),
        ),
        more="That there was one stays, for the ledger counts it; its words go.",
    ),
    Subject(
        "Decisions of moderators",
        RECORD,
        ALWAYS,
        After.NAMELESS,
        (
            Rows(
                "core.auditentry",
                staff=("actor",),
                not_copied="the reason of each decision stands beside what was decided",
            ),
            Rows("core.auditlink", not_copied="numbers and seals, and no word"),
            Rows("core.auditforgotten", not_copied="numbers and seals, and no word"),
            Rows(
                "core.accessentry",
                staff=("actor",),
                not_copied="who looked at what is private: about moderators, and without words of yours",
            ),
            Rows("core.bulkaction", staff=("by",), not_copied="numbers, and no word"),
            Rows("core.holdrule", staff=("changed_by",), not_copied="the site’s own rules"),
            Rows("core.holdruleversion", staff=("by",), not_copied="the site’s own rules"),
            Rows("admin.logentry", staff=("user",), not_copied="nothing here writes it"),
        ),
        more="What was done, when and to what stays; reasons that name you or what went with you go, and what you did "
        "yourself was done by “former-member”. What you decided as a moderator stays, under a name that is nobody’s.",
    ),
    Subject(
        "What moderators see and change of a text before they decide",
        "so that they see at once what cannot wait, and nothing is changed silently",
        f"as long as the text; who has it open, {LASTS.total_seconds() // 60:.0f} minutes",
        After.GONE,
        (
            Rows(
                "core.amendment",
                staff=("by",),
                not_copied="what a moderator changed stands in the versions of what you wrote",
            ),
            Rows(
                "core.signal",
                not_copied="what the rules noticed, for moderators alone: knowing it would help to get around them",
            ),
            Rows("core.claim", staff=("by",), not_copied="who has what open"),
        ),
    ),
    Subject(
        "Pictures you sent, drawn anew without what your camera wrote into them",
        "so that you and others can see what is spoken of, and nobody shows a picture of yours as their own",
        "a day, or as long as what you sent them with; at most as long as you have an account",
        After.GONE,
        (
            Rows("core.photo", own="owner", hidden=("name", "mirrored")),
            Rows("core.rendition", not_copied="the same picture in smaller sizes"),
            Rows("core.loose", not_copied="names of files that are being written or deleted"),
            Rows("questions.questionphoto", own="question__author"),
            Rows(
                "core.likeness",
                not_copied="64 bits for each picture, from which it cannot be drawn again, and no word",
            ),
        ),
    ),
)
KEPT: tuple[Rows, ...] = tuple(rows for subject in SUBJECTS for rows in subject.rows)
BY_MODEL = {rows.model: rows for rows in KEPT}

# What each is for and how long it stays: in the browser, and nowhere else.
COOKIES: tuple[tuple[str, str, str], ...] = (
    ("sessionid", "keeps you signed in; set when you sign in", f"{SESSION.days} days"),
    ("csrftoken", "so that no other site can send a form in your name", "a year"),
    ("kept", "threads you keep without an account; set when you keep one", f"{KEPT_SECONDS // 86_400} days"),
    ("country", "whose labels and emergency numbers you are shown; set when you choose one", "a year"),
)
