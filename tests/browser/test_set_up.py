"""Setting up in a real browser: on a small phone, by keyboard alone, judged page by page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.judge import be, judge

SMALL = {"width": 320, "height": 640}


@pytest.fixture
def phone(demo: str, chromium: Browser) -> Iterator[Page]:
    """A small phone whose clock is set to Denver. A form that is refused is no fault here."""
    context = chromium.new_context(
        base_url=demo,
        viewport=SMALL,  # type: ignore[arg-type]  # width and height
        timezone_id="America/Denver",
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda said: (
            faults.append(said.text)
            if said.type == "error" and "422" not in said.text
            else None
        ),
    )
    yield page
    context.close()
    assert faults == []


def from_the_mail(page: Page, address: str, subject: str, button: str) -> None:
    page.goto(f"/demo/outbox?to={address}")
    page.get_by_role("link", name=subject).first.click()
    page.frame_locator("iframe").get_by_role("link", name=button).click()


def go_on(page: Page, button: str = "Save and go on") -> None:
    judge(page)
    page.get_by_role("button", name=button).click()


def test_a_newcomer_goes_from_the_mailed_link_to_a_proven_phone_and_calendar(phone: Page):
    from_the_mail(
        phone, "p14@participants.example", "set up your visits", "Set up my visits"
    )
    judge(phone)
    phone.get_by_role("link", name="Start").click()
    phone.get_by_label("Name to show").fill("")
    phone.get_by_role("button", name="Save and go on").click()
    expect(phone.get_by_role("alert")).to_contain_text("Something is still missing")
    expect(phone.get_by_role("alert")).to_be_focused()
    phone.get_by_role("link", name="Write the name others will see.").click()
    expect(phone.get_by_label("Name to show")).to_be_focused()
    phone.keyboard.type("Ned B.")
    go_on(phone)

    expect(phone.get_by_text("Your device is set to Mountain: Denver.")).to_be_visible()
    go_on(phone, "Go on")
    expect(phone.get_by_role("status")).to_contain_text("It is 5:3")
    go_on(phone, "Yes, it is")
    phone.get_by_label("Street and number").fill("5 Main St")
    go_on(phone)
    phone.go_back()  # what was said is there still
    expect(phone.get_by_label("Street and number")).to_have_value("5 Main St")
    go_on(phone)
    judge(phone)
    phone.get_by_role("link", name="Leave this for later").click()
    go_on(phone)  # the phone on file is right
    phone.get_by_label("send a text").check()
    phone.get_by_label("ring with a machine").check()
    phone.get_by_label("call, one of us").check()
    go_on(phone)
    phone.get_by_label("I can name nobody now").check()
    go_on(phone)
    go_on(phone)  # nothing is needed
    go_on(phone)  # invites, as on file
    for _ in range(2):
        phone.get_by_label("I have read this, and I agree").check()
        phone.get_by_label("Your name, as a signature").fill("Ned Brown")
        go_on(phone)

    prove_the_phone(phone)
    prove_the_calendar(phone)
    judge(phone)
    expect(phone.get_by_text("Everything we need is there.")).to_be_visible()
    expect(phone.get_by_role("heading", name="12 of 13 done")).to_be_visible()
    phone.get_by_role("button", name="Go to my week").click()
    expect(phone.get_by_role("heading", name="My week")).to_be_visible()
    phone.get_by_role("link", name="My details").first.click()
    judge(phone)
    with phone.expect_download() as saved:
        phone.get_by_role("link", name="Keep a copy: Appointments by video").click()
    assert "Signed: Ned Brown" in saved.value.path().read_text()
    phone.locator("summary", has_text="Take it back: Mail, texts and calls").click()
    phone.get_by_role("button", name="Yes, take it back: Mail, texts and calls").click()
    expect(phone.get_by_text("taken back on")).to_be_visible()


def prove_the_phone(page: Page) -> None:
    judge(page)
    page.get_by_role("button", name="Ring my phone now").click()
    expect(page.get_by_text("rings now")).to_be_visible()
    judge(page)
    digit = page.locator("#live strong").inner_text()
    other = page.context.new_page()
    ringing = other.locator("section", has_text="You asked us to test this phone")
    for _ in range(50):
        other.goto("/demo/phone")
        if ringing.count():
            break
        other.wait_for_timeout(200)
    ringing.get_by_role("button", name=f"Press {digit}").click()
    other.close()
    expect(page.get_by_text("This phone is confirmed.")).to_be_visible(timeout=15_000)
    judge(page)
    page.get_by_role("link", name="Go on").click()


def prove_the_calendar(page: Page) -> None:
    page.get_by_text("I cannot find it").click()
    judge(page)
    other = page.context.new_page()
    invites = other.get_by_role("link", name="Example Health appointment", exact=True)
    for _ in range(50):
        other.goto("/demo/outbox?to=p14@participants.example")
        if invites.count():
            break
        other.wait_for_timeout(200)
    invites.last.click()
    said = other.locator("pre").first.inner_text()
    other.close()
    word = said.split("type this word on the page: ")[1].split()[0]
    page.get_by_label("The word in the invite").fill(word)
    page.get_by_role("button", name="Go on").click()


def test_a_guardian_does_their_part_by_keyboard_alone(phone: Page):
    address = "guardian-p42@participants.example"
    from_the_mail(phone, address, "your part of the set-up", "Do my part")
    judge(phone)

    press(phone, "Start")
    typed(phone, "Gia Gomez", "214 555 0177")
    press(phone, "Save and go on")
    press(phone, "call, one of us", key="Space")
    press(phone, "Save and go on")
    press(phone, "I can name nobody now", key="Space")
    press(phone, "Save and go on")
    press(phone, "I have read this, and I agree", key="Space")
    phone.keyboard.press("Tab")
    phone.keyboard.type("Gia Gomez")
    press(phone, "Save and go on")

    judge(phone)
    press(phone, "Leave this for later")
    expect(phone.get_by_text("Your part is done.")).to_be_visible()


def test_a_minor_does_the_rest_by_keyboard_alone_and_both_parts_together_suffice(
    phone: Page,
):
    address = "p42@participants.example"
    from_the_mail(phone, address, "set up your visits", "Set up my visits")
    press(phone, "Start")
    press(phone, "Save and go on")  # the name on file is right
    press(phone, "Go on")
    press(phone, "Yes, it is 5:31 AM", also="Yes, it is 5:3")
    typed(phone, "12 Elm St")
    press(phone, "Save and go on")
    typed(phone, "Library", "1500 Young St", "Dallas")
    phone.keyboard.type("TX")  # the list of states
    press(phone, "Save and go on")
    press(phone, "I need captions", key="Space")
    press(phone, "Save and go on")
    phone.keyboard.press("Tab")
    press(phone, "Save and go on")
    press(phone, "I have read this, and I agree", key="Space")
    phone.keyboard.press("Tab")
    phone.keyboard.type("Pia Gomez")
    press(phone, "Save and go on")

    expect(phone.get_by_role("heading", name="A test of your calendar")).to_be_visible()
    press(phone, "Leave this for later")
    expect(phone.get_by_text("Everything we need is there.")).to_be_visible()
    judge(phone)


def press(page: Page, name: str, key: str = "Enter", also: str = "") -> None:
    """Tab on until something of that name has the focus, and press a key there.

    ``also`` is a beginning that will do, for what names the time.
    """
    said = "document.activeElement.closest('label')?.innerText || document.activeElement.innerText"
    for _ in range(60):
        found = str(page.evaluate(said) or "").strip()
        if found == name or (also and found.startswith(also)):
            if key == "Enter":
                with page.expect_navigation():
                    page.keyboard.press(key)
            else:
                page.keyboard.press(key)
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{name} was never reached by keyboard")


def typed(page: Page, *words: str) -> None:
    """Tab to the first line of a form, and type line by line."""
    for _ in range(30):
        if page.evaluate(
            "document.activeElement.tagName + document.activeElement.type"
        ) in {
            "INPUTtext",
            "INPUTtel",
        }:
            break
        page.keyboard.press("Tab")
    for word in words:
        page.keyboard.type(word)
        page.keyboard.press("Tab")


def test_a_coordinator_sees_who_is_missing_what_and_waives_with_a_reason(phone: Page):
    be(phone, "Nia Foster")
    phone.goto("/onboarding")
    judge(phone)
    card = phone.locator("section", has_text="Bea T.")
    expect(card).to_contain_text("0 of 13 done.")
    card.get_by_text("Let them come without a piece").click()
    card.get_by_label("Which piece").select_option("part2")
    card.get_by_label("Why").fill("Signed on paper")
    judge(phone)
    card.get_by_role("button", name="Waive it for Bea T.").click()
    expect(
        phone.get_by_text("Waived: Sharing your records: Signed on paper")
    ).to_be_visible()
    phone.set_viewport_size({"width": 1100, "height": 800})
    judge(phone)


def test_the_door_offers_to_finish_and_lets_in_whoever_asks(phone: Page):
    phone.goto("/demo")
    be(phone, "Bea T.")
    expect(phone.get_by_role("heading", name="A few things first")).to_be_visible()
    judge(phone)
    phone.get_by_role("link", name="See the way in").click()
    judge(phone)
    phone.get_by_role("button", name="Do it now").click()
    judge(phone)
    expect(phone.get_by_role("link", name="Back to your appointment")).to_be_visible()
    expect(phone.get_by_text("A test of your phone")).to_have_count(0)
