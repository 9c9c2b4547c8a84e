"""The picture of a thread, as crawlers ask for it."""

from __future__ import annotations

import re
from io import BytesIO
from threading import Barrier, Thread
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from PIL import Image

from answers.cards import Card, forget, keeping, picture
from core.moderation import transition
from questions.services import mark_duplicate
from tests.factories import AnswerFactory, DoctorFactory, QuestionFactory, UserFactory, moderator

pytestmark = pytest.mark.django_db


def meta(client: Client, question: Any) -> dict[str, str]:
    html = client.get(question.get_absolute_url()).content.decode()
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[a-z:]+)" content="([^"]*)">', html))


def kept() -> list[str]:
    return sorted(p.name for p in (django_settings.MEDIA_ROOT / "cards").rglob("*.png"))


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def question() -> Any:
    question = QuestionFactory(
        published=True, title="Slimmer calves?", alias="Wren", treatment__name="Botox", place="Memphis"
    )
    for _ in range(3):
        AnswerFactory(published=True, question=question, stance="against", reason="safety")
    return question


def path(client: Client, question: Any) -> str:
    return "/" + meta(client, question)["og:image"].split("/", 3)[3]


def test_the_thread_names_it_with_its_size_and_what_it_says(client: Client, question, settings) -> None:
    settings.SITE_ORIGIN = "https://candor.example"
    said = meta(client, question)
    assert said["og:image"].startswith(f"https://candor.example/questions/{question.pk}/card-")
    assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
    assert said["og:title"] == "Slimmer calves?"
    assert said["og:description"] == "All 3 doctors advise against it."
    assert said["og:image:alt"] == "Botox – Slimmer calves? – All 3 doctors advise against it"
    assert said["og:url"] == f"https://candor.example{question.get_absolute_url()}"
    assert said["twitter:card"] == "summary_large_image"
    assert not any(word in value for word in ("Wren", "Memphis") for value in said.values())


def test_a_version_may_be_kept_for_ever_and_shown_elsewhere(client: Client, question) -> None:
    response = client.get(path(client, question))
    assert response["Content-Type"] == "image/png"
    assert Image.open(BytesIO(response.content)).size == (1200, 630)
    assert response["Cache-Control"] == "public, max-age=31536000, s-maxage=60, immutable"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not response.cookies


def test_it_is_drawn_once_however_many_ask(client: Client, question, monkeypatch) -> None:
    drawn = []
    monkeypatch.setattr(keeping, "draw", lambda card, draw=keeping.draw: drawn.append(card) or draw(card))
    first = client.get(path(client, question)).content
    assert [client.get(path(client, question)).content for _ in range(3)] == [first] * 3
    assert len(drawn) == 1


def test_it_costs_three_queries(client: Client, question, django_assert_num_queries) -> None:
    url = path(client, question)
    with django_assert_num_queries(3):
        client.get(url)


def test_a_new_position_makes_a_new_version_and_the_old_one_leads_to_it(client: Client, question) -> None:
    before = path(client, question)
    client.get(before)
    AnswerFactory(published=True, question=question, stance="supports")
    after = path(client, question)
    assert after != before
    response = client.get(before)
    assert (response.status_code, response["Location"]) == (302, after)
    assert client.get(after).status_code == 200
    assert kept() == [after.rsplit("card-", 1)[1]]


def test_who_does_not_count_is_not_drawn(client: Client, question) -> None:
    before = path(client, question)
    AnswerFactory(published=True, question=question, doctor=DoctorFactory(suspended=True), stance="supports")
    AnswerFactory(pending=True, question=question, stance="supports")
    assert path(client, question) == before


@pytest.mark.parametrize("trait", ["pending", "rejected", "removed", "withdrawn"])
def test_a_hidden_thread_has_none_whoever_asks(client: Client, sign_in, trait: str) -> None:
    hidden = QuestionFactory(**{trait: True})
    for reader in (client, sign_in(hidden.author), sign_in(UserFactory()), sign_in(moderator())):
        assert reader.get(f"/questions/{hidden.pk}/card-anything.png").status_code == 404
    assert "og:image" not in sign_in(hidden.author).get(hidden.get_absolute_url()).content.decode()


def test_a_thread_that_is_taken_down_loses_its_picture(client: Client, question) -> None:
    url = path(client, question)
    client.get(url)
    assert len(kept()) == 1
    transition(question, to="removed", by=moderator(), reason="It names a person.")
    assert client.get(url).status_code == 404
    assert kept() == []


def test_a_thread_that_leads_to_another_loses_its_picture(client: Client) -> None:
    twin, canonical = QuestionFactory(published=True), QuestionFactory(published=True)
    client.get(path(client, twin))
    assert len(kept()) == 1
    mark_duplicate(question=twin, canonical=canonical, by=moderator(), reason="The same.")
    assert kept() == []


class TestKeeping:
    CARD = Card("Is it?", "Botox", "Too few to call", True, (("against", "AB"),), ())

    def test_the_name_tells_nothing_of_the_thread(self, media) -> None:
        picture(4711, self.CARD)
        (folder,) = (media / "cards").iterdir()
        assert re.fullmatch(r"[0-9a-f]{32}", folder.name)

    def test_a_picture_that_was_cut_off_is_drawn_again(self, media) -> None:
        whole = picture(1, self.CARD)
        (file,) = (media / "cards").rglob("*.png")
        file.write_bytes(whole[:500])
        assert picture(1, self.CARD) == whole
        assert file.read_bytes() == whole

    def test_many_at_once_leave_one_file(self, media) -> None:
        barrier, got = Barrier(4), []

        def ask() -> None:
            barrier.wait()
            got.append(picture(1, self.CARD))

        threads = [Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(got) == 4
        assert len(set(got)) == 1
        picture(1, self.CARD)
        assert all(p.name.startswith(self.CARD.version) for p in (media / "cards").rglob("*.png"))

    def test_forgetting_what_was_never_drawn_is_nothing(self) -> None:
        forget(987_654)
