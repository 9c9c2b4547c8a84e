"""Every address of a treatment that was merged leads to the same page of the one it is part of."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from questions.models import Follow
from tests.factories import QuestionFactory, SpecialtyFactory, TreatmentFactory, UseFactory, UserFactory
from tests.treatments.merging import merged
from treatments.models import Treatment, TreatmentUse

pytestmark = pytest.mark.django_db
PAGES = ("", "uses/", "uses/uses.csv", "questions/", "cases/", "reviews/", "doctors/", "feed/")


@pytest.fixture
def botox() -> Treatment:
    target = TreatmentFactory(name="Botox", slug="botox")
    UseFactory(treatment=target, slug="calves", name="Calf reduction")
    source = TreatmentFactory(name="Botulinum toxin (Botox)", slug="old")
    UseFactory(treatment=source, slug="legs", name="calf reduction")
    UseFactory(treatment=source, slug="sweat", name="Sweating")
    return merged(source, target)


@pytest.mark.parametrize("page", PAGES)
def test_pages_lead_to_the_same_page(client: Client, botox: Treatment, page: str) -> None:
    response = client.get(f"/treatments/old/{page}?sort=newest&x=%C3%A4")
    assert (response.status_code, response["Location"]) == (
        301,
        f"/treatments/botox/{page}?sort=newest&x=%C3%A4",
    )
    assert client.get(response["Location"]).status_code == 200


def test_every_address_below_a_treatment_is_among_those_tried() -> None:
    """A page somebody adds there leads on by itself; whether it should is to be thought of once."""
    below = {
        pattern.pattern._route.removeprefix("treatments/<slug:slug>/")
        for app in get_resolver().url_patterns
        for pattern in getattr(app, "url_patterns", [])
        if str(getattr(pattern.pattern, "_route", "")).startswith("treatments/<slug:slug>/")
    }
    assert below == {*PAGES, "uses/<slug:use>/", "follow/"}


@pytest.mark.parametrize(("old", "new"), [("legs", "calves"), ("sweat", "sweat")])
def test_a_use_leads_to_what_it_is_now(client: Client, botox: Treatment, old: str, new: str) -> None:
    response = client.get(f"/treatments/old/uses/{old}/?country=GB")
    assert (response.status_code, response["Location"]) == (301, f"/treatments/botox/uses/{new}/?country=GB")
    assert client.get(response["Location"]).status_code == 200


def test_what_never_was_there_is_not_found(client: Client, botox: Treatment) -> None:
    for path in ("old/uses/calves/", "old/nowhere/", "unknown/", "botox/uses/legs/"):
        assert client.get(f"/treatments/{path}").status_code == 404


def test_a_chain_is_one_hop(client: Client, botox: Treatment) -> None:
    end = TreatmentFactory(slug="end")
    UseFactory(treatment=end, slug="lower-legs", name="Calf reduction")
    merged(botox, end)
    for old, new in (("old", "end"), ("botox", "end"), ("old/uses/legs", "end/uses/lower-legs")):
        response = client.get(f"/treatments/{old}/")
        assert response["Location"] == f"/treatments/{new}/"


def test_whatever_the_target_is_called_later_it_is_found(client: Client, botox: Treatment) -> None:
    Treatment.objects.filter(pk=botox.pk).update(slug="botox-new")
    TreatmentUse.objects.filter(slug="calves").update(slug="legs-new")
    assert client.get("/treatments/old/")["Location"] == "/treatments/botox-new/"
    assert client.get("/treatments/old/uses/legs/")["Location"] == "/treatments/botox-new/uses/legs-new/"


def test_where_readers_cannot_follow_nothing_is_given_away(client: Client, botox: Treatment) -> None:
    Treatment.objects.filter(pk=botox.pk).update(is_reviewed=False)
    for page in (*PAGES, "uses/legs/"):
        assert client.get(f"/treatments/old/{page}").status_code == 404


@pytest.mark.parametrize("page", [*PAGES, "uses/legs/"])
def test_it_costs_one_query_more_than_finding_nothing(client: Client, botox: Treatment, page: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/treatments/old/{page}").status_code == 301
    assert len(queries) == 2


def test_what_is_found_costs_nothing(client: Client, botox: Treatment) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get("/treatments/botox/")
    assert not any("redirect" in query["sql"] for query in queries)


def test_it_may_be_cached_as_the_page_may(client: Client, botox: Treatment) -> None:
    leads, page = client.get("/treatments/old/"), client.get("/treatments/botox/")
    assert leads["Cache-Control"] == page["Cache-Control"] == "public, max-age=0, s-maxage=60"
    assert "Cookie" in leads["Vary"]
    assert not leads.cookies


def test_a_head_request_is_led_on_too(client: Client, botox: Treatment) -> None:
    response = client.head("/treatments/old/")
    assert (response.status_code, response.content) == (301, b"")


def test_following_the_old_one_follows_the_new_one(botox: Treatment, sign_in) -> None:
    user = UserFactory()
    client = sign_in(user)
    assert client.get("/treatments/old/follow/")["Location"] == "/treatments/botox/follow/"
    response = client.post("/treatments/old/follow/", {"follow": "yes"}, follow=True)
    assert response.redirect_chain[0] == ("/treatments/botox/follow/", 308)
    assert Follow.objects.get().treatment == botox


def test_it_is_gone_from_lists_and_sitemaps(client: Client, botox: Treatment) -> None:
    for url in ("/treatments/", "/sitemap-treatments.xml", "/sitemap-uses.xml", "/doctors/"):
        html = client.get(url).content.decode()
        assert "/old/" not in html
        assert "botox" in html


def test_filters_take_the_old_address_for_the_new_one(client: Client, botox: Treatment) -> None:
    asked = QuestionFactory(published=True, treatment=botox, title="About botox")
    other = QuestionFactory(published=True, title="About something else")
    html = client.get("/questions/?treatment=old").content.decode()
    assert asked.title in html
    assert other.title not in html
    SpecialtyFactory().in_scope.set([botox])
    assert '<option value="botox" selected>' in client.get("/doctors/?treatment=old").content.decode()
    of_use = QuestionFactory(
        published=True, treatment=botox, use=botox.uses.get(slug="calves"), title="A use"
    )
    html = client.get("/treatments/old/questions/?use=legs", follow=True).content.decode()
    assert of_use.title in html
    assert asked.title not in html


def test_asking_about_the_old_address_asks_about_the_new_one(botox: Treatment, sign_in) -> None:
    html = sign_in(UserFactory()).get(reverse("questions:ask"), {"treatment": "old", "title": "Calves?"})
    assert html.context["treatment"] == botox
