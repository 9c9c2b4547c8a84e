"""Every page of the admin somebody on staff can reach, as a browser, a machine for accessibility and a tablet see it.

The list is made of the addresses the admin registers and of the kinds the desk knows, so a new one is walked at once.
Lists, histories and forms to add are the same templates for everybody: the administrator walks them, for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse

from config.desk.kinds import KINDS
from tests.factories import PASSWORD, UserFactory, moderator, senior
from tests.guards.test_access import ROLES, names, path_of, table
from tests.journeys.conftest import problems_in_both_themes
from tests.worlds import one_of_everything

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
TABLET = 768
STAFF = {
    "moderator": lambda: moderator(email="staff@example.org"),
    "senior": lambda: senior(email="staff@example.org"),
    "administrator": lambda: UserFactory(email="staff@example.org", is_staff=True, is_superuser=True),
}
# The browser tells the console of most of what the policy refuses; this tells of all.
LISTEN = "addEventListener('securitypolicyviolation', e => console.error('Refused:', e.violatedDirective, e.blockedURI))"
SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"
OF_NOTHING = "[...document.querySelectorAll('label[for]')].filter(l => !l.control).map(l => l.outerHTML)"
REFUSED = "/admin/accounts/user/add/"


def registered(role: str, world: dict) -> Iterator[str]:
    """What the table of access shows to this role and does not look alike to another one."""
    for name, statuses in table().items():
        seen = dict(zip(ROLES, statuses, strict=True))
        alike = role == "moderator" and name.endswith(("_changelist", "_history", "_add"))
        known = alike or (role == "senior" and seen["moderator"] == 200)
        if name in ADMIN and seen[role] == 200 and not known:
            yield path_of(name, world)


# A script and a download are no pages.
ADMIN = {name for name in names() if name.startswith("admin:")} - {
    "admin:jsi18n",
    "admin:moderation_evidence",
    "admin:moderation_proof",
    "admin:moderation_consent",
    "admin:moderation_visit",
}
SENIORS = {"appeal", "credential", "profileclaim"}


def shapes(role: str) -> Iterator[str]:
    """Pages that one address shows in several shapes: lists of apps, each kind's screen and queue, lists to pick from."""
    if role == "administrator":
        for label in sorted({model._meta.app_label for model in admin.site._registry}):
            yield reverse("admin:app_list", args=[label])
        for picked in sorted({model._meta.label_lower for model in picked_from_a_list()}):
            yield f"{reverse('admin:{}_{}_changelist'.format(*picked.split('.')))}?_to_field=id&_popup=1"
    for kind in KINDS.values():
        if role != "administrator" and kind.name in SENIORS:
            continue
        row = kind.model._base_manager.order_by("pk").last()
        assert row is not None, f"The world has no {kind.label} to show."
        if kind.name != "credential":  # its screen is the doctor's, at an address of its own
            yield reverse("admin:moderation_item", args=[kind.name, row.pk])
        yield f"/admin/?kind={kind.name}"


def picked_from_a_list() -> Iterator[Any]:
    """Models of the fields that open a list to choose from."""
    for model_admin in admin.site._registry.values():
        for form in (model_admin, *model_admin.inlines):
            for name in form.raw_id_fields:
                yield form.model._meta.get_field(name).related_model


def problems_of(person: Any, where: str) -> Iterator[str]:
    for problem in problems_in_both_themes(person.page):
        yield f"{where}: {problem}"
    for label in person.page.evaluate(OF_NOTHING):
        yield f"{where}: a label of nothing one can reach: {label}"
    if person.page.evaluate(SIDEWAYS):
        yield f"{where}: scrolls sideways at {TABLET} px"


@pytest.mark.parametrize("role", list(STAFF))
def test_every_page_of_the_admin(visitor: Any, role: str) -> None:
    world = one_of_everything()
    STAFF[role]()
    person = visitor(width=TABLET, reduced_motion="reduce")
    person.page.add_init_script(LISTEN)
    person.go("/accounts/login/")
    person.fill(login="staff@example.org", password=PASSWORD)
    person.press("Sign in")
    paths = [REFUSED, *registered(role, world), *(shapes(role) if role != "senior" else ())]
    problems = []
    for path in dict.fromkeys(paths):
        assert person.go(path) == (403 if path == REFUSED else 200), path
        problems += problems_of(person, path)
        pressed = "[name=_save]" if path.endswith("/add/") else "[name=_dry_run]"
        if path != REFUSED and person.page.locator(pressed).count():
            person.page.locator(pressed).first.click()
            person.page.wait_for_load_state()
            problems += problems_of(person, f"{path} sent")
    problems += person.complaints
    person.complaints.clear()
    assert not problems, "\n".join(problems)
