"""A field for pictures: what was sent before, in order, by its keys; what is chosen now; what was pressed beside it.

Without a script everything is done by buttons of the same form, which check nothing else and lose nothing. With one,
files are sent by themselves while one goes on writing, and the form carries their keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from core.images import tray
from core.images.models import Photo
from core.images.refusals import MEGABYTES, Refusal, Refused
from core.text import clean_line, number_in

if TYPE_CHECKING:
    from accounts.models import User

GONE = (
    "{} of the pictures you had added cannot be found any more: until they are sent they are kept for a day. "
    "Add them again."
)
CAPTION_LENGTH = 120
CAPTION_TOO_LONG = f"Please write at most {CAPTION_LENGTH} characters under a picture."
NOTHING_CHOSEN = "No file is chosen. Choose one or more, then press “Add them”."
NAME_SHOWN = 60
# Each a button: beside one picture, or for those chosen just now.
VERBS = ("add", "drop", "earlier", "later")


@dataclass
class Item:
    """A picture in the tray, with what its owner says of it."""

    photo: Photo
    caption: str = ""
    is_covered: bool = False


class Sent(NamedTuple):
    """What came with the form."""

    keys: list[int]
    files: list[Any]
    verb: str
    pressed: int
    captions: dict[int, str]
    covered: set[int]


class PhotosInput(forms.Widget):
    """Reads everything of one tray; drawn by ``components/photo_tray.html``."""

    needs_multipart_form = True
    template_name = "components/photo_keys.html"

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return id_

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent:
        keys = list(dict.fromkeys(filter(None, map(number_in, _all(data, name)))))
        verb = next((verb for verb in VERBS if f"{name}-{verb}" in data), "")
        return Sent(
            keys,
            _all(files, f"{name}-files"),
            verb,
            number_in(data.get(f"{name}-{verb}", "")),
            {key: clean_line(data.get(f"{name}-caption-{key}", "")) for key in keys},
            {key for key in keys if data.get(f"{name}-covered-{key}")},
        )

    def format_value(self, value: Any) -> Any:
        return value or []

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


class PhotosField(forms.Field):
    """Its value is the list of the owner's pictures, held by nothing yet, in their order.

    ``owner`` has to be set before the form is checked (:class:`WithPhotos` does). ``with_words``: each may have a
    caption and may be covered until a reader asks for it; see ``items``.
    """

    widget = hidden_widget = PhotosInput

    def __init__(self, *, at_most: int, with_words: bool = False, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "template_name": "components/photo_tray.html", **kwargs})
        self.at_most, self.with_words = at_most, with_words
        self.owner: User | None = None
        self.items: list[Item] = []

    def __deepcopy__(self, memo: Any) -> PhotosField:
        copied: PhotosField = super().__deepcopy__(memo)
        copied.items = []
        return copied

    def clean(self, value: Sent) -> list[Photo]:
        """All that can be kept is in ``items`` afterwards, whatever is wrong with the rest."""
        assert self.owner is not None  # noqa: S101 - a form that forgot whose pictures they are must not be used
        wrong = [*self._carry_on(value, self.owner), *self._take_in(value.files, self.owner)]
        self._arrange(value, self.owner)
        if value.verb == "add" and not value.files:
            wrong.append(NOTHING_CHOSEN)
        elif self.required and not (self.items or wrong or value.verb):
            wrong.append("Add a picture.")
        if wrong:
            raise ValidationError(wrong)
        return [item.photo for item in self.items]

    def bound_data(self, data: Any, initial: Any) -> list[Item]:
        return self.items

    @property
    def megabytes(self) -> int:
        return MEGABYTES

    @property
    def room(self) -> int:
        return self.at_most - len(self.items)

    def _carry_on(self, sent: Sent, owner: User) -> Iterator[str]:
        """What was sent before. A picture that something holds by now was sent with this form already."""
        found = tray.free(sent.keys, by=owner)
        self.items = [
            Item(found[key], sent.captions[key][:CAPTION_LENGTH], key in sent.covered)
            for key in sent.keys
            if key in found
        ][: self.at_most]
        known = Photo.objects.filter(owner=owner, pk__in=sent.keys).count()
        if lost := len(sent.keys) - known:
            yield GONE.format(lost)
        if len(found) > self.at_most:
            yield f"At most {self.at_most} pictures can be sent with this; the last ones were left out."
        if self.with_words and any(len(caption) > CAPTION_LENGTH for caption in sent.captions.values()):
            yield CAPTION_TOO_LONG

    def _take_in(self, files: Iterable[Any], owner: User) -> Iterator[str]:
        for file in files:
            try:
                if self.room < 1:
                    raise Refused(Refusal.ROOM)
                self.items.append(Item(tray.add(file, by=owner)))
            except Refused as refused:
                yield f"“{clean_line(file.name or '')[:NAME_SHOWN]}”: {refused}"

    def _arrange(self, sent: Sent, owner: User) -> None:
        place = next((n for n, item in enumerate(self.items) if item.photo.pk == sent.pressed), None)
        if place is None:
            return
        item = self.items.pop(place)
        if sent.verb == "drop":
            tray.throw_away([item.photo.pk], by=owner)
        else:
            self.items.insert(max(place + {"earlier": -1, "later": 1}.get(sent.verb, 0), 0), item)


class WithPhotos(forms.BaseForm):
    """A form with :class:`PhotosField` in it. While it ``arranges``, its pictures alone are looked at."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self._trays().values():
            field.owner = by

    @property
    def arranges(self) -> bool:
        """Whether a button beside the pictures was pressed, and not one that sends the form."""
        return self.is_bound and any(self[name].data.verb for name in self._trays())

    def is_valid(self) -> bool:
        return super().is_valid() and not self.arranges

    def full_clean(self) -> None:
        if not self.arranges:
            super().full_clean()
            return
        self._errors = ErrorDict(renderer=self.renderer)
        self.cleaned_data: dict[str, Any] = {}
        for name, field in self._trays().items():
            try:
                self.cleaned_data[name] = field.clean(self[name].data)
            except ValidationError as error:
                self.add_error(name, error)

    def _trays(self) -> dict[str, PhotosField]:
        return {name: field for name, field in self.fields.items() if isinstance(field, PhotosField)}


def _all(data: Any, name: str) -> list[Any]:
    found = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
    return list(found)
