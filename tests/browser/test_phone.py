"""A telephone and a browser in one room, through a real Janus: they hear each other."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET, ROOT
from tests.browser.judge import PHONE
from tests.browser.network import network
from tests.browser.said import nothing_broke
from tests.browser.test_room import OPEN_HERE, until
from tests.sip_phone import Answers, find_phone, write_tone
from vioP.phone.sip.process import is_installed
from vioP.video.janus.config import find_janus

pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None, reason="chromium is missing: apt-get install chromium"
    ),
    pytest.mark.skipif(
        find_janus() is None, reason="janus is missing: apt-get install janus"
    ),
    pytest.mark.skipif(not is_installed(), reason="the extra sip is not installed"),
]
URL = "http://127.0.0.1:8080"
BROWSER_TONE, PHONE_TONE = 500, 700
# The strongest tone in what a page plays.
LOUDEST = """async () => {
  const sound = document.querySelector("#sound");
  window.ear ??= new AudioContext();
  await window.ear.resume();
  if (window.heard !== sound.srcObject) {
    window.heard = sound.srcObject;
    window.analyser = window.ear.createAnalyser();
    window.analyser.fftSize = 8192;
    window.ear.createMediaStreamSource(sound.srcObject).connect(window.analyser);
    await new Promise((done) => setTimeout(done, 500));
  }
  const bins = new Float32Array(window.analyser.frequencyBinCount);
  window.analyser.getFloatFrequencyData(bins);
  const best = bins.indexOf(Math.max(...bins));
  return bins[best] < -60 ? 0 : best * window.ear.sampleRate / window.analyser.fftSize;
}"""


class Stage:
    """The service with its phone, and a browser, in one network."""

    def __init__(
        self, process: subprocess.Popen[str], inside: list[str], place: Path
    ) -> None:
        self._process = process
        self._inside = inside
        self._place = place
        assert process.stdout is not None
        self.told: dict[str, str] = json.loads(process.stdout.readline() or "{}")

    def ask(self, **what: Any) -> Any:
        """Have something done, or asked."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    @contextmanager
    def browser(self, name: str) -> Iterator[Page]:
        """A browser whose microphone hears one tone."""
        program, sound = self._place / name, self._place / "microphone.wav"
        program.write_text(f'#!/bin/sh\nexec {" ".join(self._inside)} {CHROMIUM} "$@"\n')
        program.chmod(0o755)
        write_tone(sound, BROWSER_TONE)
        named = [*QUIET, f"--use-file-for-fake-audio-capture={sound}"]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=named)
            context = browser.new_context(
                base_url=URL,
                permissions=["camera", "microphone"],
                viewport=PHONE,  # type: ignore[arg-type]  # width and height
            )
            context.set_default_timeout(60_000)
            yield context.new_page()
            browser.close()

    def enter_as_host(self, page: Page) -> None:
        """Be in the room as the host."""
        page.context.add_cookies([{"name": "viop", "value": self.told["host"], "url": URL}])
        page.goto(self.told["enter"])
        # At once: the page looks again by itself, and would open the room in another tab.
        page.evaluate(OPEN_HERE)
        expect(page.get_by_text("Your camera and microphone work.")).to_be_visible()
        page.get_by_role("button", name="Go in", exact=True).click()
        expect(page.get_by_text("(host) (you)")).to_be_visible(timeout=60_000)


@contextmanager
def staged(place: Path, answers: Answers) -> Iterator[Stage]:
    find_phone()
    with network() as inside:
        if not inside:
            pytest.skip("this machine lets nobody make a network namespace")
        with (place / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - our own command
                [*inside, sys.executable, "-m", "tests.browser.phone_stage",
                 str(place), answers],
                cwd=place, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=log,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
        try:
            yield Stage(process, inside, place)
        finally:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            process.wait(20)
            process.stdout.close()
    assert nothing_broke(place / "log")


def test_a_missed_person_is_called_and_phone_and_browser_hear_each_other(tmp_path: Path):
    with staged(tmp_path, "auto") as stage, stage.browser("host") as host:
        stage.enter_as_host(host)
        until(lambda: stage.ask(count="CALL_ESTABLISHED"), "the phone was called")
        host.wait_for_timeout(1500)

        stage.ask(press="1")

        let_in = host.get_by_role("button", name="Let P4, on the phone in")
        expect(let_in).to_be_visible(timeout=20_000)
        assert stage.ask(tone=BROWSER_TONE) < 0.2  # not before somebody lets them in
        let_in.click()
        until(
            lambda: abs(host.evaluate(LOUDEST) - PHONE_TONE) < 12,
            "the host hears the phone",
        )
        until(lambda: stage.ask(tone=BROWSER_TONE) > 0.7, "the phone hears the host")
        expect(host.get_by_text("P4, on the phone")).to_be_visible()
        assert stage.ask()["presence"] == "present"
        assert stage.ask()["calls"]["call"] == ["bridged", "on_the_phone"]

        stage.ask(do="hangup")

        until(lambda: stage.ask()["presence"] == "left", "the phone has left", 10)
        expect(host.get_by_text("P4, on the phone")).not_to_be_visible()


def test_a_join_by_browser_releases_the_phone(tmp_path: Path):
    with staged(tmp_path, "auto") as stage, stage.browser("host") as host:
        stage.enter_as_host(host)
        until(lambda: stage.ask(count="CALL_ESTABLISHED"), "the phone was called")
        host.wait_for_timeout(1000)
        stage.ask(press="1")
        host.get_by_role("button", name="Let P4, on the phone in").click()
        until(lambda: stage.ask()["presence"] == "present", "p4 is there by phone")

        guest = host.context.browser.new_context(  # type: ignore[union-attr]  # it is open
            base_url=URL, permissions=["camera", "microphone"]
        ).new_page()
        guest.goto(stage.told["link"])
        guest.get_by_role("button", name="Join by video").first.click()
        expect(guest.get_by_text("Your camera and microphone work.")).to_be_visible()
        guest.get_by_role("button", name="Go in", exact=True).click()

        until(lambda: stage.ask(count="CALL_CLOSED"), "the phone was hung up", 30)
        expect(guest.get_by_text("Your phone has left")).to_be_visible(timeout=20_000)
        assert stage.ask()["presence"] == "present"


def test_a_join_while_the_phone_rings_cancels_the_call_within_a_second(tmp_path: Path):
    with staged(tmp_path, "manual") as stage, stage.browser("guest") as guest:
        guest.goto(stage.told["link"])
        until(lambda: stage.ask(count="CALL_INCOMING"), "the phone rings")

        guest.get_by_role("button", name="Join by video").first.click()
        until(lambda: stage.ask(count="CALL_CLOSED"), "it rings no more", 5)

        now = datetime.fromisoformat(stage.ask()["now"])
        joined = [at for fact, _, _, at in stage.ask()["facts"] if fact == "join_pressed"]
        took = (now - datetime.fromisoformat(joined[-1])).total_seconds()
        print(f"cancelled {took:.3f} s after the join")  # noqa: T201 - shown with -s
        assert took < 5.0  # 0.3 s on a machine at rest; measured by make bench
        assert stage.ask(count="CALL_ESTABLISHED") == 0
        assert stage.ask()["calls"]["call"][1] == "joined"
