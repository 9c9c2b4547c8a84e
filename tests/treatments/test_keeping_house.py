"""The catalogue in the admin: each thing shows in its history who changed what, when and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.audit import trail
from tests.factories import (
    LabelStatusFactory,
    SafetyNoticeFactory,
    SourceFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
    moderator,
)
from treatments.models import BodyArea, Caution, Term, TreatmentSynonym

pytestmark = pytest.mark.django_db
WHY = "The label of October says so."


def filled(client: Client, obj: Any) -> dict[str, Any]:
    """What the form of ``obj`` sends when nothing is touched, as a browser would."""
    page = client.get(reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk]))
    form, formsets = page.context["adminform"].form, page.context["inline_admin_formsets"]
    forms = [form, *(part for one in formsets for part in (one.formset.management_form, *one.formset.forms))]
    bound = [field for one in forms for field in one]
    values = {field.html_name: field.value() for field in bound}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def save(client: Client, obj: Any, **fields: Any) -> Any:
    url = reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])
    return client.post(url, filled(client, obj) | {"why": WHY} | fields)


def history(client: Client, obj: Any) -> str:
    url = reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_history", args=[obj.pk])
    return client.get(url).content.decode()


@pytest.fixture
def desk(sign_in: Callable[..., Client]) -> Client:
    return sign_in(moderator(handle="ada"))


@pytest.mark.parametrize(
    ("make", "field", "value", "said"),
    [
        (lambda: TreatmentFactory(summary="Old."), "summary", "New.", "Summary: Old. → New."),
        (lambda: TreatmentFactory(), "kind", "dental", "Kind: Procedure → Dental"),
        (lambda: TreatmentFactory(), "is_prescription_only", "true", "Prescription only: — → yes"),
        (lambda: UseFactory(lay_name=""), "lay_name", "slim legs", "Lay name: — → slim legs"),
        (lambda: SourceFactory(dated="2024-10"), "dated", "2025-01", "Dated: 2024-10 → 2025-01"),
        (
            lambda: SafetyNoticeFactory(issued_on="2026-01-02"),
            "withdrawn_on",
            "2026-03-02",
            "Withdrawn on: — → 2026-03-02",
        ),
        (
            lambda: Term.objects.create(slug="ptosis", name="Ptosis", explanation="Drooping."),
            "explanation",
            "A lid that hangs.",
            "Explanation: Drooping. → A lid that hangs.",
        ),
    ],
)  # fmt: skip
def test_a_history_says_who_changed_what_and_why(desk, make, field, value, said) -> None:
    obj = make()
    assert save(desk, obj, **{field: value}).status_code == 302
    entry = trail(obj).get()
    assert (entry.actor.handle, entry.action, entry.reason) == ("ada", "edit", f"{WHY}\n{said}")
    html = history(desk, obj)
    for words in ("by ada", WHY, said):
        assert words in html
    assert f"{entry.at:%Y}" in html


def test_relations_are_named_not_numbered(desk) -> None:
    treatment, family = TreatmentFactory(), TreatmentFactory(name="Fillers")
    area = BodyArea.objects.create(slug="face", name="Face")
    save(desk, treatment, parent=family.pk, body_areas=[area.pk])
    assert trail(treatment).get().reason == f"{WHY}\nParent: — → Fillers\nBody areas: with Face"


def test_names_cautions_and_labels_stand_in_the_history_of_what_they_belong_to(desk) -> None:
    label = LabelStatusFactory(status="off_label")
    treatment, source = label.use.treatment, label.source
    name = TreatmentSynonym.objects.create(treatment=treatment, name="jab", kind="lay")
    caution = Caution.objects.create(treatment=treatment, kind="age", text="Adults.", source=source)
    save(desk, treatment, **{"synonyms-0-name": "wrinkle jab", "cautions-0-text": "Adults only."})
    said = trail(treatment).get().reason
    assert "Treatment synonym “wrinkle jab” changed. Name: jab → wrinkle jab" in said
    assert "Caution “Age: Adults only.” changed. Text: Adults. → Adults only." in said
    save(
        desk,
        treatment,
        **{"synonyms-0-DELETE": "on", "synonyms-1-name": "new jab", "synonyms-1-kind": "brand"},
    )
    said = trail(treatment)[0].reason
    assert "Treatment synonym taken away: wrinkle jab" in said
    assert "Treatment synonym added: new jab" in said
    save(desk, label.use, **{"labels-0-status": "approved"})
    assert "changed. Status: Off-label → Approved" in trail(label.use).get().reason
    assert not TreatmentSynonym.objects.filter(pk=name.pk).exists()
    assert Caution.objects.get(pk=caution.pk).text == "Adults only."


@pytest.mark.parametrize("why", ["", " ", "\u200b"])
def test_without_a_why_nothing_is_changed(desk, why: str) -> None:
    treatment = TreatmentFactory(summary="Old.")
    response = save(desk, treatment, summary="New.", why=why)
    assert "please write something" in response.content.decode()
    treatment.refresh_from_db()
    assert treatment.summary == "Old."
    assert not trail(treatment).exists()


def test_saving_without_a_change_is_no_deed(desk) -> None:
    treatment = TreatmentFactory()
    assert save(desk, treatment).status_code == 302
    assert not trail(treatment).exists()


def test_what_is_added_says_why_too(desk) -> None:
    url = reverse("admin:treatments_term_add")
    term = {"slug": "ptosis", "name": "Ptosis", "explanation": "Drooping."}
    assert desk.post(url, term).status_code == 200
    desk.post(url, {**term, "why": WHY})
    entry = trail(Term.objects.get()).get()
    assert (entry.action, entry.reason) == ("add", WHY)


def test_whoever_only_reads_is_asked_for_no_reason(desk) -> None:
    area = BodyArea.objects.create(slug="face", name="Face")
    html = desk.get(reverse("admin:treatments_bodyarea_change", args=[area.pk])).content.decode()
    assert "Face" in html
    assert "Why" not in html


def test_others_read_no_history(sign_in) -> None:
    treatment = TreatmentFactory()
    url = reverse("admin:treatments_treatment_history", args=[treatment.pk])
    assert sign_in(UserFactory()).get(url).status_code == 403
