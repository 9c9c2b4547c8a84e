"""What stands above every answer, whatever the answer is."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import pytest
from django.db import OperationalError
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import override_settings

from core.middleware import PERMISSIONS_POLICY, SHARED_SECONDS
from tests.factories import (
    AnswerFactory,
    DoctorFactory,
    QuestionFactory,
    SourceFactory,
    TreatmentFactory,
    UserFactory,
    moderator,
)

pytestmark = pytest.mark.django_db
SELF_ONLY = ("script-src", "style-src", "img-src", "font-src", "connect-src", "manifest-src", "form-action")
NOTHING = ("default-src", "base-uri", "object-src", "frame-ancestors")
SHARED = f"public, max-age=0, s-maxage={SHARED_SECONDS}"
PUBLIC = ["/", "/questions/", "/treatments/", "/treatments/botox/", "/treatments/botox/uses/", "/doctors/",
          "/treatments/?country=GB", "/treatments/botox/?country=GB", "/treatments/botox/uses/?country=GB",
          "/treatments/botox/uses/uses.csv",
          "/search/?q=botox", "/trust/", "/questions/feed/", "/sitemap.xml", "/robots.txt"]  # fmt: skip
REFERENCE = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed|form)\b[^>]*(?:src|action)=["'](?!/(?!/))"""
)
STYLE_SHEET = re.compile(
    r"""<link\b[^>]*rel=["'](?:stylesheet|icon|preload|preconnect)["'][^>]*href=["'](?!/(?!/))"""
)


@dataclass
class Site:
    client: Client
    sign_in: Callable[..., Client]
    thread: str

    def answer(self, kind: str, monkeypatch: pytest.MonkeyPatch) -> HttpResponseBase:
        """One answer of each kind this site gives."""
        self.client.raise_request_exception = False
        error = {"500": RuntimeError("a bug"), "503": OperationalError("gone")}.get(kind)
        if error:
            monkeypatch.setattr("answers.views.lists.paginate", fail_with(error))
        with closing(self.kinds()[kind]()) as response:
            return response

    def kinds(self) -> dict[str, Callable[[], HttpResponseBase]]:
        get, person = self.client.get, UserFactory()
        return {
            "page": lambda: get("/"),
            "thread": lambda: get(self.thread),
            "own page": lambda: self.sign_in(person).get("/me/"),
            "sign in": lambda: get("/accounts/login/"),
            "admin": lambda: self.sign_in(moderator()).get("/admin/"),
            "feed": lambda: get("/questions/feed/"),
            "sitemap": lambda: get("/sitemap-threads.xml"),
            "text": lambda: get("/robots.txt"),
            "static file": lambda: get("/static/css/site.css"),
            "301": lambda: get(self.short),
            "302": lambda: get("/me/"),
            "304": lambda: get("/", headers={"if-none-match": get("/")["ETag"]}),
            "400": lambda: get("/?q=%00"),
            "403": lambda: self.sign_in(person).get(f"{self.short}answer/"),
            "403 form": lambda: Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"}),
            "404": lambda: get("/nothing/"),
            "405": lambda: self.client.post("/"),
            "405 method": lambda: self.client.generic("TRACE", "/"),
            "422": lambda: self.sign_in(person).get("/questions/ask/?treatment=none"),
            "500": lambda: get("/questions/"),
            "503": lambda: get("/questions/"),
        }

    @property
    def short(self) -> str:
        return "/".join(self.thread.split("/")[:3]) + "/"


KINDS = ["page", "thread", "own page", "sign in", "admin", "feed", "sitemap", "text", "static file", "301", "302",
         "304", "400", "403", "403 form", "404", "405", "405 method", "422", "500", "503"]  # fmt: skip


def fail_with(error: Exception) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


@pytest.fixture
def site(client: Client, sign_in: Callable[..., Client]) -> Site:
    signs = {"emergency_signs": "Trouble swallowing.", "emergency_source": SourceFactory()}
    treatment = TreatmentFactory(name="Botox", slug="botox", **signs)
    answer = AnswerFactory(published=True, question__treatment=treatment)
    return Site(client, sign_in, answer.question.get_absolute_url())


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_carries_every_header(site: Site, kind: str, monkeypatch, caplog) -> None:
    """T-HD-01, T-HD-02, T-HD-05"""
    response = site.answer(kind, monkeypatch)
    assert not kind[:3].isdigit() or response.status_code == int(kind[:3])
    policy = {part.split()[0]: part.split()[1:] for part in response["Content-Security-Policy"].split(";")}
    assert policy == {**{name: ["'self'"] for name in SELF_ONLY}, **{name: ["'none'"] for name in NOTHING}}
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Permissions-Policy"] == PERMISSIONS_POLICY
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Embedder-Policy"] == "require-corp"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind[:1] in "45" and kind != "403 form"])
def test_no_error_is_kept_by_a_cache(site: Site, kind: str, monkeypatch, caplog) -> None:
    """T-CA-05"""
    assert "no-store" in site.answer(kind, monkeypatch)["Cache-Control"]


