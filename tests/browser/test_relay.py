"""A relay: real coturn takes the credentials we make, and carries pictures and sound to Janus."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIET, ROOT
from tests.browser.judge import be
from tests.browser.network import ADDRESS, network
from tests.browser.said import nothing_broke
from tests.browser.test_room import (
    Stage,
    enter_as_host,
    enter_as_participant,
    in_the_beginning,
    sees_and_hears,
    until,
)
from vioP.clock import SystemClock
from vioP.video.janus.config import find_janus
from vioP.video.turn import Relay

SECRET = "a secret that coturn knows too"  # noqa: S105 - the test's own
COTURN = shutil.which("turnserver")
HERE = ADDRESS.partition("/")[0]
pytestmark = pytest.mark.skipif(
    CHROMIUM is None or COTURN is None,
    reason="chromium or coturn is missing: apt-get install chromium coturn",
)
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
# A browser in a network that lets nothing through but what goes to the relay.
RELAY_ONLY = """(() => {
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(given) { super({ ...given, iceTransportPolicy: "relay" }); }
  };
})()"""
# By which candidates each connection of the page goes, and how the relay is reached.
WAYS = """async () => {
  const ways = [];
  for (const peer of window.peers) {
    if (peer.connectionState !== "connected") continue;
    const stats = await peer.getStats();
    for (const each of stats.values()) {
      if (each.type !== "candidate-pair" || !each.nominated) continue;
      const local = stats.get(each.localCandidateId);
      ways.push(`${local.candidateType} ${local.relayProtocol}`);
    }
  }
  return ways;
}"""


@contextmanager
def coturn(inside: list[str], place: Path) -> Iterator[None]:
    """A relay set up as docs/howto/video.md says, in a network of the test's own."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        [
            *inside, str(COTURN), "-n", "--use-auth-secret", f"--static-auth-secret={SECRET}",
            f"--listening-ip={HERE}", f"--relay-ip={HERE}", "--realm=viop.test",
            "--no-tls", "--no-dtls", "--no-cli", f"--pidfile={place / 'pid'}",
            f"--log-file={place / 'turn.log'}",
        ],
        cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def test_coturn_takes_the_credentials_we_make_and_no_others(tmp_path: Path):
    urls = (f"turn:{HERE}:3478?transport=udp",)
    now = SystemClock().now()
    with network() as inside:
        if not inside:
            pytest.skip("a network of its own needs root and ip: apt-get install iproute2")
        program = tmp_path / "chromium"
        program.write_text(f'#!/bin/sh\nexec {" ".join(inside)} {CHROMIUM} "$@"\n')
        program.chmod(0o755)
        with coturn(inside, tmp_path), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=QUIET)
            page = browser.new_page()
            page.goto("about:blank")
            ours = Relay(urls, SECRET.encode()).ice_servers("con_1", now)
            others = Relay(urls, b"another secret").ice_servers("con_1", now)

            assert page.evaluate(GATHER, ours) == ["relay"]
            assert page.evaluate(GATHER, others) == []
            browser.close()


@contextmanager
def behind_a_relay(place: Path, transport: str) -> Iterator[Stage]:
    """The demo, with a relay its browsers are told of."""
    with ExitStack() as stack:
        inside = stack.enter_context(network())
        if not inside:
            pytest.skip("a network of its own needs root and ip: apt-get install iproute2")
        stack.enter_context(coturn(inside, place))
        log = place / "log"
        told = {
            "VIOP_VIDEO__TURN_URLS": json.dumps(
                [f"turn:{HERE}:3478?transport={transport}"]
            ),
            "VIOP_VIDEO__TURN_SECRET": SECRET,
            "PYTHONPATH": str(ROOT),
        }
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*inside, sys.executable, "-m", "vioP", "up", "--demo", "--port", "8080"],
            cwd=place,
            env=os.environ | told,
            stdout=stack.enter_context(log.open("wb")),
            stderr=subprocess.STDOUT,
        )
        stack.callback(process.wait, 20)
        stack.callback(process.terminate)
        yield Stage(stack, inside, "http://127.0.0.1:8080", log)
    assert nothing_broke(log)


def all_ways(page: Page) -> set[str]:
    return set(page.evaluate(WAYS))


@pytest.mark.skipif(find_janus() is None, reason="janus is missing: apt-get install janus")
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_two_who_reach_nothing_but_the_relay_see_and_hear_each_other(
    tmp_path: Path, transport: str
):
    with behind_a_relay(tmp_path, transport) as stage:
        for name in ("host", "guest"):
            (tmp_path / name).mkdir()
        office, home = (stage.browser(tmp_path / name) for name in ("host", "guest"))
        staff, host, guest = stage.page(office), stage.page(office), stage.page(home)
        for page in (host, guest):
            page.context.add_init_script(RELAY_ONLY)
        path = in_the_beginning(staff)
        be(host, "Nia Foster")
        enter_as_host(host, path)
        staff.goto(path)
        enter_as_participant(guest, staff.locator("section h2").first.inner_text())
        host.get_by_role("button", name="Let everybody in").click()
        expect(guest.get_by_text("(you)")).to_be_visible()

        until(lambda: sees_and_hears(host), "the host sees and hears the guest")
        until(lambda: sees_and_hears(guest), "the guest sees and hears the host")
        assert all_ways(host) == all_ways(guest) == {f"relay {transport}"}
        office.close()
