"""The demo, clicked through as its three kinds of people, and read by an accessibility judge."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.judge import PHONE, be, judge
from tests.replies import mail, text_part


def test_a_missed_join_is_seen_through_to_the_phone(page: Page):
    page.goto("/demo")
    page.get_by_role("button", name="Go to the next group").click()
    page.get_by_role("button", name="Let everybody join but one").click()
    be(page, "Nia Foster")
    expect(page.get_by_text("8 of 9 joined")).to_be_visible()
    judge(page)

    page.get_by_role("button", name="+5 min").click()
    expect(page.get_by_text("Message sent")).to_be_visible()
    page.get_by_role("button", name="+5 min").click()
    row = page.get_by_role("row").filter(has_text="Phone rings")
    expect(row).to_have_count(1)
    name = row.get_by_role("link").inner_text()
    page.set_viewport_size({"width": 320, "height": 720})
    expect(row.locator(".state")).to_be_in_viewport(ratio=1)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height

    page.get_by_role("link", name="Phone", exact=True).click()
    judge(page)
    page.get_by_role("button", name="Press 1").click()
    expect(page.get_by_text("No phone rings")).to_be_visible()
    be(page, "Nia Foster")
    expect(page.get_by_text("9 of 9 joined")).to_be_visible()
    joined = page.get_by_role("row", name=name).filter(has_text="On the phone")
    expect(joined).to_have_count(1)


def test_a_board_that_is_left_open_hears_of_a_missed_join_to_the_end(page: Page):
    page.goto("/demo")
    page.get_by_role("button", name="Go to the next group").click()
    page.get_by_role("button", name="Let everybody join but one").click()
    be(page, "Nia Foster")
    page.get_by_role("button", name="+5 min").click()
    missing = page.get_by_role("row").filter(has_text="Message sent").first
    name = missing.get_by_role("link").inner_text()
    other = page.context.new_page()
    other.goto("/demo/phone")
    other.get_by_label("Write back").first.fill("I am lost, where do I click?")
    other.get_by_role("button", name="Send").first.click()
    expect(other.get_by_role("status")).to_contain_text("A coordinator will read this")
    other.get_by_role("button", name="+5 min").click()
    expect(page.get_by_text("Phone rings")).to_be_visible()  # heard, not clicked for
    other.goto("/demo/phone")
    other.get_by_role("button", name="Pick up, press nothing").first.click()
    expect(page.get_by_text("No answer")).to_be_visible()
    other.close()

    for _ in range(2):
        page.get_by_role("button", name="+5 min").click()
    page.get_by_role("link", name="Call list").click()
    judge(page)
    expect(page.get_by_text("I am lost, where do I click?")).to_be_visible()
    theirs = page.locator("section", has=page.get_by_role("heading", name=f": {name}")).last
    theirs.get_by_role("button", name="I am calling").click()
    expect(theirs.get_by_role("button", name="Give it back")).to_be_visible()
    theirs.get_by_role("link", name="Their story").click()
    judge(page)
    expect(page.get_by_text("Answered, no key pressed")).to_be_visible()
    page.get_by_role("link", name="Safety").click()
    judge(page)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height
    judge(page)
    page.get_by_role("link", name="Their story").click()
    judge(page)


def test_an_invite_is_read_and_its_link_followed(page: Page):
    page.goto("/demo/outbox?to=p20@participants.example")
    judge(page)
    page.get_by_role("link", name="Example Health appointment", exact=True).last.click()
    judge(page)
    expect(page.locator("pre").first).to_contain_text("Honolulu time (HST, UTC-10:00)")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("link", name="Join by video")).to_be_visible()
    page.get_by_role("link", name="Raw source").click()
    assert "https://join.example/j/" in page.content()
    page.go_back()

    frame.get_by_role("link", name="Join by video").click()

    expect(page.get_by_role("heading", name="Your appointment")).to_be_visible()
    expect(page.get_by_text("The room opens at")).to_be_visible()


def test_somebody_who_cannot_come_says_so_and_a_coordinator_decides(page: Page):
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height
    page.goto("/demo/outbox?to=p22@participants.example")
    page.get_by_role("link", name="Example Health appointment", exact=True).last.click()
    page.frame_locator("iframe").get_by_role("link", name="Tell us here").click()
    judge(page)
    page.get_by_label("If you can't come").fill("My car broke down")
    page.get_by_role("button", name="I can't come").click()
    expect(page.get_by_role("status")).to_contain_text("You said that you can't come")
    judge(page)

    be(page, "Nia Foster")
    page.get_by_role("link", name="Replies").click()
    card = page.locator("section", has_text="My car broke down")
    judge(page)
    card.get_by_role("button", name="They will be absent").click()
    expect(page.get_by_text("They will be absent")).to_be_visible()
    judge(page)


def test_mail_in_the_folder_is_read_within_seconds(page: Page, place: Path):
    inbox = place / "var" / "demo" / "inbox"
    inbox.mkdir(exist_ok=True)
    raw = mail(text_part("Which room is it?"), headers={"From": "p03@participants.example"})
    (inbox / ".one").write_bytes(raw)
    (inbox / ".one").rename(inbox / "one.eml")

    be(page, "Nia Foster")
    for _ in range(50):
        page.goto("/replies")
        if page.get_by_text("Which room is it?").count():
            break
        page.wait_for_timeout(200)

    expect(page.get_by_text("Which room is it?")).to_be_visible()
    assert (inbox / "taken" / "one.eml").exists()


def test_a_participant_checks_their_device_and_the_roster_knows(page: Page):
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height
    be(page, "Eli W.")
    judge(page)
    page.get_by_role("link", name="Check my device").click()
    judge(page)
    page.get_by_role("button", name="Start the check").click()
    page.get_by_role("button", name="I hear nothing").click()
    page.wait_for_url("**/tech-check?done", timeout=90_000)
    judge(page)
    expect(page.get_by_role("heading", name="Not ready")).to_be_focused()
    expect(page.get_by_text("You did not hear the numbers.").first).to_be_visible()

    be(page, "Luis Arroyo")
    expect(page.get_by_role("row", name="Eli W.").first).to_contain_text("✗ Not ready")
    be(page, "Nia Foster")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Devices").click()
    judge(page)
    page.get_by_role("link", name="Eli W.").click()
    judge(page)
    page.get_by_role("button", name="Begin to check together").click()
    expect(page.get_by_text("You check together.")).to_be_visible()


def test_a_coordinator_discharges_somebody_and_only_they_are_told(page: Page):
    be(page, "Nia Foster")
    page.get_by_role("link", name="Cohorts").click()
    judge(page)
    page.get_by_role("link", name="juniper").click()
    judge(page)
    row = page.get_by_role("row", name="Lou F.")
    row.get_by_text("Discharge").first.click()
    row.get_by_role("button", name="Discharge Lou F.").click()
    judge(page)
    page.get_by_role("status").get_by_role("link", name="Week of").first.click()
    expect(page.get_by_text("The programme has changed since this draft")).to_be_visible()
    page.get_by_role("button", name="Build this week").click()
    judge(page)
    page.get_by_role("button", name="Publish revision").click()
    expect(page.get_by_role("status")).to_contain_text("now: 0 new")
    judge(page)

    told = letters_of_the_change(page)
    assert any("appointment cancelled" in each for each in told)
    assert all("p12@participants.example" in each for each in told)


def letters_of_the_change(page: Page) -> list[str]:
    """What the outbox shows of moves and cancellations, once one is there.

    Letters leave one by one and several bear the same second, so neither their number
    at the first look nor their order says anything.
    """
    for _ in range(50):
        page.goto("/demo/outbox")
        lines = page.locator("ul.lines").last.locator("li").all_inner_texts()
        told = [each for each in lines if "cancelled" in each or "new time" in each]
        if any("cancelled" in each for each in told):
            return told
        page.wait_for_timeout(200)
    return []


def test_a_coordinator_notes_a_sick_call_and_looks_ahead(page: Page):
    be(page, "Nia Foster")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Away").click()
    judge(page)
    page.get_by_label("Clinician").select_option("c09")
    page.get_by_label("First day").fill("2027-03-11")
    page.get_by_label("Last day").fill("2027-03-11")
    page.get_by_role("button", name="Note it").click()
    page.get_by_role("button", name="Build this week").click()
    expect(page.get_by_role("heading", name="What publishing would change")).to_be_visible()
    judge(page)
    page.get_by_role("link", name="The weeks ahead").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The weeks ahead")
    judge(page)
    page.get_by_role("link", name="Cohorts").click()
    page.get_by_role("link", name="Next term").click()
    judge(page)
    page.goto("/participants/p20/cohorts")
    judge(page)
    page.goto("/leave")
    judge(page)
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("Nobody is away.")).to_be_visible()


def test_what_is_worked_out_appears_on_a_page_that_is_left_open(page: Page):
    be(page, "Nia Foster")
    page.goto("/participants/p05/cohorts")
    expect(page.get_by_text("Being worked out since")).to_be_visible()
    judge(page)

    answer = page.get_by_text("Nothing it was worked out from has changed since")
    expect(answer).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Being worked out since")).to_have_count(0)
    expect(page.locator("#live")).to_have_attribute("data-every", "30")
    judge(page)


@pytest.mark.parametrize("size", [PHONE, {"width": 1100, "height": 800}])
def test_a_coordinator_supposes_a_sick_day_before_noting_it(page: Page, size):
    page.set_viewport_size(size)
    be(page, "Nia Foster")
    page.goto("/week?day=2027-03-15")
    page.get_by_text("How the search went").click()
    judge(page)
    page.get_by_role("link", name="What if").click()
    judge(page)
    page.get_by_text("A clinician is away").click()
    page.get_by_label("Clinician").select_option("c09")
    page.get_by_label("First day").first.fill("2027-03-18")
    page.get_by_label("Last day").first.fill("2027-03-18")
    page.get_by_role("button", name="See what it would do").first.click()
    expect(page.get_by_role("heading", name="Who would move")).to_be_visible()
    judge(page)
    page.get_by_role("link", name="Note that they are away").click()
    expect(page.get_by_label("Clinician")).to_have_value("c09")
    expect(page.get_by_label("Last day")).to_have_value("2027-03-18")
    judge(page)


def test_a_clinician_marks_attendance(page: Page):
    be(page, "Dana Whitfield")
    judge(page)
    page.locator("h2 a").last.click()
    judge(page)
    page.get_by_role("button", name="Excused").first.click()
    expect(page.locator(".state", has_text="Excused")).to_be_visible()


@pytest.mark.parametrize("path", ["/sign-in", "/demo", "/j/forged", "/nowhere"])
@pytest.mark.parametrize("width", [390, 1100])
def test_public_pages_are_readable_by_everybody(demo: str, chromium, path: str, width: int):
    context = chromium.new_context(base_url=demo, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(path)
    judge(page)
    context.close()


def test_the_pages_work_without_scripts(demo: str, chromium):
    context = chromium.new_context(base_url=demo, java_script_enabled=False)
    page = context.new_page()
    be(page, "Gil Romero")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name="Plan a week").click()
    page.get_by_role("button", name="Build this week").click()
    expect(page.get_by_text("Everything this week needs has its place.")).to_be_visible()
    context.close()


def test_keyboards_reach_the_content_first(page: Page):
    page.goto("/sign-in")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
