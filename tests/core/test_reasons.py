"""The closed list of reasons: what fits, what can never be on it, and that nothing leaves it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from config.desk.reasons import REASONS, load_reasons
from core.audit import trail
from core.decided import FORBIDDEN, NO_SUCH_REASON
from core.models import Reason
from core.moderation import every_step
from core.reasons import choices_for, explained, reasons_for
from questions.models import Question
from tests.factories import QuestionFactory, UserFactory, moderator, senior

pytestmark = pytest.mark.django_db
# What is taken back at once is explained by its own undo, not from the list.
VERBS = {edge.verb for _, _, edge in every_step() if edge.needs_reason and edge.within is None}


def codes(kind: str, *decisions: str) -> set[str]:
    return {reason.code for reason in reasons_for(kind, decisions)}


def test_every_shipped_reason_is_in_the_table_once_and_loading_again_overwrites_nothing() -> None:
    assert set(Reason.objects.values_list("code", flat=True)) == set(REASONS)
    Reason.objects.filter(code="spam").update(sentence="Sent a hundred times.", is_active=False)
    load_reasons()
    assert Reason.objects.count() == len(REASONS)
    assert Reason.objects.get(code="spam").sentence == "Sent a hundred times."


def test_every_kind_of_thing_can_be_decided_on_in_every_way_for_some_reason() -> None:
    for kind in ("questions.question", "answers.answer", "answers.secondopinion", "doctors.doctor"):
        for verb in VERBS:
            assert codes(kind, verb), (kind, verb)


def test_only_what_fits_is_offered() -> None:
    assert "several" in codes("questions.question", "reject")
    assert "several" not in codes("answers.answer", "reject")
    assert codes("answers.answer", "restore") == {"mistake", "resolved"}
    assert "minor" not in codes("questions.question", "send back")
    Reason.objects.filter(code="unclear").update(is_active=False)
    assert "unclear" not in codes("questions.question", "reject")


def test_choices_say_what_can_be_decided_for_them() -> None:
    groups = dict(choices_for(Question, ["send back", "reject"])[1:])
    assert "minor" in dict(groups["To reject"])
    assert "private" in dict(groups["To send back or reject"])


def test_what_the_author_is_told_begins_with_the_rule() -> None:
    assert explained("spam", " Twice. ") == f"{REASONS['spam'].sentence}\n\nTwice."
    assert explained("", "Twice.") == "Twice."


@pytest.mark.parametrize("word", ["negative", "Disagreement", "too critical", "a bad review", "unfavorable"])
@pytest.mark.parametrize("field", ["code", "sentence", "mend"])
def test_no_reason_for_being_negative_or_disagreeing(word: str, field: str) -> None:
    """T-AD-06, T-MS-07: refused in words by the form, and by the database whoever asks."""
    said = {
        "code": "new",
        "sentence": "A rule.",
        "mend": "",
        field: word.replace(" ", "-" if field == "code" else " "),
    }
    reason = Reason(**said, decisions=["reject"])
    if field == "code" and " " in word:
        reason.code = "negative-tone"
    with pytest.raises(ValidationError, match="Nothing is refused for being negative"):
        reason.full_clean()
    with pytest.raises(DatabaseError), transaction.atomic():
        reason.save(force_insert=True)


def test_the_words_of_the_shipped_list_pass_and_the_forbidden_ones_do_not() -> None:
    for reason in Reason.objects.all():
        reason.full_clean()
    assert "negativ" in FORBIDDEN


def test_a_code_is_never_deleted_nor_changed() -> None:
    for change in (
        lambda: Reason.objects.filter(code="spam").delete(),
        lambda: Reason.objects.filter(code="spam").update(code="ham"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Reason.objects.filter(code="spam").exists()
    with pytest.raises(ValidationError):
        Reason(code="spam", sentence="Again.", decisions=["reject"]).full_clean()


FORM = {"sentence": "It repeats what is said in the thread.", "mend": "", "decisions": ["reject"], "position": "5",
        "is_active": "on", "why": "Asked for by three moderators."}  # fmt: skip


def test_seniors_keep_the_list_in_the_admin_with_history(sign_in) -> None:
    by = senior()
    client = sign_in(by)
    client.post(reverse("admin:core_reason_add"), {**FORM, "code": "said-before"})
    reason = Reason.objects.get(code="said-before")
    url = reverse("admin:core_reason_change", args=[reason.pk])
    client.post(url, {**FORM, "code": "forged", "mend": "Add what is new."})
    reason.refresh_from_db()
    assert (reason.code, reason.mend) == ("said-before", "Add what is new.")
    assert [(entry.actor, entry.action) for entry in trail(reason)] == [(by, "edit"), (by, "add")]
    assert trail(reason)[0].reason == "Asked for by three moderators.\nHow to mend it: — → Add what is new."


def test_the_form_says_why_a_reason_is_refused(sign_in) -> None:
    """T-MS-07"""
    given = {**FORM, "code": "tone", "sentence": "It is too negative."}
    page = sign_in(senior()).post(reverse("admin:core_reason_add"), given)
    assert NO_SUCH_REASON in page.text
    assert not Reason.objects.filter(code="tone").exists()


def test_moderators_read_the_list_and_others_do_not(sign_in) -> None:
    """T-AZ-10"""
    reason = Reason.objects.get(code="spam")
    url = reverse("admin:core_reason_change", args=[reason.pk])
    client = sign_in(moderator())
    assert client.get(url).status_code == 200
    assert client.post(url, FORM).status_code == 403
    assert sign_in(UserFactory()).get(url).status_code == 403


def test_the_decision_form_takes_what_fits_and_says_what_does_not(sign_in) -> None:
    """T-AD-06"""
    question = QuestionFactory(pending=True)
    url = reverse("admin:moderation_item", args=["question", question.pk])
    client = sign_in(moderator())
    page = client.get(url).text
    assert 'value="several"' in page
    assert 'value="stance"' not in page
    response = client.post(url, {"to": "draft", "version": 1, "reason_code": "minor"})
    assert response.status_code == 400
    assert "This is no reason to send back" in response.text
    client.post(url, {"to": "published", "version": 1, "reason_code": "minor"})
    entry = trail(question).get()
    assert (entry.action, entry.reason_code) == ("publish", "")
