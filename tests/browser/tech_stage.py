"""A stage for tech checks: the demo with its room server and relays, and browsers with faults.

Everything real, in a network of its own. What a browser lacks is given to it as it starts.
"""

import os
import shutil
import signal
import struct
import subprocess
import sys
import threading
import wave
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, Request

from tests.browser.conftest import CHROMIUM, QUIET, ROOT
from tests.browser.network import ADDRESS, network

SECRET = "a secret that coturn knows too"  # noqa: S105 - the test's own
HOST = ADDRESS.partition("/")[0]
FAKE_DEVICES = "--use-fake-device-for-media-stream"
FAKE_CONSENT = "--use-fake-ui-for-media-stream"
PLAIN = tuple(each for each in QUIET if each not in {FAKE_DEVICES, FAKE_CONSENT})
BOTH = (FAKE_DEVICES, FAKE_CONSENT)
# A test has no ears: it compares what it gets with what the same voice says of each digit.
PATIENCE = 90


@dataclass
class TechStage:
    """The demo, in a network where media find their way.

    Attributes:
        relay: The relay, which a test may stop.
    """

    url: str
    inside: list[str]
    place: Path
    playwright: Playwright
    server: subprocess.Popen[bytes]
    relay: subprocess.Popen[bytes] | None = None
    turn: int = field(default=0)

    @contextmanager
    def slow_server(self) -> Iterator[None]:
        """Let the service stand still most of the time."""
        over = threading.Event()

        def hamper() -> None:
            while not over.is_set():
                self.server.send_signal(signal.SIGSTOP)
                over.wait(0.9)
                self.server.send_signal(signal.SIGCONT)
                over.wait(0.05)

        hampering = threading.Thread(target=hamper)
        hampering.start()
        try:
            yield
        finally:
            over.set()
            hampering.join()

    def stop_relay(self) -> None:
        """Stop the relay; whoever tries it then gets no answer."""
        if self.relay is not None:
            self.relay.terminate()
            self.relay.wait(20)
            self.relay = None

    @contextmanager
    def browser(self, flags: Sequence[str] = BOTH) -> Iterator[Browser]:
        """A browser with some devices and faults."""
        self.turn += 1
        program = self.place / f"chromium{self.turn}"
        program.write_text(f'#!/bin/sh\nexec {" ".join(self.inside)} {CHROMIUM} "$@"\n')
        program.chmod(0o755)
        started = self.playwright.chromium.launch(
            executable_path=program, args=[*PLAIN, *flags]
        )
        try:
            yield started
        finally:
            started.close()

    @contextmanager
    def page(
        self,
        flags: Sequence[str] = BOTH,
        *,
        may: Sequence[str] = ("camera", "microphone"),
        **options: Any,
    ) -> Iterator[Page]:
        """A page whose browser is set to the person's own zone unless told otherwise."""
        given = {"timezone_id": "America/New_York", "permissions": list(may)} | options
        with self.browser(flags) as browser:
            context = browser.new_context(base_url=self.url, **given)
            context.set_default_timeout(PATIENCE * 1000)
            yield context.new_page()


@contextmanager
def tech_stage(
    place: Path, playwright: Playwright, **settings: str
) -> Iterator[TechStage | None]:
    """The stage; nothing where no network of a test's own can be made."""
    with ExitStack() as stack:
        inside = stack.enter_context(network())
        if not inside:
            yield None
            return
        relay = _relay(place, inside)
        urls = f'["turn:{HOST}:3478?transport=udp", "turn:{HOST}:3478?transport=tcp"]'
        video = {"VIOP_VIDEO__TURN_URLS": urls, "VIOP_VIDEO__TURN_SECRET": SECRET}
        environment = video if relay else {}
        log = stack.enter_context((place / "log").open("wb"))
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*inside, sys.executable, "-m", "vioP", "up", "--demo", "--port", "8080"],
            cwd=place,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environment | settings,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        stack.callback(process.wait, 20)
        stack.callback(process.terminate)
        stage = TechStage(
            "http://127.0.0.1:8080", inside, place, playwright, process, relay
        )
        stack.callback(stage.stop_relay)
        _wait(stage)
        yield stage


def _relay(place: Path, inside: list[str]) -> subprocess.Popen[bytes] | None:
    """Real coturn, if it is installed."""
    coturn = shutil.which("turnserver")
    if coturn is None:
        return None
    return subprocess.Popen(  # noqa: S603 - our own command
        [
            *inside, coturn, "-n", "--use-auth-secret", f"--static-auth-secret={SECRET}",
            f"--listening-ip={HOST}", f"--relay-ip={HOST}", "--realm=viop.test",
            "--no-tls", "--no-dtls", "--no-cli", f"--pidfile={place / 'pid'}",
            f"--log-file={place / 'turn.log'}",
        ],
        cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _wait(stage: TechStage) -> None:
    """Wait until the demo answers, asking from inside its network."""
    asked = (
        "import time, urllib.request\n"
        "for _ in range(400):\n"
        "    try:\n"
        f"        urllib.request.urlopen('{stage.url}/healthz'); break\n"
        "    except OSError:\n"
        "        time.sleep(0.2)\n"
        "else:\n"
        "    raise SystemExit(1)\n"
    )
    subprocess.run(  # noqa: S603 - our own command
        [*stage.inside, sys.executable, "-c", asked], check=True, timeout=120
    )


def silent_wav(file: Path) -> Path:
    """Three seconds of nothing."""
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(48000)
        sound.writeframes(struct.pack("<h", 0) * 48000 * 3)
    return file


def black_y4m(file: Path) -> Path:
    """A second of black pictures. Source: yuv4mpeg(5)."""
    width, height, frames = 160, 120, 10
    picture = (
        b"FRAME\n" + bytes([16]) * width * height + bytes([128]) * (width * height // 2)
    )
    header = f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode()
    file.write_bytes(header + picture * frames)
    return file


class Ears:
    """Hears which digits a page was given, from the voice that the demo has kept."""

    def __init__(self, page: Page, place: Path) -> None:
        self._page = page
        self._voice = place / "var/demo/voice"
        self._sound = b""
        page.on("requestfinished", self._listen)

    def _listen(self, request: Request) -> None:
        if "/digits/" in request.url:
            answer = request.response()
            if answer is not None:
                self._sound = answer.body()

    def digits(self) -> str:
        """The digits that were played last."""
        for _ in range(200):
            if self._sound:
                return spell(self._sound, self._voice)
            self._page.wait_for_timeout(50)
        raise AssertionError("nothing was played")


def spell(sound: bytes, voice: Path) -> str:
    """The digits of a sound, told apart by the files they were put together from."""
    parts: Mapping[str, bytes] = {
        file.stem: _frames(file.read_bytes()) for file in voice.glob("?.wav")
    }
    rest, found = _frames(sound), ""
    while rest.strip(b"\0"):
        matching = [name for name, part in parts.items() if rest.startswith(part)]
        longest = max(matching, key=lambda name: len(parts[name]))
        found += longest
        rest = rest[len(parts[longest]) :]
        pause = int(22050 * 0.4) * 2
        rest = rest[pause:]
    return found


def _frames(data: bytes) -> bytes:
    return data[data.index(b"data") + 8 :]
