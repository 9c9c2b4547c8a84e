"""What people do with a question. Each verb is one transaction with a named actor.

Links between questions: a duplicate leads to its canonical thread, a variant stands beside it. Both lead to the
end of a chain at once, so that there never is one: what a thread leads to leads nowhere itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.models import User
from core.audit import record
from core.editing import edit, withdraw
from core.enums import BodyFormat, State
from core.moderation import NotPermitted, NotPossible, ReasonMissing, Stale, transition
from core.rules.running import hold
from core.writing import require_writer
from questions.models import Follow, Question, QuestionRevision, QuestionTreatment, SavedQuestion
from questions.permissions import LINKABLE, may_ask, may_edit, may_link
from questions.photos import attach
from questions.signals import relinked
from treatments.merging import treatment_now, use_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.images.forms import Item
    from treatments.models import Treatment, TreatmentUse


class TooManyWaiting(PermissionDenied):
    """As many of somebody's questions wait for a moderator as may."""


def _take_a_place(by: User) -> None:
    """Room for one more in the moderators' queue; two requests of one person at once wait for each other here."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if not may_ask(by):
        raise TooManyWaiting


def ask_question(
    *, by: User, submission_key: UUID, treatment: Treatment, pictures: Sequence[Item] = (), **fields: Any
) -> Question:
    """A question awaiting review. The same ``submission_key`` again gives the question it made before.

    ``fields``: title, body, use, stage, age_band, place, alias, variant_of, difference; all cleaned. Raises
    PermissionDenied when the key belongs to somebody else's question, TooManyWaiting when too many wait,
    ValidationError when one of the ``pictures`` went meanwhile.
    """
    require_writer(by)
    try:
        with transaction.atomic():
            treatment, fields["use"] = treatment_now(treatment), use_now(fields.get("use"))
            if not Question.objects.filter(submission_key=submission_key).exists():
                _take_a_place(by)
            fields["variant_of"] = _still_canonical(fields.get("variant_of"))
            question = Question(author=by, treatment=treatment, submission_key=submission_key, **fields)
            question.render()
            question.save()
            set_treatments(question, [treatment])
            attach(question, pictures, by=by)
            transition(question, to=State.PENDING, by=by)
    except IntegrityError:
        earlier = Question.objects.filter(submission_key=submission_key).first()
        if earlier is None:
            raise
        if earlier.author_id != by.pk:
            raise PermissionDenied("This form was sent by somebody else.") from None
        return earlier
    return question


def set_treatments(question: Question, treatments: list[Treatment]) -> None:
    """Name the treatments a question is about, the main one first."""
    question.treatment_rows.all().delete()
    QuestionTreatment.objects.bulk_create(
        QuestionTreatment(question=question, treatment=treatment, position=position)
        for position, treatment in enumerate(treatments)
    )


def reclassify(
    *, question: Question, treatment: Treatment, use: TreatmentUse | None, by: User, reason: str, version: int
) -> Question:
    """A moderator files a question under another treatment or use; what else it names stays named.

    Raises a TransitionError whose message can be shown.
    """
    with transaction.atomic():
        treatment, use = treatment_now(treatment), use_now(use)
        row = Question.locked(question.pk)
        _check_person(row, by=by, version=version)
        if row.state not in LINKABLE:
            raise NotPossible(f"This question is “{row.get_state_display()}”: nobody looks for it now.")
        if use is not None and use.treatment_id != treatment.pk:
            raise NotPossible("That use is of another treatment.")
        if (row.treatment_id, row.use_id) == (treatment.pk, use.pk if use else None):
            raise NotPossible("It is filed there already.")
        if not reason.strip():
            raise ReasonMissing("Tell the author why it belongs there.")
        was = _place(row)
        row.treatment, row.use, row.version = treatment, use, row.version + 1
        if (
            row.state == State.PENDING
        ):  # words that are an emergency after one treatment are none after another
            row.risk = hold(row)
        row.save(update_fields=["treatment", "use", "version", "risk"])
        others = [
            entry.treatment for entry in row.treatment_rows.select_related("treatment") if entry.position
        ]
        set_treatments(row, [treatment, *(other for other in others if other.pk != treatment.pk)])
        told = f"From {was} to {_place(row)}. {reason.strip()}"
        record(actor=by, action="file elsewhere", obj=row, before=row.state, after=row.state, reason=told)
        relinked.send(sender=Question, question=row, ids={row.pk})
    question.refresh_from_db()
    return question


def _place(question: Question) -> str:
    return " · ".join(str(part) for part in (question.treatment or "no treatment", question.use) if part)


def edit_question(*, question: Question, by: User, **fields: Any) -> Question | QuestionRevision:
    """Change a question, or propose another text of a published one; see :func:`core.editing.edit`.

    One that goes back to the moderators needs a place there like a new one: raises TooManyWaiting.
    """

    def prepare(text: Question | QuestionRevision) -> None:
        text.body_format = BodyFormat.MARKDOWN
        text.render()

    require_writer(by)
    with transaction.atomic():
        if "use" in fields:
            fields["use"] = use_now(fields["use"])
        if question.state in {State.DRAFT, State.WITHDRAWN}:
            _take_a_place(by)
        return edit(question, by=by, may=may_edit, fields=fields, prepare=prepare)


def withdraw_question(*, question: Question, by: User) -> Question:
    """Take a question back; an edit of it that waits goes with it."""
    withdraw(question, by=by)
    return question


MEANWHILE = "Somebody changed or linked this while you were reading. Nothing was done; look at it again."


def mark_duplicate(
    *, question: Question, canonical: Question, by: User, reason: str, version: int | None = None
) -> Question:
    """Lead the readers of a question to the thread that asks the same; followers and keepers move along.

    What led to the question leads to that thread now. Refused while the question has answers, which would be read
    by nobody. Raises a TransitionError whose message can be shown.
    """
    with transaction.atomic():
        rows = _locked(question, canonical, by=by, version=version)
        row, target = rows[question.pk], _end_of(rows, canonical.pk)
        _check_link(row, target, is_already=row.duplicate_of_id == target.pk)
        if not reason.strip():
            raise ReasonMissing("Say for the record why the two ask the same.")
        row.duplicate_of, row.variant_of = target, None
        _save_link(
            row, by=by, action="mark as duplicate", reason=f"Same question as {_named(target)}. {reason}"
        )
        moved = _move_pointers(rows, row, target, by=by)
        for kind in (Follow, SavedQuestion):
            _move_people(kind, row, target)
        relinked.send(sender=Question, question=row, ids={row.pk, *moved})
    question.refresh_from_db()
    return question


def mark_variant(
    *, question: Question, canonical: Question, difference: str, by: User, version: int | None = None
) -> Question:
    """Set a question beside the thread it is another case of; ``difference`` is what readers are told.

    Raises a TransitionError whose message can be shown.
    """
    with transaction.atomic():
        rows = _locked(question, canonical, by=by, version=version)
        row, target = rows[question.pk], _end_of(rows, canonical.pk, is_for_variant=True)
        same = row.variant_of_id == target.pk and row.difference == difference
        _check_link(row, target, is_already=same)
        if not difference.strip():
            raise ReasonMissing("Say what is different in this case; readers are told.")
        row.duplicate_of, row.variant_of, row.difference = None, target, difference
        _save_link(row, by=by, action="mark as variant", reason=f"Variant of {_named(target)}: {difference}")
        moved = _move_pointers(rows, row, target, by=by, only="variant_of")
        relinked.send(sender=Question, question=row, ids={row.pk, *moved})
    question.refresh_from_db()
    return question


def unlink(*, question: Question, by: User, reason: str, version: int | None = None) -> Question:
    """Give a duplicate its address and its place in lists back, or part a variant from its thread.

    People who followed or kept it stay where they were moved to. Raises a TransitionError.
    """
    with transaction.atomic():
        row = Question.locked(question.pk)
        _check_person(row, by=by, version=version)
        target = row.duplicate_of or row.variant_of
        if target is None:
            raise NotPossible("This question is not linked to another one (any more).")
        if not reason.strip():
            raise ReasonMissing("Say for the record why the link is undone.")
        was = "the same question as" if row.duplicate_of else "a variant of"
        row.duplicate_of = row.variant_of = None
        _save_link(row, by=by, action="undo link", reason=f"No longer {was} {_named(target)}. {reason}")
        relinked.send(sender=Question, question=row, ids={row.pk})
    question.refresh_from_db()
    return question


def _still_canonical(question: Question | None) -> Question | None:
    """The thread a new variant may name, held until it does; None for one that is no such thread any more."""
    row = Question.objects.public().select_for_update().filter(pk=question.pk).first() if question else None
    return row if row and row.variant_of_id is None else None


def _locked(question: Question, canonical: Question, *, by: User, version: int | None) -> dict[int, Question]:
    """Both questions and all that a link between them touches, by key, locked in the order of the keys."""
    pks = _touched(question.pk, canonical.pk)
    rows = {row.pk: row for row in Question.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
    if _touched(question.pk, canonical.pk) != pks:
        raise NotPossible(MEANWHILE)
    _check_person(rows[question.pk], by=by, version=version)
    return rows


def _touched(pk: int, canonical_pk: int) -> set[int]:
    """The two, what points to the first, and what the second leads to."""
    pointing = Q(duplicate_of=pk) | Q(variant_of=pk)
    pks = {pk, canonical_pk, *Question.objects.filter(pointing).values_list("pk", flat=True)}
    step: set[int] = {canonical_pk}
    while step:
        ahead = Question.objects.filter(pk__in=step).values_list("duplicate_of", "variant_of")
        step = {one for pair in ahead for one in pair if one} - pks
        pks |= step
    return pks


def _end_of(rows: dict[int, Question], pk: int, *, is_for_variant: bool = False) -> Question:
    """The thread a link to ``pk`` is a link to: of a duplicate its canonical, and for a variant of a variant's."""
    row = rows[pk]
    if row.duplicate_of_id:
        row = rows[row.duplicate_of_id]
    return rows[row.variant_of_id] if is_for_variant and row.variant_of_id else row


