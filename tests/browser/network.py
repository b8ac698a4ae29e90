"""A network of a test's own: a namespace in which Janus and browsers find each other.

Janus uses no loopback interface for media, so the namespace has a pair of veth interfaces.
Nothing in it reaches anything outside.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

ADDRESS = "10.203.0.1/24"


@contextmanager
def network() -> Iterator[list[str]]:
    """What a command begins with to run in the network; nothing where it cannot be made.

    Without root, or without ``ip``, commands run in the network of this machine.
    """
    program = shutil.which("ip")
    if program is None or os.geteuid() != 0:
        yield []
        return
    name = f"viop-test-{os.getpid()}"
    inside = [program, "netns", "exec", name]
    _run(program, "netns", "add", name)
    try:
        _run(*inside, program, "link", "set", "lo", "up")
        _run(*inside, program, "link", "add", "veth0", "type", "veth", "peer", "veth1")
        _run(*inside, program, "addr", "add", ADDRESS, "dev", "veth0")
        for interface in ("veth0", "veth1"):
            _run(*inside, program, "link", "set", interface, "up")
        yield inside
    finally:
        _run(program, "netns", "delete", name)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own commands
