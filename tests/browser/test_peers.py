"""Eight people with real media in one room: everybody is known to be there, and to have left."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT
from tests.browser.network import network
from vioP.video.janus.config import find_janus

PATIENCE = 300


def meeting(place: Path, rounds: int) -> dict[str, object]:
    """What ``tests.peers.meeting`` says of its meetings, in a network of its own."""
    if find_janus() is None:
        pytest.skip("janus is missing: apt-get install janus")
    with network() as inside:
        if not inside:
            pytest.skip("a network of its own needs root and ip: apt-get install iproute2")
        done = subprocess.run(  # noqa: S603 - our own command
            [*inside, sys.executable, "-m", "tests.peers.meeting", str(place), str(rounds)],
            cwd=ROOT, capture_output=True, check=False, timeout=PATIENCE,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_eight_people_meet_twice_and_all_their_media_is_known(tmp_path: Path):
    met = meeting(tmp_path, rounds=2)

    took = met["took"]
    assert isinstance(took, dict)
    assert {leg: len(each) for leg, each in took.items()} == {"audio": 16, "video": 16}
