"""One life from a seed: some weeks, everything that goes wrong in them, and the verdict."""

import asyncio
import gc
import logging
import subprocess
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator, Mapping, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from datetime import date, time, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from shutil import which
from typing import Any

import aiohttp
import structlog

import vioP
from vioP.domain.call import CallState
from vioP.domain.ids import SeatId, SessionId
from vioP.domain.time import Week
from vioP.flows.hear_call import hear_call, hear_key
from vioP.keys import Keys
from vioP.lived import Lived
from vioP.ports import Ports
from vioP.simulation.browser import Browser
from vioP.simulation.desk import Desk, at
from vioP.simulation.fate import Fate
from vioP.simulation.judge import judge
from vioP.simulation.life import make_task
from vioP.simulation.loop import Stalled, VirtualLoop
from vioP.simulation.machine import FIELD_KEYS, LINK_KEY, Machine, templates
from vioP.simulation.machine_time import machine_time
from vioP.simulation.nemesis import Nemesis
from vioP.simulation.people import Neighbours
from vioP.simulation.phone import Exchange
from vioP.simulation.programme import DAYS, small_programme
from vioP.simulation.remains import read_remains
from vioP.simulation.rooms import RoomServer
from vioP.simulation.world import MINUTE, World
from vioP.storage import migrate
from vioP.video.names import room_name

FIRST = Week(date(2027, 2, 1))
PEOPLE = 8
_LIBRARIES = ("apscheduler.executors.default", "apscheduler.scheduler", "asyncio")
_HOOK = "/hooks/video/livekit"


def simulate(seed: int, weeks: int = 1, people: int = PEOPLE) -> Lived:
    """Live some weeks from a seed."""
    with tempfile.TemporaryDirectory(prefix="viop") as place:
        file = Path(place) / "viop.db"
        file.write_bytes(_empty_database())
        loop = VirtualLoop()
        loop.set_task_factory(make_task)  # type: ignore[arg-type]  # typeshed names its argument
        loop.set_exception_handler(lambda _loop, _context: None)
        begins = at(FIRST.monday - timedelta(days=1), time(18))
        world = World(seed, begins, file, loop, Fate(seed))
        with machine_time(world.now), _logs_into(world):
            broken = _live(world, weeks, people)
        broken += judge(world, read_remains(file, FIELD_KEYS))
    truth = world.truth
    trace = sha256("\n".join(truth.trace).encode()).hexdigest()[:16]
    counts = dict(sorted(truth.counts.items()))
    return Lived(
        seed=seed,
        weeks=weeks,
        people=people,
        violations=tuple(broken),
        counts=counts,
        trace=trace,
        version=_version(),
        log=tuple(truth.trace),
    )


def _live(world: World, weeks: int, people: int) -> list[str]:
    """Run the world to its end.

    Returns:
        What broke on the way: that the program fell asleep for ever.
    """
    asyncio.set_event_loop(world.loop)
    try:
        world.loop.run_until_complete(_weeks(world, weeks, people))
    except Stalled as error:
        return [f"I5 the program fell asleep: {error}"]
    finally:
        for task in asyncio.all_tasks(world.loop):
            task.cancel()
        world.loop.run_until_complete(asyncio.sleep(0))
        _close(world.loop)
        asyncio.set_event_loop(None)
    return []


