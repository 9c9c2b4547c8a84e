"""The screen of an account: sanctions, and everything of one person's removed together and given back together."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import Sanction, User
from answers.models import Answer
from answers.services import edit_answer
from config.desk.sweeps import remove_everything, restore_batch
from core.audit import trail
from core.enums import State
from core.models import AuditEntry, Batch
from core.moderation import NotPossible, ReasonMissing, transition
from core.statements import statement_of
from questions.models import Question
from tests.factories import (
    PASSWORD,
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    SecondOpinionFactory,
    UserFactory,
    moderator,
    senior,
)

pytestmark = pytest.mark.django_db


def screen(person: User) -> str:
    return reverse("admin:moderation_account", args=[person.pk])


def posted(client, person: User, do: str, **fields: str):
    return client.post(
        screen(person), {"do": do, **{f"{do}-{name}": value for name, value in fields.items()}}
    )


class TestSanctions:
    def test_a_suspension_is_imposed_and_lifted_with_its_history(self, sign_in) -> None:
        person, by = UserFactory(), senior(handle="the-senior")
        client, day = sign_in(by), timezone.localdate() + timedelta(days=5)
        posted(client, person, "impose", kind="suspension", until=str(day), reason="Insults.")
        person.refresh_from_db()
        assert timezone.localdate(person.suspended_until) == day
        sanction = Sanction.objects.get()
        posted(client, person, f"lift-{sanction.pk}", reason="Said sorry.")
        person.refresh_from_db()
        assert person.may_write
        page = client.get(screen(person)).text
        for words in ("Insults.", "Said sorry.", "the-senior", "In good standing"):
            assert words in page

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"kind": "suspension", "reason": "Insults."}, "Say until when"),
            ({"kind": "suspension", "until": "2020-01-01", "reason": "Insults."}, "Say until when"),
            ({"kind": "warning", "reason": ""}, "This is required"),
            ({"kind": "exile", "reason": "x"}, "Select a valid choice"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_imposed(self, fields: dict, words: str, sign_in) -> None:
        person = UserFactory()
        response = posted(sign_in(senior()), person, "impose", **fields)
        assert response.status_code == 400
        assert words in response.text
        assert not Sanction.objects.exists()

    @pytest.mark.parametrize("do", ["", "erase", "lift-99999999999999999999", "lift-x", "restore-7"])
    def test_what_does_not_exist_is_not_done(self, do: str, sign_in) -> None:
        person = UserFactory()
        response = posted(sign_in(senior()), person, do, reason="x")
        assert response.status_code in {400, 404}

    def test_a_sanction_of_somebody_else_is_not_lifted_here(self, sign_in) -> None:
        """T-AZ-12"""
        person, other = UserFactory(), UserFactory()
        client = sign_in(senior())
        posted(client, other, "impose", kind="warning", reason="Please stay kind.")
        sanction = Sanction.objects.get()
        assert posted(client, person, f"lift-{sanction.pk}", reason="x").status_code == 404

    def test_moderators_read_the_history_and_impose_nothing(self, sign_in) -> None:
        """T-AZ-06"""
        person = UserFactory()
        client = sign_in(moderator())
        page = client.get(screen(person)).text
        assert "Impose" not in page
        assert "senior moderators" in page
        assert posted(client, person, "impose", kind="closure", reason="x").status_code == 403
        assert User.objects.get(pk=person.pk).is_active

    def test_a_senior_does_not_touch_staff(self, sign_in) -> None:
        person = moderator()
        assert posted(sign_in(senior()), person, "impose", kind="closure", reason="x").status_code == 403

    @pytest.mark.parametrize("who", [moderator, senior])
    def test_no_moderator_sees_a_password_hash_or_grants_rights(self, who, sign_in) -> None:
        """T-AZ-10"""
        person = UserFactory()
        by = who()
        client = sign_in(by)
        url = reverse("admin:accounts_user_change", args=[person.pk])
        for path in (url, screen(person)):
            page = client.get(path).text
            for secret in (person.password, person.password[-20:], "is_superuser", "user_permissions", 'name="groups"',
                           'name="is_staff"', person.email):  # fmt: skip
                assert secret not in page
        assert PASSWORD not in client.get(url).text
        assert client.post(url, {"is_staff": "on", "groups": "1"}).status_code == 403
        assert client.get("/admin/auth/group/").status_code == 404
        assert not by.has_perm("accounts.change_user")

    def test_the_account_in_the_list_shows_what_was_imposed(self, sign_in) -> None:
        person = UserFactory()
        client = sign_in(senior())
        posted(client, person, "impose", kind="warning", reason="Please stay kind.")
        page = client.get(reverse("admin:accounts_user_change", args=[person.pk])).text
        assert "Warning of" in page
        assert screen(person) in page


@pytest.fixture
def poster() -> User:
    """A doctor who also asks: something of every kind, public and waiting."""
    doctor = DoctorFactory(verified=True)
    answer = AnswerFactory(published=True, doctor=doctor)
    edit_answer(answer=answer, by=doctor.user, summary="Another summary of it")
    AnswerFactory(pending=True, doctor=doctor)
    SecondOpinionFactory(published=True, doctor=doctor)
    QuestionFactory(published=True, author=doctor.user)
    QuestionFactory(pending=True, author=doctor.user)
    QuestionFactory(rejected=True, author=doctor.user)
    QuestionFactory(withdrawn=True, author=doctor.user)
    return doctor.user


def states(person: User) -> dict[str, list[str]]:
    return {
        "questions": sorted(Question.objects.filter(author=person).values_list("state", flat=True)),
        "answers": sorted(Answer.objects.filter(doctor__user=person).values_list("state", flat=True)),
        "profile": [person.doctor.__class__.objects.get(user=person).state],
    }


class TestEverythingOfOnePerson:
    def test_it_goes_together_each_through_the_one_door(self, poster: User) -> None:
        others = AnswerFactory(published=True)
        by = senior()
        before = AuditEntry.objects.count()
        batch = remove_everything(person=poster, by=by, reason="Spam everywhere.", code="spam")
        assert states(poster) == {
            "questions": ["rejected", "rejected", "removed", "withdrawn"],
            "answers": ["rejected", "removed"],
            "profile": ["removed"],
        }
        assert Answer.objects.get(pk=others.pk).is_public
        assert batch.entries.count() == 7
        assert AuditEntry.objects.count() == before + 8
        assert {entry.reason_code for entry in batch.entries.all()} == {"spam"}
        said = statement_of(Question.objects.get(author=poster, state="removed"))
        assert said is not None
        assert said.can_be_appealed

    def test_it_comes_back_together_but_for_what_was_touched_since(self, poster: User) -> None:
        was = states(poster)
        by = senior()
        batch = remove_everything(person=poster, by=by, reason="Spam.", code="spam")
        touched = Question.objects.get(author=poster, state="removed")
        transition(touched, to="published", by=by, reason="This one is fine.")
        transition(touched, to="removed", by=by, reason="No, it is not.")
        assert restore_batch(batch=batch, by=senior(), reason="It was another account.") == 6
        was["questions"] = sorted([*was["questions"][:-1], "removed"] if "published" not in was["questions"] else
                                  ["removed" if state == "published" else state for state in was["questions"]])  # fmt: skip
        assert states(poster) == was
        assert trail(poster)[0].action == "restore everything"
        with pytest.raises(NotPossible, match="undone already"):
            restore_batch(batch=batch, by=by, reason="Again.")

    def test_without_a_reason_or_with_nothing_to_remove_nothing_happens(self, poster: User) -> None:
        by = senior()
        with pytest.raises(ReasonMissing):
            remove_everything(person=poster, by=by, reason=" ")
        with pytest.raises(NotPossible):
            remove_everything(person=UserFactory(), by=by, reason="Spam.")
        assert not Batch.objects.exists()

    def test_not_by_a_moderator_nor_about_one(self, poster: User) -> None:
        was = states(poster)
        for by, person in ((moderator(), poster), (senior(), moderator()), (UserFactory(), poster)):
            with pytest.raises(PermissionDenied):
                remove_everything(person=person, by=by, reason="Spam.")
        assert states(poster) == was

    def test_the_same_from_the_screen(self, poster: User, sign_in) -> None:
        client = sign_in(senior())
        response = posted(client, poster, "sweep", reason_code="", reason="x")
        assert response.status_code == 400
        posted(client, poster, "sweep", reason_code="spam", reason="Forty times.")
        batch = Batch.objects.get()
        assert Question.objects.filter(author=poster, state=State.REMOVED).exists()
        assert "7 things" in client.get(screen(poster)).text
        posted(client, poster, f"restore-{batch.pk}", reason="It was another account.")
        assert not Question.objects.filter(author=poster, state=State.REMOVED).exists()
        assert "It was another account." in client.get(screen(poster)).text
