"""The ordinary lists and forms of the admin: they show what they should, and let nobody past the desk."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from answers.services import edit_answer
from core.audit import trail
from core.enums import State
from core.models import AccessEntry, AuditEntry, Moderated
from doctors.models import Doctor
from questions.models import Question
from questions.services import edit_question
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    SourceFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
    moderator,
)
from treatments.models import Treatment

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return UserFactory(is_staff=True, is_superuser=True)


def changelist(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def form(obj) -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def test_every_list_and_form_opens(sign_in, administrator) -> None:
    question, answer = QuestionFactory(published=True), AnswerFactory(published=True)
    edit_question(question=question, by=question.author, title="Another title for it")
    edit_answer(answer=answer, by=answer.doctor.user, summary="Another summary of it")
    UseFactory()
    SourceFactory()
    AuditEntry.objects.create(actor=administrator, action="x", object_type="gone.model", object_id=1)
    for person in (administrator, moderator()):
        client = sign_in(person)
        for model in admin.site._registry:
            if not person.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"):
                continue
            assert client.get(changelist(model)).status_code == 200, model
            row = model._base_manager.first()
            if row is not None:
                leads_on = issubclass(model, Moderated) and model is not Doctor
                assert client.get(form(row)).status_code == (302 if leads_on else 200), model
                assert client.get(form(row).replace("change", "history")).status_code == 200, model


def test_the_page_of_one_app_shows_its_lists_and_no_queue(sign_in) -> None:
    """It would have said that nothing waits, whatever did."""
    QuestionFactory(pending=True)
    page = sign_in(moderator()).get("/admin/questions/").text
    assert 'href="/admin/questions/question/"' in page
    assert "/admin/doctors/doctor/" not in page
    assert "waiting" not in page


@pytest.mark.parametrize("factory", [QuestionFactory, AnswerFactory])
def test_lists_of_what_people_wrote_lead_to_the_desk(factory, sign_in) -> None:
    row = factory(published=True)
    client = sign_in(moderator())
    screen = reverse("admin:moderation_item", args=[row._meta.model_name, row.pk])
    page = client.get(changelist(type(row)))
    assert f'href="{screen}"' in page.text
    assert client.get(form(row))["Location"] == screen


@pytest.mark.parametrize("power", ["moderator", "administrator"])
def test_nobody_edits_adds_or_deletes_what_others_wrote(power: str, sign_in, administrator) -> None:
    """T-AZ-10"""
    question = QuestionFactory(published=True, title="As it was asked")
    client = sign_in(administrator if power == "administrator" else moderator())
    base = changelist(Question)
    assert client.post(form(question), {"title": "Rewritten", "state": "draft"}).status_code == 403
    assert client.post(f"{base}add/", {"title": "Invented"}).status_code == 403
    assert client.post(f"{base}{question.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(base, {"action": "delete_selected", "_selected_action": question.pk, "post": "yes"})
    assert list(Question.objects.values_list("title", "state")) == [("As it was asked", State.PUBLISHED)]


@pytest.mark.parametrize("power", ["moderator", "administrator"])
def test_nobody_writes_the_audit_trail(power: str, sign_in, administrator) -> None:
    """T-AD-02"""
    entry = AuditEntry.objects.create(actor=administrator, action="x", object_type="a.b", object_id=1)
    client = sign_in(administrator if power == "administrator" else moderator())
    for path in (form(entry), changelist(AuditEntry) + "add/", form(entry).replace("change", "delete")):
        assert client.post(path, {"reason": "rewritten"}).status_code == 403
    assert list(AuditEntry.objects.filter(action="x").values_list("reason", flat=True)) == [""]


def test_a_moderator_sees_a_person_without_address_password_or_rights(sign_in) -> None:
    """T-AZ-10"""
    person = UserFactory()
    client = sign_in(moderator())
    page = client.get(form(person)).text
    assert person.handle in page
    for hidden in (person.email, "argon2", "permission", "superuser", "Groups"):
        assert hidden not in page
    assert client.post(form(person), {"is_staff": "on", "is_superuser": "on"}).status_code == 403
    person.refresh_from_db()
    assert not person.is_staff


def test_an_administrator_appoints_a_moderator_and_leaves_a_trace(sign_in, administrator) -> None:
    person = UserFactory()
    hash_before = person.password
    data = {
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
        "password": "x",
        "email": "x@example.org",
    }
    sign_in(administrator).post(form(person), data)
    fresh = User.objects.get(pk=person.pk)
    assert fresh.is_staff
    assert (fresh.is_superuser, fresh.password, fresh.email) == (False, hash_before, person.email)
    assert [entry.action for entry in trail(person)] == ["edit"]


def test_whoever_is_shown_an_address_is_recorded(sign_in, administrator) -> None:
    """T-AD-05"""
    person = UserFactory()
    assert person.email in sign_in(administrator).get(form(person)).text
    look = AccessEntry.objects.get()
    assert (look.actor, look.kind, look.object_id, look.path) == (
        administrator,
        "account",
        person.pk,
        form(person),
    )
    shown = sign_in(administrator).get("/admin/core/accessentry/").text
    assert "Contact data of an account" in shown


def test_a_moderator_is_shown_no_address_and_leaves_another_trace(sign_in) -> None:
    """T-AD-05"""
    person, hand = UserFactory(), moderator()
    assert person.email not in sign_in(hand).get(form(person)).text
    assert AccessEntry.objects.get().get_kind_display() == "Record of an account"
    assert sign_in(hand).get("/admin/core/accessentry/").status_code == 403


def test_nobody_locks_themselves_out(sign_in, administrator) -> None:
    assert sign_in(administrator).post(form(administrator), {}).status_code == 403
    administrator.refresh_from_db()
    assert administrator.is_active


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("accounts/user", "password__startswith=argon2"),
        ("accounts/user", "email__startswith=a"),
        ("accounts/user", "is_superuser__exact=1"),
        ("questions/question", "author__password__startswith=argon2"),
        ("questions/question", "author__email__startswith=a"),
        ("questions/question", "state__startswith=p"),
        ("answers/answer", "doctor__user__email__contains=a"),
        ("doctors/doctor", "credentials__number__startswith=1"),
        ("core/auditentry", "actor__email__startswith=a"),
    ],
)
def test_a_list_does_not_answer_what_it_does_not_show(path: str, query: str, sign_in) -> None:
    """T-CO-06"""
    assert sign_in(moderator()).get(f"/admin/{path}/?{query}").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "o=999",
        "p=1000000000",
        "e=1",
        "q=%00",
        "q=\u202e",
        "_to_field=password",
        "_popup=1",
        "state__exact=zz",
    ],
)
@pytest.mark.parametrize("path", ["questions/question", "answers/answer", "doctors/doctor", "accounts/user"])
def test_strange_queries_never_break_a_list(path: str, query: str, sign_in) -> None:
    """T-CO-06"""
    QuestionFactory()
    DoctorFactory()
    assert sign_in(moderator()).get(f"/admin/{path}/?{query}").status_code in {200, 302, 400}


def test_an_address_is_searched_whole_or_not_at_all(sign_in) -> None:
    person = UserFactory(handle="quiet-river", email="jane.roe@example.org")
    client = sign_in(moderator())

    def found(query: str) -> bool:
        page = client.get("/admin/accounts/user/", {"q": query})
        return person in page.context["cl"].result_list

    assert found("jane.roe@example.org")
    assert found("quiet-")
    assert not found("jane.roe")


def test_a_treatment_is_cleaned_and_rendered_when_it_is_saved(sign_in) -> None:
    person = moderator()
    treatment = TreatmentFactory(name="Calf reduction", slug="calf-reduction")
    empty = {
        f"{prefix}-{name}": "0"
        for prefix in ("synonyms", "uses", "cautions")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    data = {
        "name": "Calf reduction",
        "slug": "calf-reduction",
        "kind": "injectable",
        "review_interval_months": "12",
        "description": "Makes **calves** slimmer. <script>alert(1)</script>",
        "is_reviewed": "on",
        "is_prescription_only": "unknown",
        "why": "Asked for by readers.",
        **empty,
        "synonyms-TOTAL_FORMS": "1",
        "synonyms-0-name": "leg slimming",
        "synonyms-0-kind": "lay",
    }
    response = sign_in(person).post(form(treatment), data)
    assert response.status_code == 302, response.context["errors"]
    fresh = Treatment.objects.get(pk=treatment.pk)
    assert "<strong>calves</strong>" in fresh.description_html
    assert "<script" not in fresh.description_html
    assert fresh.synonyms.get().name == "leg slimming"
    assert [(entry.action, entry.actor) for entry in trail(treatment)] == [("edit", person)]


def test_forms_of_other_apps_are_not_in_the_admin() -> None:
    names = {model._meta.label for model in admin.site._registry}
    assert not names & {"auth.Group", "account.EmailAddress", "account.EmailConfirmation", "admin.LogEntry"}
