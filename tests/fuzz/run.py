"""One reader under a fuzzer that sees which lines it reaches: ``python -m tests.fuzz.run NAME``.

What follows the name goes to libFuzzer, such as ``-max_total_time=60``. A crash is written to
the folder one is in. It needs ``pip install atheris``, which is no part of the locks.
"""

import importlib
import logging
import sys
import tempfile
from pathlib import Path


def main(name: str, options: list[str]) -> None:
    """Fuzz one reader until it ends or breaks."""
    atheris = importlib.import_module("atheris")
    logging.disable(logging.CRITICAL)
    with atheris.instrument_imports(include=["vioP", "email", "json"]):
        targets = importlib.import_module("tests.fuzz.targets").TARGETS
    seeds = importlib.import_module("tests.fuzz.seeds").SEEDS[name]
    with tempfile.TemporaryDirectory() as place:
        for number, honest in enumerate(seeds):
            Path(place, f"seed-{number}").write_bytes(honest)
        atheris.Setup([sys.argv[0], *options, place], targets[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