def _check_person(row: Question, *, by: User, version: int | None) -> None:
    if not may_link(by, row):
        raise NotPermitted("Only moderators link questions, and nobody one of their own.")
    if version is not None and row.version != version:
        raise Stale(MEANWHILE)


def _check_link(row: Question, target: Question, *, is_already: bool) -> None:
    if row.pk == target.pk:
        raise NotPossible(
            "That is this question itself, or leads to it. Choose another thread, or undo that link."
        )
    if row.state not in LINKABLE:
        raise NotPossible(
            f"This question is “{row.get_state_display()}”: only waiting and public ones are linked."
        )
    if not target.is_public:
        raise NotPossible("Readers cannot see that thread. Choose one that is public.")
    if is_already:
        raise NotPossible("The two are linked like this already.")


def _save_link(row: Question, *, by: User, action: str, reason: str) -> None:
    row.version += 1
    row.save(update_fields=["duplicate_of", "variant_of", "difference", "version"])
    record(actor=by, action=action, obj=row, before=row.state, after=row.state, reason=reason.strip())


def _move_pointers(
    rows: dict[int, Question], row: Question, target: Question, *, by: User, only: str = ""
) -> set[int]:
    """What led to ``row`` leads to ``target``, variants to the end of its chain; their keys."""
    beside = target.variant_of_id if target.variant_of_id != row.pk else None
    ends = {"duplicate_of": target, "variant_of": rows[beside or target.pk]}
    moved = set()
    for other in rows.values():
        names = [name for name in ends if getattr(other, f"{name}_id") == row.pk and only in ("", name)]
        for name in names:
            end = ends[name] if ends[name].pk != other.pk else None
            setattr(other, name, end)
            where = f"Now linked to {_named(end)}" if end else "Stands by itself now"
            reason = f"{where}, since {_named(row)} has been linked to {_named(target)}."
            _save_link(other, by=by, action="move link", reason=reason)
            moved.add(other.pk)
    return moved


def _move_people(kind: type[Follow | SavedQuestion], source: Question, target: Question) -> None:
    """Whoever follows or keeps ``source`` does so with ``target``, nobody twice."""
    rows = kind._default_manager.filter(question=source)
    moved: list[Any] = list(rows)
    for row in moved:
        row.pk, row.question = None, target
    kind._default_manager.bulk_create(moved, ignore_conflicts=True)
    rows.delete()


def _named(question: Question) -> str:
    return f"{question.pk}, “{question.title}”"
