"""The demonstration: complete, in a believable order, the same every time, and never in production."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import brotli
import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, F, Q
from django.test import Client, override_settings
from django.utils import timezone
from PIL import Image

from accounts.models import Sanction, User
from answers.consensus import bars_for_questions
from answers.desk import due_answers
from answers.freshness import Currency, freshness_of
from answers.models import Answer, AnswerRevision, HelpfulVote, SecondOpinion, Thread
from answers.of_doctor import company_of, interests_declared, treatments_answered
from answers.shelf import follows_with_news
from config.demo import DEMO_ACCOUNTS
from core.enums import ReportState, State
from core.models import Appeal, AuditEntry, Report
from doctors.enums import StandingNow, VerificationResult
from doctors.evidence import load as load_evidence
from doctors.models import Credential, Doctor, EvidenceFile, Review, ReviewReply, Verification
from doctors.portraits import name_of
from doctors.reviews import counted
from questions.models import Follow, Question, QuestionRevision, SavedQuestion
from treatments.selectors import notices_of

# On every test, or pytest-django prepares no database for those that only use the module's fixture.
pytestmark = pytest.mark.django_db
REVISIONS = (QuestionRevision, AnswerRevision)
COUNTED = (
    User,
    Doctor,
    Verification,
    EvidenceFile,
    Question,
    Answer,
    *REVISIONS,
    SecondOpinion,
    HelpfulVote,
    SavedQuestion,
    Follow,
    Report,
    Appeal,
    Sanction,
    AuditEntry,
)
LEGS = "Can Botox make the muscles of my legs or arms smaller?"


def seed() -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def told(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The demonstration, seeded once for the module in a transaction that is rolled back at its end."""
    media = tmp_path_factory.mktemp("media")
    settings = override_settings(MEDIA_ROOT=media, EVIDENCE_ROOT=media.with_name("evidence"), DEMO=True)
    with django_db_blocker.unblock(), settings, transaction.atomic():
        call_command("load_catalogue", verbosity=0)
        yield seed()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _in_the_module_transaction(request: pytest.FixtureRequest) -> None:
    """Each test reads, or changes, the seeded rows inside a savepoint of its own."""
    if "told" in request.fixturenames:
        request.getfixturevalue("told")
        request.getfixturevalue("db")


def test_it_says_what_it_added(told: str) -> None:
    assert told == "Added 26 doctors, 133 threads, 561 answers and 30 reviews.\n"


