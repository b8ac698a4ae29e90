"""Two web processes and two workers on one PostgreSQL, with a mail server beside them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from tests.adapters.mail_servers import Server, listening
from tests.crash.service import OWN, STOPS_WITHIN, Process, Service
from tests.crash.test_kill import FINAL, GROUPS, MISSING, all_is_done, running_sessions
from tests.crash.test_stop import token_of
from tests.make import FixedClock, deliveries, make_ports, open_sealed
from vioP.beside import beside
from vioP.clock import SystemClock
from vioP.jobs.distributed import install
from vioP.ports import Ports
from vioP.storage import Store

pytestmark = pytest.mark.postgresql

PRESENT = """
SELECT seat_id FROM evidence WHERE fact = 'join_pressed' AND source = 'test' ORDER BY seat_id
"""


@dataclass
class Place:
    """A programme that is running, and where its processes find it."""

    service: Service
    store: Store
    ports: Ports
    links: Sequence[str] = ()


@pytest.fixture
async def place(postgresql_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    """Five groups, six minutes in."""
    clock = FixedClock(SystemClock().now())
    await install(postgresql_url)
    async with listening(Server()) as at, open_sealed(postgresql_url) as store:
        ports = make_ports(store, clock)
        await running_sessions(ports, clock, clock.now())
        async with store.read() as tx:
            rows = await tx.connection.fetch(PRESENT)
        links = [f"/j/{ports.secrets.link_token(each['seat_id'])}" for each in rows]
        service = Service(postgresql_url, tmp_path, at.port, {})
        yield Place(service, store, make_ports(store, SystemClock()), links)


async def next_word(answer: aiohttp.ClientResponse) -> str:
    while True:
        line = (await answer.content.readline()).decode().strip()
        if line.startswith("id: "):
            return line


async def test_a_join_at_one_process_is_heard_by_a_page_open_at_another(place: Place):
    token = await token_of(place.ports, "c0")
    async with (
        place.service.serving() as one,
        place.service.serving() as other,
        aiohttp.ClientSession() as http,
        http.get(f"{one.url}/live", headers={"Cookie": f"viop={token}"}) as page,
    ):
        assert page.status == 200
        word = await next_word(page)
        begun = asyncio.get_running_loop().time()
        async with http.post(
            other.url + place.links[0], headers=OWN, allow_redirects=False
        ) as joined:
            assert joined.status == 303
        # Without the bell the page looks four times a minute.
        assert await asyncio.wait_for(next_word(page), 5) != word
        print(f"heard {asyncio.get_running_loop().time() - begun:.2f} s after")  # noqa: T201


@dataclass
class Balancer:
    """What a proxy does: the next process when one does not answer."""

    http: aiohttp.ClientSession
    urls: Sequence[str]
    tries: Counter[int] = field(default_factory=Counter)
    turn: int = 0

    async def join(self, link: str) -> None:
        """One person presses the button."""
        for tried in range(1, 5):
            self.turn += 1
            url = self.urls[self.turn % len(self.urls)] + link
            try:
                async with self.http.post(
                    url, headers=OWN, allow_redirects=False
                ) as answer:
                    status = answer.status
            except aiohttp.ClientError:
                status = 502
            if status == 303:
                self.tries[tried] += 1
                return
        self.tries[99] += 1

    async def keep_joining(self, links: Sequence[str]) -> None:
        """Everybody, over and over, a few a second."""
        while True:
            for link in links:
                await self.join(link)
                await asyncio.sleep(0.02)


async def restart_each(
    service: Service, running: Sequence[tuple[AsyncExitStack, Process]]
) -> list[float]:
    """Stop and start one process after another; answers how long each took to stop."""
    took = []
    for stack, process in running:
        took.append(await process.stop())
        assert process.popen.returncode == 0, service.log()
        await stack.aclose()
        port = int(process.url.rpartition(":")[2])
        again = service.serving(port) if process.serves else service.working()
        await stack.enter_async_context(again)
    return took


async def restart_some(place: Place, which: slice) -> None:
    """Restart some of two web processes and two workers while people join."""
    service = place.service
    async with AsyncExitStack() as house, aiohttp.ClientSession() as http:
        starts = service.serving, service.serving, service.working, service.working
        stacks = [await house.enter_async_context(AsyncExitStack()) for _ in starts]
        begun = await asyncio.gather(
            *(
                stack.enter_async_context(start())
                for stack, start in zip(stacks, starts, strict=True)
            )
        )
        running = list(zip(stacks, begun, strict=True))
        balancer = Balancer(http, [each.url for _, each in running if each.serves])
        async with beside(balancer.keep_joining(place.links)):
            took = await restart_each(service, running[which])
        await all_is_done(service.database)

    rows = await deliveries(place.store)
    async with place.store.read() as tx:
        listed = await tx.connection.fetch(
            "SELECT seat_id FROM attempt WHERE rung = 'call'"
        )
    joins = sum(balancer.tries.values())
    print(  # noqa: T201 - the figures
        f"{joins} joins, {balancer.tries[2]} at the second try; "
        f"stopped within {max(took):.1f} s"
    )
    assert set(balancer.tries) <= {1, 2}
    assert joins >= 50
    assert max(took) < STOPS_WITHIN
    assert [each for each in rows if each["state"] not in FINAL] == []
    calls = Counter(each["seat_id"] for each in listed)
    assert len(calls) == GROUPS * MISSING
    assert set(calls.values()) == {1}


async def test_processes_restarted_one_after_another_fail_nobody_and_miss_no_rung(
    place: Place,
):
    await restart_some(place, slice(0, 4, 2))  # one of each kind


@pytest.mark.scale
async def test_every_process_restarted(place: Place):
    await restart_some(place, slice(None))
