"""Staff who are idle are warned, may stay, and find what they typed when they come back."""

from playwright.sync_api import Page, expect

from tests.browser.judge import be, judge

DAY = "2027-03-08"
BACK = "What you typed before you were signed out is"


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
    expect(page.get_by_text(BACK)).to_have_count(0)
    assert page.evaluate("sessionStorage.getItem('viop-typed')") is None


def test_signing_out_forgets_what_was_typed(page: Page):
    type_a_day(page)

    page.get_by_role("button", name="Sign out").click()

    page.wait_for_url("**/sign-in")
    assert page.evaluate("sessionStorage.getItem('viop-typed')") is None
