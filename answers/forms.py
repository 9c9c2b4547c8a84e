"""What a doctor fills in."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from answers.enums import CitationKind, Confidence, Decision, OpinionKind, Reason, Stance
from answers.models import (
    ASKED_LENGTH,
    GIVEN_LENGTH,
    NOTE_LENGTH,
    REPLY_LENGTH,
    SUMMARY_LENGTH,
    Answer,
    Outcome,
    SavedReply,
    SecondOpinion,
)
from answers.validators import validate_citations
from core.forms import BodyField, LineField
from core.text import clean_line
from doctors.models import Doctor
from treatments.selectors import products_of_companies

ANSWER_LENGTH = 20_000
LONGEST_AWAY = timedelta(days=366)
# What the form of an outcome says for having no decision.
UNSAID = "unsaid"
_PMID = re.compile(r"(?:pmid|pubmed)[:\s]*(\d+)$", re.IGNORECASE)
_DOI = re.compile(r"(?:doi[:\s]*|https?://(?:dx\.)?doi\.org/)(10\.\S+)$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NAMED = re.compile(r"(label|guideline)[:\s]+(.+)$", re.IGNORECASE)


def parse_citation(line: str) -> dict[str, str]:
    """One line of the sources box; raises ValidationError for a line that is none of the kinds."""
    if match := _PMID.match(line):
        return {"kind": CitationKind.PMID.value, "value": match[1], "title": f"PubMed {match[1]}"}
    if match := _DOI.match(line):
        doi = match[1].rstrip(".,;")
        return {"kind": CitationKind.DOI.value, "value": doi, "title": f"doi:{doi}"}
    if match := _NAMED.match(line):
        return {"kind": match[1].lower(), "value": match[2][:500]}
    if line.startswith(("http://", "https://")):
        return {"kind": CitationKind.LINK.value, "value": line}
    raise ValidationError(
        f"“{line[:60]}” is no source we can read: write PMID 12345678, DOI 10.1000/xyz, "
        "Label: …, Guideline: … or a link."
    )


def citation_line(citation: dict[str, str]) -> str:
    """A stored citation as the sources box shows it; the inverse of :func:`parse_citation`."""
    kind, value = citation["kind"], citation["value"]
    return {
        CitationKind.PMID: f"PMID {value}",
        CitationKind.DOI: f"DOI {value}",
        CitationKind.LINK: value,
    }.get(CitationKind(kind), f"{kind.capitalize()}: {value}")


class Named(NamedTuple):
    """A product in a text, as written there, and the company that makes it."""

    product: str
    company: str


def declared_product_in(text: str, *, declared: str) -> Named | None:
    """The first product, or company, that ``text`` names of those that ``declared`` is about."""
    interests = set(_words(declared))
    if not interests:
        return None
    products = products_of_companies()
    companies = {name for made_by in products.values() for name in made_by}
    concerned = {name for name in companies if name.split()[0].casefold() in interests}
    for written in _WORD.findall(text):
        word = written.casefold()
        for company in sorted(concerned):
            if company in products.get(word, ()) or word == company.split()[0].casefold():
                return Named(written, company)
    return None


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


class NothingToDeclare(forms.BooleanField):
    def __init__(self) -> None:
        super().__init__(label="I have nothing to declare about what this answer names", required=False)


class AnswerForm(forms.ModelForm):
    stance = forms.ChoiceField(
        label="Where do you stand?",
        choices=Stance.choices,
        widget=forms.RadioSelect,
        help_text="It counts once in the bar.",
        error_messages={"required": "This is required: please choose one."},
    )
    reason = forms.ChoiceField(
        label="The main reason",
        choices=[("", "No particular reason"), *Reason.choices],
        required=False,
        help_text="Needed when you advise against it; shown side by side with other doctors’ reasons.",
    )
    confidence = forms.ChoiceField(
        label="How sure are you?",
        choices=Confidence.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "This is required: please choose one."},
    )
    summary = LineField(
        label="Your answer in one sentence",
        max_length=SUMMARY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "data-counter": str(SUMMARY_LENGTH)}),
        help_text="What a reader takes away who reads nothing else.",
    )
    body = BodyField(
        label="Your answer",
        max_length=ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="General information, no dose for this person. **bold**, *italics*, - lists, > quotes, [links](https://…).",
    )
    sources = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="One a line: PMID 12345678 · DOI 10.1000/xyz · Label: … · Guideline: … · https://…",
    )
    conflict_of_interest = LineField(
        label="Interests to declare",
        max_length=500,
        required=False,
        help_text="Money or goods from a maker of anything you name, in the last three years. Leave empty if none.",
    )

    class Meta:
        model = Answer
        fields = ("stance", "reason", "confidence", "summary", "body", "conflict_of_interest")

    field_order = ("stance", "reason", "confidence", "summary", "body", "sources", "conflict_of_interest")

    def __init__(self, *args: Any, doctor: Doctor | None = None, **kwargs: Any) -> None:
        """``doctor``: who writes, and is asked about what they have declared."""
        super().__init__(*args, **kwargs)
        self.doctor = doctor
        if "nothing_to_declare" in self.data:  # it was asked, and answered
            self.fields["nothing_to_declare"] = NothingToDeclare()
        if self.instance.citations and "sources" not in self.initial:
            self.initial["sources"] = "\n".join(citation_line(c) for c in self.instance.citations)

    def clean_sources(self) -> list[dict[str, str]]:
        lines = [clean_line(line) for line in self.cleaned_data["sources"].splitlines()]
        citations = [parse_citation(line) for line in lines if line]
        seen: set[tuple[str, str]] = set()
        for citation in citations:
            key = (citation["kind"], citation["value"].lower())
            if key in seen:
                raise ValidationError(f"“{citation_line(citation)}” stands there twice: once is enough.")
            seen.add(key)
        validate_citations(citations)
        return citations

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("stance") == Stance.AGAINST and not cleaned.get("reason"):
            self.add_error("reason", "Choose the reason why you advise against it.")
        self._ask_about_interests(cleaned)
        return cleaned

    def _ask_about_interests(self, cleaned: dict[str, Any]) -> None:
        """Whoever declared a company and names its product says something of it here, be it that there is nothing."""
        if self.doctor is None or cleaned.get("conflict_of_interest") or "nothing_to_declare" in self.data:
            return
        text = f"{cleaned.get('summary', '')} {cleaned.get('body', '')}"
        if named := declared_product_in(text, declared=self.doctor.conflicts):
            self.fields["nothing_to_declare"] = NothingToDeclare()
            self.add_error(
                "conflict_of_interest",
                f"Your text names {named.product}, and your profile declares {named.company}. "
                "Say what readers should know, or mark below that there is nothing.",
            )

    def values(self) -> dict[str, Any]:
        """The fields of an answer, as the services take them."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return {**values, "citations": self.cleaned_data["sources"]}

    def validate_unique(self) -> None:
        """The pair of doctor and question is the database's to hold; see :mod:`answers.services`."""

    def validate_constraints(self) -> None:
        """The form's own rules say the same in the words of the form."""


