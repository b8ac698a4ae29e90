"""Prism, which checks requests and answers against Twilio's own description of its API.

Both come from npm by name, into a folder that is kept between runs: the one named by
``VIOP_TEST_PRISM``, or one in the user's cache.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PACKAGES = ("@stoplight/prism-cli", "@twilio/cli-core")
SPEC = "node_modules/@twilio/cli-core/src/services/twilio-api/twilio_api_v2010.json"
_ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
USED = ("Calls.json", "Calls/{Sid}.json", "Messages.json")
_FORM = "application/x-www-form-urlencoded"


def installed() -> Path:
    """The folder with Prism and the description; skips where they cannot be had."""
    if not (shutil.which("npm") and shutil.which("node")):
        pytest.skip("npm is not installed, and Prism comes with it")
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(os.environ.get("VIOP_TEST_PRISM") or Path(cache) / "viop-tests" / "prism")
    if not ((folder / SPEC).exists() and (folder / "node_modules/.bin/prism").exists()):
        folder.mkdir(parents=True, exist_ok=True)
        order = [
            "npm",
            "install",
            "--silent",
            "--no-fund",
            "--no-audit",
            "--ignore-scripts",
        ]
        done = subprocess.run(  # noqa: S603 - our own words
            [*order, *PACKAGES], cwd=folder, capture_output=True, timeout=300, check=False
        )
        if done.returncode:
            pytest.skip("npm could not install Prism: is there a network?")
    return folder


def description(folder: Path) -> dict[str, Any]:
    """What we use of Twilio's description, in a form that Prism reads.

    Prism does not know how a list travels in a form unless it is told. And pages are said to
    name each other by whole addresses, while Twilio, its own examples included, gives paths.
    """
    spec: dict[str, Any] = json.loads((folder / SPEC).read_text())
    spec["paths"] = {
        f"{_ACCOUNT}/{each}": spec["paths"][f"{_ACCOUNT}/{each}"] for each in USED
    }
    for item in spec["paths"].values():
        for action in item.values():
            if not isinstance(action, dict):
                continue
            body = action.get("requestBody", {})
            for answer in action.get("responses", {}).values():
                _paths_not_addresses(answer)
            form = body.get("content", {}).get(_FORM)
            if form is not None:
                form["encoding"] = {
                    name: {"style": "form", "explode": False}
                    for name, field in form["schema"].get("properties", {}).items()
                    if field.get("type") == "array"
                }
    schemas = spec["components"]["schemas"]
    used = _named(spec["paths"], schemas, set())
    spec["components"]["schemas"] = {name: schemas[name] for name in used}
    return spec


def _named(part: object, schemas: dict[str, Any], found: set[str]) -> set[str]:
    """The schemas that a part of the description speaks of, and those they speak of."""
    inside = (
        part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    )
    for each in inside:
        _named(each, schemas, found)
    name = str(part.get("$ref", "")).rpartition("/")[2] if isinstance(part, dict) else ""
    if name and name not in found:
        found.add(name)
        _named(schemas[name], schemas, found)
    return found


def _paths_not_addresses(answer: dict[str, Any]) -> None:
    for content in answer.get("content", {}).values():
        for name, field in content["schema"].get("properties", {}).items():
            if name.endswith("uri") and field.get("format") == "uri":
                field["format"] = "uri-reference"


@contextmanager
def prism(folder: Path, place: Path, *upstream: str) -> Iterator[str]:
    """Prism on loopback: by itself a mock, before an upstream a proxy that checks both ways."""
    file = place / "twilio.json"
    file.write_text(json.dumps(description(folder)))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    how = ["proxy"] if upstream else ["mock"]
    command = [
        str(folder / "node_modules/.bin/prism"), *how, "-h", "127.0.0.1", "-p", str(port),
        "--errors", str(file), *upstream,
    ]  # fmt: skip
    with (place / "prism.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603 - our own words
            command, stdout=log, stderr=log, start_new_session=True
        )
        try:
            _await(process, port, place / "prism.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(10)


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    pytest.fail(f"Prism did not begin: {log.read_text()[-500:]}")
