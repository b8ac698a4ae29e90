"""What a browser keeps, for whom and how long: what staff have typed, and a clinician's day."""

import time

from playwright.sync_api import Browser, Page, expect

from tests.browser.judge import be, judge

DAY = "2027-03-08"
BACK = "What you typed before you were signed out is"
TAUGHT = "Distress tolerance"
NOTHING = "no roster of today is kept"
DAYS = "caches.keys().then((all) => all.filter((each) => each.startsWith('day-')).length)"
OVER = """async () => {
  const [name] = (await caches.keys()).filter((each) => each.startsWith("day-"));
  const day = await caches.open(name);
  const kept = await day.match("/roster/print");
  const headers = new Headers(kept.headers);
  headers.set("X-Until", "1");
  await day.put("/roster/print", new Response(await kept.text(), { headers }));
}"""


def type_a_day(page: Page) -> None:
    """Begin to note who is away, in a browser whose clock the test holds."""
    page.clock.install()
    be(page, "Nia Foster")
    page.goto("/leave")
    page.get_by_label("First day").fill(DAY)


def test_who_is_idle_is_warned_and_stays_by_one_press(page: Page):
    type_a_day(page)
    page.clock.fast_forward("26:50")
    dialog = page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_be_hidden()

    page.clock.fast_forward("00:20")
    expect(dialog).to_be_visible()
    judge(page)
    with page.expect_response("**/stay") as answer:
        page.get_by_role("button", name="Stay signed in").click()

    assert answer.value.status == 204
    page.clock.fast_forward("05:00")
    expect(dialog).to_be_hidden()
    assert page.url.endswith("/leave")


def test_what_was_typed_is_back_after_signing_in_again_and_nobody_else_sees_it(page: Page):
    type_a_day(page)
    page.clock.fast_forward("29:10")
    page.wait_for_url("**/sign-in")

    be(page, "Nia Foster")
    expect(page.get_by_text(f"{BACK} kept.")).to_be_visible()
    page.get_by_role("link", name="Go back to it").click()
    expect(page.get_by_text(f"{BACK} back.")).to_be_visible()
    expect(page.get_by_label("First day")).to_have_value(DAY)
    judge(page)

    page.clock.fast_forward("29:10")
    page.wait_for_url("**/sign-in")
    be(page, "Dana Whitfield")
    for _ in range(100):  # the page is there before its script has run
        if page.evaluate("sessionStorage.getItem('viop-typed')") is None:
            break
        time.sleep(0.1)
    assert page.evaluate("sessionStorage.getItem('viop-typed')") is None
    expect(page.get_by_text(BACK)).to_have_count(0)


def test_signing_out_forgets_what_was_typed(page: Page):
    type_a_day(page)

    page.get_by_role("button", name="Sign out").click()

    page.wait_for_url("**/sign-in")
    assert page.evaluate("sessionStorage.getItem('viop-typed')") is None


def keep_day(page: Page) -> None:
    """Sign in as a therapist whose day the browser has kept."""
    be(page, "Dana Whitfield")
    page.goto("/roster")
    page.locator("html[data-kept]").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")


def days_go(page: Page) -> None:
    """Wait until no day is kept."""
    page.wait_for_function(f"{DAYS}.then((left) => left === 0)")


def test_the_day_opens_without_a_network_until_its_clinician_signs_out(
    demo: str, chromium: Browser
):
    context = chromium.new_context(base_url=demo)
    page = context.new_page()
    page.goto("/demo")
    page.get_by_role("button", name="Go to the next group").click()
    keep_day(page)
    expect(page.get_by_text(TAUGHT).first).to_be_visible()

    context.set_offline(True)
    page.reload()

    expect(
        page.get_by_role("status").filter(has_text=", without a network")
    ).to_be_visible()
    expect(page.get_by_role("rowheader", name="Ada R.").first).to_be_visible()
    assert page.locator("header, form, main a").count() == 0
    assert page.get_by_text(TAUGHT).count() == 0  # a device keeps no module beside names
    page.set_viewport_size({"width": 320, "height": 720})
    judge(page)

    page.set_viewport_size({"width": 1280, "height": 720})
    context.set_offline(False)  # the copy gives way by itself
    expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    days_go(page)
    context.set_offline(True)
    page.goto("/roster")
    expect(page.get_by_text(NOTHING)).to_be_visible()
    context.close()


def test_the_day_goes_when_somebody_else_signs_in_by_hand_and_at_midnight(
    demo: str, chromium: Browser
):
    context = chromium.new_context(base_url=demo)
    page = context.new_page()
    keep_day(page)

    be(page, "Nia Foster")
    days_go(page)
    context.set_offline(True)
    page.goto("/roster")
    expect(page.get_by_text(NOTHING)).to_be_visible()

    context.set_offline(False)
    keep_day(page)
    context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="Remove this copy").click()
    expect(page.get_by_text(NOTHING)).to_be_visible()

    context.set_offline(False)
    keep_day(page)
    page.evaluate(OVER)
    context.set_offline(True)
    page.goto("/roster")

    expect(page.get_by_text(NOTHING)).to_be_visible()
    assert page.evaluate(DAYS) == 0
    context.close()


def test_a_roster_that_is_left_open_shows_who_joins_and_then_the_next_day(page: Page):
    be(page, "Dana Whitfield")
    group = page.locator("section", has_text="Harbor group").first
    expect(group).to_contain_text("0 of 9 joined")
    today = page.get_by_role("heading", level=1).inner_text()
    other = page.context.new_page()
    other.goto("/demo")

    other.get_by_role("button", name="Let everybody join but one").click()

    expect(group).to_contain_text("8 of 9 joined")
    other.evaluate(
        "fetch('/demo/clock', {method: 'POST', body: new URLSearchParams({by: 1440})})"
    )
    expect(page.get_by_role("heading", level=1)).not_to_have_text(today, timeout=20_000)
    assert today not in page.title()
