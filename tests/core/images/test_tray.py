"""Pictures on their way: so many and no more, and nobody’s but their owner’s."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.images import photos, store, tray
from core.images.editing import ChangeForm
from core.images.forms import PhotosField
from core.images.models import Photo
from core.images.redrawing import Area
from core.images.refusals import Refused
from questions.models import QuestionPhoto
from tests.core.images import samples
from tests.factories import QuestionFactory, UserFactory
from tests.racing import at_once

JPEG = samples.written(samples.drawn((90, 70)), "JPEG")


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path: Path) -> Path:
    settings.STORAGES = {
        **settings.STORAGES,
        "pictures": {"BACKEND": "core.images.store.Folder", "OPTIONS": {"location": tmp_path}},
    }
    cache.clear()
    return tmp_path


@pytest.mark.django_db
def test_a_day_has_so_many_pictures_and_not_one_more(monkeypatch) -> None:
    monkeypatch.setattr(tray, "A_DAY", 2)
    one, other = UserFactory(), UserFactory()
    for _ in range(2):
        tray.add(BytesIO(JPEG), by=one)
    with pytest.raises(Refused, match="tomorrow"):
        tray.add(BytesIO(JPEG), by=one)
    assert tray.add(BytesIO(JPEG), by=other)


@pytest.mark.django_db
def test_taking_pictures_out_again_does_not_buy_endless_work(monkeypatch) -> None:
    monkeypatch.setattr(tray, "TRIES_A_DAY", 2)
    one = UserFactory()
    for _ in range(2):
        tray.throw_away([tray.add(BytesIO(JPEG), by=one).pk], by=one)
    with pytest.raises(Refused, match="tomorrow"):
        tray.add(BytesIO(JPEG), by=one)


@pytest.mark.django_db(transaction=True)
def test_pictures_that_come_at_once_are_not_more_than_a_day_has(monkeypatch, shelf: Path) -> None:
    monkeypatch.setattr(tray, "A_DAY", 2)
    one = UserFactory()
    tray.add(BytesIO(JPEG), by=one)

    def send() -> bool:
        try:
            tray.add(BytesIO(JPEG), by=one)
        except Refused:
            return False
        return True

    at_once(send, send)
    assert Photo.objects.filter(owner=one).count() <= 2


@pytest.mark.django_db
def test_a_picture_is_changed_by_its_owner_until_somebody_else_may_see_it() -> None:
    question = QuestionFactory(pending=True)
    photo = photos.keep(BytesIO(JPEG), by=question.author)
    assert tray.changeable(photo.pk, by=question.author) == photo
    assert tray.changeable(photo.pk, by=UserFactory()) is None
    photos.take([photo.name], by=question.author, kind=QuestionPhoto)
    QuestionPhoto.objects.create(question=question, photo=photo)
    assert tray.changeable(photo.pk, by=question.author) is None
    type(question).objects.filter(pk=question.pk).update(state="draft")
    assert tray.changeable(photo.pk, by=question.author) == photo
    tray.throw_away([photo.pk], by=question.author)
    assert Photo.objects.filter(pk=photo.pk).exists(), "what something holds is not thrown away from a tray"


def sent(field: PhotosField, data: dict[str, list[str]], files: list | None = None):
    return field.clean(
        field.widget.value_from_datadict(MultiValueDict(data), MultiValueDict({"p-files": files or []}), "p")
    )


@pytest.mark.django_db
def test_the_field_keeps_order_and_takes_what_is_its_owners_alone() -> None:
    owner = UserFactory()
    one, two = (photos.keep(BytesIO(JPEG), by=owner) for _ in range(2))
    strange = photos.keep(BytesIO(JPEG), by=UserFactory())
    field = PhotosField(at_most=3)
    field.owner = owner
    keys = [str(two.pk), str(one.pk)]
    assert sent(field, {"p": keys}) == [two, one]
    assert sent(field, {"p": keys, "p-earlier": [str(one.pk)]}) == [one, two]
    assert sent(field, {"p": keys, "p-later": [str(two.pk)]}) == [one, two]
    assert sent(field, {"p": keys, "p-drop": [str(two.pk)]}) == [one]
    assert not Photo.objects.filter(pk=two.pk).exists()
    with pytest.raises(Exception, match="cannot be found"):
        sent(field, {"p": [str(one.pk), str(strange.pk)]})
    assert [item.photo for item in field.items] == [one]
    assert Photo.objects.filter(pk=strange.pk).exists()


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(
        st.sampled_from(["p", "p-drop", "p-earlier", "p-later", "p-add"]), st.lists(st.text(max_size=25))
    )
)
def test_the_field_takes_whatever_is_sent_for_no_picture(data: dict[str, list[str]]) -> None:
    field = PhotosField(at_most=2)
    field.owner = UserFactory()
    try:
        assert sent(field, data) == []
    except Exception as error:
        assert type(error).__name__ == "ValidationError"  # noqa: PT017


@given(
    st.sampled_from(["cut", "cover", "left", "nothing"]),
    st.lists(
        st.text(max_size=20) | st.tuples(*[st.floats()] * 4).map(lambda t: ",".join(map(str, t))), max_size=4
    ),
    st.tuples(*[st.integers(-5, 120)] * 4),
)
@settings(max_examples=60, deadline=None)
def test_whatever_is_asked_of_a_picture_is_a_change_or_an_error(do: str, areas: list[str], edges) -> None:
    edge = dict(zip(("left", "top", "right", "bottom"), map(str, edges), strict=True))
    data = MultiValueDict({"do": [do], "name": ["x"], "area": areas, "field": areas})
    for name, value in edge.items():
        data[name] = value
    form = ChangeForm(data)
    if not form.is_valid():
        assert form.errors
        return
    changes = form.cleaned_data["changes"]
    found = [*changes.get("cover", []), *([changes["crop"]] if "crop" in changes else [])]
    assert all(Area.of(*area) == area for area in found)
    assert found or changes["turn"] in {90, 270}


@pytest.mark.django_db
def test_the_store_is_asked_for_nothing_when_a_picture_is_refused(shelf: Path) -> None:
    with pytest.raises(Refused):
        tray.add(BytesIO(b"not a picture"), by=UserFactory())
    assert not [path for path in shelf.rglob("*") if path.is_file()]
    assert not store.exists("0" * 32 + ".jpg")


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1))
@settings(max_examples=40, deadline=None)
def test_fields_side_by_side_are_covered_as_one_and_nothing_else_is(fields: set[tuple[int, int]]) -> None:
    form = ChangeForm(
        MultiValueDict(
            {"do": ["cover"], "name": ["x"], "field": [f"{column}-{row}" for column, row in fields]}
        )
    )
    assert form.is_valid()
    areas = form.cleaned_data["changes"]["cover"]
    covered = {
        (column, row)
        for column in range(8)
        for row in range(8)
        for area in areas
        if area.left * 8 <= column < area.right * 8 and area.top * 8 <= row < area.bottom * 8
    }
    assert covered == fields
    assert len(areas) < len(fields) or not any((column + 1, row) in fields for column, row in fields)
