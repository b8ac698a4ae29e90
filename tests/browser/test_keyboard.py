"""What matters most, done by keyboard alone: coming in, and writing down who came."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.judge import be

_PROVIDER = "VIOP_VIDEO__PROVIDER"
_SMALLEST = {"width": 320, "height": 720}
_FOCUS = (
    "(document.activeElement.innerText || document.activeElement.parentElement.innerText)"
)


@pytest.fixture(scope="module", autouse=True)
def fixed_rooms() -> Iterator[None]:
    """Rooms at a fixed address, whatever else is installed here."""
    old = os.environ.get(_PROVIDER)
    os.environ[_PROVIDER] = "static"
    yield
    os.environ.pop(_PROVIDER)
    if old is not None:
        os.environ[_PROVIDER] = old


@pytest.fixture(scope="module")
def running(demo: str, chromium: Browser) -> None:
    """The next group is about to begin, and all but the first of its people are there."""
    page = chromium.new_page(base_url=demo)
    page.goto("/demo")
    page.get_by_role("button", name="Go to the next group").click()
    page.get_by_role("button", name="Let everybody join but one").click()
    page.close()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus begins with these words."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(_FOCUS).strip().startswith(words):
            return
    pytest.fail(f"the keyboard does not reach {words} on {page.url}")


def press(page: Page, words: str) -> None:
    """Go to a link or a button and press it; another page comes."""
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.usefixtures("running")
def test_a_participant_comes_from_their_week_into_the_room_by_keyboard_alone(page: Page):
    be(page, "Ada R.")

    press(page, "Join now")
    tab_to(page, "Yes: Join by video")
    with page.expect_request(lambda each: each.url.startswith("https://")) as room:
        page.keyboard.press("Enter")

    assert room.value.is_navigation_request()


@pytest.mark.usefixtures("running")
def test_a_clinician_confirms_who_came_by_keyboard_alone(page: Page):
    be(page, "Dana Whitfield")

    press(page, "Harbor group")
    press(page, "Attendance of everybody")
    for _ in range(page.locator("fieldset:not(:has(:checked))").count()):
        tab_to(page, "Present")
        page.keyboard.press("Space")
    press(page, "Confirm all")

    expect(page.get_by_role("status")).to_contain_text("Confirmed")


def test_the_pages_used_most_are_in_view_on_the_smallest_phone(page: Page):
    page.set_viewport_size(_SMALLEST)  # type: ignore[arg-type]  # width and height
    for who, names in (
        ("Nia Foster", ("Today", "Call list", "Replies")),
        ("Dana Whitfield", ("My day", "Search")),
        ("Eli W.", ("My week", "Device check")),
    ):
        be(page, who)
        menu = page.get_by_role("navigation", name="Pages", exact=True)
        for name in names:
            expect(menu.get_by_role("link", name=name)).to_be_in_viewport(ratio=0.9)
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")


def test_a_dialog_opens_and_closes_by_keyboard_without_a_script(
    demo: str, chromium: Browser
):
    page = chromium.new_context(base_url=demo, java_script_enabled=False).new_page()
    page.goto("/styleguide")
    asked = page.get_by_role("dialog", name="End this address?")
    page.get_by_role("button", name="End this address").focus()

    page.keyboard.press("Enter")
    expect(asked).to_be_visible()
    expect(asked.get_by_role("button", name="Back")).to_be_focused()
    page.keyboard.press("Escape")

    expect(asked).to_be_hidden()
    page.context.close()
