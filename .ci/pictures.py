"""Takes the pictures of docs/design.md and of the README from a running demonstration.

    make run                       # in one terminal
    make pictures                  # in another; PORT as for make run

Each page at 390 and 1280 px, light and dark, its first screens only; WebP, so that the folder stays small.
"""

import os
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "img" / "design"
SITE = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
LEGS = "/questions/1/can-botox-make-the-muscles-of-my-legs-or-arms-smaller/"
PAGES = {
    "home": "/",
    "treatment": "/treatments/botox/",
    "matrix": "/treatments/botox/uses/",
    "use": "/treatments/botox/uses/calf-reduction/",
    "thread": LEGS,
    "doctor": "/doctors/julia-rowe/",
    "directory": "/doctors/",
    "case": "{case}",
    "cases": "/treatments/botox/cases/",
    "reviews": "/treatments/botox/reviews/",
    "reviews-few": "/treatments/juvederm/reviews/",
    "trust": "/trust/",
    "ledger": "/trust/ledger/",
    "search": "/search/?q=botox+calves",
    "search-empty": "/search/?q=zzzz",
    "not-found": "/nowhere/",
    "history": "/answers/{versions}/history/",
    "thread-two": "{two}",
    "thread-none": "{none}",
}
SIZES = {390: 1900, 1280: 1500}


def addresses(page: Page) -> dict[str, str]:
    """The pages whose numbers differ from site to site: a case, threads, an answer of many versions."""
    found: dict[str, str] = {}
    page.goto(f"{SITE}/treatments/botox/cases/")
    found["case"] = page.locator('a[href^="/cases/"]').first.get_attribute("href") or ""
    page.goto(SITE + LEGS)
    version = page.locator("a", has_text="Version 3").first
    found["versions"] = (version.get_attribute("href") or "").split("/")[2]
    for name, path, words in (
        ("two", "/questions/?answered=yes", "2 positions"),
        ("none", "/questions/?sort=waiting", "Waiting"),
    ):
        page.goto(SITE + path)
        row = page.locator("article.row", has_text=words).first
        found[name] = row.locator("a").first.get_attribute("href") or ""
    return found


def keep(page: Page, name: str, height: int) -> None:
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # pictures that load when they are near
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(300)
    shot = page.screenshot(full_page=True)
    picture = Image.open(BytesIO(shot)).convert("RGB")
    picture.crop((0, 0, picture.width, min(picture.height, height))).save(
        FOLDER / f"{name}.webp", quality=62, method=6
    )


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    chromium = next(p for p in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(p).exists())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        numbers = addresses(browser.new_page())
        for width, height in SIZES.items():
            for scheme in ("light", "dark"):
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
                page = context.new_page()
                for name, path in PAGES.items():
                    page.goto(SITE + path.format(**numbers))
                    keep(page, f"{name}-{width}-{scheme}", height)
                page.goto(f"{SITE}/me/packet/?thread=1")
                page.emulate_media(media="print")
                keep(page, f"packet-{width}-{scheme}", height)
                context.close()
        context = browser.new_context(viewport={"width": 1280, "height": 1100})
        page = context.new_page()
        page.goto(SITE + LEGS)
        page.screenshot(path=ROOT / "docs" / "img" / "thread.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
