"""The pages that belong to the site as a whole."""

import pytest
from django.db import OperationalError
from django.test import Client

from core.moderation import every_step
from tests.factories import AnswerFactory, BodyAreaFactory, QuestionFactory, TreatmentFactory, UserFactory

pytestmark = pytest.mark.django_db


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


class TestHome:
    def test_it_shows_a_real_thread_and_what_people_ask_about(self, client: Client) -> None:
        botox = TreatmentFactory(name="Botox")
        botox.body_areas.add(BodyAreaFactory(slug="face"))
        question = AnswerFactory(
            published=True, question__title="Slimmer calves?", question__treatment=botox
        ).question
        TreatmentFactory(name="Never asked about")
        QuestionFactory(pending=True, treatment__name="Asked about in secret")
        html = page(client, "/")
        assert "See where the doctors stand." in html
        assert html.count(f'<a href="{question.get_absolute_url()}"') == 2
        assert 'href="/treatments/#area-face"' in html
        assert "Never asked about" not in html
        assert "Asked about in secret" not in html

    def test_treatments_stand_by_how_many_questions_are_about_them(self, client: Client) -> None:
        face = BodyAreaFactory(slug="face")
        for name, asked in (("Alpha", 1), ("Beta", 3), ("Gamma", 2)):
            treatment = TreatmentFactory(name=name)
            treatment.body_areas.add(face)
            for _ in range(asked):
                QuestionFactory(published=True, treatment=treatment)
        html = page(client, "/")
        html = html[html.index("Treatments people ask about") :]
        assert sorted(("Alpha", "Beta", "Gamma"), key=html.index) == ["Beta", "Gamma", "Alpha"]
        assert "by a named moderator" not in html

    def test_it_stands_on_an_empty_site(self, client: Client) -> None:
        assert "Newest answered questions" in page(client, "/")


def test_the_trust_page_says_what_the_code_does(client: Client) -> None:
    html = page(client, "/trust/")
    assert "a doctor’s own answer wins over their second opinions" in html
    assert "Below 3 positions it is <strong>too few to call</strong>" in html
    assert "at least 2 of 3 hold the same position" in html
    assert html.count('<th scope="row"') == len(every_step())
    assert "verified <em>today</em> count" in html
    assert "90 days later it reads “not confirmed since”" in html
    assert "after 12 months in any case unless the register names another day" in html
    for order in ("most discussed", "waiting longest", "how well they fit the words", "verified today first"):
        assert order in html


def test_robots_are_led_past_what_is_personal_to_the_sitemap(client: Client, settings) -> None:
    settings.SITE_ORIGIN = "https://candor.example"
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /me/", "Disallow: /admin/", "Disallow: /accounts/", "Disallow: /search/"} <= set(lines)
    assert lines[-1] == "Sitemap: https://candor.example/sitemap.xml"


class TestGallery:
    def test_it_is_open_in_the_demonstration(self, client: Client, settings) -> None:
        settings.DEMO = True
        assert "answer__summary" in page(client, "/gallery/")
        assert "no-store" in client.get("/gallery/")["Cache-Control"]

    def test_it_does_not_exist_in_production(self, client: Client, settings) -> None:
        settings.DEMO = False
        response = client.get("/gallery/")
        assert response.status_code == 404
        assert b"There is nothing at this address" in response.content


class TestHealth:
    def test_the_process_answers_without_asking_the_database(
        self, client: Client, django_assert_num_queries
    ) -> None:
        with django_assert_num_queries(0):
            response = client.get("/healthz")
        assert (response.content, response["Cache-Control"]) == (b"ok\n", "no-store")

    def test_it_is_ready_when_database_and_storage_answer_and_leaves_nothing(
        self, client: Client, settings
    ) -> None:
        response = client.get("/readyz")
        assert (response.status_code, response.content) == (200, b"ok\n")
        for folder in (settings.MEDIA_ROOT, settings.EVIDENCE_ROOT):
            assert not [file for file in folder.rglob("probe*") if file.is_file()]

    @pytest.mark.parametrize(
        ("part", "error", "said"),
        [
            ("config.views.pages.connection.cursor", OperationalError("gone"), b"database unavailable\n"),
            ("config.views.pages.default_storage.save", OSError(28, "full"), b"storage unavailable\n"),
        ],
    )
    def test_it_names_what_is_missing(
        self, client: Client, monkeypatch, part: str, error: Exception, said: bytes
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(part, fail)
        response = client.get("/readyz")
        assert (response.status_code, response.content) == (503, said)
        assert response["Cache-Control"] == "no-store"

    def test_evidence_that_cannot_be_kept_is_named(self, client: Client, settings, tmp_path) -> None:
        settings.EVIDENCE_ROOT = tmp_path / "a file"
        settings.EVIDENCE_ROOT.write_text("no folder")
        response = client.get("/readyz")
        assert (response.status_code, response.content) == (503, b"evidence storage unavailable\n")


@pytest.mark.parametrize(("error", "status"), [(OperationalError("gone"), 503), (RuntimeError("a bug"), 500)])
def test_a_database_lost_before_the_page_begins_is_a_pause_too(
    client: Client, monkeypatch, error: Exception, status: int
) -> None:
    """Who is signed in is asked by a middleware, before any view."""

    def fail(*_: object) -> None:
        raise error

    client.force_login(UserFactory())
    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", fail)
    response = client.get("/me/")
    assert (response.status_code, response.get("Retry-After")) == (status, "5" if status == 503 else None)
    assert response["Cache-Control"] == "private, no-store"