class AwayForm(forms.Form):
    until = forms.DateField(
        label="Away until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Write the day on which you answer again as 2027-01-31."},
    )

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        today = timezone.localdate()
        if until and not today < until <= today + LONGEST_AWAY:
            raise ValidationError("Choose a day after today, within a year.")
        return until


class SavedReplyForm(forms.ModelForm):
    name = LineField(label="Name", max_length=80, help_text="Only you see it.")
    text = BodyField(
        label="Text",
        max_length=REPLY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Goes into your answer where you want it; change it there as you like.",
    )

    class Meta:
        model = SavedReply
        fields = ("name", "text")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = SavedReply.objects.filter(doctor=self.instance.doctor_id, name=name).exclude(
            pk=self.instance.pk
        )
        if others.exists():
            raise ValidationError("You have a saved reply of this name already.")
        return name


class SecondOpinionForm(forms.Form):
    """Twenty seconds: agree with one click, or disagree with a position, a reason and a sentence."""

    KEPT = ("kind", "stance", "reason", "note")

    about = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    kind = forms.ChoiceField(
        label="What do you say?",
        widget=forms.RadioSelect,
        error_messages={"required": "This is required: please choose one."},
    )
    stance = forms.ChoiceField(
        label="Where do you stand?",
        choices=Stance.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text="Needed for a dispute. Whoever co-signs takes the position of the answer.",
    )
    reason = forms.ChoiceField(
        label="The main reason",
        choices=[("", "Choose for a dispute"), *Reason.choices],
        required=False,
        help_text="Needed for a dispute; shown side by side with other doctors’ reasons.",
    )
    note = LineField(
        label="In one sentence",
        max_length=SUMMARY_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "data-counter": str(SUMMARY_LENGTH)}),
        help_text="Needed for a dispute. General information, no dose for this person.",
    )

    def __init__(
        self, data: Any = None, *, answer: Answer, number: int, given: SecondOpinion | None = None
    ) -> None:
        """``number``: the version of ``answer`` on the page; ``given``: what the doctor said before."""
        super().__init__(data, initial={name: getattr(given, name) for name in self.KEPT} if given else {})
        self.answer, self.number = answer, number
        cosign = [
            (OpinionKind.COSIGN.value, f"I agree and co-sign it: {answer.get_stance_display().lower()}")
        ]
        dispute = [(OpinionKind.DISPUTE.value, "I dispute it")]
        self.fields["kind"].choices = [*(cosign if answer.stance else []), *dispute]  # type: ignore[attr-defined]
        if given is not None and given.kind == OpinionKind.COSIGN:
            self.initial["stance"] = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == OpinionKind.DISPUTE:
            self._ask_for(cleaned, "stance", "Say where you stand instead.")
            self._ask_for(cleaned, "reason", "Choose the reason why you dispute it.")
            self._ask_for(cleaned, "note", "Say in one sentence what you dispute.")
        elif cleaned.get("kind") and cleaned.get("stance") not in {"", self.answer.stance}:
            self.add_error("stance", "Whoever co-signs takes the position of the answer. Dispute it instead?")
        return cleaned

    def _ask_for(self, cleaned: dict[str, Any], name: str, message: str) -> None:
        if not cleaned.get(name) and name not in self.errors:
            self.add_error(name, message)

    def values(self) -> dict[str, Any]:
        """What was said, as the verbs take it."""
        return {name: self.cleaned_data[name] for name in ("about", *self.KEPT)}