def _close(loop: asyncio.AbstractEventLoop) -> None:
    """Close the loop. What killed processes had open goes with it, as on any machine."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        loop.close()
        gc.collect()


async def _weeks(world: World, weeks: int, people: int) -> None:
    async with _settled(world, people, weeks) as (machine, desk):
        nemesis = Nemesis(world, machine)
        machine.switch_on()
        await desk.open_program()
        await desk.publish(FIRST)
        for number in range(weeks):
            week = Week(FIRST.monday + timedelta(weeks=number))
            if number + 1 < weeks:
                await desk.publish(Week(week.monday + timedelta(weeks=1)))
            rages = asyncio.ensure_future(nemesis.spoil_post(world.time() + 10 * MINUTE))
            await asyncio.sleep(10 * MINUTE)
            await rages
            machine.switch_off()
            for day in range(5):
                await _day(world, (machine, desk, nemesis), week, day)
        world.is_gentle = True
        machine.switch_off()
        machine.switch_on()
        await desk.read_calls(world.time() + 15 * MINUTE)
        machine.switch_off()


async def _day(
    world: World, who: tuple[Machine, Desk, Nemesis], week: Week, number: int
) -> None:
    """A day of sessions, or one at the office. At night only the beat would go on."""
    machine, desk, nemesis = who
    day = week.monday + timedelta(days=number)
    if number in DAYS:
        await _until(world, world.seconds(at(day, time(8, 35))))
        machine.switch_on()
        ends = await desk.day(day)
        rages = asyncio.ensure_future(nemesis.rage(ends + 8 * MINUTE))
        await desk.read_calls(ends + 8 * MINUTE)
        await rages
        await machine.is_up()
        await desk.read_calls(world.time() + 6 * MINUTE)
    elif number in {0, 2} and world.fate.happens(0.7):
        await _until(world, world.seconds(at(day, time(10))))
        machine.switch_on()
        rages = asyncio.ensure_future(nemesis.spoil_post(world.time() + 5 * MINUTE))
        await desk.change(week)
        await rages
        await machine.is_up()
    machine.switch_off()


async def _until(world: World, moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - world.time()))


@asynccontextmanager
async def _settled(
    world: World, people: int, weeks: int
) -> AsyncIterator[tuple[Machine, Desk]]:
    """A machine, an office and everybody around them, who know each other."""
    socket = world.file.with_name("s")
    machine = Machine(world, world.file, socket, templates())
    keys = Keys(LINK_KEY)
    async with aiohttp.ClientSession(
        connector=aiohttp.UnixConnector(str(socket), force_close=True)
    ) as http:
        browser = Browser(http)

        async def bring(raw: bytes, headers: Mapping[str, str]) -> int:
            return await browser.post(_HOOK, raw, **headers)

        async def tell(key: str, said: CallState | str) -> bool:
            async def hear(ports: Ports) -> bool:
                if isinstance(said, CallState):
                    await hear_call(ports, key, said)
                else:
                    await hear_key(ports, key, said)
                return True

            return await machine.once(hear) is True

        def room_of(session: SessionId) -> str:
            return room_name(LINK_KEY, session)

        def token_of(seat: SeatId) -> str:
            return keys.link_token(seat)

        machine.rooms = RoomServer(world, bring)
        machine.neighbours = Neighbours(world, machine.rooms, browser, token_of, room_of)
        machine.exchange = Exchange(world, machine.neighbours, tell)
        programme = small_programme(people, FIRST.monday, weeks)
        yield machine, Desk(world, machine, machine.neighbours, programme)


@cache
def _version() -> str:
    """The program's version; the commit as well where it runs from a working copy."""
    git = which("git")
    place = Path(vioP.__file__).parent
    if git is None or not (place.parent / ".git").exists():
        return vioP.__version__
    asked = [git, "-C", str(place), "rev-parse", "--short=12", "HEAD"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    return f"{vioP.__version__}+{said.stdout.strip()}"


@cache
def _empty_database() -> bytes:
    """A database with every table and no rows."""
    with tempfile.TemporaryDirectory(prefix="viop") as place:
        file = Path(place) / "empty.db"
        migrate.upgrade(f"sqlite:///{file}")
        return file.read_bytes()


@contextmanager
def _logs_into(world: World) -> Iterator[None]:
    """Count what the service logs, and show nothing of it."""

    def count(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> Any:
        world.truth.counts[f"log {line.get('event')}"] += 1
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[count], cache_logger_on_first_use=False)
    libraries = [logging.getLogger(name) for name in _LIBRARIES]
    for each in libraries:
        each.disabled = True
    try:
        yield
    finally:
        structlog.configure(**before)
        for each in libraries:
            each.disabled = False
