"""A clinician's day in a browser that loses its network."""

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as BrowserError

from tests.browser.judge import be, judge

OVER = """async () => {
  const day = await caches.open("day");
  const kept = await day.match("/roster/print");
  const headers = new Headers(kept.headers);
  headers.set("X-Until", "1");
  await day.put("/roster/print", new Response(await kept.text(), { headers }));
}"""


def keeps_their_day(page: Page) -> None:
    """Sign in as a therapist whose day the browser has kept."""
    be(page, "Dana Whitfield")
    page.goto("/roster")
    page.locator("html[data-kept]").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")


def test_the_day_opens_without_a_network_and_goes_with_its_clinician(
    demo: str, chromium: Browser
):
    context = chromium.new_context(base_url=demo)
    page = context.new_page()
    page.goto("/demo")
    page.get_by_role("button", name="Go to the next group").click()
    keeps_their_day(page)

    context.set_offline(True)
    page.reload()

    expect(page.get_by_text("No network: this is how your day was at")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Ada R.").first).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    page.set_viewport_size({"width": 320, "height": 720})
    judge(page)

    context.set_offline(False)
    page.goto("/roster")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    context.set_offline(True)

    with pytest.raises(BrowserError, match="ERR_INTERNET_DISCONNECTED"):
        page.goto("/roster")
    context.close()


def test_the_day_goes_at_midnight_and_when_somebody_else_signs_in(
    demo: str, chromium: Browser
):
    context = chromium.new_context(base_url=demo)
    page = context.new_page()
    keeps_their_day(page)
    page.evaluate(OVER)

    context.set_offline(True)
    page.goto("/roster")

    expect(page.get_by_text("no roster of today is kept")).to_be_visible()
    assert page.evaluate("caches.has('day')") is False

    context.set_offline(False)
    keeps_their_day(page)
    be(page, "Nia Foster")
    assert page.evaluate("caches.has('day')") is False
    context.close()
