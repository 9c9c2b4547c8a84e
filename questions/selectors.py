"""Reading questions: each function a fixed number of queries."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from core.images.models import Photo, Rendition
from core.text import number_in
from questions.models import Question, QuestionPhoto


def canonical_thread(given: str) -> Question | None:
    """The thread a question can be another case of, by what an address says; of a variant, its own canonical thread.

    None for anything else, and for what is not public as for what never was. One query, none for no number.
    """
    if not (number := number_in(given)):
        return None
    named = Question.objects.public().select_related("treatment", "variant_of__treatment")
    question = named.filter(pk=number).first()
    if question is None or question.variant_of is None:
        return question
    return question.variant_of if question.variant_of.is_public else None


def photo_rows() -> ArraySubquery:
    """The pictures of a question and their files, in order, within the query that finds it; see :func:`photos_of`."""
    shown = QuestionPhoto.objects.filter(question=OuterRef("pk")).order_by(
        "position", "pk", "photo__renditions__width"
    )
    names = ("id", "caption", "is_sensitive", "photo_id", "photo__name", "photo__width", "photo__height")
    files = [f"photo__renditions__{name}" for name in ("name", "kind", "width", "height")]
    return ArraySubquery(shown.values(row=JSONObject(**{name: name for name in (*names, *files)})))


def photos_of(question: Question) -> list[QuestionPhoto]:
    """What :func:`photo_rows` loaded: each with its photo, and that with its renditions."""
    found: dict[int, QuestionPhoto] = {}
    for row in question.photo_rows:  # type: ignore[attr-defined]
        if row["id"] not in found:
            photo = Photo(
                **{name: row[f"photo__{name}"] for name in ("name", "width", "height")},
                pk=row["photo_id"],
                owner_id=question.author_id,
            )
            photo._prefetched_objects_cache = {"renditions": []}  # type: ignore[attr-defined]
            known = {name: row[name] for name in ("id", "caption", "is_sensitive")}
            found[row["id"]] = QuestionPhoto(photo=photo, question=question, **known)
        if row["photo__renditions__name"]:
            names = ("name", "kind", "width", "height")
            file = Rendition(**{name: row[f"photo__renditions__{name}"] for name in names})
            found[row["id"]].photo._prefetched_objects_cache["renditions"].append(file)  # type: ignore[attr-defined]
    return list(found.values())
