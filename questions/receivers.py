"""What becomes of questions is told; what is asked and followed goes along when two treatments are merged."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Any

from django.db.models import Exists, OuterRef
from django.dispatch import receiver

from accounts.notify import tell_author, tell_many
from core.enums import State
from core.images.showing import require_rendered
from core.models import Moderated
from core.rules.running import hold
from core.signals import transitioned
from questions.models import Follow, Question, QuestionRevision, QuestionTreatment, SavedQuestion
from questions.notifications import NEW_THREAD
from treatments.merging import Companion, Merge, goes_along
from treatments.models import Treatment

# Measured with three answers each (docs/adr/0009-merged-treatments-redirect.md). A second is not worth a sentence.
MOVED_IN_A_SECOND = 1000


@receiver(transitioned, sender=Question)
def photos_are_ready(obj: Question, after: str, **_: Any) -> None:
    """Nothing is published of which a part cannot be shown."""
    if after == State.PUBLISHED:
        require_rendered(obj.photos.all())


@receiver(transitioned, sender=Question)
def question_decided(obj: Question, before: str, after: str, **_: Any) -> None:
    """Its asker is told; when it appears for the first time, so are those who follow what it is about."""
    tell_author(obj=obj, before=before, after=after, noun="question", url=obj.get_absolute_url())
    is_new = before == State.PENDING and after == State.PUBLISHED and obj.published_at == obj.moderated_at
    if is_new and obj.is_public:
        followers = Follow.objects.filter(treatment__question_rows__question=obj).exclude(user=obj.author_id)
        tell_many(
            to=followers.values_list("user", flat=True),
            kind=NEW_THREAD.name,
            about=obj,
            event=f"question-{obj.pk} new",
            url=obj.get_absolute_url(),
        )


@receiver(transitioned, sender=QuestionRevision)
def edit_of_question_decided(obj: QuestionRevision, before: str, after: str, **_: Any) -> None:
    tell_author(obj=obj, before=before, after=after, noun="question-edit", url=obj.get_absolute_url())


def told(source: Treatment, target: Treatment) -> Iterator[str]:
    """How many questions and people a merge moves, and how long others wait for it."""
    questions = Question.objects.about(source)
    public, waiting, all_states = questions.public().count(), questions.pending().count(), questions.count()
    others = all_states - public - waiting
    yield f"Threads that readers see: {public}. Questions that wait: {waiting}. In other states: {others}."
    both = questions.filter(treatment_rows__treatment=target).distinct().count()
    if both:
        yield f"Questions that name both, and will name {target} once: {both}."
    follows = Follow.objects.filter(treatment=source)
    twice = follows.filter(user__follows__treatment=target).count()
    yield f"People who follow it: {follows.count()}, of whom {twice} follow {target} already."
    if all_states > MOVED_IN_A_SECOND:
        seconds = ceil(all_states / MOVED_IN_A_SECOND)
        yield f"Merging takes about {seconds} seconds. Whoever asks or follows meanwhile waits for it."
    kept = SavedQuestion.objects.filter(question__in=questions.values("pk")).count()
    yield f"Of these threads on readers’ own lists: {kept}. They stay there."


def moved(merge: Merge) -> None:
    """Each question names a treatment once; a person follows it once. What waits is read by the rules again."""
    ids = sorted(Question.objects.about(merge.source).values_list("pk", flat=True))
    rows = Question.objects.filter(pk__in=ids)
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    for ended, stays in merge.uses.items():
        Question.objects.filter(use=ended).update(use=stays)
    rows.filter(treatment=merge.source).update(treatment=merge.target)
    _name_once(merge)
    followed = Follow.objects.filter(treatment=merge.source)
    followed.filter(user__follows__treatment=merge.target).delete()
    followed.update(treatment=merge.target)
    _read_again(ids)
    merge.carried[Question] = ids


def _name_once(merge: Merge) -> None:
    """Of a question about both the earlier place stays."""
    source = QuestionTreatment.objects.filter(treatment=merge.source)
    target = QuestionTreatment.objects.filter(treatment=merge.target)
    earlier = source.filter(question=OuterRef("question"), position__lt=OuterRef("position"))
    target.filter(Exists(earlier)).delete()
    source.filter(Exists(target.filter(question=OuterRef("question")))).delete()
    source.update(treatment=merge.target)


def _read_again(ids: list[int]) -> None:
    """Words that are an emergency after one treatment may be none after another."""
    questions = Question.objects.filter(pk__in=ids).pending().select_related("treatment__parent")
    edits = QuestionRevision.objects.filter(question__in=ids).pending()
    waiting: list[Moderated] = [*questions, *edits.select_related("question__treatment__parent")]
    for row in waiting:
        row.risk = hold(row)
        row.save(update_fields=["risk"])


goes_along(Companion(told, moved))
