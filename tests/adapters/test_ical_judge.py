"""Invites before an independent judge: four parsers that nobody here wrote."""

import ctypes.util
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adapters.letters import story

JUDGE = Path(__file__).parents[3] / "shared" / "tools" / "ical_judge.py"
ZONES = (
    "America/New_York", "America/Phoenix", "Pacific/Honolulu", "America/Anchorage",
    "America/Indiana/Indianapolis", "America/Menominee", "America/Boise", "Europe/London",
    "Asia/Kolkata", "Africa/Casablanca",
)  # fmt: skip
NAMES = (
    "Ada R.",
    'Bo "The" T.',
    "Zoë;Ü,\\n",
    "名前",
    "a\r\nATTENDEE:mailto:x@y.example",
    "",
)


def missing() -> str:
    """What the judge lacks here, with how to get it; nothing when it is complete."""
    if not JUDGE.exists():
        return "the judge is not beside this checkout"
    if ctypes.util.find_library("ical") is None and not list(
        Path("/usr/lib").rglob("libical.so.3")
    ):
        return "libical is missing: apt-get install libical3"
    if (
        importlib.util.find_spec("ical") is None
        or importlib.util.find_spec("vobject") is None
    ):
        return "parsers are missing: make test installs them"
    node = Path(os.environ.get("JUDGE_NODE", "nowhere")) / "node_modules" / "ical.js"
    if not node.exists():
        return (
            "ical.js is missing: npm install ical.js in a folder, and name it in JUDGE_NODE"
        )
    return ""


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_an_invite_a_move_and_a_cancellation_please_every_judge(tmp_path: Path):
    for number, zone in enumerate(ZONES):
        folder = tmp_path / f"p{number}"
        folder.mkdir()
        for turn, letter in enumerate(
            story(zone, number, NAMES[number % len(NAMES)]), start=1
        ):
            (folder / f"{turn:06d}.eml").write_bytes(letter.raw)

    judged = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-W", "ignore", str(JUDGE), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert "30 files, 0 violations" in judged.stdout
