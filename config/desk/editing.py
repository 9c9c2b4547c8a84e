"""Changing what is published: the text of what waits, and where a question is filed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from answers.models import ASKED_LENGTH, GIVEN_LENGTH, SUMMARY_LENGTH
from config.desk.kinds import Kind
from core.amending import amend_and_publish
from core.claims import settle
from core.enums import State
from core.forms import BodyField, LineField
from core.moderation import NotPossible, edges_for, transition
from core.text import clean_body
from doctors.models import REPLY_LENGTH, TEXT_LENGTH
from questions.models import IMPORTED_TITLE_LENGTH, Question
from questions.permissions import LINKABLE, may_link
from questions.services import reclassify
from treatments.models import Treatment, TreatmentUse

if TYPE_CHECKING:
    from accounts.models import User
    from core.models import Moderated

PUBLISH, FILE = "publish", "file"
# The words alone: where a doctor stands, and why, is theirs to say.
TEXTS: dict[str, tuple[str, ...]] = {
    "question": ("title", "body"),
    "questionrevision": ("title", "body"),
    "answer": ("summary", "body"),
    "answerrevision": ("summary", "body"),
    "secondopinion": ("note",),
    "factasked": ("text",),
    "factgiven": ("text",),
    "reviewentry": ("text",),
    "reviewreply": ("text",),
}
LONGEST = 200_000
LENGTHS = {"factgiven": GIVEN_LENGTH, "reviewentry": TEXT_LENGTH, "reviewreply": REPLY_LENGTH}


def _text_field(name: str, kind: str) -> forms.Field:
    if name == "title":
        return LineField(label="Title", max_length=IMPORTED_TITLE_LENGTH)
    if name == "summary":
        return LineField(label="Summary", required=False, max_length=SUMMARY_LENGTH)
    if name == "note":
        return LineField(label="Sentence", required=False, max_length=SUMMARY_LENGTH)
    if kind == "factasked":
        return LineField(label="Text", required=False, max_length=ASKED_LENGTH)
    longest = LENGTHS.get(kind, LONGEST)
    return BodyField(
        label="Text", required=False, max_length=longest, widget=forms.Textarea(attrs={"rows": 10})
    )


class UseChoice(forms.ModelChoiceField):
    def label_from_instance(self, use: TreatmentUse) -> str:
        return f"{use.treatment}: {use.name}"


class EditForm(forms.Form):
    """The text while it waits, and of a question its treatment and use. ``version`` is what was on the screen."""

    do = forms.ChoiceField(choices=[(PUBLISH, "Publish"), (FILE, "File")])
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: Kind, obj: Any, **kwargs: Any) -> None:
        names = TEXTS[kind.name] if obj.state == State.PENDING else ()
        initial = {name: getattr(obj, name) for name in names}
        super().__init__(*args, **{"prefix": "edit", "initial": initial, **kwargs})
        self.kind, self.obj, self.names = kind, obj, names
        self.fields |= {name: _text_field(name, kind.name) for name in names}
        if isinstance(obj, Question):
            self.fields |= _filing_fields()
            self.initial.update(treatment=obj.treatment_id, use=obj.use_id)
        self.fields["reason"] = LineField(
            label="Why", max_length=500, help_text="The author reads this, and each change of the text."
        )

    @property
    def can_publish(self) -> bool:
        return self.obj.state == State.PENDING

    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        use, treatment = filled.get("use"), filled.get("treatment")
        if use is not None and treatment is not None and use.treatment_id != treatment.pk:
            self.add_error("use", ValidationError("That use is of another treatment."))
        if filled.get("do") == PUBLISH and not self.can_publish:
            raise ValidationError("Only what waits is published.")
        return filled

    def carry_out(self, *, by: User) -> str:
        """Do what the button says; what was done, in words. Raises a TransitionError, and then nothing is done."""
        filled = self.cleaned_data
        with transaction.atomic():
            version = self._file(by) if self._is_filed_elsewhere() else filled["version"]
            if filled["do"] == FILE:
                if version == filled["version"]:
                    raise NotPossible("It is filed there already.")
                return "Filed. Readers find it there as soon as it is public."
            self._publish(by, version)
            settle(self.obj)
        return f"{self.kind.label} {self.obj.pk} is published as you changed it; its author is told."

    def _is_filed_elsewhere(self) -> bool:
        if not isinstance(self.obj, Question):
            return False
        chosen = [self.cleaned_data[name] for name in ("treatment", "use")]
        return [row.pk if row else None for row in chosen] != [self.obj.treatment_id, self.obj.use_id]

    def _file(self, by: User) -> int:
        names = ("treatment", "use", "reason", "version")
        reclassify(question=self.obj, by=by, **{name: self.cleaned_data[name] for name in names})
        return self.obj.version

    def _publish(self, by: User, version: int) -> None:
        filled = self.cleaned_data
        # what a field tidies up by itself is no change of the moderator's
        changed = {n: filled[n] for n in self.names if filled[n] != clean_body(getattr(self.obj, n))}
        if not changed and version != filled["version"]:
            told = f"A moderator filed it where it belongs. {filled['reason']}"
            transition(self.obj, to=State.PUBLISHED, by=by, reason=told, version=version)
            return
        try:
            amend_and_publish(
                self.obj,
                by=by,
                fields=changed,
                labels={name: str(self.fields[name].label) for name in self.names},
                prepare=_prepared,
                reason=filled["reason"],
                version=version,
            )
        except IntegrityError as error:
            raise NotPossible("As it stands now it would be incomplete: leave nothing out.") from error


def _filing_fields() -> dict[str, forms.Field]:
    uses = TreatmentUse.objects.select_related("treatment").order_by("treatment__name", "name")
    return {
        "treatment": forms.ModelChoiceField(
            label="Treatment", queryset=Treatment.objects.order_by("name"), empty_label="None"
        ),
        "use": UseChoice(
            label="Use", queryset=uses, required=False, empty_label="Something else, or not sure"
        ),
    }


def _prepared(row: Any) -> None:
    if hasattr(row, "render"):
        row.render()


def edit_form(kind: Kind, obj: Moderated, user: User, data: Any = None) -> EditForm | None:
    """The form that fits, for whoever may decide; None where there is nothing to change here."""
    if kind.name not in TEXTS:
        return None
    may_publish = State.PUBLISHED in edges_for(obj, user) and obj.state == State.PENDING
    may_file = isinstance(obj, Question) and may_link(user, obj) and obj.state in LINKABLE
    return EditForm(data, kind=kind, obj=obj) if may_publish or may_file else None
