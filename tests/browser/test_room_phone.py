"""A telephone and browsers in one room: everybody hears everybody, and sees who is there how."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import test_room
from tests.browser.demo_with_phone import ANSWERED, ASKED, SPEAKS
from tests.browser.judge import be, judge
from tests.browser.test_room import (
    Stage,
    enter_as_host,
    enter_as_participant,
    in_the_beginning,
    staged,
    until,
)

pytestmark = test_room.pytestmark
# How much of what the page plays is one tone, in decibels over the median of all tones.
STANDS_OUT = """async (tone) => {
  const stream = document.getElementById("sound").srcObject;
  if (!stream || document.getElementById("sound").muted) return 0;
  if (!window.ear) {
    window.context = new AudioContext();
    window.ear = window.context.createAnalyser();
    window.ear.fftSize = 4096;
    window.context.createMediaStreamSource(stream).connect(window.ear);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const levels = new Float32Array(window.ear.frequencyBinCount);
  window.ear.getFloatFrequencyData(levels);
  const at = Math.round(tone * window.ear.fftSize / window.context.sampleRate);
  const median = [...levels].sort((one, other) => one - other)[levels.length >> 1];
  return Math.max(...levels.slice(at - 2, at + 3)) - Math.max(median, -200);
}"""

NO_DEVICES = """navigator.mediaDevices.getUserMedia = () =>
  Promise.reject(new DOMException("none", "NotFoundError"));"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demo in a network of its own, with a telephone beside it."""
    with staged(tmp_path_factory.mktemp("phone"), "tests.browser.demo_with_phone") as found:
        yield found


def heard_by_phone(place: Path) -> dict[str, float]:
    """What the telephone hears."""
    found: dict[str, float] = json.loads((place / ANSWERED).read_text())
    return found


def is_beeped_to(place: Path) -> bool:
    """Whether the telephone hears the tone of somebody's microphone."""
    heard = heard_by_phone(place)
    return heard["beep"] > 0.2 and heard["level"] > 0.02


def call(place: Path, session: str, name: str) -> None:
    (place / "asked").write_text(json.dumps({"session": session, "name": name}))
    (place / "asked").rename(place / ASKED)


def hang_up(place: Path) -> None:
    (place / ASKED).unlink()


def test_a_telephone_and_browsers_hear_each_other(stage: Stage, tmp_path: Path):
    place = stage.log.parent
    office = stage.browser(tmp_path)
    staff = stage.page(office)
    path = in_the_beginning(staff)
    session = path.rsplit("/", 1)[-1]
    host = stage.page(office)
    be(host, "Nia Foster")
    enter_as_host(host, path)
    staff.goto(path)
    name, other = staff.locator("section h2").all_inner_texts()[:2]

    # By phone alone: a tile, speaking, and both ways of hearing.
    call(place, session, name)
    tile = host.locator(".tile", has_text="on the phone")
    expect(tile).to_contain_text("By phone")
    expect(tile).to_contain_text("speaking")
    until(lambda: host.evaluate(STANDS_OUT, SPEAKS) > 30, "the host hears the telephone")
    until(lambda: is_beeped_to(place), "the telephone hears the host")
    judge(host)

    # A host who is muted is not in the mix.
    host.get_by_role("button", name="Mute", exact=True).click()
    until(lambda: heard_by_phone(place)["level"] < 0.0005, "the host is muted")
    host.get_by_role("button", name="Unmute").click()
    until(lambda: is_beeped_to(place), "the host is heard again")

    # The same person's page: seen there, heard by phone, and no echo.
    guest = stage.page(office)
    enter_as_participant(guest, name)
    host.get_by_role("button", name="Let everybody in").click()
    expect(guest.get_by_text("this page makes no sound")).to_be_visible()
    assert guest.evaluate("document.getElementById('sound').muted") is True
    expect(guest.get_by_role("button", name="Unmute")).to_be_disabled()
    judge(guest)
    own = host.locator(".tile", has_text="muted")
    expect(own).to_have_count(1)

    # Somebody without camera and microphone hears all the same, and takes part.
    listener = stage.page(office)
    listener.add_init_script(NO_DEVICES)
    enter_as_participant(listener, other)
    host.get_by_role("button", name="Let everybody in").click()
    until(
        lambda: listener.evaluate(STANDS_OUT, SPEAKS) > 30, "a listener hears the telephone"
    )
    listener.close()

    # The call ends: the page is heard and hears again, and the tile is gone.
    hang_up(place)
    expect(tile).to_have_count(0)
    expect(guest.get_by_text("Speak and listen here again.")).to_be_visible()
    assert guest.evaluate("document.getElementById('sound').muted") is False
    expect(guest.get_by_role("button", name="Mute", exact=True)).to_be_enabled()
    expect(host.locator(".tile", has_text="muted")).to_have_count(0)
    office.close()
