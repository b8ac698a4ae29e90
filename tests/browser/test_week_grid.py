"""The week as a grid in a real browser: by keyboard alone, by mouse, and without scripts."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.judge import be, judge

WEEK = "2027-03-08"
GRID = f"/weeks/{WEEK}/grid"


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until something has the focus."""
    wanted = target.first.element_handle()
    for _ in range(150):
        if page.evaluate("wanted => document.activeElement === wanted", wanted):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{target} was never reached by keyboard")


def enter(page: Page, target: Locator) -> None:
    """Reach something with Tab and press Enter on it; a page follows."""
    tab_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def block(page: Page, who: str, kind: str = "Individual") -> Locator:
    return page.locator("a.block").filter(has_text=kind).filter(has_text=who)


def test_a_coordinator_signs_in_builds_moves_keeps_and_publishes_by_keyboard(page: Page):
    page.goto("/sign-in")
    tab_to(page, page.locator("#email"))
    page.keyboard.type("k01@staff.example")
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse battery")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    enter(page, page.get_by_role("button", name="Not now"))
    enter(page, page.get_by_role("link", name="Plan a week"))
    enter(page, page.get_by_role("button", name="Build this week"))
    enter(page, page.get_by_role("link", name="As a grid"))

    tab_to(page, block(page, "Bo T."))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    said = page.locator("#moving")
    expect(said).to_have_text("Thursday 11 March, 09:30: It fits. Nobody else moves.")
    expect(page.locator(".ghost")).to_have_text("09:30")
    page.keyboard.press("Escape")
    expect(said).to_have_text("Taken back. Nothing was moved.")
    expect(page.locator(".ghost")).to_have_count(0)
    page.keyboard.press("ArrowLeft")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    judge(page)
    expect(
        page.get_by_text("Once the week is published, these would be told: Bo T.")
    ).to_be_visible()
    enter(page, page.get_by_role("button", name="Keep it"))

    expect(block(page, "Bo T.")).to_contain_text("Moved: people know Friday 09:00")
    expect(block(page, "Bo T.")).to_contain_text("Pinned")
    judge(page)
    enter(page, page.get_by_role("link", name="Plan this week"))
    enter(page, page.get_by_role("button", name=re.compile("Publish revision")))
    expect(
        page.get_by_text("of their appointments now: 0 new, 1 changed, 0 called off.")
    ).to_be_visible()


def test_a_session_is_dragged_and_the_form_does_the_same_without_scripts(
    page: Page, demo: str, chromium: Browser
):
    page.set_viewport_size({"width": 1440, "height": 1200})
    be(page, "Nia Foster")
    page.goto(GRID)
    of_gus = block(page, "Gus P.").bounding_box()
    there = page.locator("tr[data-hour='9'] td").nth(1).bounding_box()
    assert of_gus is not None
    assert there is not None

    page.mouse.move(of_gus["x"] + 9, of_gus["y"] + 9)
    page.mouse.down()
    page.mouse.move(there["x"] + 20, there["y"] + there["height"] * 0.6, steps=4)
    expect(page.locator("#moving")).to_contain_text("Tuesday 9 March, 09:30: ")
    with page.expect_navigation():
        page.mouse.up()
    dragged = page.url.removeprefix(demo)

    context = chromium.new_context(base_url=demo, java_script_enabled=False)
    plain = context.new_page()
    be(plain, "Nia Foster")
    plain.goto(GRID)
    assert len(plain.content()) < 150_000
    block(plain, "Gus P.").click()
    plain.get_by_label("Day").select_option(label="Tuesday 9 March")
    plain.get_by_label(re.compile("^Start")).fill("09:30")
    plain.get_by_role("button", name="See what it would do").click()
    asked = plain.url.removeprefix(demo)
    context.close()
    assert set(re.split("[?&]", dragged)) <= set(re.split("[?&]", asked))
