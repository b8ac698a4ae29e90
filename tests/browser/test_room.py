"""Two browsers in one room: they see and hear each other, and what happens to them is known."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET, ROOT
from tests.browser.judge import PHONE, be, judge
from tests.browser.network import network
from tests.browser.said import nothing_broke
from vioP.video.janus.config import find_janus

pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None, reason="chromium is missing: apt-get install chromium"
    ),
    pytest.mark.skipif(
        find_janus() is None, reason="janus is missing: apt-get install janus"
    ),
]
# A busy machine is slow; only what is about seconds is measured in seconds.
PATIENCE = 90
expect.set_options(timeout=PATIENCE * 1000)
# Every connection a page makes, so that a test can ask what arrives by it.
SPY = """(() => {
  const Real = RTCPeerConnection;
  window.peers = [];
  window.RTCPeerConnection = class extends Real {
    constructor(...given) { super(...given); window.peers.push(this); }
  };
})()"""
RECEIVED = """async () => {
  const sum = { frames: 0, energy: 0 };
  for (const peer of window.peers) {
    if (peer.connectionState === "closed") continue;
    for (const each of (await peer.getStats()).values()) {
      if (each.type !== "inbound-rtp") continue;
      sum.frames += each.framesDecoded ?? 0;
      sum.energy += each.totalAudioEnergy ?? 0;
    }
  }
  return sum;
}"""


class Stage:
    """The demo and browsers, each in a process of its own, in one network."""

    def __init__(self, stack: ExitStack, inside: list[str], url: str, log: Path) -> None:
        self._stack = stack
        self._inside = inside
        self.url = url
        self.log = log
        self.playwright = stack.enter_context(sync_playwright())

    def browser(self, place: Path) -> Browser:
        """A browser of its own, so that it alone can be frozen."""
        assert CHROMIUM is not None
        program = place / "chromium"
        program.write_text(f'#!/bin/sh\nexec {" ".join(self._inside)} {CHROMIUM} "$@"\n')
        program.chmod(0o755)
        named = [*QUIET, f"--viop-test={place}"]
        browser = self.playwright.chromium.launch(executable_path=program, args=named)
        self._stack.callback(browser.close)
        return browser

    def page(self, browser: Browser) -> Page:
        context = browser.new_context(
            base_url=self.url,
            permissions=["camera", "microphone"],
            viewport=PHONE,  # type: ignore[arg-type]  # width and height
        )
        context.set_default_timeout(PATIENCE * 1000)
        context.add_init_script(SPY)
        return context.new_page()

    def janus(self) -> int:
        """The process of the Janus that the demo started."""
        folder = str((self.log.parent / "var/demo/janus").resolve())
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                words = (entry / "cmdline").read_bytes().decode().split("\0")
                if "janus" in words[0] and folder in words:
                    return int(entry.name)
        pytest.fail("the demo has started no Janus")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demo in a network of its own, as an operator starts it."""
    with staged(tmp_path_factory.mktemp("room"), "vioP") as found:
        yield found


@contextmanager
def staged(place: Path, module: str) -> Iterator[Stage]:
    """A stage for a module that takes what ``viop`` takes; it must have logged no traceback."""
    with ExitStack() as stack:
        inside = stack.enter_context(network())
        if not inside and os.geteuid() == 0:
            pytest.skip("this machine lets nobody make a network namespace")
        port = 8080 if inside else free_port()
        log = place / "log"
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*inside, sys.executable, "-m", module, "up", "--demo", "--port", str(port)],
            cwd=place,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=stack.enter_context(log.open("wb")),
            stderr=subprocess.STDOUT,
        )
        stack.callback(process.wait, 20)
        stack.callback(process.terminate)
        yield Stage(stack, inside, f"http://127.0.0.1:{port}", log)
    assert nothing_broke(log)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(claim: Callable[[], Any], what: str, seconds: float = PATIENCE) -> float:
    """How many seconds it took until a claim held."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        if claim():
            return time.monotonic() - begun
        time.sleep(0.05)
    pytest.fail(f"not within {seconds} s: {what}")


def in_the_beginning(page: Page) -> str:
    """Go to the next group as a coordinator; answers the path of its session."""

    def is_open() -> bool:
        try:
            page.goto("/demo")
        except Exception:  # noqa: BLE001 - the demo is not up yet, in one of many words
            return False
        return True

    until(is_open, "the demo answers", 2 * PATIENCE)
    page.get_by_role("button", name="Go to the next group").click()
    be(page, "Nia Foster")
    path = page.locator("h2 a").first.get_attribute("href")
    assert path is not None
    return path


OPEN_HERE = """() => {
  const open = document.querySelector("form[target]");
  open.removeAttribute("target");
  open.requestSubmit();
}"""


def enter_as_host(page: Page, path: str) -> None:
    page.goto(path)
    # At once: the page looks again by itself, and would open the room in another tab.
    page.evaluate(OPEN_HERE)
    expect(page.get_by_text("Your camera and microphone work.")).to_be_visible()
    judge(page)
    page.get_by_role("button", name="Go in", exact=True).click()
    expect(page.get_by_text("(host) (you)")).to_be_visible()


def enter_as_participant(page: Page, name: str) -> None:
    be(page, name)
    page.goto("/me")
    address = page.locator('[action^="/j/"], [href^="/j/"]').first
    link = address.get_attribute("action") or address.get_attribute("href")
    assert link is not None
    page.goto(link)
    page.get_by_role("button", name="Join by video").first.click()
    page.get_by_role("button", name="Go in", exact=True).click()


def sees_and_hears(page: Page) -> bool:
    """Whether pictures and sound have come since the last look."""
    before = page.evaluate(RECEIVED)
    page.wait_for_timeout(400)
    after = page.evaluate(RECEIVED)
    return bool(after["frames"] > before["frames"] and after["energy"] > before["energy"])


def children(pid: int) -> Iterator[int]:
    """Every process that came from one."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield int(child)
            yield from children(int(child))


