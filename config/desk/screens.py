"""What stands around one item on its screen: who wrote it, what it changes, which words raised it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q, QuerySet, prefetch_related_objects
from django.http import QueryDict

from accounts.models import User
from answers.models import Answer, AnswerRevision, FactAsked, FactGiven, SecondOpinion, Thread
from answers.selectors import similar_threads
from config.desk.around import latest_of, nearly_the_same, others_in_thread, reports_against
from config.desk.cases import of_case
from config.desk.forms import LinkForm, UnlinkForm
from config.desk.kinds import Kind
from config.desk.look_alikes import look_alikes
from core.diff import words_changed
from core.enums import State
from core.models import Amendment, Moderated, Versioned
from core.rules.running import signals_of
from doctors.checklist import Checklist, checklist_of
from doctors.models import (
    Case,
    Doctor,
    DoctorRevision,
    Portrait,
    ProfileClaim,
    ReviewEntry,
    ReviewReply,
    VisitProof,
)
from questions.models import Question, QuestionRevision
from questions.red_flags import matching, words_of


def surroundings(kind: Kind, obj: Any) -> dict[str, Any]:
    """The context of the screen of ``obj``, apart from the decision: sixteen queries, and three for each picture."""
    question, answer, doctor = _thread_of(obj)
    if isinstance(obj, Question | QuestionRevision) and question is not None:
        prefetch_related_objects([question], "photos__photo__renditions")
    checklist = checklist_of(obj) if isinstance(obj, Doctor) else Checklist([], [])
    person = _author_of(obj, question, doctor)
    return (of_case(obj) if isinstance(obj, Case) else {}) | {
        "question": question,
        "answer": answer,
        "doctor": doctor,
        "person": person,
        "tallies": tallies(person, doctor),
        "reported": reports_against(person, doctor),
        "latest": latest_of(obj, person, doctor),
        "alike": nearly_the_same(obj, person, doctor),
        "look_alikes": look_alikes(obj),
        "others": others_in_thread(question, answer) if question is not None else [],
        "similar": similar_threads(question) if question is not None else [],
        "flags": flags(obj, question),
        "pictures": list(question.photos.all())
        if isinstance(obj, Question | QuestionRevision) and question
        else [],
        "signals": list(signals_of(obj)),
        "changes": changes(kind, obj) if kind.parent else [],
        # Of a doctor: each credential, with a form beside it for whoever may check it; and every check so far.
        "checks": [(row, None) for row in checklist.rows],
        "history": checklist.history,
        "due": None,
    }


def _author_of(obj: Any, question: Question | None, doctor: Doctor | None) -> User | None:
    if isinstance(obj, ProfileClaim):
        return obj.claimant
    if isinstance(obj, ReviewEntry | VisitProof):
        return obj.review.author
    if doctor is not None:
        return doctor.user
    return question.author if question is not None else None


def _thread_of(obj: Any) -> tuple[Question | None, Answer | None, Doctor | None]:
    if isinstance(obj, ProfileClaim | ReviewEntry | VisitProof):
        return None, None, None
    if isinstance(obj, ReviewReply):
        return None, None, obj.review.doctor
    if isinstance(obj, Doctor):
        return None, None, obj
    if isinstance(obj, DoctorRevision | Case | Portrait):
        return None, None, obj.doctor
    if isinstance(obj, Question | QuestionRevision):
        return (obj if isinstance(obj, Question) else obj.question), None, None
    if isinstance(obj, FactAsked):
        return obj.question, None, obj.doctor
    if isinstance(obj, FactGiven):
        return obj.asked.question, None, None
    answer = obj if isinstance(obj, Answer) else obj.answer
    return answer.question, answer, obj.doctor if isinstance(obj, SecondOpinion) else answer.doctor


def tallies(person: User | None, doctor: Doctor | None) -> list[dict[str, Any]]:
    """How what this author sent before was decided: ``{label, published, pending, rejected, removed}``."""
    found = []
    if person is not None:
        found.append({"label": "Questions", **_by_state(Question.objects.filter(author=person))})
        said = ReviewEntry.objects.filter(review__author=person)
        found.append({"label": "Reviews", **_by_state(said)})
    if doctor is not None:
        found.append({"label": "Answers", **_by_state(Answer.objects.filter(doctor=doctor))})
        opinions = SecondOpinion.objects.filter(doctor=doctor)
        found.append({"label": "Second opinions", **_by_state(opinions)})
        found.append({"label": "Cases", **_by_state(Case.objects.filter(doctor=doctor))})
    return found


def _by_state(rows: QuerySet) -> dict[str, int]:
    counted = dict(rows.order_by().values_list("state").annotate(count=Count("pk")))
    return {state.value: counted.get(state.value, 0) for state in State}


def flags(obj: Moderated, question: Question | None) -> list[dict[str, Any]]:
    """The red flags of a patient's text: ``{name, advice, words}``."""
    if not isinstance(obj, Question | QuestionRevision | FactGiven) or question is None:
        return []
    text = obj.wording
    return [
        {"name": flag.name, "advice": flag.advice, "words": words_of(flag, text)}
        for flag in matching(text, treatment=question.treatment)
    ]


