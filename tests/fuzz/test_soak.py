"""A fuzzer at every reader, a minute each: part of ``make soak``, or FUZZ_SECONDS of your own."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS

HOUSE = Path(__file__).parent.parent.parent
SECONDS = int(os.environ.get("FUZZ_SECONDS", "60"))
DONE = re.compile(r"Done (\d+) runs in (\d+) second")
# A reader that needs longer than this for 64 kB is a way to keep everybody else waiting.
OPTIONS = ("-timeout=10", "-max_len=65536", "-rss_limit_mb=2048", "-len_control=50")


@pytest.mark.scale
@pytest.mark.parametrize("name", TARGETS)
def test_a_fuzzer_finds_nothing(name: str, tmp_path: Path):
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is missing: pip install atheris")

    run = subprocess.run(  # noqa: S603 - this Python
        [
            sys.executable,
            "-m",
            "tests.fuzz.run",
            name,
            f"-max_total_time={SECONDS}",
            *OPTIONS,
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(HOUSE)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr[-3000:]
    done = DONE.search(run.stderr)
    assert done is not None, run.stderr[-3000:]
    print(f"{name}: {done[1]} runs in {done[2]} s")  # noqa: T201 - a soak is watched