def test_a_lost_database_says_when_to_come_back(site: Site, monkeypatch, caplog) -> None:
    response = site.answer("503", monkeypatch)
    assert response["Retry-After"] == "5"
    assert "We will be back in a moment" in response.content.decode()


@pytest.mark.parametrize("url", PUBLIC)
def test_visitors_get_the_same_page_without_a_cookie_and_may_share_it(site: Site, url: str) -> None:
    """T-CA-04"""
    first, second = Client().get(url), Client(headers={"cookie": "unrelated=1; country=GB"}).get(url)
    for response in (first, second):
        assert response.status_code == 200
        assert not response.cookies
        assert response["Cache-Control"] == SHARED
        assert "Cookie" in response["Vary"]
        assert b"csrf" not in response.content
    assert first.content == second.content
    again = Client().get(url, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again["Cache-Control"]) == (304, SHARED)


@pytest.mark.parametrize("url", [*PUBLIC, "/me/", "/questions/ask/"])
def test_what_is_given_to_somebody_signed_in_is_stored_nowhere(site: Site, url: str) -> None:
    """T-CA-01"""
    response = site.sign_in(DoctorFactory(verified=True).user).get(url)
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("headers", [{"cookie": "sessionid=made-up"}, {"authorization": "Basic eDp5"}])
def test_whoever_claims_an_identity_gets_nothing_shared(site: Site, headers: dict[str, str]) -> None:
    """T-CA-02"""
    assert site.client.get("/", headers=headers)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "kind", ["page", "thread", "own page", "sign in", "admin", "400", "403", "404", "422"]
)
def test_no_page_asks_anybody_else_for_anything(site: Site, kind: str, monkeypatch) -> None:
    """T-HD-07"""
    page = site.answer(kind, monkeypatch).content.decode()
    assert REFERENCE.findall(page) == []
    assert STYLE_SHEET.findall(page) == []


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
def test_no_other_site_may_read_an_answer(site: Site, origin: str) -> None:
    """T-HD-08"""
    response = site.client.get("/", headers={"origin": origin})
    assert "Access-Control-Allow-Origin" not in response


def test_no_answer_names_what_it_runs_on(site: Site) -> None:
    """T-HD-09"""
    response = site.client.get("/")
    assert not {"Server", "X-Powered-By", "Via"} & set(response.headers)


def test_secure_answers_are_asked_for_by_https_ever_after(db: None) -> None:
    """T-HD-05: as production has it."""
    with override_settings(
        SECURE_HSTS_SECONDS=31_536_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True, SECURE_HSTS_PRELOAD=True
    ):
        for url in ("/", "/nothing/", "/static/css/site.css", "/?q=%00"):
            with closing(Client().get(url, secure=True)) as response:
                policy = response["Strict-Transport-Security"]
            assert policy == "max-age=31536000; includeSubDomains; preload", url


def test_an_answer_that_takes_a_cookie_away_is_never_shared(site: Site) -> None:
    """T-CA-02: the share card says of itself that it may be shared; not when it carries somebody's cookie."""
    person, browser = UserFactory(), Client()
    question = QuestionFactory(published=True)
    page = browser.get(f"/questions/{question.pk}/save/").content.decode()
    assert "Keep" in page
    browser.post(f"/questions/{question.pk}/save/")
    kept = browser.cookies["kept"].value
    client = site.sign_in(person)
    client.cookies["kept"] = kept
    response = client.get(f"/questions/{question.pk}/card-x.png", follow=True)
    first = response.redirect_chain and response
    assert first.status_code == 200
    client.cookies["kept"] = kept
    again = client.get(response.request["PATH_INFO"])
    assert again.cookies
    assert again["Cache-Control"] == "private, no-store"


def test_head_is_the_answer_to_get_without_its_body(site: Site) -> None:
    for path in ("/", site.thread, "/healthz", "/questions/feed/", "/me/saved/"):
        got, head = Client().get(path), Client().head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head["Content-Length"] == str(len(got.content))


def test_what_django_turns_away_fills_no_log(site: Site, caplog) -> None:
    many = "&".join(f"a{number}" for number in range(400))
    assert site.client.get(f"/search/?{many}").status_code == 400
    assert caplog.text == ""