def link_form(
    question: Question, data: QueryDict | None = None, *, similar: list[Thread] | None = None
) -> LinkForm | UnlinkForm:
    """Undoing the link there is, or making one, with similar threads to choose from: one query unless given."""
    if question.is_linked:
        return UnlinkForm(data, question=question)
    threads = similar_threads(question) if similar is None else similar
    return LinkForm(data, question=question, similar=[thread.question for thread in threads])


def changes(kind: Kind, obj: Any) -> list[dict[str, Any]]:
    """Field by field what the edit changes against what is (or was last) published: ``{label, html}``."""
    base = _base_of(kind, obj)
    if base is None:
        return []
    read = READ_BY[type(obj)]
    before, after = read(base), read(obj)
    return [
        {"label": label, "html": words_changed(before[label], text)}
        for label, text in after.items()
        if before[label] != text
    ]


def _base_of(kind: Kind, obj: Any) -> Any:
    """The text readers had before: the version before a published one, else what stands there now."""
    if obj.state not in {State.PUBLISHED, State.REMOVED}:
        return getattr(obj, kind.parent)
    versions = getattr(obj, kind.parent).revisions.filter(state=State.PUBLISHED, number__lt=obj.number)
    return versions.order_by("-number").first()


def _question_fields(row: Any) -> dict[str, str]:
    return {"Title": row.title, "Text": row.body}


def _answer_fields(row: Any) -> dict[str, str]:
    links = row.citation_links
    return {
        "Position": row.get_stance_display(),
        "Reason": row.get_reason_display(),
        "Confidence": row.get_confidence_display(),
        "Summary": row.summary,
        "Text": row.body,
        "Sources": "\n".join(f"{link['kind']}: {link['label']} {link['value']}" for link in links),
        "Declared interests": row.conflict_of_interest,
    }


def _profile_fields(row: Any) -> dict[str, str]:
    return {"Languages": row.languages, "Declared interests": row.conflicts, "About themselves": row.bio}


# How what an edit changes is read, of the edit and of what it is of.
READ_BY: dict[type[Moderated], Callable[[Any], dict[str, str]]] = {
    QuestionRevision: _question_fields,
    AnswerRevision: _answer_fields,
    DoctorRevision: _profile_fields,
}


def amendments(obj: Moderated) -> list[dict[str, Any]]:
    """What moderators changed of it and its edits before publication, word by word: ``{made, of_an_edit, changes}``."""
    about = Q(object_type=obj._meta.label_lower, object_id=obj.pk)
    if isinstance(obj, Versioned):
        about |= Q(
            object_type=obj.revisions.model._meta.label_lower, object_id__in=obj.revisions.values("pk")
        )
    rows = Amendment.objects.filter(about).select_related("by")
    return [
        {
            "made": row,
            "of_an_edit": row.object_type != obj._meta.label_lower,
            "changes": [
                {"label": name.capitalize(), "html": words_changed(before, row.after[name])}
                for name, before in row.before.items()
            ],
        }
        for row in rows
    ]
