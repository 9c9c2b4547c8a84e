"""What a moderator fills in: a decision with its reason, a link to another thread, a sanction."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.enums import SanctionKind
from accounts.models import REASON_LENGTH
from config.desk.kinds import KINDS
from core.enums import AppealState, ReportState, State
from core.forms import BodyField, LineField
from core.models import Reason
from core.reasons import choices_for, explained, reasons_for_all
from core.text import clean_body
from doctors.enums import Recognisable
from questions.models import DIFFERENCE_LENGTH, Question
from questions.services import mark_duplicate, mark_variant, unlink

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

    from accounts.models import User
    from config.desk.decisions import Step

DUPLICATE, VARIANT = "duplicate", "variant"
# More than a page of the queue cannot have been looked at.
AT_ONCE = 25
_CHOICE = re.compile(r"([a-z]{1,30})-(\d{1,17})-(\d{1,9})", re.ASCII)
# A number, or the address of a thread wherever it was copied from.
_THREAD = re.compile(r"#?(\d{1,17})|(?:https?://[^/\s]+)?/questions/(\d{1,17})(?:/\S*)?", re.ASCII)


class DecisionForm(forms.Form):
    """The button pressed is ``to``; ``version`` is what was on the screen.

    A decision against a text takes a reason of the closed list that fits it; words of one's own come on top.
    """

    to = forms.ChoiceField(choices=State.choices)
    version = forms.IntegerField(min_value=1)
    reason_code = forms.CharField(label="Reason", required=False, widget=forms.Select)
    reason = forms.CharField(
        label="In your own words",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The author reads this too. Only publishing needs no reason.",
    )

    def __init__(self, *args: Any, kind: str, steps: Mapping[State, Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.steps = kind, steps
        explained_steps = list(dict.fromkeys(edge.verb for edge in steps.values() if edge.needs_reason))
        self.fields["reason_code"].widget.choices = choices_for(kind, explained_steps)

    def clean(self) -> dict[str, Any]:
        """Whether the reason fits; a step that is not there any more is for the one door to refuse."""
        filled = self.cleaned_data
        code, to = filled.get("reason_code", ""), filled.get("to", "")
        edge = self.steps.get(to)
        if edge and not edge.needs_reason:
            filled["reason_code"] = ""  # chosen before the moderator changed their mind
            return filled
        reason = Reason.objects.filter(code=code, is_active=True).first() if code else None
        if code and (reason is None or (edge and not reason.fits(kind=self.kind, decision=edge.verb))):
            self.add_error(
                "reason_code", f"This is no reason to {edge.verb if edge else 'do this'}. Choose another."
            )
        elif edge and not code:
            self.add_error("reason_code", f"To {edge.verb} this, choose the reason from the list.")
        return filled

    def explanation(self) -> str:
        return explained(self.cleaned_data["reason_code"], clean_body(self.cleaned_data["reason"]))


class CaseDecisionForm(DecisionForm):
    """Before a case is published, everything that could tell who it is was looked for, one by one."""

    checked = forms.MultipleChoiceField(
        label="Looked for, one by one",
        choices=Recognisable.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only publishing needs these. Place, date and camera are gone from every picture.",
    )

    def clean(self) -> dict[str, Any]:
        filled = super().clean()
        unticked = set(Recognisable.values) - set(filled.get("checked", []))
        if filled.get("to") == State.PUBLISHED and unticked:
            self.add_error("checked", f"Look for these too, and tick each: {len(unticked)} to go.")
        return filled


class BulkForm(forms.Form):
    """Ticked in the queue: things of one kind, each with the version that was on the screen."""

    to = forms.ChoiceField(choices=[(State.PUBLISHED, "Publish"), (State.REJECTED, "Reject")])
    reason_code = forms.CharField(label="Reason", required=False, widget=forms.Select)
    reason = BodyField(
        label="In your own words",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Every author reads this. Only publishing needs no reason.",
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.chosen = data.getlist("choice") if data else []
        self.offered = {reason.code: reason.sentence for reason in reasons_for_all()}
        self.fields["reason_code"].widget.choices = [("", "Choose a reason"), *self.offered.items()]

    def clean(self) -> dict[str, Any]:
        """Adds ``kind`` and ``rows``, pairs of key and version."""
        filled = self.cleaned_data
        found = [_CHOICE.fullmatch(choice) for choice in self.chosen[:AT_ONCE]]
        rows = [(match[1], int(match[2]), int(match[3])) for match in found if match]
        kinds = {name for name, _, _ in rows if name in KINDS and KINDS[name].is_text}
        if not rows or len(rows) != len(self.chosen):
            raise ValidationError(f"Choose up to {AT_ONCE} things of one kind first.")
        if len(kinds) != 1 or kinds != {name for name, _, _ in rows}:
            raise ValidationError("Choose things of one kind: others have other reasons.")
        filled["kind"], filled["rows"] = KINDS[kinds.pop()], [(pk, version) for _, pk, version in rows]
        if (filled["kind"].parent or filled["kind"].is_read_alone) and filled.get("to") == State.PUBLISHED:
            raise ValidationError(
                "What an edit changes, or a claim proves, is read word by word: publish each on its own screen."
            )
        if filled.get("to") != State.REJECTED:
            filled["reason_code"] = ""  # chosen before the moderator changed their mind
        elif filled.get("reason_code") not in self.offered:
            self.add_error("reason_code", "To reject these, choose the reason from the list.")
        return filled

    def explanation(self) -> str:
        return explained(self.cleaned_data.get("reason_code", ""), self.cleaned_data.get("reason", ""))


class LinkForm(forms.Form):
    """Which thread asks the same, or the same in another case. ``version`` is what was on the screen."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    suggested = forms.TypedChoiceField(
        label="Similar threads", coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    thread = LineField(
        label="Or another thread",
        required=False,
        max_length=500,
        help_text="Its number or address; it counts before a choice above.",
    )
    kind = forms.ChoiceField(
        label="How they belong together",
        choices=[
            (DUPLICATE, "The same question: this one leads there"),
            (VARIANT, "The same in another case: both stay, side by side"),
        ],
        widget=forms.RadioSelect,
    )
    difference = LineField(
        label="What is different here",
        required=False,
        max_length=DIFFERENCE_LENGTH,
        help_text="Of another case; readers see it.",
    )
    reason = LineField(
        label="Why they are the same",
        required=False,
        max_length=500,
        help_text="Of the same question; for the record.",
    )

    def __init__(self, *args: Any, question: Question, similar: list[Question], **kwargs: Any) -> None:
        initial = {"version": question.version, "difference": question.difference}
        super().__init__(*args, **{"prefix": "link", "initial": initial, **kwargs})
        self.question = question
        self.fields["suggested"].choices = [(other.pk, f"{other.pk}: {other.title}") for other in similar]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        number, given = filled.get("suggested"), filled.get("thread")
        if given:
            match = _THREAD.fullmatch(given)
            number = int(match[1] or match[2]) if match else None
        filled["canonical"] = Question.objects.filter(pk=number).first() if number else None
        if filled["canonical"] is None:
            self.add_error("thread", "There is no such thread." if given else "Name the other thread.")
        return filled

    def carry_out(self, *, by: User) -> str:
        """Link them; what was done, in words. Raises a TransitionError."""
        filled = self.cleaned_data
        to: dict[str, Any] = {
            "question": self.question,
            "canonical": filled["canonical"],
            "by": by,
            "version": filled["version"],
        }
        if filled["kind"] == VARIANT:
            mark_variant(**to, difference=filled["difference"])
            return "Linked: the two threads lead to each other."
        mark_duplicate(**to, reason=filled["reason"])
        return "Linked: its address leads to the other thread, and those who followed or kept it were moved there."


