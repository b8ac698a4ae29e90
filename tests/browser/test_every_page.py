"""Every page there is, found by its links as each kind of person, on a phone and by night."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from tests.browser.judge import COLOURS, STANDARDS, be, faults
from vioP.web.routes import DEMO_PAGES, PAGES

PEOPLE = (
    "Nia Foster",  # coordinator
    "Dana Whitfield",  # therapist
    "Sam Ito",  # tech support
    "Vera Stone",  # compliance
    "Ruth Adler",  # administrator
    "Eli W.",  # participant
)
# What answers with something else than a page, and pages tests of their own look at.
NO_PAGE = re.compile(
    r"^/(live|static/.*|healthz|readyz|metrics|favicon\.ico|hooks/.*|)$"
    r"|/(elsewhere|elsewhere/back|rtc|raw|html|invite\.ics|echo|start|down)$"
    r"|/(digits|consents)/|\.(ics|csv|txt|json|wav|zip|js|pdf)$"
)
# Pages that no link leads to; where else a test looks at them.
ELSEWHERE = {
    "/sign-in/second",  # below
    "/j/{token}/room",  # tests/browser/test_room.py
    "/sessions/{session}/room",  # tests/browser/test_room.py, test_room_looks.py
    "/password/{token}",  # a mail leads to it: tests/web/test_new_password.py
    "/reminders/{token}",  # a mail's header leads to it: tests/web/test_reminders.py
    "/weeks/{monday}/build",  # only while a large week is built: tests/web/test_build.py
}
SMALLEST = {"width": 320, "height": 720}
WIDE = {"width": 1440, "height": 900}


def patterns() -> dict[str, re.Pattern[str]]:
    """Every route that answers a GET with a page."""
    found = {}
    for module in (*PAGES, *DEMO_PAGES):
        for route in module.routes:
            path = getattr(route, "path", "")
            if getattr(route, "method", "") == "GET" and not NO_PAGE.search(path):
                found[path] = re.compile(re.sub(r"{[^}]+}", "[^/]+", path) + "$")
    return found


def links(page: Page) -> list[str]:
    """Where a page leads on this site, forms with GET left out."""
    hrefs = page.eval_on_selector_all(
        "a[href]", "all => all.map(each => each.getAttribute('href'))"
    )
    return [each for each in hrefs if each.startswith("/")]


def of(address: str, known: dict[str, re.Pattern[str]]) -> str | None:
    """The route an address belongs to; the plainest that fits."""
    path = urlsplit(address).path
    fits = [route for route, pattern in known.items() if pattern.match(path)]
    return min(fits, key=lambda route: route.count("{"), default=None)


def walk(page: Page, starts: list[str], seen: set[str]) -> Iterator[str]:
    """Open one page of every route that links lead to."""
    known = patterns()
    waiting = list(starts)
    while waiting:
        address = waiting.pop(0)
        route = of(address, known)
        if route is None or route in seen:
            continue
        seen.add(route)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, f"{address} gave {answer.status}"
        waiting += links(page)
        yield route


def tokens(page: Page, person: str, subject: str) -> list[str]:
    """The links of a mail, as its reader follows them on this machine."""
    page.goto(f"/demo/outbox?to={person}@participants.example")
    page.get_by_role("link", name=subject, exact=True).last.click()
    frame = page.frame_locator("iframe")
    frame.locator("a[href]").first.wait_for()
    hrefs = frame.locator("a[href]").evaluate_all("all => all.map(each => each.href)")
    return [urlsplit(each).path for each in hrefs if each.startswith("http")]


def missing(page: Page) -> tuple[list[str], list[str]]:
    """Let a group begin and somebody be missing; where the mails of two people lead."""
    page.goto("/demo")
    page.get_by_role("button", name="Go to the next group").click()
    page.get_by_role("button", name="Let everybody join but one").click()
    be(page, "Nia Foster")
    page.get_by_role("button", name="+5 min").click()
    expect(page.get_by_text("Message sent").first).to_be_visible()
    opened = tokens(page, "p20", "Example Health appointment")
    return opened, tokens(page, "p14", "Example Health: set up your visits")


def wrong_with(page: Page, route: str) -> list[str]:
    """What is wrong with a page on the smallest phone, on a wide screen, and by night."""
    found = []
    for scheme, size, rules in (
        ("light", SMALLEST, STANDARDS),
        ("dark", WIDE, COLOURS),
    ):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of both
        page.set_viewport_size(size)  # type: ignore[arg-type]  # width and height
        found += [f"{route} {scheme}: {each}" for each in faults(page, rules)]
    return found


def test_every_page_is_found_and_bears_the_judge(demo: str, chromium: Browser):
    context = chromium.new_context(
        base_url=demo, reduced_motion="reduce", permissions=["camera", "microphone"]
    )
    page = context.new_page()
    opened, to_set_up = missing(page)
    wrong, found = [], set()

    for person in PEOPLE:
        be(page, person)
        seen: set[str] = set()
        for route in walk(page, [urlsplit(page.url).path, "/demo", *opened], seen):
            wrong += wrong_with(page, f"{person} {route}") if route not in found else []
            found.add(route)
    context.clear_cookies()
    for route in walk(page, ["/sign-in", *to_set_up], set()):
        wrong += wrong_with(page, f"nobody {route}")
        found.add(route)
    page.goto("/sign-in")
    page.locator("#email").fill("k01@staff.example")
    page.locator("#password").fill("correct horse battery")
    page.locator("form[action='/sign-in/password'] button").click()
    wrong += wrong_with(page, "/sign-in/second")
    context.close()

    assert not wrong, "\n".join(wrong)
    missed = sorted(patterns().keys() - found - ELSEWHERE)
    assert not missed, f"no link leads to {missed}"
