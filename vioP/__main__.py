"""The ``viop`` command; ``python -m vioP`` is the same.

Commands that serve nothing do without the web framework and its second of imports, so the
composition root is loaded only when it is needed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from vioP import cli

if TYPE_CHECKING:
    from vioP.lived import Lived
    from vioP.ports import Ports
    from vioP.settings import Settings


class Composition:
    """Opens the house for the command line."""

    def ports(self, settings: Settings) -> AbstractAsyncContextManager[Ports]:
        """The surroundings of a command that runs and ends."""
        from vioP.furnish import clock_of, open_ports  # noqa: PLC0415 - see above

        return open_ports(settings, clock_of(settings))

    async def serve(self, settings: Settings, ready: Callable[[], None]) -> None:
        """Serve pages until told to stop."""
        from vioP.app import serve  # noqa: PLC0415 - see above

        await serve(settings, ready)

    async def work(self, settings: Settings, ready: Callable[[], None]) -> None:
        """Run jobs until told to stop."""
        from vioP.app import work  # noqa: PLC0415 - see above

        await work(settings, ready)

    def simulate(self, seed: int, weeks: int, people: int) -> Lived:
        """Live some weeks from a seed."""
        from vioP.simulation.run import simulate  # noqa: PLC0415 - see above

        return simulate(seed, weeks, people)


def main() -> None:
    """Run one command and exit with its code."""
    sys.exit(cli.main(sys.argv[1:], Composition()))


if __name__ == "__main__":
    main()