class UnlinkForm(forms.Form):
    """Undoing a link, with the reason for the record."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = LineField(label="Why it is undone", max_length=500)

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "link", "initial": {"version": question.version}, **kwargs})
        self.question = question

    def carry_out(self, *, by: User) -> str:
        """Undo the link; what that means, in words. Raises a TransitionError."""
        filled = self.cleaned_data
        unlink(question=self.question, by=by, reason=filled["reason"], version=filled["version"])
        return "Undone: it stands by itself again. Those who followed or kept it stay with the other thread."


class ReportDecisionForm(forms.Form):
    """The button pressed is ``to``; ``seen`` is the last report that was on the screen."""

    to = forms.ChoiceField(
        choices=[(state.value, state.label) for state in (ReportState.UPHELD, ReportState.DISMISSED)]
    )
    seen = forms.IntegerField(min_value=1)
    reason = BodyField(
        label="Why",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Tell those who reported it why."},
        help_text="Everybody who reported it reads this. Say nothing of the others.",
    )


class AppealDecisionForm(forms.Form):
    """The button pressed is ``to``."""

    to = forms.ChoiceField(
        choices=[(state.value, state.label) for state in (AppealState.GRANTED, AppealState.DECLINED)]
    )
    reason = BodyField(
        label="Why",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Tell the author why."},
        help_text="The author reads this. Where you decline, say what they can still do.",
    )


class SanctionForm(forms.Form):
    """What is imposed on an account. Only a suspension ends by itself."""

    kind = forms.ChoiceField(choices=SanctionKind.choices, widget=forms.RadioSelect)
    until = forms.DateField(
        label="Suspended until the end of",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Of a suspension only.",
    )
    reason = LineField(
        label="Reason", max_length=REASON_LENGTH, help_text="The person reads it. Say which rule was broken."
    )

    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        until, suspends = filled.get("until"), filled.get("kind") == SanctionKind.SUSPENSION
        if suspends and "until" not in self.errors and (until is None or until < timezone.localdate()):
            self.add_error("until", "Say until when: today or later.")
        end = datetime.combine(until, time(23, 59), tzinfo=timezone.get_current_timezone()) if until else None
        filled["until"] = end if suspends else None
        return filled


class WhyForm(forms.Form):
    """Taking something back, with the reason."""

    reason = LineField(label="Why", max_length=REASON_LENGTH)


class SweepForm(forms.Form):
    """Removing everything one person posted, for a reason of the list."""

    reason_code = forms.ChoiceField(label="Reason")
    reason = BodyField(
        label="In your own words",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The author reads this too, at each thing.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shared = [(row.code, row.sentence) for row in reasons_for_all()]
        self.fields["reason_code"].choices = [("", "Choose a reason"), *shared]  # type: ignore[attr-defined]

    def explanation(self) -> str:
        return explained(self.cleaned_data["reason_code"], self.cleaned_data["reason"])
