"""What is not published is nowhere: not in a page, a feed, a count, an order or the difference of two answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from answers.filters import SORTS
from answers.models import Answer, SecondOpinion
from answers.opinions import give_opinion
from answers.services import answer_question, edit_answer
from core.enums import State
from core.reports import file_report
from questions.models import Question
from questions.services import ask_question, edit_question
from tests.factories import (
    AnswerFactory,
    CredentialFactory,
    DoctorFactory,
    LabelStatusFactory,
    QuestionFactory,
    ReportFactory,
    SecondOpinionFactory,
    SpecialtyFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
CANARY, COMPANION = "zebracanary", "secretmarzipan"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
HIDDEN = ("pending", "rejected", "removed", "withdrawn")
TEXT = f"{CANARY} {COMPANION}"
ANSWER = {"stance": "against", "reason": "safety", "confidence": "high", "summary": TEXT, "body": TEXT}


@dataclass
class World:
    """One public thread with two answers, beside everything that must not be seen."""

    question: Question
    answer: Answer
    hidden: list[Any]

    @property
    def urls(self) -> list[str]:
        """Every kind of public page and every order and filter of the lists."""
        lists = ("/questions/", "/treatments/botox/questions/")
        filters = ("answered=yes", "answered=no", "stance=against", "stage=before", "age=25-34", "use=lines")
        filters += ("treatment=botox", "area=face", "place=memphis", f"place={CANARY}")
        thread = f"/questions/{self.question.pk}/"
        return [
            "/",
            *lists,
            *(f"{url}?sort={sort}" for url in lists for sort in SORTS),
            *(f"{url}?{chosen}" for url in lists for chosen in filters),
            *(self.question.get_absolute_url() + end for end in ("", "?sort=newest", "?stance=against")),
            *(f"/answers/{self.answer.pk}/history/{query}" for query in ("", "?version=2", "?rev=2")),
            "/treatments/", "/treatments/botox/", "/treatments/botox/uses/", "/treatments/botox/uses/?sort=threads",
            "/treatments/botox/uses/lines/", "/treatments/botox/uses/lines/?country=GB", "/treatments/botox/uses/uses.csv",
            "/treatments/botox/doctors/",
            "/doctors/", f"/doctors/?name={CANARY}", f"/doctors/?place={CANARY}", self.answer.doctor.get_absolute_url(),
            *(f"{self.answer.doctor.get_absolute_url()}answers/{query}" for query in ("", "?treatment=botox", "?stance=against")),
            f"/doctors/?language={CANARY}",
            "/questions/feed/", "/treatments/botox/feed/", f"{thread}feed/",
            "/sitemap.xml", *(f"/sitemap-{name}.xml" for name in ("pages", "treatments", "uses", "threads", "doctors")),
            *(f"/search/?q={words}" for words in (CANARY, "zebracanery", f"botox+{CANARY}", "reasonable", "botox")),
            "/trust/", "/trust/ledger/", "/trust/terms/", "/robots.txt",
        ]  # fmt: skip


@pytest.fixture
def world() -> World:
    treatment = TreatmentFactory(name="Botox", slug="botox")
    SpecialtyFactory().in_scope.add(treatment)
    use = UseFactory(treatment=treatment, name="Lines", slug="lines")
    LabelStatusFactory(use=use)
    about = {"treatment": treatment, "use": use, "age_band": "25-34", "place": "Memphis"}
    question = QuestionFactory(published=True, title="Is Botox reasonable?", **about)
    answers = [AnswerFactory(published=True, question=question) for _ in range(2)]
    CredentialFactory(doctor=answers[0].doctor)
    QuestionFactory(published=True, title="What of Botox in summer?", **about)
    return World(question, answers[0], list(hide(question, answers[0], about)))


def hide(question: Question, answer: Answer, about: dict) -> Iterable[Any]:
    """Everything of every kind that is not public, each with the canary in all its words."""
    texts = {"title": f"{TEXT}?", "body": TEXT}
    for state in HIDDEN:
        yield QuestionFactory(**{state: True}, **{**about, "place": CANARY}, **texts, alias=CANARY)
        beside = {"variant_of": question, "difference": TEXT}
        for link in (beside, {"duplicate_of": question}):
            yield QuestionFactory(**{state: True}, **about, **texts, **link)
        yield AnswerFactory(**{state: True}, **ANSWER, question=question)
        yield DoctorFactory(
            **{state: True}, name=f"Zebracanary {state} Secretmarzipan", bio=TEXT, city=CANARY
        )
    yield QuestionFactory(**about, **texts)
    yield AnswerFactory(published=True, **ANSWER, question=question, doctor=DoctorFactory(removed=True))
    yield AnswerFactory(published=True, **ANSWER, question=QuestionFactory(removed=True, **about))
    for thing in (question, answer, answer.doctor):
        yield file_report(
            target=thing,
            by=UserFactory(handle=f"{CANARY}-{thing.pk}-{thing._meta.model_name}"),
            kind="facts",
            text=TEXT,
        )
    yield ReportFactory(on=answer, upheld=True, text=TEXT, reason=TEXT)
    yield edit_question(question=question, by=question.author, title=f"{TEXT}?", body=TEXT)
    yield edit_answer(answer=answer, by=answer.doctor.user, **ANSWER, conflict_of_interest=TEXT)
    disputed = {"dispute": True, "answer": answer, "note": TEXT}
    for state in HIDDEN:
        named = DoctorFactory(
            verified=True, name=f"Zebracanary {state} Secretmarzipan Two", state=State.REMOVED
        )
        yield SecondOpinionFactory(**{state: True}, **disputed)
        yield SecondOpinionFactory(published=True, **disputed, doctor=named)
    gone = AnswerFactory(removed=True, question=question)
    yield SecondOpinionFactory(published=True, dispute=True, answer=gone, note=TEXT)


@pytest.mark.parametrize("role", ["anonymous", "another patient", "a verified doctor"])
def test_no_page_shows_a_word_of_what_is_not_published(
    world: World, role: str, client: Client, sign_in: Callable[..., Client]
) -> None:
    """T-AZ-04, T-AZ-08: texts, names, lists, filters, searches, feeds, sitemaps, JSON-LD and meta alike."""
    reader = {
        "anonymous": lambda: client,
        "another patient": lambda: sign_in(UserFactory()),
        "a verified doctor": lambda: sign_in(DoctorFactory(verified=True).user),
    }[role]()
    for url in world.urls:
        response = reader.get(url)
        body = response.content.decode().lower()
        assert response.status_code == 200, url
        assert COMPANION not in body, url
        assert CANARY not in body or CANARY in url, url  # a query is said back; what it would find is not


def test_a_misspelt_search_does_not_guess_a_hidden_word(world: World, client: Client) -> None:
    assert CANARY not in client.get("/search/?q=zebracanery").content.decode().lower()


def test_pages_are_the_same_byte_for_byte_when_something_pending_arrives(world: World) -> None:
    """T-AZ-05: no count, order, date, suggestion or tag betrays it."""

    def pages() -> dict[str, bytes]:
        cache.clear()
        return {url: Client().get(url).content for url in world.urls}

    doctor, friend = DoctorFactory(verified=True), DoctorFactory(verified=True)
    before = pages()
    about = {"treatment": world.question.treatment, "use": world.question.use}
    ask_question(by=UserFactory(), submission_key=uuid4(), **about, title="Another one?", body="Waiting.")
    beside = {"variant_of": world.question, "difference": "Mine is another case."}
    ask_question(by=UserFactory(), submission_key=uuid4(), **about, **beside, title="Mine?", body="Waiting.")
    answer_question(question=world.question, by=doctor.user, **ANSWER)
    edit_question(question=world.question, by=world.question.author, title="A changed title?")
    edit_answer(answer=world.answer, by=world.answer.doctor.user, **ANSWER)
    said = {"stance": "exam", "reason": "goal", "note": "Waiting."}
    for by, kind in ((doctor.user, "dispute"), (friend.user, "cosign")):
        give_opinion(answer=world.answer, by=by, about=1, kind=kind, **said)
    DoctorFactory(pending=True, name="Aaron Aardvark")
    for thing in (world.question, world.answer, world.answer.doctor):
        file_report(target=thing, by=UserFactory(), kind="safety", text="Look at this.")
    after = pages()
    assert [url for url in before if after[url] != before[url]] == []


class TestNothingTellsHiddenFromMissing:
    """T-AZ-03: the same status, words and headers as for a number that never was."""

    MISSING = 987_654_321

    def same(self, reader: Client, url: str, pk: int, method: str = "get") -> None:
        hidden, missing = (
            self.said(getattr(reader, method)(url.format(number)), number) for number in (pk, self.MISSING)
        )
        assert hidden == missing, url

    def said(self, response: Any, number: int) -> tuple[int, str, dict[str, str]]:
        """Status, words and headers without the number itself and the token every form has anew."""
        page, address = response.content.decode(), f"/{number}/"
        varies = {"ETag", "Content-Length"} if TOKEN.search(page) or address in page else set()
        headers = {
            name: value.replace(address, "/#/") for name, value in response.items() if name not in varies
        }
        return response.status_code, TOKEN.sub("", page).replace(address, "/#/"), headers

    @pytest.mark.parametrize("state", HIDDEN)
    def test_questions_and_answers(self, state: str, client: Client, sign_in) -> None:
        question = QuestionFactory(**{state: True})
        answers = [
            AnswerFactory(**{state: True}, question=QuestionFactory(published=True)),
            AnswerFactory(published=True, question=question),
        ]
        for reader in (client, sign_in(UserFactory()), sign_in(DoctorFactory(verified=True).user)):
            for end in ("", f"{question.slug}/", "feed/", "answer/", "edit/", "withdraw/"):
                self.same(reader, "/questions/{}/" + end, question.pk)
            for answer in answers:
                for end in ("", "history/", "edit/", "withdraw/", "second-opinion/"):
                    self.same(reader, "/answers/{}/" + end, answer.pk)
                for end in ("helpful/", "settled/", "edit/", "withdraw/", "second-opinion/"):
                    self.same(reader, "/answers/{}/" + end, answer.pk, "post")

    @pytest.mark.parametrize("state", HIDDEN)
    def test_profiles(self, state: str, client: Client) -> None:
        hidden = client.get(DoctorFactory(**{state: True}).get_absolute_url())
        missing = client.get("/doctors/nobody-at-all/")
        assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content)


class TestNobodyWritesWhatIsNotTheirs:
    """T-AZ-11: what a form does not ask for is not taken from it."""

    FORGED = {
        "id": "1", "pk": "1", "state": "published", "version": "9", "risk": "0", "published_at": "2020-01-01",
        "moderated_by": "1", "moderated_at": "2020-01-01", "is_imported": "on", "external_id": "x",
        "helpful_count": "99", "is_staff": "on", "is_superuser": "on", "groups": "1", "verified": "on",
        "standing": "verified", "verified_on": "2020-01-01", "author_snapshot": "{}", "body_html": "<b>raw</b>",
        "slug": "mine", "form-0-state": "published", "form-TOTAL_FORMS": "1", "stage": "before", "understood": "on", "agrees": "on",
    }  # fmt: skip

    @pytest.fixture
    def forged(self) -> dict[str, str]:
        other = UserFactory()
        return {**self.FORGED, "author": str(other.pk), "user": str(other.pk), "doctor": "1", "question": "1"}

    def test_asking(self, client: Client, sign_in, forged: dict[str, str]) -> None:
        treatment, person = TreatmentFactory(), UserFactory()
        words = {"title": "Is this a good idea?", "body": "I have wondered for a year."}
        data = {**forged, **words, "submission_key": str(uuid4()), "send": ""}
        sign_in(person).post(f"/questions/ask/?treatment={treatment.slug}", data)
        question = Question.objects.get()
        assert (question.author, question.state, question.version) == (person, State.PENDING, 1)
        assert (question.is_imported, question.external_id, question.published_at) == (False, None, None)
        assert question.body_html == "<p>I have wondered for a year.</p>"
        assert client.get(question.get_absolute_url()).status_code == 404
        person.refresh_from_db()
        assert (person.is_staff, person.is_superuser) == (False, False)

    def test_answering(self, client: Client, sign_in, forged: dict[str, str]) -> None:
        question, doctor = QuestionFactory(published=True), DoctorFactory(verified=True)
        words = {"stance": "supports", "confidence": "high", "summary": "Yes.", "body": "It works."}
        sign_in(doctor.user).post(f"/questions/{question.pk}/answer/", {**forged, **words})
        answer = Answer.objects.get()
        assert (answer.doctor, answer.question, answer.state) == (doctor, question, State.PENDING)
        assert (answer.helpful_count, answer.is_imported, answer.author_snapshot) == (0, False, {})
        assert "It works." not in client.get(question.get_absolute_url()).content.decode()

    def test_editing(self, sign_in, forged: dict[str, str]) -> None:
        question = QuestionFactory(published=True, title="As it was before?")
        author = question.author
        words = {"title": "Is it published now?", "body": "I would so like it to be."}
        sign_in(author).post(f"/questions/{question.pk}/edit/", {**forged, **words})
        question.refresh_from_db()
        assert (question.author, question.title, question.slug) == (
            author,
            "As it was before?",
            "as-it-was-before",
        )
        assert question.revisions.get().state == State.PENDING

    def test_a_second_opinion(self, client: Client, sign_in, forged: dict[str, str]) -> None:
        answer, doctor = AnswerFactory(published=True), DoctorFactory(verified=True)
        words = {
            "about": "1",
            "kind": "dispute",
            "stance": "exam",
            "reason": "goal",
            "note": "It depends so.",
        }
        forged |= {"answer": "1", "about_number": "7", "submitted_at": "2020-01-01"}
        sign_in(doctor.user).post(f"/answers/{answer.pk}/second-opinion/", {**forged, **words})
        opinion = SecondOpinion.objects.get()
        assert (opinion.answer, opinion.doctor, opinion.state) == (answer, doctor, State.PENDING)
        assert (opinion.about_number, opinion.version, opinion.author_snapshot) == (1, 1, {})
        assert "It depends so." not in client.get(answer.question.get_absolute_url()).content.decode()

    def test_verification(self, sign_in, forged: dict[str, str]) -> None:
        doctor = DoctorFactory(published=True)
        person = sign_in(doctor.user)
        for url in (doctor.get_absolute_url(), "/desk/", "/me/handle/"):
            person.post(url, {**forged, "handle": "a-new-name"})
        doctor.refresh_from_db()
        assert not doctor.is_verified_now
        assert not doctor.user.is_staff


def test_nothing_leads_from_an_alias_to_the_person(client: Client) -> None:
    """T-AZ-14: no address, handle, sign-up date, moderator or reason, in any form in which a thread is given out."""
    author = UserFactory(email="marzipan@example.org", handle="marzipan-handle")
    decider = moderator(handle="marzipan-moderator", email="marzipan-m@example.org")
    decided = {"moderated_by": decider, "moderation_reason": "marzipan-reason"}
    doctor = DoctorFactory(
        verified=True, user=UserFactory(email="marzipan-d@example.org", handle="marzipan-doctor"), **decided
    )
    CredentialFactory(doctor=doctor, number="MARZIPAN-99123")
    question = QuestionFactory(published=True, author=author, alias="Wren", **decided)
    answer = AnswerFactory(published=True, question=question, doctor=doctor, **decided)
    thread = question.get_absolute_url()
    pages = {
        url: client.get(url)
        for url in (
            thread, f"/questions/{question.pk}/feed/", "/questions/feed/", "/questions/", "/", "/search/?q=question",
            f"/answers/{answer.pk}/history/", doctor.get_absolute_url(), "/doctors/", "/sitemap-threads.xml",
        )
    }  # fmt: skip
    assert b"by <bdi>Wren</bdi>" in pages[thread].content
    assert b'"name": "Wren"' in pages[thread].content
    for url, response in pages.items():
        assert b"marzipan" not in response.content.lower(), url
        assert "marzipan" not in str(response.headers).lower(), url
