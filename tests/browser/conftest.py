"""A real browser in front of the real demo, started as an operator starts it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.said import nothing_broke

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):  # two minutes: a busy machine plans its first week slowly
        assert process.poll() is None, "the demo stopped by itself"
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=10):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the demo did not answer")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder the demo runs in."""
    return tmp_path_factory.mktemp("demo")


@contextmanager
def furnished(place: Path, host: str = "127.0.0.1") -> Iterator[str]:
    """A demo of its own, reached under a name; its address."""
    if CHROMIUM is None:
        pytest.skip("chromium is missing: apt-get install chromium")
    port = free_port()
    with (place / "log").open("wb") as log:
        url = f"http://{host}:{port}"
        process = subprocess.Popen(  # noqa: S603 - our own command
            [
                sys.executable,
                "-m",
                "vioP",
                "up",
                "--demo",
                "--port",
                str(port),
                "--name",
                host,
            ],
            cwd=place,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(url, process)
            yield url
        finally:
            process.terminate()
            process.wait(10)
    assert nothing_broke(place / "log")


@pytest.fixture(scope="module")
def demo(place: Path) -> Iterator[str]:
    """The demo, freshly furnished; its address."""
    with furnished(place) as url:
        yield url


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a module."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(demo: str, chromium: Browser) -> Iterator[Page]:
    """A fresh page; whatever its console complains about fails the test."""
    context = chromium.new_context(base_url=demo, permissions=["camera", "microphone"])
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []
