"""What operators copy: units that systemd accepts, and names that exist."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.setting_names import setting_names
from vioP.cli import COMMANDS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
FILES = [*UNITS, DEPLOY / "Dockerfile", ROOT / "docs" / "howto" / "run-it.md"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_setting_and_command_it_names_exists(file: Path):
    text = file.read_text()
    names = {each.replace(".", "__").upper() for each in setting_names()}

    settings = re.findall(r"VIOP_([A-Z_]+)\b", text)
    assert [each for each in settings if each not in names] == []
    commands = re.findall(r"(?:bin/viop|`viop|&& viop|exec viop|\"viop) (\w+)", text)
    assert [each for each in commands if each not in COMMANDS] == []


def test_a_stop_is_given_longer_than_it_takes():
    unit = (DEPLOY / "systemd" / "viop.service").read_text()

    [seconds] = re.findall(r"TimeoutStopSec=(\d+)", unit)
    assert int(seconds) > 10


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_accepts_the_unit(unit: Path, tmp_path: Path):
    systemd = shutil.which("systemd-analyze")
    if systemd is None:
        pytest.skip("systemd-analyze is missing: apt-get install systemd")
    for (
        each
    ) in UNITS:  # the program is not installed here, and what is said of it is not asked
        text = each.read_text().replace("/srv/viop/.venv/bin/viop", "/bin/true")
        (tmp_path / each.name).write_text(text.replace("/srv/viop", "/tmp"))  # noqa: S108

    said = subprocess.run(  # noqa: S603 - a program by its full path
        [systemd, "verify", "--man=no", str(tmp_path / unit.name)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert unit.name not in said.stdout + said.stderr, said.stderr
    assert said.returncode == 0, said.stderr


def test_the_image_is_made_of_what_is_there_and_of_no_secret():
    image = (DEPLOY / "Dockerfile").read_text()
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().split()

    for line in re.findall(r"^COPY (?!--from)(.+)$", image, re.MULTILINE):
        for name in line.split()[:-1]:
            assert (ROOT / name).exists(), name
            assert f"!{name}" in ignored, name
    assert "config/local.toml" in ignored
    assert ignored.index("config/local.toml") > ignored.index("!config")
    assert "--require-hashes" in image
    assert re.search(r"^USER viop$", image, re.MULTILINE)
