"""Whatever is sent to a public page: no 5xx, nothing reflected raw, nothing slow, nothing said of the insides."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
from django.http import HttpResponseBase
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.enums import State
from core.moderation import transition
from core.pagination import PAGE_SIZE
from questions.models import Question
from tests.factories import (
    AnswerFactory,
    CaseFactory,
    DoctorFactory,
    LabelStatusFactory,
    QuestionFactory,
    TreatmentFactory,
    UseFactory,
    UserFactory,
    moderator,
)
from tests.timing import is_done_within

pytestmark = pytest.mark.django_db
PARAMETERS = {
    "/questions/": "sort treatment area answered stance stage age place after page".split(),
    "/treatments/botox/questions/": "sort use answered stance stage age place after".split(),
    "/treatments/botox/": "country".split(),
    "/treatments/botox/uses/": "sort status country".split(),
    "/treatments/botox/uses/uses.csv": "sort status country".split(),
    "/treatments/botox/doctors/": "specialty place language name after".split(),
    "/treatments/botox/cases/": "use area age skin days comparable show after".split(),
    "doctor_cases": "treatment area age skin days comparable show after".split(),
    "case": "show country".split(),
    "/doctors/": "treatment specialty place language name after".split(),
    "of_doctor": "treatment stance after".split(),
    "/reports/new/": "about next".split(),
    "/search/": "q treatment answered stance stage page".split(),
    "thread": "sort stance page country".split(),
    "history": "version page".split(),
    "/questions/feed/": "page after".split(),
    "/sitemap-threads.xml": "p".split(),
    "/me/saved/": "page after".split(),
    "/me/packet/": "thread".split(),
    "/trust/ledger/": "year".split(),
    "/": "q utm_source".split(),
}
MARKUP = [
    "<script>zq9()</script>", "\"><img src=x onerror=zq9()>", "'><svg/onload=zq9()>", "</title><script>zq9()</script>",
    "</script><script>zq9()</script>", "\" autofocus onfocus=\"zq9()", "javascript:zq9()//<", "<!--<zq9>-->",
    "{{1337*1337}}<zq9>", "{% debug %}<zq9>", "&lt;zq9&gt;<zq9>", "<zq9 style=x:expression(zq9())>",
]  # fmt: skip
SQL = [
    "'", "''", "\"", "\\", "'; SELECT pg_sleep(3); --", "1) OR (SELECT pg_sleep(3)) IS NULL --", "' OR '1'='1", "%",
    "_", "%s", "%(x)s", "$$", "1 OR 1=1", "(a & b) | !c:*", "and or not", "\"a phrase", "<-> & | ! ( ) :*",
]  # fmt: skip
NUMBERS = [
    "0", "-1", "1.0", " 1", "NaN", "inf", "１２", "٣", "0x10", "1e9", "100000", str(2**31), str(2**63), str(10**18),
    "9" * 4301, "", "None", "true", "[]", "{}",
]  # fmt: skip
UNICODE = ["\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80", "\u202eevil".encode(),
           ("a" + "\u0301" * 300).encode(), "👩‍👩‍👧‍👦".encode(), "\uffff\ufffe".encode(), "\u0958".encode(),
           b"\r\nSet-Cookie: x=1", b"\x1b[31m", "İıſK".encode()]  # fmt: skip
LOOKUPS = [
    "author__password__startswith",
    "question__author__email",
    "_connector",
    "pk__in",
    "__proto__",
    "state",
]
CURSORS = [
    base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
    for value in ([], [1], ["2026-01-01", 1], ["9999-12-31T23:59:59Z", 10**30], [None, None], ["x", "y"], {}, [[1], 2],
                  ["0001-01-01T00:00:00+14:00", 1], [1e308, 1], ["\x00", 1], [-1, -1], [True, 1])
]  # fmt: skip
INSIDES = ("traceback", "psycopg", "syntax error", "programmingerror", "dataerror", "exception value")


@pytest.fixture
def urls() -> dict[str, list[str]]:
    """Every public page that reads a query string, with the parameters it knows."""
    treatment = TreatmentFactory(name="Botox", slug="botox")
    use = UseFactory(treatment=treatment)
    LabelStatusFactory(use=use)
    question = QuestionFactory(published=True, treatment=treatment, use=use)
    answer = AnswerFactory(published=True, question=question)
    case = CaseFactory(published=True, treatment=treatment, use=use)
    own = {"thread": question.get_absolute_url(), "history": f"/answers/{answer.pk}/history/",
           "of_doctor": f"/doctors/{answer.doctor.slug}/answers/",
           "doctor_cases": f"/doctors/{case.doctor.slug}/cases/", "case": case.get_absolute_url()}  # fmt: skip
    return {own.get(url, url): names for url, names in PARAMETERS.items()}


def unbroken(response: HttpResponseBase, url: str, *probes: str) -> str:
    """The body of an answer that is none of the things an attacker looks for."""
    body = response.content.decode(errors="replace")
    assert response.status_code < 500, url
    assert not any(word in body.lower() for word in INSIDES), url
    assert not any(probe in body for probe in probes), url
    assert "Set-Cookie" not in response.headers
    return body


def raw(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode(errors="surrogatepass")


def fetch(url: str, query: str) -> HttpResponseBase:
    responses: list[HttpResponseBase] = []
    address = f"{url}?{query}"
    assert is_done_within(1, lambda: responses.append(Client().get(address))), address[:200]
    return responses[-1]


@pytest.mark.parametrize("probe", MARKUP)
def test_markup_in_a_query_is_never_markup_in_the_page(urls, probe: str) -> None:
    """T-IN-01, T-IN-04"""
    for url, names in urls.items():
        for query in (urlencode(dict.fromkeys(names, probe)), f"{quote(probe)}={quote(probe)}"):
            unbroken(fetch(url, query), url, probe, "<zq9", "onerror=zq9()>", "1787569", 'href="javascript')


@pytest.mark.parametrize("value", [*SQL, *NUMBERS, *CURSORS])
def test_hostile_values_are_answered_quickly_and_calmly(urls, value: str) -> None:
    """T-IN-05, T-IN-06, T-FZ-01, T-FZ-02"""
    for url, names in urls.items():
        unbroken(fetch(url, urlencode(dict.fromkeys(names, value))), url)


@pytest.mark.parametrize("value", UNICODE)
def test_broken_and_strange_characters_are_answered_calmly(urls, value: bytes) -> None:
    """T-FZ-01, T-FZ-07"""
    for url, names in urls.items():
        unbroken(fetch(url, "&".join(f"{name}={quote(value)}" for name in names)), url)
        unbroken(fetch(url, f"{quote(value)}=1"), url)


@pytest.mark.parametrize(
    "query",
    ["&&&==;", "q", "=x", "q=%", "q=%zz", "q=%u0041", "q[]=1&q[a]=2", "sort=helpful&sort=newest", "q=" + "x" * 3000,
     "q=" + "a+" * 1500, "&".join(f"p{n}=1" for n in range(400)), *(f"{name}=a" for name in LOOKUPS)],
)  # fmt: skip
def test_crooked_query_strings_are_answered_calmly(urls, query: str) -> None:
    """T-FZ-01, T-IN-05: unknown names are ignored, lookups among them."""
    for url in urls:
        unbroken(fetch(url, query), url)


@pytest.mark.parametrize("where", ["?q=%00", "?%00=1", "?page=1%00", "%00/", "?after=%00"])
def test_a_nul_byte_is_turned_away_in_words(urls, where: str) -> None:
    """T-FZ-06"""
    for url in urls:
        response = Client().get(url + where)
        assert response.status_code in {400, 404}
        if "?" in where:
            assert "We could not read that request" in response.content.decode()


def test_a_nul_byte_in_a_cookie_is_turned_away(client: Client) -> None:
    """T-FZ-06"""
    response = client.get("/", headers={"cookie": 'sessionid="a\\000b"; csrftoken=x'})
    assert response.status_code == 400


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_query_string_breaks_a_page(urls, data: st.DataObject) -> None:
    """T-FZ-01: what nobody thought of."""
    url = data.draw(st.sampled_from(sorted(urls)))
    names = st.sampled_from([*urls[url], *LOOKUPS]) | st.text(max_size=8)
    values = (
        st.text(max_size=40)
        | st.binary(max_size=30)
        | st.integers().map(str)
        | st.sampled_from(SQL + CURSORS)
    )
    pairs = data.draw(st.lists(st.tuples(names, values), max_size=6))
    query = "&".join(f"{quote(raw(name))}={quote(raw(value))}" for name, value in pairs)
    unbroken(fetch(url, query), f"{url}?{query}")


@pytest.mark.parametrize(
    "query", [f"{name}=100000" for name in ("page_size", "limit", "per_page", "size", "count")]
)
def test_nobody_makes_a_page_longer(query: str) -> None:
    """T-FZ-02"""
    for _ in range(PAGE_SIZE + 3):
        QuestionFactory(published=True)
    body = Client().get(f"/questions/?{query}").content.decode()
    assert body.count('<article class="row">') == PAGE_SIZE


@pytest.mark.parametrize(
    "pk", ["0", "-1", "9" * 19, "9" * 30, "9" * 4301, "1.0", "１", "%31%00", "1%2f2", "..%2f", "%ff", "a"]
)
def test_numbers_that_were_never_given_out_lead_nowhere(pk: str) -> None:
    """T-FZ-03"""
    for url in ("/questions/{}/", "/questions/{}/x/", "/questions/{}/feed/", "/answers/{}/", "/answers/{}/history/",
                "/doctors/{}/", "/cases/{}/", "/treatments/{}/", "/treatments/{}/uses/x/", "/sitemap-{}.xml"):  # fmt: skip
        response = Client().get(url.format(pk))
        assert response.status_code in {400, 404}, url


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "FOO", "PUT", "PATCH", "DELETE", "CONNECT"])
def test_methods_nobody_here_answers_are_refused(urls, method: str) -> None:
    """T-CF-09"""
    for url in [*urls, "/me/", "/healthz", "/static/css/site.css", "/nothing/"]:
        response = Client().generic(method, url, headers={"x-canary": "zq9"})
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, OPTIONS, POST"
        assert b"zq9" not in response.content


def test_an_overriding_header_overrides_nothing(client: Client, sign_in) -> None:
    """T-CF-09"""
    question = QuestionFactory(published=True)
    headers = {"x-http-method-override": "POST", "x-method-override": "DELETE", "x-original-url": "/admin/"}
    sign_in(question.author).get(f"/questions/{question.pk}/withdraw/", headers=headers)
    question.refresh_from_db()
    assert question.is_public


@pytest.mark.parametrize("url", ["/", "/questions/", "/search/", "/trust/", "/doctors/", "/treatments/"])
def test_pages_that_are_only_read_refuse_to_be_written(url: str, client: Client) -> None:
    response = client.post(url, {"x": "1"})
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert "This address does not open that way" in response.content.decode()
    assert 'href="/"' in response.content.decode()


@pytest.mark.parametrize("end", ["helpful", "settled"])
def test_a_link_changes_nothing(end: str, sign_in) -> None:
    """T-CF-02"""
    answer = AnswerFactory(published=True)
    assert sign_in(answer.question.author).get(f"/answers/{answer.pk}/{end}/").status_code == 405


FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
PART = b'--x\r\nContent-Disposition: form-data; name="title"'
BODIES = [
    (f"{FORM}; charset=latin-1", b"title=\xe9"), (f"{FORM}; charset=utf-16", "title=x".encode("utf-16")),
    (f"{FORM}; charset=nonsense", b"title=x"), (f'{FORM}; charset="', b"title=x"),
    (f"{FORM}; charset=utf-7", b"title=+ADw-"),
    (FORM, b"title=%ff%fe&body=%00"), (FORM, b"title=%ed%a0%80"), (FORM, b"\x00" * 20), (FORM, b"&" * 299),
    (FORM, b"&".join(b"a%d=1" % n for n in range(400))), (FORM, b"title=" + b"x" * 2_100_000), (FORM, b""),
    (MULTIPART, b""), (f"{MULTIPART}; boundary=x", b"--x\r\nnonsense"), (f"{MULTIPART}; boundary=", b"--\r\n"),
    (f"{MULTIPART}; boundary=x", b'%b; filename="\x00"\r\n\r\nx\r\n--x--\r\n' % PART),
    (f"{MULTIPART}; boundary=x", b"%b\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--" % PART),
    ("application/json", b'{"title": "\\ud800"}'), ("application/json", b"\x00"), ("text/xml", b"<!DOCTYPE x>"),
    ("", b"title=x"), ("\u20ac", b"title=x"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body"), BODIES)
def test_bodies_of_every_shape_store_nothing_and_break_nothing(kind: str, body: bytes, sign_in) -> None:
    """T-FZ-05, T-FZ-06"""
    treatment = TreatmentFactory(slug="botox")
    question = QuestionFactory(published=True, treatment=treatment)
    asker, doctor = sign_in(UserFactory()), sign_in(DoctorFactory(verified=True).user)
    forgetful = Client(enforce_csrf_checks=True, headers={"cookie": f"csrftoken={'a' * 32}"})
    for person, url in (
        (asker, "/questions/ask/?treatment=botox"),
        (doctor, f"/questions/{question.pk}/answer/"),
        (forgetful, "/accounts/login/"),
        (forgetful, "/questions/ask/"),
    ):
        response = person.generic("POST", url, body, content_type=kind)
        assert 300 <= response.status_code < 500 or b"<form" in response.content, url
        assert response["Content-Security-Policy"], url
    assert Question.objects.count() == 1
    assert not question.answers.exists()


@pytest.mark.parametrize(
    "value",
    ["\x00", "\u202e", "\ud7ff\ue000", "\uffff", "a\u0301" * 150, "👩‍👩‍👧‍👦" * 12, "\x1b[2J", "=1+1"],
)
def test_strange_characters_in_a_question_reach_every_reader_whole(
    value: str, sign_in, client: Client
) -> None:
    """T-FZ-07: what is stored can be shown, searched and put into a feed; the rest is said to be wrong."""
    TreatmentFactory(slug="botox")
    words = {"title": f"Is it {value} right?", "body": f"It is {value}, I think, quite so.", "alias": value}
    key = "6f3e1d0a-5b7c-4d2e-8f90-123456789abc"
    data = {**words, "stage": "before", "understood": "on", "agrees": "on", "submission_key": key, "send": ""}
    response = sign_in(UserFactory()).post("/questions/ask/?treatment=botox", data)
    if response.status_code == 422:
        assert b"Please check" in response.content
        return
    question = Question.objects.get()
    transition(question, to=State.PUBLISHED, by=moderator())
    assert client.get(question.get_absolute_url()).status_code == 200
    assert client.get("/search/?q=right").status_code == 200
    for feed in ("/questions/feed/", f"/questions/{question.pk}/feed/", "/sitemap-threads.xml"):
        ElementTree.fromstring(client.get(feed).content)
