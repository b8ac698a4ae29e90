"""A page that watches something leads on when that has ended, whatever has the focus."""

from playwright.sync_api import Page, expect

from tests.browser.judge import be

BUILT = "**/weeks/2027-03-08/build"
WATCHED = """<!doctype html><title>A build</title>
<div id="live" data-every="1" data-follow><div tabindex="0" id="table">1 s</div></div>
<script type="module" src="/static/live.js"></script>"""


def test_a_build_leads_to_its_draft_though_the_table_has_the_focus(page: Page):
    be(page, "Nia Foster")
    page.route(BUILT, lambda to: to.fulfill(content_type="text/html", body=WATCHED))
    page.goto("/weeks/2027-03-08/build")
    page.locator("#table").focus()

    page.unroute(BUILT)  # the real week is not being built: its page leads to the draft

    page.wait_for_url("**/week?day=2027-03-08")
    expect(page.get_by_role("heading", name="Week of 8 March 2027")).to_be_visible()