def processes_of(place: Path) -> list[int]:
    """The processes of the browser that was started from a place."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        words = (entry / "cmdline").read_bytes().decode().split("\0")
        if f"--viop-test={place}" in words and not any("--type=" in each for each in words):
            return [int(entry.name), *children(int(entry.name))]
    pytest.fail("the browser is not running")


def freeze(place: Path, host: Page, word: Callable[[], str]) -> tuple[float, float]:
    """Freeze a browser until its person has left, and let it go on.

    Returns:
        After how many seconds it showed as lost, and as left.
    """
    frozen = processes_of(place)
    for each in frozen:
        os.kill(each, signal.SIGSTOP)
    begun = time.monotonic()
    try:
        lost = until(lambda: host.get_by_text("Connection lost").is_visible(), "lost", 10)
        assert word() == "Connection lost"
        until(lambda: word() == "Left", "the frozen guest has left", 30)
        return lost, time.monotonic() - begun
    finally:
        for each in frozen:
            os.kill(each, signal.SIGCONT)


def test_two_people_meet_and_everything_that_happens_is_known(stage: Stage, tmp_path: Path):
    (tmp_path / "host").mkdir()
    (tmp_path / "guest").mkdir()
    office = stage.browser(tmp_path / "host")
    staff = stage.page(office)
    path = in_the_beginning(staff)
    host = stage.page(office)
    be(host, "Nia Foster")
    enter_as_host(host, path)
    staff.goto(path)
    name = staff.locator("section h2").first.inner_text()
    guest = stage.page(stage.browser(tmp_path / "guest"))

    def word() -> str:
        staff.reload()
        return staff.locator("section.card .state").first.inner_text()

    # The waiting room: known to be here, not yet inside.
    enter_as_participant(guest, name)
    expect(guest.get_by_text("You are in the waiting room")).to_be_visible()
    expect(guest.get_by_role("link", name="Call 988")).to_be_visible()
    judge(guest)
    assert word() == "Joined"
    expect(host.get_by_text("would like to come in")).to_be_visible()
    judge(host)

    # Inside: pictures and sound both ways.
    host.get_by_role("button", name="Let everybody in").click()
    until(lambda: sees_and_hears(host), "the host sees and hears the guest")
    until(lambda: sees_and_hears(guest), "the guest sees and hears the host")
    judge(host)
    judge(guest)

    # A camera that is turned off is no lost connection.
    guest.get_by_role("button", name="Camera off").click()
    expect(host.get_by_text("Camera is off")).to_be_visible()
    guest.get_by_role("button", name="Mute", exact=True).click()
    expect(host.get_by_text("· muted")).to_be_visible()
    host.wait_for_timeout(3000)
    assert word() == "Joined"
    guest.get_by_role("button", name="Unmute").click()
    guest.get_by_role("button", name="Camera on").click()
    until(lambda: sees_and_hears(host), "the host sees and hears the guest again")

    # Janus is killed: both are back, in the same room, and nobody is asked anything.
    os.kill(stage.janus(), signal.SIGKILL)
    expect(guest.get_by_text("The connection is lost.")).to_be_visible()
    expect(guest.get_by_text("(you)")).to_be_visible()
    until(
        lambda: sees_and_hears(host), "the host sees and hears the guest after a crash", 20
    )
    until(
        lambda: sees_and_hears(guest), "the guest sees and hears the host after a crash", 20
    )
    assert word() == "Joined"

    # A frozen browser: its picture is lost in seconds, its person has left in half a minute.
    lost, left = freeze(tmp_path / "guest", host, word)
    assert lost < 5
    assert left < 25
    until(lambda: word() == "Joined", "the guest is back by themselves")
    until(lambda: sees_and_hears(host), "the host sees and hears the guest once more")

    # Leaving is known at once.
    guest.get_by_role("button", name="Leave").click()
    judge(guest)
    until(lambda: word() == "Left", "the guest has left")
    office.close()
