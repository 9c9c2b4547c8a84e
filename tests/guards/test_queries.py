"""Pages cost the same number of queries whatever their size."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answers.desk import keeps_open
from doctors.models import Doctor
from questions.keeping import follow, keep_question
from questions.models import Follow
from tests.factories import (
    AnswerFactory,
    CredentialFactory,
    DoctorFactory,
    FactAskedFactory,
    FactGivenFactory,
    LabelStatusFactory,
    QuestionFactory,
    ReportFactory,
    ReviewEntryFactory,
    ReviewFactory,
    ReviewReplyFactory,
    SafetyNoticeFactory,
    SecondOpinionFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
    VisitProofFactory,
    moderator,
    some_moderator,
)

pytestmark = pytest.mark.django_db
FEW, MANY = 10, 200
USE = "calves"
THREAD_BAR, HOME_BAR = 6, 8


def queries(client: Client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200, url
    return [query["sql"] for query in captured]


def cost_of(client: Client, url: str) -> list[str]:
    """Opened once before, since some things are read once for all."""
    queries(client, url)
    return queries(client, url)


def cost_more(few: dict[str, list[str]], many: dict[str, list[str]]) -> str:
    """Each page that needs another number of queries now, with them."""
    return "\n".join(
        "\n".join([f"{url}: {len(few[url])}, then {len(many[url])}", *many[url]])
        for url in few
        if len(few[url]) != len(many[url])
    )


@pytest.fixture
def treatment():
    treatment = TreatmentFactory(name="Botox", slug="botox")
    SpecialtyFactory().in_scope.add(treatment)
    return treatment


def add_threads(treatment, number: int) -> None:
    use = treatment.uses.filter(slug=USE).first() or UseFactory(treatment=treatment, slug=USE)
    LabelStatusFactory(use=UseFactory(treatment=treatment))
    LabelStatusFactory(use=UseFactory(slug=use.slug))
    prolific = Doctor.objects.filter(slug="prolific").first() or DoctorFactory(verified=True, slug="prolific")
    for _ in range(number):
        question = QuestionFactory(published=True, treatment=treatment, use=use)
        CredentialFactory(doctor=AnswerFactory(published=True, question=question).doctor)
        SecondOpinionFactory(
            published=True, answer=AnswerFactory(published=True, question=question, doctor=prolific)
        )
        said = {
            "review__doctor": prolific,
            "review__treatment": treatment,
            "currency": "USD",
            "paid_in": 2026,
        }
        entry = ReviewEntryFactory(published=True, **said)
        entry.costs.create(part="surgeon", amount=450)
        ReviewReplyFactory(published=True, review=entry.review)


LISTS = [
    "/",
    "/trust/ledger/",
    "/questions/",
    "/questions/?sort=helpful&stance=supports",
    "/questions/?sort=waiting",
    "/treatments/botox/questions/",
    "/treatments/",
    "/treatments/botox/",
    "/treatments/botox/uses/",
    "/treatments/botox/uses/uses.csv",
    "/treatments/botox/uses/{use}/",
    "/treatments/botox/doctors/",
    "/doctors/",
    "/questions/feed/",
    "/treatments/botox/feed/",
    "/search/?q=question",
    "/doctors/prolific/answers/",
    "/doctors/prolific/",
    "/doctors/prolific/reviews/",
    "/treatments/botox/reviews/?since=months",
]


def test_lists_cost_the_same_with_few_and_many_rows(treatment) -> None:
    client = Client()
    add_threads(treatment, FEW)
    lists = [url.format(use=USE) for url in LISTS]
    few = {url: cost_of(client, url) for url in lists}
    add_threads(treatment, MANY - FEW)
    many = {url: cost_of(client, url) for url in lists}
    assert not cost_more(few, many)


def test_the_home_page_costs_eight_queries_at_most(treatment) -> None:
    add_threads(treatment, 3)
    QuestionFactory(published=True, treatment=treatment)
    captured = queries(Client(), "/")
    assert len(captured) <= HOME_BAR, "\n".join(captured)


def thread_with(treatment, answers: int):
    use = UseFactory(treatment=treatment)
    LabelStatusFactory(use=use)
    question = QuestionFactory(published=True, treatment=treatment, use=use)
    for _ in range(answers):
        SecondOpinionFactory(
            published=True,
            dispute=True,
            answer=AnswerFactory(published=True, question=question, stance="against", reason="safety"),
        )
    QuestionFactory(published=True, treatment=treatment, use=use)
    for _ in range(3):
        FactGivenFactory(published=True, asked=FactAskedFactory(published=True, question=question))
        QuestionFactory(published=True, treatment=treatment, variant_of=question, difference="The arms.")
        QuestionFactory(published=True, treatment=treatment, duplicate_of=question)
    return question


@pytest.mark.parametrize("answers", [0, 3, 60, 130])
def test_a_thread_costs_six_queries_at_most(treatment, answers: int) -> None:
    captured = queries(Client(), thread_with(treatment, answers).get_absolute_url())
    assert len(captured) <= THREAD_BAR, "\n".join(captured)


@pytest.mark.parametrize(("url", "most"), [("/", 8), ("/questions/", 5), ("/treatments/botox/questions/", 5)])
def test_what_is_opened_most_stays_within_its_bar(treatment, url: str, most: int) -> None:
    add_threads(treatment, FEW)
    client = Client()
    queries(client, url)
    captured = queries(client, url)
    assert len(captured) <= most, "\n".join(captured)


def test_notices_and_versions_cost_a_thread_nothing(treatment) -> None:
    question = thread_with(treatment, 3)
    queries(Client(), question.get_absolute_url())  # the glossary is read once for all
    plain = queries(Client(), question.get_absolute_url())
    for answer in question.answers.all():
        SafetyNoticeFactory(treatment=treatment)
        add_versions(answer, 3)
    assert len(queries(Client(), question.get_absolute_url())) == len(plain)


def add_versions(answer, number: int) -> None:
    start = answer.next_number()
    for n in range(start, start + number):
        answer.revisions.create(
            number=n, **{**answer.text(), "summary": f"Version {n}."}, state="published",
            published_at=timezone.now(), moderated_at=timezone.now(), moderated_by=some_moderator(),
        )  # fmt: skip


def test_a_history_costs_the_same_with_few_and_many_versions(treatment) -> None:
    answer = thread_with(treatment, 1).answers.get()
    add_versions(answer, 2)
    few = queries(Client(), f"/answers/{answer.pk}/history/")
    add_versions(answer, 20)
    many = queries(Client(), f"/answers/{answer.pk}/history/")
    assert len(many) == len(few) <= 4, "\n".join(many)


@pytest.mark.parametrize("url", ["/treatments/botox/", "/treatments/botox/uses/"])
def test_notices_cost_a_page_one_query(treatment, url: str) -> None:
    SafetyNoticeFactory(treatment=treatment)
    queries(Client(), url)  # the glossary is read once for all
    few = queries(Client(), url)
    for _ in range(FEW):
        SafetyNoticeFactory(treatment=treatment)
    assert len(queries(Client(), url)) == len(few)


@pytest.mark.parametrize("url", ["/me/saved/", "/me/follows/", "/me/packet/"])
def test_what_one_keeps_and_follows_costs_the_same_with_one_and_with_many(
    treatment, sign_in: Callable[..., Client], url: str
) -> None:
    person = UserFactory()
    client = sign_in(person)

    def add(number: int) -> None:
        for _ in range(number):
            question = thread_with(treatment, 2)
            keep_question(question=question, by=person)
            follow(by=person, question=question)
            follow(by=person, treatment=TreatmentFactory())
        Follow.objects.update(seen_at=timezone.now() - timedelta(days=1))

    add(1)
    queries(client, url)
    few = queries(client, url)
    Follow.objects.update(seen_at=timezone.now() - timedelta(days=1))
    add(20)
    assert len(queries(client, url)) == len(few) <= 10


DESK = [
    "/desk/",
    "/desk/reviews/",
    *(f"/desk/?show={show}" for show in ("drafts", "review", "published", "due", "opinions", "facts")),
]


def test_personal_lists_cost_the_same_with_few_and_many_rows(
    treatment, sign_in: Callable[..., Client]
) -> None:
    doctor, person = DoctorFactory(verified=True), UserFactory()
    patient = sign_in(person)
    clients = {
        "/me/": patient,
        "/me/reports/": patient,
        "/me/reviews/": patient,
        **dict.fromkeys(DESK, sign_in(doctor.user)),
        "/admin/": sign_in(moderator()),
    }

    def add(number: int) -> None:
        for _ in range(number):
            QuestionFactory(pending=True, author=person, treatment=treatment)
            AnswerFactory(
                pending=True, question=QuestionFactory(published=True, treatment=treatment), doctor=doctor
            )
            canonical = QuestionFactory(published=True, treatment=treatment)
            QuestionFactory(published=True, author=person, treatment=treatment, duplicate_of=canonical)
            answered = QuestionFactory(published=True, author=person, treatment=treatment)
            AnswerFactory(published=True, question=answered, doctor=doctor)
            answered.outcomes.create(after_days=30, decision="did")
            ReportFactory(on=QuestionFactory(published=True, treatment=treatment), reporter=person)
            ReportFactory()
            review = ReviewFactory(author=person)
            ReviewEntryFactory(review=review, pending=True)
            VisitProofFactory(review=review, pending=True)
            ReviewReplyFactory(
                pending=True, review=ReviewEntryFactory(published=True, review__doctor=doctor).review
            )
            QuestionFactory(published=True, treatment=treatment)
            due = AnswerFactory(
                published=True, question=QuestionFactory(published=True, treatment=treatment), doctor=doctor
            )
            type(due).objects.filter(pk=due.pk).update(confirmed_at=timezone.now() - timedelta(days=2000))
            SecondOpinionFactory(pending=True, doctor=doctor)
            FactGivenFactory(published=True, asked=FactAskedFactory(published=True, doctor=doctor))
            FactAskedFactory(published=True, question=QuestionFactory(published=True, author=person))
            question = QuestionFactory(published=True, treatment=treatment)
            doctor.drafts.create(question=question, version=1, fields={"body": "x"})
            keeps_open(question, by=moderator())

    add(FEW)
    few = {url: cost_of(client, url) for url, client in clients.items()}
    add(40)
    many = {url: cost_of(client, url) for url, client in clients.items()}
    assert not cost_more(few, many)