class OutcomeForm(forms.ModelForm):
    """What an asker did in the end: one of a few words for readers, and a note for nobody else."""

    decision = forms.ChoiceField(
        label="What did you do in the end?",
        choices=[*Decision.choices, (UNSAID, "I would rather not say")],
        widget=forms.RadioSelect,
        help_text="Readers of your question see these words and the month, nothing more.",
        error_messages={"required": "This is required: please choose one."},
    )
    note = LineField(
        label="A note for yourself",
        max_length=NOTE_LENGTH,
        required=False,
        help_text="Kept on your own pages. Nobody else is shown it, moderators neither.",
        widget=forms.TextInput(attrs={"data-counter": str(NOTE_LENGTH), "autocomplete": "off"}),
    )

    class Meta:
        model = Outcome
        fields = ("decision", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance.decision:
            self.initial["decision"] = UNSAID

    def clean_decision(self) -> str:
        decision = self.cleaned_data["decision"]
        return "" if decision == UNSAID else decision

    def validate_constraints(self) -> None:
        """The row is made by the services; the database holds its constraints."""


class FactAskedForm(forms.Form):
    """One thing that a doctor would have to know. ``about``: which of their earlier ones it changes, if any."""

    about = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    text = LineField(
        label="What would you have to know?",
        max_length=ASKED_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "data-counter": str(ASKED_LENGTH)}),
        help_text="One fact that decides your answer: what was done before, since when, roughly how old. "
        "Nothing that tells who somebody is.",
    )


class FactGivenForm(forms.Form):
    text = BodyField(
        label="What you would like to say",
        max_length=GIVEN_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5, "data-counter": str(GIVEN_LENGTH)}),
        help_text="It stands under your question for everybody, once a moderator has approved it. "
        "Leave out names, addresses and numbers.",
    )
