"""What the command line is given to work with."""

from __future__ import annotations

import importlib
from argparse import Namespace
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # "viop --help" answers without loading the house
    from vioP.lived import Lived
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

    async def work(self, settings: Settings, ready: Callable[[], None]) -> None:
        """Run jobs until told to stop."""
        ...

    def simulate(self, seed: int, weeks: int, people: int) -> Lived:
        """Live some weeks from a seed."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """One use of the command line: what was asked, and what there is to do it with."""

    args: Namespace
    house: Composition


@dataclass(frozen=True, slots=True)
class Later:
    """A command of ``vioP.cli`` whose module is loaded when it runs.

    It is a value, so that a worker process can be handed the arguments it is part of.
    """

    module: str
    name: str

    def __call__(self, call: Call) -> int:
        """Load the module, and run the command."""
        module = importlib.import_module(f"vioP.cli.{self.module}")
        code: int = getattr(module, self.name)(call)
        return code
