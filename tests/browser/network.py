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

    Without root, without ``ip``, or where the kernel forbids namespaces, commands run in the
    network of this machine.
    """
    program = shutil.which("ip")
    name = f"viop-test-{os.getpid()}"
    if program is None or os.geteuid() != 0 or not _can(program, "netns", "add", name):
        yield []
        return
    inside = [program, "netns", "exec", name]
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


def _can(*command: str) -> bool:
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - our own
    return done.returncode == 0
