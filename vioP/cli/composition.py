"""What the command line is given to work with."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # "viop --help" answers without loading the house
    from vioP.ports import Ports
    from vioP.settings import Settings


class Composition(Protocol):
    """Opens the house."""

    def ports(self, settings: Settings) -> AbstractAsyncContextManager[Ports]:
        """The surroundings of a command that runs and ends."""
        ...

    async def serve(self, settings: Settings, ready: Callable[[], None]) -> None:
        """Serve pages until told to stop."""
        ...

    async def work(self, settings: Settings) -> None:
        """Run jobs until told to stop."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """One use of the command line: what was asked, and what there is to do it with."""

    args: Namespace
    house: Composition