@pytest.mark.usefixtures("told")
class TestContent:
    def test_there_is_enough_of_everything(self) -> None:
        asked = Question.objects.values_list("treatment", flat=True)
        assert len(set(asked)) >= 20
        assert len(asked) >= 120
        assert Answer.objects.public().count() >= 450
        assert Doctor.objects.in_directory().count() >= 25

    def test_there_are_reviews_enough_for_a_percentage_of_one_treatment_and_too_few_of_another(self) -> None:
        said = Review.objects.public()
        assert counted(said.filter(treatment__slug="botox"))["worth_it"] >= 20
        assert said.filter(treatment__slug="juvederm").count() == 3
        assert said.filter(entries__costs__part="surgeon").distinct().count() >= 8
        assert ReviewReply.objects.public().exists()

    @pytest.mark.parametrize("model", [Question, Answer, SecondOpinion])
    def test_every_state_occurs(self, model: Any) -> None:
        assert set(model.objects.values_list("state", flat=True)) == set(State.values)

    def test_the_leg_muscle_thread_shows_ten_doctors_who_differ_and_two_who_co_sign(self) -> None:
        question = Question.objects.public().get(title=LEGS)
        bar = bars_for_questions([question.pk])[question.pk]
        assert Answer.objects.counted().filter(question=question).count() == 10
        assert (bar.total, bar.cosigned, bar.disputed) == (12, 2, 0)
        assert bar.sentence == "9 of 12 doctors advise against it"
        assert len(bar.counts) >= 3
        assert SecondOpinion.objects.public().filter(answer__question=question, kind="dispute").exists()

    def test_the_heaviest_page_is_light(self) -> None:
        """60 kB of HTML, 14 kB compressed as a front server does it."""
        page = Client().get(Question.objects.public().get(title=LEGS).get_absolute_url()).content
        assert len(page) <= 60_000
        assert len(brotli.compress(page, quality=5)) <= 14_000

    def test_the_patient_keeps_threads_and_follows_some_with_news(self) -> None:
        patient = User.objects.get(handle="demo-patient")
        kept = SavedQuestion.objects.filter(user=patient, question__in=Question.objects.public())
        assert kept.count() == 3
        assert kept.latest("pk").question.title == LEGS
        news = [row for row in follows_with_news(patient) if row.news_count]
        assert any(row.question for row in news)
        assert any(row.treatment for row in news)

    def test_the_leg_muscle_thread_has_a_duplicate_and_two_variants(self) -> None:
        question = Question.objects.public().get(title=LEGS)
        duplicate = question.duplicates.get()
        assert duplicate.leads_on
        assert not Thread.objects.filter(pk=duplicate.pk).exists()
        variants = question.variants.public().order_by("pk")
        assert [variant.thread.answer_count for variant in variants] == [7, 3]
        assert all(variant.difference for variant in variants)

    def test_every_kind_of_agreement_occurs(self) -> None:
        bars = bars_for_questions(Thread.objects.public().values_list("pk", flat=True)).values()
        assert {bar.label for bar in bars} == {"too_few", "consensus", "leaning", "split"}
        assert {0, 1, 2} <= {bar.total for bar in bars}

    def test_some_questions_are_long_or_written_from_right_to_left(self) -> None:
        assert max(len(body) for body in Question.objects.public().values_list("body", flat=True)) > 4000
        assert Question.objects.public().filter(title__regex="[\u0590-\u05ff]").exists()
        assert Question.objects.public().filter(title__regex="[\u0600-\u06ff]").exists()

    def test_edits_wait_and_earlier_versions_are_kept(self) -> None:
        assert QuestionRevision.objects.pending().exists()
        waiting = AnswerRevision.objects.pending()
        assert waiting.filter(answer__doctor__slug="julia-rowe").exists()
        assert waiting.count() == 2
        published = Answer.objects.annotate(
            kept=Count("revisions", filter=Q(revisions__state=State.PUBLISHED))
        )
        assert published.filter(kept=2).count() >= 2

    def test_reports_wait_and_were_decided_both_ways(self) -> None:
        assert set(Report.objects.values_list("state", flat=True)) == set(ReportState.values)
        patient = Report.objects.filter(reporter__email=DEMO_ACCOUNTS[0][1])
        assert set(patient.values_list("state", flat=True)) == set(ReportState.values)
        waiting = Report.objects.open()
        assert waiting.count() > Report.objects.leading().count() > 2
        assert not waiting.filter(submitted_at__lt=timezone.now() - timedelta(days=5)).exists()
        assert not Report.objects.filter(decided_at__gt=timezone.now()).exists()

    def test_doctors_agree_and_differ_and_declare_interests(self) -> None:
        rowe = company_of(Doctor.objects.get(slug="julia-rowe"))
        assert not rowe.too_few
        assert 0 < len(rowe.differences) < rowe.compared
        chen = Doctor.objects.get(slug="helen-chen")
        assert interests_declared(chen)[0]
        assert any(row["in_scope"] is False for row in treatments_answered(chen))

    def test_one_answer_of_the_leg_muscle_thread_has_three_versions(self) -> None:
        answer = Answer.objects.public().get(question__title=LEGS, doctor__slug="per-lindqvist")
        versions = list(answer.revisions.public().order_by("number"))
        assert [version.number for version in versions] == [1, 2, 3]
        assert versions[0].confidence != versions[1].confidence
        assert versions[1].body in versions[2].body == answer.body
        assert answer.confirmed_at == versions[2].published_at

    def test_answers_are_current_due_and_no_longer_confirmed(self) -> None:
        answers = Answer.objects.public().select_related("question__treatment")
        fresh = [freshness_of(a, treatment=a.question.treatment, notices=[]) for a in answers]
        assert {f.state for f in fresh} == {Currency.CURRENT, Currency.DUE, Currency.LAPSED}
        rowe = Doctor.objects.get(slug="julia-rowe")
        assert len(due_answers(rowe)) >= 2

    def test_two_doctors_stood_by_an_old_answer_again(self) -> None:
        confirmed = AuditEntry.objects.filter(action="confirm").values_list("object_id", flat=True)
        answers = Answer.objects.public().filter(pk__in=confirmed, question__treatment__slug="botox")
        assert answers.count() == 2
        assert all(answer.confirmed_at > answer.published_at + timedelta(days=300) for answer in answers)

    def test_notices_are_those_of_the_catalogue(self) -> None:
        legs = Question.objects.get(title=LEGS)
        assert len(notices_of(legs.treatment)) >= 3

    def test_an_appeal_waits_one_was_declined_and_an_account_is_warned(self) -> None:
        waiting, declined = Appeal.objects.order_by("-state")
        assert (waiting.state, waiting.author.handle) == ("open", "demo-patient")
        assert (declined.state, declined.decided_by.handle) == ("declined", "demo-senior")
        assert declined.entry.actor != declined.decided_by
        assert Sanction.objects.get().user == declined.author

    def test_what_was_decided_against_somebody_has_a_reason(self) -> None:
        for model in (Question, Answer):
            decided = model.objects.filter(state__in=[State.DRAFT, State.REJECTED, State.REMOVED])
            assert not decided.filter(moderation_reason="").exists()


