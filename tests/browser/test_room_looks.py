"""The room as it looks and as it is used by keyboard, on every screen it is opened on."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.judge import be, judge
from vioP.video.janus.config import find_janus

pytestmark = pytest.mark.skipif(
    find_janus() is None, reason="janus is missing: apt-get install janus"
)
# Fill the room with people, as the connection behind it would.
FILL = """async (many) => {
  const { Tiles } = await import("/static/room_tiles.js");
  document.querySelector(".demo-bar").hidden = true;
  for (const id of ["ready", "inside"]) document.getElementById(id).hidden = id === "ready";
  document.getElementById("tiles").replaceChildren();
  window.tiles = new Tiles(document.getElementById("tiles"));
  window.tiles.addPhone("f1", "Ada, on the phone");
  window.tiles.speaking("f1", true);
  for (let n = 2; n < many; n += 1) window.tiles.add(`f${n}`, `Bo ${n}`);
  window.tiles.add("mine", "Nia (host)", true);
  const state = { audio: true, video: false };
  for (const feed of window.tiles.tiles.keys()) window.tiles.media(feed, state);
}"""
WAIT = """async (names) => {
  const { showWaiting } = await import("/static/room_waiting.js");
  showWaiting(names.map((name) => ({ key: name, name })), () => {});
}"""
SPEAK = """(lines) => {
  const captions = document.getElementById("caption-lines");
  captions.hidden = false;
  captions.replaceChildren(...lines.map((line) => {
    const said = document.createElement("p");
    said.textContent = line;
    return said;
  }));
}"""
BOXES = """(selector) => [...document.querySelectorAll(selector)].map((each) => {
  const { top, bottom, left, right } = each.getBoundingClientRect();
  return { top, bottom, left, right };
})"""


@pytest.fixture
def room(page: Page) -> Page:
    """The room of the next group, before its host has gone in."""
    page.goto("/demo")
    page.get_by_role("button", name="Go to the next group").click()
    be(page, "Nia Foster")
    path = page.locator("h2 a").first.get_attribute("href")
    page.goto(f"{path}/room")
    expect(page.get_by_text("Your camera and microphone work.")).to_be_visible()
    return page


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    """Where the parts of a page are."""
    found: list[dict[str, float]] = page.evaluate(BOXES, selector)
    return found


def of_size(page: Page, width: int, height: int) -> Page:
    page.set_viewport_size({"width": width, "height": height})
    return page


def test_everybody_is_seen_above_the_bar_on_every_screen(room: Page):
    hidden = []
    for width, height, counts in (
        (320, 568, (2, 4, 6)),
        (390, 844, (2, 6, 8)),
        (844, 390, (2, 3, 4, 6)),
        (768, 1024, (2, 6, 12)),
        (1440, 900, (2, 3, 6, 12)),
    ):
        of_size(room, width, height)
        for many in counts:
            room.evaluate(FILL, many)
            [bar] = boxes(room, ".room-bar")
            lowest = max(each["bottom"] for each in boxes(room, ".tile"))
            if lowest > bar["top"] or bar["bottom"] > height:
                hidden.append((width, height, many))

    assert hidden == []


def test_whoever_is_alone_is_seen_in_the_middle(room: Page):
    of_size(room, 1440, 900).evaluate(FILL, 1)
    room.evaluate("tiles.remove('f1')")

    [tile] = boxes(room, ".tile")

    assert abs(tile["left"] + tile["right"] - 1440) < 20


def test_no_word_of_a_tile_lies_on_another(room: Page):
    for width, height in ((320, 568), (844, 390)):
        of_size(room, width, height).evaluate(FILL, 6)

        for word, name in zip(
            boxes(room, ".tile-word"), boxes(room, ".tile-name"), strict=True
        ):
            assert word["bottom"] <= name["top"] + 1
            assert word["bottom"] - word["top"] > 20


def test_buttons_stand_in_even_rows_on_a_telephone(room: Page):
    for width in (320, 390):
        of_size(room, width, 844).evaluate(FILL, 2)
        room.evaluate("document.getElementById('captions').hidden = false")

        tops = [round(each["top"]) for each in boxes(room, ".room-bar button")]

        assert [tops.count(each) for each in tops] == [2, 2, 2, 2]


def test_captions_leave_room_for_faces_and_show_the_newest_line(room: Page):
    spoken = ["Ada: we begin with a breath, and look at how the week has been"] * 3
    for width, height in ((320, 568), (844, 390)):
        of_size(room, width, height).evaluate(FILL, 2)
        room.evaluate(SPEAK, [*spoken, "Bo: the newest"])

        [captions] = boxes(room, "#caption-lines")

        assert captions["bottom"] - captions["top"] < height / 4
        newest = boxes(room, "#caption-lines p")[-1]
        assert captions["top"] < newest["top"]
        assert newest["bottom"] < captions["bottom"]


def test_where_our_own_line_is_down_everybody_else_is_said_to_be_lost(room: Page):
    room.evaluate(FILL, 4)

    room.evaluate("tiles.allLost()")

    words = room.locator(".tile-word").all_inner_texts()
    assert words == [*["Connection lost"] * 3, "Camera is off"]


def focused(page: Page) -> Any:
    """The words of what has the focus, or its identifier."""
    return page.evaluate("document.activeElement.id || document.activeElement.innerText")


def test_a_host_goes_in_and_out_by_keyboard_and_never_loses_their_place(room: Page):
    room.get_by_role("button", name="Go in", exact=True).focus()

    room.keyboard.press("Enter")
    room.keyboard.press("Enter")
    expect(room.get_by_text("(host) (you)")).to_be_visible()
    assert focused(room) == "inside"
    room.keyboard.press("Tab")
    assert focused(room) == "mute"
    room.keyboard.press("Enter")
    expect(room.get_by_role("button", name="Unmute")).to_be_focused()

    room.get_by_role("button", name="Leave").press("Enter")

    expect(room.get_by_text("You can come back until")).to_be_visible()
    assert focused(room) == "gone"
    judge(room)
    room.keyboard.press("Tab")
    assert focused(room) == "come-back"


def test_a_second_press_on_go_in_does_not_put_out_the_first(room: Page):
    room.get_by_role("button", name="Go in", exact=True).dblclick()

    expect(room.get_by_text("(host) (you)")).to_be_visible()
    room.wait_for_timeout(500)
    expect(room.get_by_text("(host) (you)")).to_be_visible()


def test_whoever_is_about_to_let_somebody_in_is_not_disturbed_by_others_who_come(
    room: Page,
):
    room.evaluate(FILL, 2)
    room.evaluate(WAIT, ["Ada", "Bo"])
    room.get_by_role("button", name="Let Bo in").focus()

    room.evaluate(WAIT, ["Bo", "Cal"])
    expect(room.get_by_role("button", name="Let Bo in")).to_be_focused()
    judge(room)
    room.evaluate(WAIT, ["Cal"])
    expect(room.get_by_role("button", name="Let everybody in")).to_be_focused()
    room.evaluate(WAIT, [])

    expect(room.get_by_role("button", name="Mute")).to_be_focused()


NAMES = """async () => {
  const { Tiles } = await import("/static/room_tiles.js");
  const list = document.createElement("ul");
  document.querySelector("main").append(list);
  const tiles = new Tiles(list);
  tiles.add("f1", "Nia (host)");
  tiles.addPhone("f2", "Ada, on the phone");
  tiles.add("f3", "Bo");
  return [...list.querySelectorAll(".tile-name")].map((each) => each.textContent);
}"""


def test_who_hosts_and_who_is_on_the_phone_is_said_in_the_readers_language(page: Page):
    page.set_extra_http_headers({"Accept-Language": "es"})
    page.goto("/demo")
    be(page, "Eli W.")
    page.goto("/me/tech-check")

    assert page.evaluate(NAMES) == ["Nia (dirige la sesión)", "Ada, por teléfono", "Bo"]
