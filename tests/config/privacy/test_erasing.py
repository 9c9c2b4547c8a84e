"""After an erasure nothing leads to the person, and what others need still stands (T-PR-02)."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Erasure, Session, User
from answers.models import Answer, SecondOpinion, Thread
from config.privacy import copies
from config.privacy.erasing import erase, erased
from config.privacy.journal import JournalBroken, take_over, to_erase_again, who
from core.audit import record
from core.chain import Broken, verify
from core.images import photos, store
from core.models import AuditEntry, Claim, Likeness, Photo
from doctors.models import Doctor
from questions.models import Question, QuestionPhoto
from tests.config.privacy.conftest import CANARY, EMAIL, HANDLE, NAME, WORDS, found
from tests.core.images import samples
from tests.factories import AnswerFactory, QuestionFactory, UserFactory, moderator
from tests.stores import Kept
from tests.working import do_tasks

pytestmark = pytest.mark.django_db


def seal() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_nothing_is_left_of_a_patient(
    full: dict[str, Any], django_capture_on_commit_callbacks, settings, tmp_path, caplog
) -> None:
    settings.EMAIL_FILE_PATH = tmp_path
    (tmp_path / "1.log").write_text(f"To: {EMAIL}")
    (tmp_path / "2.log").write_text("To: another@example.org")
    copy = copies.make(copies.ask(full["user"])[0].pk)
    assert (settings.EXPORT_ROOT / copy.name).exists()
    cache.set(f"accounts:asked-for:{HANDLE}", True)
    assert {word for _, _, word in found(*WORDS)} >= {EMAIL, HANDLE, CANARY}
    with django_capture_on_commit_callbacks(execute=True):
        assert erase(full["user"].pk) is not None
    seal()
    assert found(*WORDS) == set()
    assert not User.objects.filter(pk=full["user"].pk).exists()
    assert not any(row.get_decoded().get("_auth_user_id") for row in Session.objects.all())
    assert cache.get(f"accounts:asked-for:{HANDLE}") is None
    assert EMAIL not in settings.ERASURE_JOURNAL.read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["2.log"]
    assert not any(word in caplog.text for word in WORDS)
    assert not (settings.EXPORT_ROOT / copy.name).exists()
    verify()


def test_pictures_go_with_whoever_sent_them_also_from_threads_that_stay(
    full: dict[str, Any], in_a_store: Kept
) -> None:
    held, free = (photos.keep(BytesIO(samples.JPEG), by=full["user"]) for _ in range(2))
    photos.take([held.name], by=full["user"], kind=QuestionPhoto)
    QuestionPhoto.objects.create(question=full["answered"][0], photo=held)
    others = photos.keep(BytesIO(samples.JPEG), by=UserFactory())
    do_tasks()
    copy = copies.make(copies.ask(full["user"])[0].pk)
    with ZipFile(settings.EXPORT_ROOT / copy.name) as opened:
        names = {name for name in opened.namelist() if "photo-" in name}
        assert names == {f"files/photo-{held.pk}.jpg", f"files/photo-{free.pk}.jpg"}
        assert opened.read(f"files/photo-{held.pk}.jpg") == store.read(held.name)
    erase(full["user"].pk)
    do_tasks()
    assert list(Photo.objects.all()) == [others]
    assert in_a_store.lying() == {others.name, *others.renditions.values_list("name", flat=True)}
    assert not Likeness.objects.exclude(object_id=others.pk).exists()


def test_threads_others_answered_stay_and_lead_nowhere(full: dict[str, Any]) -> None:
    erase(full["user"].pk)
    seal()
    stay = Question.objects.filter(pk__in=[question.pk for question in full["answered"]])
    assert [(question.asker_name, question.place) for question in stay] == [("a former member", "")] * 2
    assert Thread.objects.filter(question__in=stay, answer_count=1).count() == 2
    assert Answer.objects.filter(pk__in=[answer.pk for answer in full["answers"]]).count() == 2
    # whoever reads the trail of one finds nothing there by which to find the other
    actors = AuditEntry.objects.filter(object_type="questions.question", object_id__in=stay).values_list(
        "actor__handle"
    )
    assert {handle for (handle,) in actors} <= {"former-member", "some-moderator"}
    assert not Question.objects.filter(pk__in=[full["lonely"].pk, full["withdrawn"].pk]).exists()


def test_votes_of_the_erased_count_no_more() -> None:
    user, answer = UserFactory(), AnswerFactory(published=True)
    answer.votes.create(user=user)
    Answer.objects.filter(pk=answer.pk).update(helpful_count=1)
    erase(user.pk)
    answer.refresh_from_db()
    assert (answer.helpful_count, answer.question.thread.helpful_count) == (0, 0)


def test_a_hidden_thread_that_a_doctor_wrote_in_loses_its_words_and_not_the_doctors(
    full: dict[str, Any],
) -> None:
    removed = QuestionFactory(removed=True, author=full["user"], title=f"{CANARY}?", body=CANARY)
    answer = AnswerFactory(published=True, question=removed)
    erase(full["user"].pk)
    removed.refresh_from_db()
    assert (removed.author, removed.body, removed.title) == (None, "", "Erased with its author’s account")
    assert Answer.objects.filter(pk=answer.pk).exists()


def test_a_doctor_signs_what_stays_with_the_name_alone(doctor, django_capture_on_commit_callbacks) -> None:
    profile = doctor(signs=True)
    evidence = settings.EVIDENCE_ROOT / profile.verifications.get().evidence.name
    portrait = settings.MEDIA_ROOT / profile.portrait.name
    assert (evidence.exists(), portrait.exists()) == (True, True)
    with django_capture_on_commit_callbacks(execute=True):
        erase(profile.user.pk)
    seal()
    left = found(EMAIL, HANDLE, NAME, CANARY)
    assert {(table, word) for table, _, word in left} == {
        ("doctors_doctor", NAME),
        ("doctors_doctor", HANDLE),
    }
    profile.refresh_from_db()
    assert (profile.name, profile.user, profile.is_verified_now) == (NAME, None, False)
    assert (profile.answers.count(), profile.second_opinions.count()) == (1, 1)
    assert (evidence.exists(), portrait.exists()) == (False, False)


def test_a_doctor_who_signs_nothing_public_leaves_no_name(doctor) -> None:
    profile = doctor(signs=False)
    erase(profile.user.pk)
    seal()
    assert found(EMAIL, HANDLE, NAME, CANARY) == set()
    assert not Doctor.objects.public().filter(pk=profile.pk).exists()


def test_decisions_of_a_moderator_stay_under_a_name_that_is_nobodys() -> None:
    person = moderator(email=EMAIL, handle=HANDLE)
    question = QuestionFactory(published=True, moderated_by=person)
    entry = record(actor=person, action="publish", obj=question, reason="Clear.")
    Claim.objects.create(
        object_type="x.y", object_id=1, by=person, at=entry.at, until=entry.at + timedelta(minutes=1)
    )
    erase(person.pk)
    seal()
    person.refresh_from_db()
    entry.refresh_from_db()
    assert (entry.actor, entry.reason, question.moderated_by) == (person, "Clear.", person)
    assert person.handle.startswith("former-moderator-")
    assert not person.is_active
    assert not person.is_staff
    assert not person.groups.exists()
    assert found(EMAIL, HANDLE) == set()
    assert erase(person.pk) is None  # nobody is left to erase


def test_what_a_moderator_asked_cannot_be_linked_either() -> None:
    person = moderator(email=EMAIL, handle=HANDLE)
    asked = [QuestionFactory(published=True, author=person) for _ in range(2)]
    for question in asked:
        AnswerFactory(published=True, question=question)
        record(actor=person, action="submit", obj=question)
    decided = record(actor=person, action="publish", obj=QuestionFactory(published=True), reason="Clear.")
    erase(person.pk)
    own = AuditEntry.objects.filter(object_id__in=[question.pk for question in asked], action="submit")
    assert set(own.values_list("actor__handle", flat=True)) == {"former-member"}
    assert AuditEntry.objects.get(pk=decided.pk).actor_id == person.pk


def test_an_erasure_that_cannot_be_noted_does_not_happen(full: dict[str, Any], settings, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    settings.ERASURE_JOURNAL = tmp_path / "file" / "journal"
    with pytest.raises(JournalBroken, match="nobody was erased"):
        erase(full["user"].pk)
    assert User.objects.get(pk=full["user"].pk).email == EMAIL
    assert not Erasure.objects.exists()


def test_an_erasure_that_fails_late_leaves_nobody_marked(settings, tmp_path, monkeypatch) -> None:
    settings.ERASURE_JOURNAL = tmp_path / "erasures.jsonl"
    person, gone = UserFactory(), UserFactory()
    erase(gone.pk)
    with monkeypatch.context() as patch:
        patch.setattr("config.privacy.erasing._end", lambda _: 1 / 0)
        assert not erased(person.pk)
    take_over()
    assert to_erase_again() == []
    assert erase(person.pk) is not None
    take_over()
    assert Erasure.objects.count() == 2


def test_whoever_comes_back_is_not_erased_by_a_later_restore(client, settings, tmp_path) -> None:
    """The night was killed after it had written the line, and before it was done."""
    settings.ERASURE_JOURNAL = tmp_path / "erasures.jsonl"
    person = UserFactory(erasure_due_at=timezone.now() - timedelta(minutes=1))
    line = {"who": who(person.pk, person.date_joined), "at": timezone.now().isoformat()}
    settings.ERASURE_JOURNAL.write_text(json.dumps(line) + "\n")
    client.force_login(person)
    client.post("/me/privacy/erasure/undo/")
    take_over()
    assert to_erase_again() == []


def test_a_line_that_a_crash_cut_off_keeps_nobody_from_going(settings, tmp_path) -> None:
    settings.ERASURE_JOURNAL = tmp_path / "erasures.jsonl"
    first, second = UserFactory(), UserFactory()
    erase(first.pk)
    with settings.ERASURE_JOURNAL.open("a") as file:
        file.write('{"who": "half')
    assert erase(second.pk) is not None
    take_over()
    assert len(settings.ERASURE_JOURNAL.read_text().splitlines()) == Erasure.objects.count() == 2


def test_words_that_go_otherwise_break_the_chain(full: dict[str, Any]) -> None:
    """Even by the function that erasures use: only one of them vouches for it."""
    erase(full["user"].pk)
    entry = record(actor=UserFactory(), action="publish", obj=full["answered"][0], reason="Fine.")
    seal()
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_audit_forget(%s, %s, %s)", [[entry.pk], 0, 0])
    with pytest.raises(Broken, match="otherwise than by an erasure"):
        verify()


@pytest.mark.parametrize(
    "sql", ["UPDATE core_auditentry SET reason = ''", "UPDATE accounts_erasure SET who = who"]
)
def test_the_database_lets_nobody_else_empty_or_change_a_row(full: dict[str, Any], sql: str) -> None:
    erase(full["user"].pk)
    seal()
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_second_opinions_count_no_more(doctor) -> None:
    profile = doctor(signs=True)
    erase(profile.user.pk)
    assert not SecondOpinion.objects.counted().filter(doctor=profile).exists()
