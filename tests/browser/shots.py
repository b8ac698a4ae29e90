"""Pictures of every page, small to wide, by day and by night: for people to look at.

``python -m tests.browser.shots FOLDER ADDRESS`` with a fresh demo at the address, or `make shots`.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.judge import be
from tests.browser.test_every_page import PEOPLE, missing, walk

SIZES = ((320, 720), (768, 1024), (1440, 900))
_MOST = 2400  # pixels of a long page that are worth a look


def pictures(page: Page, name: str, folder: Path) -> None:
    """One page in every size, by day and by night."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            tall = min(_MOST, page.evaluate("document.documentElement.scrollHeight"))
            page.screenshot(
                path=folder / f"{name}-{width}-{scheme}.png",
                full_page=True,
                clip={"x": 0, "y": 0, "width": width, "height": max(height, tall)},
            )


def named(who: str, route: str) -> str:
    """The file of a page: who looks, and where."""
    return f"{who.split(maxsplit=1)[0].lower()}{re.sub(r'[^a-z]+', '_', route)}"


def main(folder: Path, address: str) -> None:
    """Take every page of every kind of person."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        context = browser.new_context(base_url=address, reduced_motion="reduce")
        page = context.new_page()
        opened, to_set_up = missing(page)
        taken: set[str] = set()

        def take(who: str, starts: Iterable[str]) -> None:
            for route in walk(page, list(starts), set()):
                if route not in taken:
                    taken.add(route)
                    pictures(page, named(who, route), folder)

        for who in PEOPLE:
            be(page, who)
            take(who, [urlsplit(page.url).path, "/demo", *opened])
        context.clear_cookies()
        take("nobody", ["/sign-in", *to_set_up])
        browser.close()
    print(f"{len(taken)} pages in {folder}")  # noqa: T201 - what was done


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
