"""Captions: made on the device, from what is heard, or not at all."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.judge import be, judge
from vioP.video.janus.config import find_janus

pytestmark = pytest.mark.skipif(
    find_janus() is None, reason="janus is missing: apt-get install janus"
)
# A browser's recogniser in the place of one: it keeps what it is asked, and hears one sentence.
RECOGNISER = """(state) => {
  window.asked = [];
  class Recogniser {
    static async available(wish) { window.asked.push(["available", wish]); return state; }
    static async install(wish) {
      window.asked.push(["install", wish]);
      state = "available";
      return true;
    }
    get processLocally() { return this.local ?? false; }
    set processLocally(value) { this.local = value; }
    start(track) {
      const how = { kind: track?.kind, local: this.processLocally, lang: this.lang };
      window.asked.push(["start", how]);
      const result = Object.assign([{ transcript: " we begin with a breath " }], { isFinal: true });
      setTimeout(() => this.onresult({ resultIndex: 0, results: [result] }), 50);
    }
    abort() { window.asked.push(["abort"]); }
  }
  window.SpeechRecognition = Recogniser;
}"""
ELSEWHERE = """() => {
  window.asked = [];
  delete window.SpeechRecognition;
  window.webkitSpeechRecognition = class {
    constructor() { window.asked.push("made"); }
    start() {}
  };
}"""
SOMEBODY_SPEAKS = """() => {
  document.getElementById("inside").hidden = false;
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  context.createOscillator().connect(out);
  const sound = document.createElement("audio");
  sound.srcObject = out.stream;
  document.getElementById("inside").append(sound);
}"""


def room(page: Page, script: str, *given: Any) -> None:
    """Open the room of the next group, with a recogniser put in before it."""
    page.goto("/demo")
    page.get_by_role("button", name="Go to the next group").click()
    be(page, "Nia Foster")
    path = page.locator("h2 a").first.get_attribute("href")
    argument = ", ".join(f'"{each}"' for each in given)
    page.add_init_script(f"({script})({argument})")
    page.goto(f"{path}/room")
    expect(page.get_by_text("Your camera and microphone work.")).to_be_visible()
    page.evaluate(SOMEBODY_SPEAKS)


def asked(page: Page, what: str) -> list[Any]:
    return [each[1:] for each in page.evaluate("window.asked") if each[0] == what]


def test_what_is_heard_is_written_down_on_the_device_and_gone_when_turned_off(page: Page):
    room(page, RECOGNISER, "available")
    button = page.get_by_role("button", name="Captions")

    button.click()

    expect(page.get_by_role("log")).to_contain_text("we begin with a breath")
    language = page.evaluate("navigator.language")
    assert asked(page, "start") == [[{"kind": "audio", "local": True, "lang": language}]]
    assert {wish["processLocally"] for [wish] in asked(page, "available")} == {True}
    judge(page)

    button.click()
    expect(page.get_by_role("log")).to_be_hidden()
    assert page.locator("#caption-lines").inner_text() == ""
    assert len(asked(page, "abort")) == 1


def test_a_language_pack_is_fetched_once_and_first(page: Page):
    room(page, RECOGNISER, "downloadable")

    page.get_by_role("button", name="Captions").click()

    expect(page.get_by_role("log")).to_contain_text("we begin with a breath")
    assert [each[0] for each in page.evaluate("window.asked") if each[0] != "available"] == [
        "install", "start",
    ]  # fmt: skip


def test_a_real_browser_without_a_recogniser_says_so_and_hears_nothing(page: Page):
    """Debian's Chromium offers to fetch a language pack, and has nowhere to fetch it from."""
    room(page, "() => {}")

    page.get_by_role("button", name="Captions").click()

    expect(page.get_by_role("log")).to_contain_text("The language pack did not come.")
    expect(page.get_by_role("button", name="Captions", pressed=False)).to_be_visible()


@pytest.mark.parametrize(
    ("script", "given"), [(RECOGNISER, ["unavailable"]), (ELSEWHERE, [])]
)
def test_where_speech_would_leave_the_device_there_is_no_button_but_help(
    page: Page, script: str, given: list[str]
):
    room(page, script, *given)

    expect(page.get_by_role("button", name="Captions")).to_be_hidden()
    page.locator(".room-help summary").click()
    expect(page.get_by_text("Windows, Ctrl and L")).to_be_visible()
    judge(page)
    made = page.evaluate("window.asked ?? []")
    assert [each for each in made if each == "made" or each[0] == "start"] == []
