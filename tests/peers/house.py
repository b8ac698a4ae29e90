"""The whole service in this process, with a Janus of its own, at the start of its sessions."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from aiohttp import web
from pydantic import SecretStr

from tests.make import (
    KEY,
    NINE,
    FixedClock,
    clinician,
    cohort,
    enrollment,
    make_ports,
    minutes_later,
    open_sealed,
    participant,
    programme,
    published_programme,
)
from vioP.app import create_app
from vioP.domain.ids import CohortId, StaffId
from vioP.domain.live import LiveSession
from vioP.domain.program import Policy
from vioP.domain.programme import Programme
from vioP.domain.time import Instant, later
from vioP.furnish import open_rooms
from vioP.ports import Ports
from vioP.settings import Settings
from vioP.storage import schema
from vioP.web.gateway import Gateway

ORIGIN = {"Origin": "http://127.0.0.1:8080"}


class Running:
    """A clock that began at nine."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def now(self) -> Instant:
        """Nine, and as long since as it has run."""
        return self.at(time.monotonic())

    def at(self, reading: float) -> Instant:
        """What it showed at a reading of ``time.monotonic``."""
        return later(NINE, timedelta(seconds=reading - self._begun))


@dataclass(frozen=True)
class House:
    """The service, served."""

    ports: Ports
    gateway: Gateway
    clock: Running
    url: str

    async def sessions(self) -> list[LiveSession]:
        """The groups that begin at nine."""
        async with self.ports.store.read() as tx:
            return list(await tx.live.between(NINE, minutes_later(1)))

    async def lines(self) -> list[str]:
        """Where everybody who has a seat connects to."""
        token = self.ports.secrets.link_token
        seats = [seat.id for session in await self.sessions() for seat in session.seats]
        return [f"{self.url}/j/{token(each)}/rtc?tab=one" for each in seats]


@asynccontextmanager
async def house(place: Path, groups: int = 1, size: int = 8) -> AsyncIterator[House]:
    """The service with its groups, in files of a folder, until the block ends."""
    database = f"sqlite:///{place / 'viop.db'}"
    await schema.bring_up_to_date(database)
    settings = Settings(link_key=SecretStr(KEY.decode()), data=place)
    async with open_sealed(database) as store:
        still = make_ports(store, FixedClock())
        await published_programme(still, **vars_of(many(groups, size)))
        clock = Running()
        open_door = replace(still.house, waiting_room=False)
        running = replace(still, clock=clock, house=open_door)
        async with open_rooms(settings, running) as (ports, gateway):
            assert gateway is not None
            runner = web.AppRunner(create_app(ports, settings, gateway=gateway))
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            try:
                port = runner.addresses[0][1]
                yield House(ports, gateway, clock, f"ws://127.0.0.1:{port}")
            finally:
                await runner.cleanup()


def many(groups: int, size: int) -> Programme:
    """A program whose groups all begin on Tuesday at nine."""
    people = [participant(f"p{number}") for number in range(groups * size)]
    small = programme(people)
    hosts = tuple(clinician(f"c{number}") for number in range(groups))
    office = tuple(each for each in small.staff if not each.id.startswith("c"))
    return replace(
        small,
        program=replace(small.program, policy=Policy(group_min=2, video_rooms=groups)),
        staff=(*office, *hosts),
        cohorts=tuple(
            cohort(f"g{n}", days=(1,), facilitators=(StaffId(f"c{n}"),), capacity=size)
            for n in range(groups)
        ),
        enrollments=tuple(
            enrollment(each.id, CohortId(f"g{n % groups}")) for n, each in enumerate(people)
        ),
        service_plans=(),
        authorizations=(),
    )


def vars_of(made: Programme) -> dict[str, object]:
    """A programme as the parts it is made of."""
    return {name: getattr(made, name) for name in made.__dataclass_fields__}