@pytest.mark.usefixtures("told")
class TestDoctors:
    @pytest.mark.parametrize(
        ("slug", "standing", "is_public"),
        [
            ("julia-rowe", StandingNow.VERIFIED, True),
            ("luis-duarte", StandingNow.SUSPENDED, True),
            ("alan-ferris", StandingNow.ENDED, True),
            ("grace-hollis", StandingNow.UNVERIFIED, False),
        ],
    )
    def test_each_standing_occurs(self, slug: str, standing: StandingNow, is_public: bool) -> None:
        doctor = Doctor.objects.get(slug=slug)
        assert (doctor.standing_now, doctor.is_public) == (standing, is_public)

    def test_answers_of_the_suspended_and_the_expired_stay_but_do_not_count(self) -> None:
        former = Answer.objects.filter(doctor__slug__in=["luis-duarte", "alan-ferris"])
        assert former.public().count() > 10
        assert not former.counted().exists()
        assert {answer.author_snapshot["standing"] for answer in former.public()} == {"verified"}

    def test_a_check_is_due_soon_and_others_are_overdue(self) -> None:
        today = timezone.localdate()
        due = {row.doctor.slug: row.due_on for row in Credential.objects.due_soon().select_related("doctor")}
        assert today <= due["kwame-osei"] <= today + timedelta(days=30)
        assert due["alan-ferris"] < today
        overdue = {slug for slug, day in due.items() if day < today}
        assert set(map(self.standing, overdue)) == {StandingNow.ENDED, StandingNow.VERIFIED}

    def standing(self, slug: str) -> StandingNow:
        return Doctor.objects.get(slug=slug).standing_now

    def test_a_letter_is_kept_as_evidence_and_lies_where_it_should(self) -> None:
        file = EvidenceFile.objects.get()
        with Image.open(BytesIO(load_evidence(file.name, sha256=file.sha256))) as picture:
            assert picture.format == "PNG"
        assert not default_storage.exists(file.name)

    def test_numbers_are_right_or_plainly_invented(self) -> None:
        npi = Credential.objects.get(kind="npi")
        assert npi.authority_known.problem_with(npi.number) == ""
        assert {
            number[:5] for number in Credential.objects.exclude(pk=npi.pk).values_list("number", flat=True)
        } == {"DEMO-"}

    def test_a_suspension_gives_its_reason(self) -> None:
        assert "suspended" in Verification.objects.get(result=VerificationResult.SUSPENDED).note

    def test_every_doctor_has_a_drawing_of_their_own(self) -> None:
        names = list(Doctor.objects.values_list("portrait", flat=True))
        assert len(set(names)) == len(names) == 26
        for name in names:
            with default_storage.open(name) as file, Image.open(file) as picture:
                assert (picture.format, picture.size) == ("WEBP", (320, 320))


