"""A real browser on a real server. Chromium is Debian's; nothing is downloaded."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.core.mail import EmailMessage
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from core.background import work
from tests.missing import missing

os.environ.setdefault(
    "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
)  # sync Playwright runs an event loop in this thread
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        missing(
            "JOURNEYS NOT RUN: no Chromium on this machine.", remedy="On Debian: apt-get install chromium."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """One person's browser: pages that complain when the page does."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.context = context
        self.origin = origin
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: Any) -> None:
        if message.type in {"error", "warning"} and "status of 4" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def go(self, path: str) -> int:
        response = self.page.goto(self.origin + path)
        assert response is not None
        return response.status

    def fill(self, **values: str) -> None:
        """Fill the main form by field names; radios and selects by value."""
        form = self.page.locator("main")
        for name, value in values.items():
            field = form.locator(f'[name="{name}"]')
            kind = field.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
            if kind == "select":
                field.select_option(value)
            elif kind == "radio":
                form.locator(f'[name="{name}"][value="{value}"]').check()
            elif kind == "checkbox":
                field.check()
            else:
                field.fill(value)

    def press(self, label: str) -> None:
        self.page.locator("main").get_by_role("button", name=label, exact=False).first.click()
        self.page.wait_for_load_state()

    def follow(self, label: str) -> None:
        self.page.locator("main").get_by_role("link", name=label).first.click()
        self.page.wait_for_load_state()

    def text(self) -> str:
        return self.page.locator(".page").inner_text()


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return request.param == "with JavaScript"


@pytest.fixture
def visitor(browser: Browser, live_server: Any, settings: Any) -> Iterator[Any]:
    """``visitor(javascript=…, width=…)`` opens one more person's browser."""
    settings.SITE_ORIGIN = live_server.url
    opened: list[Visitor] = []

    def open_browser(*, javascript: bool = True, width: int = 390, **options: Any) -> Visitor:
        context = browser.new_context(
            java_script_enabled=javascript, viewport={"width": width, "height": 800}, **options
        )
        context.set_default_timeout(15_000)
        opened.append(Visitor(context, live_server.url))
        return opened[-1]

    yield open_browser
    for person in opened:
        person.context.close()
        assert person.complaints == []


def link_in_last_mail() -> str:
    """The path of the first link of the newest mail."""
    return _link_in(mail.outbox[-1])


def opens_mail(person: Visitor, email: str, subject: str) -> None:
    """What the worker has sent last to that address; its link leads to what it is about."""
    work(Event(), until_empty=True)
    newest = [message for message in mail.outbox if message.to == [email]][-1]
    assert newest.subject == f"Candor: {subject}"
    person.go(_link_in(newest))


def _link_in(message: EmailMessage) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", str(message.body))
    assert found, message.body
    return found[1]


def layout_shift(page: Page, *, wait: int = 500) -> float:
    """How much moved by itself since the page was opened, as the browser counts it; waits so many ms for more.

    Less than a thousandth counts as nothing: on a busy machine the browser paints a line that is still arriving.
    """
    moved: float = page.evaluate(
        """wait => new Promise(done => {
          let sum = 0;
          new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; }))
            .observe({type: "layout-shift", buffered: true});
          setTimeout(() => done(sum), wait);
        })""",
        wait,
    )
    return moved if moved >= 0.001 else 0


# WCAG 2.2's size of targets is off by default; preloading would put a style of axe's own into the page.
EVERYTHING = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}
# All that a theme can change: the other rules read the same page again.
OF_COLOUR = {
    "resultTypes": ["violations"],
    "preload": False,
    "runOnly": ["color-contrast", "link-in-text-block"],
}


def accessibility_problems(page: Page) -> list[str]:
    """What axe finds in the page as it stands."""
    page.evaluate(Axe().axe_script)
    return _found(page, EVERYTHING)


def problems_in_both_themes(page: Page) -> list[str]:
    """What axe finds in the light page, and of its colours in the dark one; the page is light afterwards."""
    page.emulate_media(color_scheme="light")
    problems = accessibility_problems(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    problems += [f"dark: {problem}" for problem in _found(page, OF_COLOUR)]
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    return problems


def _found(page: Page, options: dict[str, Any]) -> list[str]:
    violations = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [
        f"{violation['id']}: {violation['help']} {[node['html'][:120] for node in violation['nodes'][:3]]}"
        for violation in violations
    ]
