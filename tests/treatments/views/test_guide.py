"""What a worried person should know first."""

import json
import re

import pytest
from django.test import Client

from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    LabelStatusFactory,
    QuestionFactory,
    SourceFactory,
    TreatmentFactory,
    UseFactory,
)
from treatments.models import Caution, Treatment, TreatmentSynonym

pytestmark = pytest.mark.django_db


@pytest.fixture
def botox() -> Treatment:
    return TreatmentFactory(
        name="Botox", generic="onabotulinumtoxinA", description_html="<p>It relaxes muscles.</p>"
    )


def page(client: Client, slug: str = "botox") -> str:
    response = client.get(f"/treatments/{slug}/")
    assert response.status_code == 200
    return response.content.decode()


def test_it_says_what_it_is_and_what_else_it_is_called(client: Client, botox: Treatment) -> None:
    TreatmentSynonym.objects.create(treatment=botox, name="Vistabel", kind="brand")
    TreatmentSynonym.objects.create(treatment=botox, name="wrinkle injections", kind="lay")
    html = page(client)
    assert "<p>It relaxes muscles.</p>" in html
    for words in ("onabotulinumtoxinA", "Vistabel", "wrinkle injections", "Brand name"):
        assert words in html


@pytest.mark.parametrize(
    ("only", "words"), [(True, "Prescription only"), (False, "No prescription needed"), (None, None)]
)
def test_it_says_whether_one_needs_a_prescription(
    client: Client, only: bool | None, words: str | None
) -> None:
    TreatmentFactory(name="Botox", is_prescription_only=only)
    html = page(client)
    assert [w for w in ("Prescription only", "No prescription needed") if w in html] == (
        [words] if words else []
    )


def test_uses_show_the_label_and_where_it_is_from(client: Client, botox: Treatment) -> None:
    use = UseFactory(treatment=botox, name="Calf reduction", slug="calves", lay_name="slimmer calves")
    source = SourceFactory(title="The label", url="https://example.org/label", dated="2024-10")
    LabelStatusFactory(use=use, source=source, checked_on="2026-11-23")
    UseFactory(treatment=botox, name="Something else", slug="else")
    html = page(client)
    assert "Off-label" in html
    assert "Not listed here" in html
    assert '<a href="https://example.org/label" rel="nofollow noopener">The label</a>' in html
    assert "2024-10" in html
    assert "23 Nov 2026" in html


def test_a_check_that_was_never_made_is_not_claimed(client: Client, botox: Treatment) -> None:
    LabelStatusFactory(use=UseFactory(treatment=botox), checked_on=None)
    assert "· checked" not in page(client)


def test_the_labels_of_other_countries_stay_on_the_use(client: Client, botox: Treatment) -> None:
    LabelStatusFactory(use=UseFactory(treatment=botox), jurisdiction="EU", status="approved")
    html = page(client)
    assert "Approved" not in html
    assert "Not listed here" in html


def test_cautions_of_the_family_fill_what_the_treatment_leaves_open(client: Client) -> None:
    family = TreatmentFactory(
        name="Botulinum toxin", emergency_signs="Trouble breathing.", emergency_source=SourceFactory()
    )
    own = TreatmentFactory(name="Botox", parent=family)
    source = SourceFactory(title="A guideline")
    for treatment, kind, text in (
        (own, "pregnancy", "Own words on pregnancy."),
        (own, "allergy", "Own words on allergy."),
        (own, "pregnancy", "More on pregnancy."),
        (family, "pregnancy", "The family on pregnancy."),
        (family, "infection", "The family on infection."),
    ):
        Caution.objects.create(treatment=treatment, kind=kind, text=text, source=source)
    html = page(client)
    order = [
        "Own words on pregnancy.",
        "More on pregnancy.",
        "Own words on allergy.",
        "The family on infection.",
    ]
    assert sorted(order, key=html.index) == order
    assert "The family on pregnancy." not in html
    assert "(all of Botulinum toxin)" in html
    assert "Trouble breathing." in html
    assert 'href="tel:911"' in html


def test_threads_and_doctors_are_previewed(client: Client, botox: Treatment) -> None:
    answered = AnswerFactory(
        published=True, question=QuestionFactory(published=True, treatment=botox)
    ).question
    waiting = QuestionFactory(published=True, treatment=botox)
    hidden = QuestionFactory(pending=True, treatment=botox)
    doctor = DoctorFactory(verified=True)
    doctor.specialty.in_scope.add(botox)
    elsewhere = DoctorFactory(verified=True, specialty=None)
    pending = DoctorFactory(pending=True)
    html = page(client)
    assert answered.title in html
    assert waiting.title in html
    assert hidden.title not in html
    assert doctor.name in html
    assert elsewhere.name not in html
    assert pending.name not in html


def test_breadcrumbs_and_structured_data_name_the_family(client: Client) -> None:
    family = TreatmentFactory(name="Botulinum toxin", slug="toxin")
    TreatmentFactory(name="Botox </script><b>", slug="botox", parent=family)
    html = page(client)
    blocks = [json.loads(block) for block in re.findall(r'ld\+json">(.*?)</script>', html)]
    assert [block["@type"] for block in blocks] == ["MedicalWebPage", "BreadcrumbList"]
    assert blocks[0]["name"] == "Botox </script><b>"
    assert [item["name"] for item in blocks[1]["itemListElement"]] == [
        "Treatments",
        "Botulinum toxin",
        "Botox </script><b>",
    ]


def test_a_hidden_family_is_not_linked(client: Client) -> None:
    family = TreatmentFactory(
        name="Hidden family",
        is_reviewed=False,
        emergency_signs="Hidden signs",
        emergency_source=SourceFactory(),
    )
    Caution.objects.create(treatment=family, kind="age", text="Hidden caution", source=SourceFactory())
    TreatmentFactory(name="Botox", parent=family)
    assert "Hidden" not in page(client)


@pytest.mark.parametrize("path", ["", "uses/", "uses/calves/", "doctors/"])
def test_what_no_editor_has_reviewed_has_no_pages(client: Client, path: str) -> None:
    UseFactory(treatment=TreatmentFactory(name="Botox", is_reviewed=False), slug="calves")
    assert client.get(f"/treatments/botox/{path}").status_code == 404
    assert client.get(f"/treatments/none/{path}").status_code == 404


def test_the_page_is_the_same_for_every_visitor_and_sets_no_cookie(client: Client, botox: Treatment) -> None:
    first, second = (
        client.get("/treatments/botox/"),
        Client(headers={"user-agent": "Other"}).get("/treatments/botox/"),
    )
    assert first.content == second.content
    assert not first.cookies
    assert "csrf" not in first.content.decode().lower()
    assert "public" in first["Cache-Control"]
