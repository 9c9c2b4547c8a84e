"""What may be written into a question, and what is said about the rest."""

import pytest

from accounts.models import User
from questions.forms import AskForm, QuestionForm, StartForm, TextForm
from tests.factories import QuestionFactory, TreatmentFactory, UseFactory

pytestmark = pytest.mark.django_db
GOOD = {
    "title": "Is this a good idea?",
    "body": "I have wondered about this for a year.",
    "stage": "before",
    "understood": "on",
    "agrees": "on",
    "submission_key": "6f3e1d0a-5b7c-4d2e-8f90-123456789abc",
}
EXPANDS = "\u0958"  # one character that becomes two when it is normalised


def ask_form(treatment=None, **data: str) -> AskForm:
    return AskForm({**GOOD, **data}, by=User(pk=1), treatment=treatment or TreatmentFactory())


def test_a_complete_form_gives_the_fields_of_a_question() -> None:
    use = UseFactory()
    form = ask_form(use.treatment, use=use.slug, alias=" A  wren ")
    assert form.is_valid(), form.errors
    assert form.values() == {
        "use": use,
        "stage": "before",
        "age_band": "",
        "place": "",
        "alias": "A wren",
        "title": GOOD["title"],
        "body": GOOD["body"],
    }


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "Short?", "at least 10"),
        ("title", "x" * 121, "at most 120"),
        ("body", "Too little", "at least 20"),
        ("body", "x" * 10_001, "at most 10000"),
        ("stage", "sideways", "not one of the available choices"),
        ("stage", "", "required"),
        ("age_band", "17", "not one of the available choices"),
        ("understood", "", "Please confirm that you understand"),
        ("agrees", "", "cannot be published"),
        ("submission_key", "1234", "valid UUID"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(field: str, value: str, said: str) -> None:
    form = ask_form(**{field: value})
    assert not form.is_valid()
    assert said in str(form.errors[field])


@pytest.mark.parametrize("invisible", ["\u202e" * 30, "\u200b" * 30, "\x07" * 30, "Is\u202e" + "\u200b" * 30])
def test_invisible_characters_do_not_make_up_a_title(invisible: str) -> None:
    """T-FZ-07: what is counted is what a reader would see."""
    assert not ask_form(title=invisible).is_valid()


def test_controls_and_overrides_do_not_make_up_a_text() -> None:
    assert not ask_form(body="\u202e\x07" * 30).is_valid()


@pytest.mark.parametrize(("field", "most"), [("alias", 40), ("place", 80), ("title", 120)])
def test_lengths_are_counted_as_they_are_stored(field: str, most: int) -> None:
    """T-FZ-04: a text that grows when it is normalised is refused, not half stored."""
    assert f"at most {most}" in str(ask_form(**{field: EXPANDS * most}).errors[field])


def test_controls_leave_a_text_without_a_trace() -> None:
    """T-FZ-06"""
    form = ask_form(title="Is this\x00 a good\x1b idea?")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == "Is this a good idea?"


def test_a_title_is_one_line() -> None:
    form = ask_form(title="Is  this\ta \u200bgood\r\nidea?")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == "Is this a good idea?"


def test_only_uses_of_the_treatment_can_be_chosen() -> None:
    other = UseFactory()
    form = ask_form(use=other.slug)
    assert "use" in form.errors
    assert other.name not in str(form["use"])


def test_only_reviewed_treatments_can_be_chosen() -> None:
    hidden = TreatmentFactory(is_reviewed=False)
    form = StartForm({"treatment": hidden.slug})
    assert "We do not know this treatment" in str(form.errors["treatment"])
    assert StartForm({"treatment": TreatmentFactory().slug}).is_valid()


def test_an_edit_of_a_public_question_has_the_text_alone() -> None:
    assert list(TextForm().fields) == ["title", "body"]


def test_an_edit_opens_with_the_use_chosen_before() -> None:
    use = UseFactory()
    question = QuestionFactory(treatment=use.treatment, use=use)
    assert QuestionForm(instance=question, treatment=use.treatment)["use"].value() == use.slug


def test_every_form_carries_a_key_of_its_own() -> None:
    treatment = TreatmentFactory()
    first, second = (AskForm(by=User(pk=1), treatment=treatment)["submission_key"].value() for _ in range(2))
    assert first != second
