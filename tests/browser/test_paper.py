"""What is printed: black on white, whatever the device is set to, and nothing to press."""

import zipfile
from io import BytesIO

from playwright.sync_api import Page, expect

from tests.browser.judge import COLOURS, be, faults

ON_PAPER = {
    "Dana Whitfield": ("/roster/print", "/roster"),
    "Nia Foster": ("/board", "/calls", "/week"),
    "Vera Stone": ("/records", "/audit", "/disclosures"),
    "Eli W.": ("/me", "/me/details"),
}
PAPER = {"width": 816, "height": 1056}  # a letter, in CSS pixels
SMALLEST = {"width": 320, "height": 720}


def test_what_is_printed_at_night_is_black_on_white_with_nothing_to_press(page: Page):
    page.goto("/demo")
    page.get_by_role("button", name="Go to the next group").click()
    page.get_by_role("button", name="Let everybody join but one").click()
    page.set_viewport_size(PAPER)  # type: ignore[arg-type]  # width and height
    wrong = []
    for who, paths in ON_PAPER.items():
        page.emulate_media(media="screen", color_scheme="light")
        be(page, who)
        page.emulate_media(media="print", color_scheme="dark")
        for path in paths:
            page.goto(path)
            expect(page.get_by_role("button")).to_have_count(0)
            wrong += [f"{path}: {each}" for each in faults(page, COLOURS)]

    assert not wrong, "\n".join(wrong)


def test_a_story_is_printed_from_its_first_line_to_its_last(page: Page):
    be(page, "Dana Whitfield")
    page.goto("/roster")
    page.locator('a[href^="/seats/"]').first.click()
    expect(page.get_by_role("link", name="Safety")).to_be_visible()

    page.emulate_media(media="print", color_scheme="dark")

    assert faults(page, COLOURS) == []
    expect(page.locator(".story li").last).to_be_visible()
    expect(page.get_by_role("link", name="Safety")).to_be_hidden()


def test_a_question_that_stands_open_is_not_printed(page: Page):
    be(page, "Dana Whitfield")
    page.goto("/roster/print")
    page.evaluate("document.querySelector('#stay').showModal()")
    expect(page.get_by_role("dialog")).to_be_visible()

    page.emulate_media(media="print")

    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_record_fits_a_telephone_and_paper(page: Page):
    be(page, "Vera Stone")
    origin = {"Origin": page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2]}
    answer = page.request.post(
        "/records/export", form={"participant": "p05"}, headers=origin
    )
    record = zipfile.ZipFile(BytesIO(answer.body())).read("record.html").decode()
    page.goto("about:blank")
    page.set_content(record)

    for size in (SMALLEST, PAPER):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # width and height
        assert faults(page) == []
    page.emulate_media(media="print")
    assert page.locator("dd").evaluate_all(
        "all => all.every((each) => each.scrollWidth <= each.clientWidth)"
    )
