"""A relay: real coturn takes the credentials we make, and no others."""

import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.network import ADDRESS, network
from vioP.clock import SystemClock
from vioP.video.turn import Relay

SECRET = "a secret that coturn knows too"  # noqa: S105 - the test's own
GATHER = """async (servers) => {
  const peer = new RTCPeerConnection({ iceServers: servers, iceTransportPolicy: "relay" });
  const found = [];
  const done = new Promise((resolve) => {
    peer.onicecandidate = ({ candidate }) => (candidate ? found.push(candidate.type) : resolve());
  });
  peer.createDataChannel("any");
  await peer.setLocalDescription(await peer.createOffer());
  await done;
  return found;
}"""


def test_coturn_takes_the_credentials_we_make_and_no_others(tmp_path: Path):
    coturn = shutil.which("turnserver")
    if CHROMIUM is None or coturn is None:
        pytest.skip("chromium or coturn is missing: apt-get install chromium coturn")
    address = ADDRESS.partition("/")[0]
    urls = (f"turn:{address}:3478?transport=udp",)
    now = SystemClock().now()
    with network() as inside:
        if not inside:
            pytest.skip("a network of its own needs root and ip: apt-get install iproute2")
        process = subprocess.Popen(  # noqa: S603 - our own command
            [
                *inside, coturn, "-n", "--use-auth-secret", f"--static-auth-secret={SECRET}",
                f"--listening-ip={address}", f"--relay-ip={address}", "--realm=viop.test",
                "--no-tls", "--no-dtls", "--no-cli", f"--pidfile={tmp_path / 'pid'}",
                f"--log-file={tmp_path / 'turn.log'}",
            ],
            cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        program = tmp_path / "chromium"
        program.write_text(f'#!/bin/sh\nexec {" ".join(inside)} {CHROMIUM} "$@"\n')
        program.chmod(0o755)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=program, args=QUIET)
                page = browser.new_page()
                page.goto("about:blank")
                ours = Relay(urls, SECRET.encode()).ice_servers("con_1", now)
                others = Relay(urls, b"another secret").ice_servers("con_1", now)

                assert page.evaluate(GATHER, ours) == ["relay"]
                assert page.evaluate(GATHER, others) == []
                browser.close()
        finally:
            process.terminate()
            process.wait(20)
