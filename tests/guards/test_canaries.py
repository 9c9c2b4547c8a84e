"""A canary in every field of everything that is not for everybody is found by its author and the moderators alone.

T-AZ-04 over the whole table of addresses: pages, feeds, sitemaps, searches, suggestions, counts, structured data, the
share card, downloads, the export, addresses of images and mail.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import resolve, reverse

from accounts.models import User
from accounts.sanctions import impose
from answers.filters import SORTS
from answers.models import Answer, Word
from config.sitemaps import SITEMAPS
from core.appeals import file_appeal
from core.enums import State
from core.moderation import transition
from core.reports import file_report
from doctors.models import Doctor
from questions.models import Question
from tests.factories import PASSWORD, DoctorFactory, QuestionFactory, UserFactory, moderator, senior
from tests.guards.canaries import CANARY, HIDDEN, Aviary, plant_everything, unplanted_models
from tests.guards.test_access import path_of, table
from treatments.models import Treatment, TreatmentUse

pytestmark = pytest.mark.django_db
STRANGERS: dict[str, Callable[[], User]] = {
    "another patient": UserFactory,
    "an unverified doctor": lambda: DoctorFactory(pending=True).user,
    "a verified doctor": lambda: DoctorFactory(verified=True).user,
    "a suspended doctor": lambda: DoctorFactory(suspended=True).user,
}
# Where a reader's words are looked for: the last shows similar threads to whoever is about to ask. In texts any of
# several words is found; of names and places each is asked for alone.
ANY_OF = ("/search/?q={}", "/questions/ask/?treatment=botox&title={}")
ALONE = {
    "/search/?q={}": ("doctors.Doctor.name", "doctors.Doctor.slug", "treatments."),
    "/doctors/?name={}": ("doctors.Doctor.",),
    "/doctors/?place={}": ("doctors.Doctor.", "doctors.PracticePlace."),
    "/questions/?place={}": ("questions.Question.place",),
}
AT_ONCE = 8
NEVER_PLANTED = "quaggazzz"


@pytest.fixture
def aviary(world: dict) -> Aviary:
    return plant_everything(world)


def stranger(name: str, sign_in: Callable[..., Client]) -> Client:
    return sign_in(STRANGERS[name]()) if name in STRANGERS else Client()


def addresses(world: dict, aviary: Aviary) -> Iterator[str]:
    """Every name of the table with what is public and with what is hidden, and every order, section and version."""
    hidden = [row for row in aviary.rows if isinstance(row, Question | Answer)]
    for name in table():
        path = path_of(name, world)
        yield path
        if name.startswith(("questions:", "answers:")) and "pk" in resolve(path.partition("?")[0]).kwargs:
            number = resolve(path).kwargs["pk"]
            yield from {path.replace(f"/{number}/", f"/{row.pk}/", 1) for row in hidden}
    for lists in ("/questions/", "/treatments/botox/questions/"):
        yield from (f"{lists}?sort={sort}" for sort in SORTS)
    yield from (reverse("sitemap-section", args=[section]) for section in SITEMAPS)
    yield from (f"/answers/{world['answer'].pk}/history/?version={number}" for number in (1, 2, 3))
    yield from of_slugs(aviary)


def of_slugs(aviary: Aviary) -> Iterator[str]:
    """The addresses that hidden doctors, treatments and their pictures would have."""
    for row in aviary.rows:
        if isinstance(row, Doctor | Treatment | TreatmentUse | Question):
            row.refresh_from_db()
        if isinstance(row, Doctor) and row.state != State.PUBLISHED:
            yield from (row.get_absolute_url(), reverse("answers:of-doctor", args=[row.slug]))
            yield reverse("doctors:portrait", args=[row.slug, row.portrait.name.rsplit("/", 1)[-1]])
        if isinstance(row, Treatment):
            yield from (
                row.get_absolute_url(),
                f"{row.get_absolute_url()}questions/",
                f"{row.get_absolute_url()}uses/",
            )
            yield reverse("answers:treatment-feed", args=[row.slug])
        if isinstance(row, Question):
            yield row.get_absolute_url()


def found(text: str, aviary: Aviary, *, but: str = "") -> list[str]:
    """Which canaries are in a text, by where they sit; not those the reader brought along."""
    brought = set(CANARY.findall(but))
    return [
        aviary.where[word]
        for word in CANARY.findall(text.lower())
        if word not in brought and word in aviary.where
    ]


def said(response: Any) -> str:
    body = b"".join(response) if response.streaming else response.content
    return f"{response.headers}\n{body.decode(errors='replace')}"


def test_every_model_that_can_hold_words_is_planted_or_listed() -> None:
    assert unplanted_models() == []


@pytest.mark.parametrize("name", ["anonymous", *STRANGERS])
def test_no_address_shows_a_canary(
    name: str, world: dict, aviary: Aviary, sign_in: Callable[..., Client]
) -> None:
    reader = stranger(name, sign_in)
    key = reader.cookies.get("sessionid")
    leaks = []
    for url in dict.fromkeys(addresses(world, aviary)):
        if key:
            reader.cookies["sessionid"] = key.value
        response = reader.get(url)
        assert response.status_code < 500, url
        leaks += [f"{url}: {where}" for where in found(said(response), aviary, but=url)]
    assert not leaks, "\n".join(leaks)


def test_no_search_finds_a_canary(aviary: Aviary, client: Client, sign_in: Callable[..., Client]) -> None:
    """Neither a result nor a suggestion nor a count: all is as for words that stand nowhere."""
    words = list(aviary.where)
    told = []
    for reader, place in zip((client, sign_in(UserFactory())), ANY_OF, strict=True):
        for start in range(0, len(words), AT_ONCE):
            some = words[start : start + AT_ONCE]
            if answer(reader, place, some) != answer(reader, place, [NEVER_PLANTED] * len(some)):
                told.append(f"{place}: {[aviary.where[word] for word in some]}")
    for place, kinds in ALONE.items():
        nothing = answer(client, place, [NEVER_PLANTED])
        asked = [word for word in words if aviary.where[word].startswith(kinds)]
        assert asked
        told += [
            f"{place}: {aviary.where[word]}" for word in asked if answer(client, place, [word]) != nothing
        ]
    assert not told, "\n".join(told)


def answer(reader: Client, place: str, words: list[str]) -> str:
    """The page without the words themselves and what every form has anew."""
    page = reader.get(place.format("+".join(words))).content.decode()
    page = re.sub(r'name="(csrfmiddlewaretoken|submission_key)" value="[-\w]+"', "", page)
    return CANARY.sub("#", page)


def test_no_word_is_counted_that_only_hidden_texts_have(world: dict, aviary: Aviary) -> None:
    call_command("reindex", verbosity=0)
    assert [word for word in Word.objects.values_list("word", flat=True) if CANARY.search(word)] == []


def test_the_share_card_is_drawn_of_the_same_before_and_after(world: dict, client: Client) -> None:
    """Its address is a digest of all that goes into it."""
    address = reverse("answers:card", args=[world["question"].pk, "old"])
    before = client.get(address)["Location"]
    plant_everything(world)
    assert client.get(address)["Location"] == before


def test_the_export_has_no_canary(world: dict, aviary: Aviary, tmp_path: Path) -> None:
    call_command("export_threads", str(tmp_path / "all.jsonl"), verbosity=0)
    text = (tmp_path / "all.jsonl").read_text()
    assert world["question"].title in text
    assert found(text, aviary) == []


def test_no_mail_has_a_canary(
    world: dict, aviary: Aviary, client: Client, settings: Any, tmp_path: Path
) -> None:
    """What is decided, reported, appealed and imposed with such words sends none of them, to the outbox or to var/mail."""
    for folder in (None, tmp_path / "mail"):
        if folder:
            settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
            settings.EMAIL_FILE_PATH = folder
        stir(world, client)
    written = "".join(path.read_text() for path in (tmp_path / "mail").iterdir())
    sent = "".join(f"{message.subject}\n{message.body}\n{message.extra_headers}" for message in mail.outbox)
    assert "password" in written.lower()
    assert "password" in sent.lower()
    assert found(written + sent, aviary) == []


def stir(world: dict, client: Client) -> None:
    """Every kind of deed that somebody might be told of, with canaries as its words."""
    mod, judge, person = moderator(), senior(), UserFactory()
    words = "Look at quaggaaaa and quaggaaab."
    waiting = QuestionFactory(pending=True, author=person, title=words)
    transition(waiting, to=State.REJECTED, by=mod, reason=words, code="private")
    file_appeal(obj=waiting, by=person, text=words)
    file_report(target=world["question"], by=person, kind="facts", text=words)
    impose(person=person, by=judge, kind="warning", reason=words)
    client.post(reverse("account_reset_password"), {"email": person.email})
    client.post(
        reverse("account_signup"),
        {
            "email": f"new{person.pk}@example.org",
            "handle": f"new-{person.pk}",
            "password1": PASSWORD,
            "adult": "on",
        },
    )


class TestWhoMayFindThem:
    """The canaries are where they should be: else their absence elsewhere would say nothing."""

    def test_moderators_on_the_screen_of_each_thing(
        self, aviary: Aviary, sign_in: Callable[..., Client]
    ) -> None:
        desk = sign_in(senior())
        for row in aviary.rows:
            if hasattr(row, "moderated_by") and row.state in HIDDEN:
                page = desk.get(reverse("admin:moderation_item", args=[row._meta.model_name, row.pk]))
                assert found(page.content.decode(), aviary), row

    def test_its_author_on_their_own_pages(self, aviary: Aviary, sign_in: Callable[..., Client]) -> None:
        for row in aviary.rows:
            if (
                isinstance(row, Question)
                and row.state in {State.PENDING, State.DRAFT}
                and not row.duplicate_of_id
            ):
                page = sign_in(User.objects.get(pk=row.author_id)).get(reverse("answers:mine"))
                assert any(".title of" in where for where in found(page.content.decode(), aviary)), row