@pytest.mark.usefixtures("told")
class TestOrderOfEvents:
    def test_nothing_lies_in_the_future(self) -> None:
        now = timezone.now()
        for model, fields in (
            (Question, ("asked_at", "submitted_at", "published_at", "moderated_at")),
            (Answer, ("answered_at", "submitted_at", "published_at", "moderated_at", "confirmed_at")),
            (AnswerRevision, ("submitted_at", "published_at", "moderated_at")),
            (SecondOpinion, ("submitted_at", "published_at", "moderated_at")),
            (HelpfulVote, ("voted_at",)),
        ):
            for field in fields:
                assert not model._base_manager.filter(**{f"{field}__gt": now}).exists(), f"{model}.{field}"

    def test_answers_come_after_the_question_was_public_and_votes_after_the_answer(self) -> None:
        assert not Answer.objects.filter(answered_at__lt=F("question__published_at")).exists()
        assert not Answer.objects.filter(published_at__lt=F("answered_at")).exists()
        assert not HelpfulVote.objects.filter(voted_at__lt=F("answer__published_at")).exists()

    def test_no_answer_names_a_check_that_came_later(self) -> None:
        for version in AnswerRevision.objects.filter(state=State.PUBLISHED).select_related("answer"):
            written = version.submitted_at if version.number > 1 else version.answer.answered_at
            assert version.author_snapshot["checked_on"] <= written.date().isoformat()
        for opinion in SecondOpinion.objects.public():
            assert opinion.author_snapshot["checked_on"] <= opinion.published_at.date().isoformat()

    def test_second_opinions_come_after_the_answer_and_one_is_about_an_earlier_version(self) -> None:
        assert not SecondOpinion.objects.filter(submitted_at__lt=F("answer__published_at")).exists()
        public = SecondOpinion.objects.public().for_display()
        earlier = [opinion for opinion in public if opinion.is_about_earlier_version]
        assert [opinion.doctor.slug for opinion in earlier] == ["beatriz-santos"]

    def test_versions_bear_the_dates_of_their_publication(self) -> None:
        first = AnswerRevision.objects.filter(number=1, state=State.PUBLISHED)
        assert not first.exclude(published_at=F("answer__published_at")).exists()
        second = AnswerRevision.objects.filter(number=2, state=State.PUBLISHED)
        assert second.exists()
        assert not second.filter(published_at__lte=F("answer__published_at")).exists()

    def test_the_queue_is_not_old(self) -> None:
        for model in (Question, Answer, SecondOpinion, QuestionRevision, AnswerRevision):
            waiting = model.objects.pending()
            assert not waiting.filter(submitted_at__lt=timezone.now() - timedelta(days=5)).exists(), model


@pytest.mark.usefixtures("told")
class TestCounters:
    def test_helpful_counts_are_the_votes(self) -> None:
        wrong = Answer.objects.annotate(counted=Count("votes")).exclude(counted=F("helpful_count"))
        assert not wrong.exists()
        assert HelpfulVote.objects.count() > 5000

    def test_threads_agree_with_what_is_public(self) -> None:
        assert Thread.objects.count() == Question.objects.public().count()
        for thread in Thread.objects.public().select_related("question"):
            public = Answer.objects.public().filter(question=thread.question)
            assert thread.answer_count == public.count()
            assert thread.helpful_count == sum(answer.helpful_count for answer in public)
            assert thread.asked_at == thread.question.asked_at


@pytest.mark.usefixtures("told")
class TestAccounts:
    @pytest.mark.parametrize(("role", "email", "password"), DEMO_ACCOUNTS)
    def test_each_can_sign_in_with_an_acceptable_password(self, role: str, email: str, password: str) -> None:
        user = authenticate(None, email=email, password=password)
        assert user is not None
        assert user.emailaddress_set.filter(verified=True, primary=True).exists()
        validate_password(password, user)

    def test_nobody_else_can(self) -> None:
        others = User.objects.exclude(email__in=[email for _, email, _ in DEMO_ACCOUNTS])
        assert not any(user.has_usable_password() for user in others)
        assert not User.objects.exclude(Q(email__endswith=".invalid")).exists()

    def test_the_moderator_moderates_and_the_administrator_administers(self) -> None:
        by_role = {role: User.objects.get(email=email) for role, email, _ in DEMO_ACCOUNTS}
        assert by_role["moderator"].has_perm("questions.moderate_question")
        assert not by_role["moderator"].is_superuser
        assert by_role["administrator"].is_superuser
        assert not by_role["patient"].is_staff

    def test_the_patient_has_questions_in_many_states(self) -> None:
        mine = Question.objects.filter(author__email=DEMO_ACCOUNTS[0][1])
        assert set(mine.values_list("state", flat=True)) == set(State.values) - {State.REMOVED}


@pytest.mark.usefixtures("told")
class TestAgain:
    def test_a_second_run_changes_nothing(self) -> None:
        before = [model._base_manager.count() for model in COUNTED]
        assert seed() == "The demonstration is complete; nothing was changed.\n"
        assert [model._base_manager.count() for model in COUNTED] == before

    def test_a_second_run_leaves_decisions_taken_meanwhile_alone(self) -> None:
        Question.objects.filter(title=LEGS).update(title="Changed by somebody")
        seed()
        assert Question.objects.filter(title="Changed by somebody").exists()
        assert not Question.objects.filter(title=LEGS).exists()

    def test_a_lost_portrait_is_drawn_again(self) -> None:
        name = name_of("rowe")
        with default_storage.open(name) as file:
            before = file.read()
        default_storage.delete(name)
        seed()
        with default_storage.open(name) as file:
            assert file.read() == before
