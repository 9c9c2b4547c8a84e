"""Cases as visitors meet them: one, the galleries, previews; and what is never shown unless somebody asks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.pagination import PAGE_SIZE
from doctors.enums import Alike, EndedBy, ShownIn, View
from doctors.models import Case
from tests.factories import (
    BodyAreaFactory,
    CaseFactory,
    DoctorFactory,
    LabelStatusFactory,
    QuestionFactory,
    TreatmentFactory,
    UseFactory,
)
from treatments.models import Treatment

pytestmark = pytest.mark.django_db
GALLERY = "/treatments/botox/cases/"
EIGHT = Alike.values[:8]


@pytest.fixture
def botox() -> Treatment:
    return TreatmentFactory(name="Botox", slug="botox")


def html(url: str, client: Client | None = None) -> str:
    response = (client or Client()).get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def address(case: Case) -> str:
    return f"/cases/{case.pk}/"


def numbers(url: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'case__name"><a href="/cases/(\d+)/"', html(url))]


def robots(page: str) -> str:
    found = re.search(r'<meta name="robots" content="([^"]+)"', page)
    return found[1] if found else ""


def pictures(page: str) -> list[str]:
    return re.findall(r"/photos/[0-9a-f]{32}\.\w+", page)


def test_a_case_says_what_was_done_by_whom_and_what_differs(botox) -> None:
    use = UseFactory(treatment=botox, name="Forehead lines", slug="forehead-lines")
    LabelStatusFactory(use=use, status="approved")
    case = CaseFactory(
        published=True, treatment=botox, use=use, alike=EIGHT, product="Toxin A", amount="20 units", sex="female",
        words="Once, in spring.", views=(View.FRONT, View.LEFT),
    )  # fmt: skip
    page = html(address(case))
    for words in (
        "Forehead lines: before and after", "Comparable in 8 of 9 ways", Alike(Alike.values[8]).failing, "30 days after",
        "Results vary", "Nobody here has checked it", "Toxin A", "20 units", "Once, in spring.", "Skin type III", "Female",
        "Approved", case.doctor.name, "Verified now", "/treatments/botox/questions/?use=forehead-lines",
        f"/reports/new/?about=case-{case.pk}", "How much of the picture before is shown, left side view",
    ):  # fmt: skip
        assert words in page, words
    assert page.count("<figure") == 2
    assert page.count('loading="lazy"') == 2
    assert 'alt="Before: face, aged 35–44, skin type III, front view"' in page
    assert robots(page) == ""


def test_a_case_that_differs_in_nothing_says_so(botox) -> None:
    assert "are the same before and after" in html(address(CaseFactory(published=True, treatment=botox)))


def test_a_sensitive_case_names_no_picture_until_somebody_asks(botox) -> None:
    case = CaseFactory(published=True, treatment=botox, is_sensitive=True, consent__is_sensitive=True)
    covered = html(address(case))
    assert pictures(covered) == []
    assert "compare.js" not in covered
    assert "noimageindex" in robots(covered)
    assert "?show=pictures#pictures" in covered
    asked = html(address(case) + "?show=pictures")
    assert pictures(asked)
    assert robots(asked) == "noindex, noimageindex"
    assert pictures(html(address(case) + "?show=anything")) == []


def test_a_sensitive_case_is_covered_in_the_gallery_and_stands_nowhere_else(botox) -> None:
    case = CaseFactory(published=True, treatment=botox, is_sensitive=True, consent__is_sensitive=True)
    assert numbers(GALLERY) == [case.pk]
    assert pictures(html(GALLERY)) == []
    asked = html(f"{GALLERY}?show=on")
    assert len(pictures(asked)) > 0
    assert f'href="{address(case)}?show=pictures"' in asked
    assert robots(asked) == "noindex, noimageindex, follow"
    for url in ("/treatments/botox/", case.doctor.get_absolute_url(), "/sitemap-cases.xml"):
        assert address(case) not in html(url), url


@pytest.mark.parametrize("state", ["pending", "rejected", "removed", "withdrawn"])
def test_what_is_not_public_is_missed(botox, state: str, sign_in: Callable[..., Client]) -> None:
    case = CaseFactory(**{state: True}, treatment=botox)
    for client in (Client(), sign_in(case.doctor.user)):
        assert client.get(address(case)).status_code == 404
    assert numbers(GALLERY) == []


def test_where_a_case_was_its_address_says_why_it_is_gone(botox) -> None:
    case = CaseFactory(published=True, treatment=botox)
    Case.objects.filter(pk=case.pk).update(ended_at=timezone.now(), ended_by=EndedBy.SUBJECT, technique="")
    response = Client().get(address(case))
    assert response.status_code == 410
    assert "removed at the wish of the person in the pictures" in response.content.decode()
    never = CaseFactory(treatment=botox)
    Case.objects.filter(pk=never.pk).update(ended_at=timezone.now(), ended_by=EndedBy.SUBJECT, technique="")
    assert Client().get(address(never)).status_code == 404


def test_a_case_that_goes_is_gone_from_every_page_at_the_next_request(botox) -> None:
    stays, goes = (CaseFactory(published=True, treatment=botox) for _ in range(2))
    urls = (
        GALLERY,
        "/treatments/botox/",
        f"/doctors/{goes.doctor.slug}/cases/",
        goes.doctor.get_absolute_url(),
    )
    before = {url: Client().get(url) for url in (*urls, "/sitemap-cases.xml")}
    assert all(address(goes) in response.content.decode() for response in before.values())
    goes.consent.revoked_at = timezone.now()
    goes.consent.save()
    for url, response in before.items():
        later = Client().get(url, headers={"if-none-match": response.get("ETag", '"none"')})
        assert later.status_code == 200, url
        assert address(goes) not in later.content.decode(), url
    assert address(stays) in html(GALLERY)


def test_visitors_get_the_same_bytes_and_no_cookie(botox, sign_in: Callable[..., Client]) -> None:
    case = CaseFactory(published=True, treatment=botox)
    for url in (address(case), GALLERY, f"/doctors/{case.doctor.slug}/cases/"):
        one, other = Client().get(url), Client().get(url, headers={"user-agent": "other"})
        assert one.content == other.content
        assert not one.cookies
        assert "s-maxage" in one["Cache-Control"]
        assert "no-store" in sign_in(case.doctor.user).get(url)["Cache-Control"]


def test_the_most_comparable_stand_first_and_of_these_the_latest(botox) -> None:
    days = [3, 1, 2, 0]
    rows = [
        CaseFactory(
            published=True, treatment=botox, alike=EIGHT if n < 2 else Alike.values,
            published_at=timezone.now() - timedelta(days=ago),
        )
        for n, ago in enumerate(days)
    ]  # fmt: skip
    assert numbers(GALLERY) == [rows[3].pk, rows[2].pk, rows[1].pk, rows[0].pk]


def test_a_long_gallery_goes_on_where_it_stopped(botox) -> None:
    doctor = DoctorFactory(verified=True)
    for _ in range(PAGE_SIZE + 1):
        CaseFactory(published=True, treatment=botox, doctor=doctor)
    first = html(GALLERY)
    [onwards] = re.findall(r'href="(\?after=[^"]+)"', first)
    assert len(numbers(GALLERY)) == PAGE_SIZE
    assert len(numbers(GALLERY + onwards)) == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("area=face", "face"), ("age=65%2B", "old"), ("skin=6", "dark"), ("days=weeks", "early"), ("days=later", "late"),
        ("comparable=9", "all"), ("use=forehead-lines", "used"),
    ],
)  # fmt: skip
def test_filters_find_those_that_are_like_it(botox, query: str, found: str) -> None:
    plain = {"published": True, "treatment": botox, "alike": EIGHT, "days_after": 100}
    use = UseFactory(treatment=botox, slug="forehead-lines", body_area=None)
    cases = {
        "face": CaseFactory(**plain, body_area=BodyAreaFactory(slug="face")),
        "old": CaseFactory(**plain, age_band="65+"),
        "dark": CaseFactory(**plain, skin_type="6"),
        "early": CaseFactory(**plain | {"days_after": 14}),
        "late": CaseFactory(**plain | {"days_after": 366}),
        "all": CaseFactory(**plain | {"alike": Alike.values}),
        "used": CaseFactory(**plain, use=use),
    }
    assert numbers(f"{GALLERY}?{query}") == [cases[found].pk]


def test_the_area_of_the_use_counts_where_a_case_says_none(botox) -> None:
    use = UseFactory(treatment=botox, body_area=BodyAreaFactory(slug="neck"))
    case = CaseFactory(published=True, treatment=botox, use=use)
    assert numbers(f"{GALLERY}?area=neck") == [case.pk]


def test_an_empty_gallery_says_what_one_can_do(botox) -> None:
    assert "No cases yet" in html(GALLERY)
    assert "ask whether light, distance and pose" in html(GALLERY)
    doctor = DoctorFactory(verified=True)
    assert "That says nothing about their work" in html(f"/doctors/{doctor.slug}/cases/")
    CaseFactory(published=True, treatment=botox)
    assert "No case fits these filters" in html(f"{GALLERY}?skin=6")


@pytest.mark.parametrize(
    ("uses", "where"),
    [([ShownIn.GALLERY], GALLERY), ([ShownIn.TREATMENT], "/treatments/botox/"), ([ShownIn.DOCTOR], "/doctors/julia/cases/")],
)  # fmt: skip
def test_a_case_stands_where_its_person_agreed_and_nowhere_else(botox, uses: list[str], where: str) -> None:
    doctor = DoctorFactory(verified=True, slug="julia")
    case = CaseFactory(published=True, treatment=botox, doctor=doctor, consent__uses=uses)
    pages = {GALLERY, "/treatments/botox/", "/doctors/julia/cases/", "/doctors/julia/", "/sitemap-cases.xml"}
    shown = {url for url in pages if address(case) in html(url)}
    also = {GALLERY: {"/sitemap-cases.xml"}, "/doctors/julia/cases/": {"/doctors/julia/"}}
    assert shown == {where} | also.get(where, set())
    assert robots(html(address(case))) == ("" if where == GALLERY else "noindex, noimageindex")


def test_a_use_previews_its_own_cases_and_leads_to_them(botox) -> None:
    use = UseFactory(treatment=botox, slug="forehead-lines")
    shown = CaseFactory(published=True, treatment=botox, use=use)
    other = CaseFactory(published=True, treatment=botox)
    page = html("/treatments/botox/uses/forehead-lines/")
    assert address(shown) in page
    assert address(other) not in page
    assert "/treatments/botox/cases/?use=forehead-lines" in page


def test_a_thread_leads_to_the_cases_of_its_use_and_shows_none(botox) -> None:
    use = UseFactory(treatment=botox, slug="forehead-lines")
    question = QuestionFactory(published=True, treatment=botox, use=use)
    CaseFactory(published=True, treatment=botox, use=use)
    page = html(question.get_absolute_url())
    assert "/treatments/botox/cases/?use=forehead-lines" in page
    assert pictures(page) == []
