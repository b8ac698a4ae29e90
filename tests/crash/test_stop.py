"""SIGTERM under load: a real process ends within ten seconds, and loses nothing it took on."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.adapters.mail_servers import Server, listening
from tests.crash.service import OWN, PATIENCE, STOPS_WITHIN, serving
from tests.crash.test_outbox import (
    all_is_sent,
    change,
    coming_week,
    identity,
    settled,
)
from tests.make import FixedClock, make_ports, open_sealed
from vioP.clock import SystemClock
from vioP.domain.time import later
from vioP.flows.sign_in import begin_session
from vioP.ports import Ports
from vioP.storage import Store

STREAMS = 30
CLAIMED = "SELECT key FROM job WHERE lease_until IS NOT NULL"
CHANGES = "SELECT version FROM feed"


class Slow(Server):
    """A mail server that has a letter long before it says so."""

    async def handle_DATA(  # noqa: N802 - the server's own word
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(0.3)
        return answer


@dataclass
class Load:
    """People at work, and what they were answered."""

    acknowledged: int = 0
    ended: list[str] = field(default_factory=list)

    async def listen(self, http: aiohttp.ClientSession, url: str, token: str) -> None:
        """Keep a live page open until it is closed from the far end."""
        async with http.get(f"{url}/live", headers={"Cookie": f"viop={token}"}) as answer:
            assert answer.status == 200
            try:
                while await answer.content.readany():
                    pass
                self.ended.append("closed")
            except aiohttp.ClientError as error:
                self.ended.append(type(error).__name__)

    async def change(self, http: aiohttp.ClientSession, url: str, token: str) -> None:
        """Ask for one new calendar address after another, and count what was taken."""
        headers = OWN | {"Cookie": f"viop={token}"}
        while True:
            try:
                async with http.post(
                    f"{url}/calendar/link", headers=headers, allow_redirects=False
                ) as answer:
                    self.acknowledged += answer.status == 303
            except aiohttp.ClientError:
                return


async def token_of(ports: Ports, person: str) -> str:
    async with ports.store.read() as tx:
        everybody = await tx.accounts.everybody()
    [account] = [each.account for each in everybody if each.account.person.id == person]
    return (await begin_session(ports, account)).token


async def count(store: Store, statement: str) -> list[Any]:
    async with store.read() as tx:
        return list(await tx.connection.fetch(statement))


async def test_a_process_told_to_stop_under_load_ends_in_time_and_loses_nothing(
    sqlite_url: str, tmp_path: Path
):
    clock = FixedClock(later(SystemClock().now(), -timedelta(hours=3)))
    week = coming_week(clock.now())
    server = Slow()
    load = Load()
    async with listening(server) as at, open_sealed(sqlite_url) as store:
        ports = make_ports(store, clock)
        await change(ports, clock, 0, week)
        people = make_ports(store, SystemClock())
        staff, participant = await token_of(people, "k1"), await token_of(people, "p1")
        async with (
            serving(sqlite_url, at.port, tmp_path) as process,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http,
            asyncio.TaskGroup() as group,
        ):
            for _ in range(STREAMS):
                group.create_task(load.listen(http, process.url, staff))
            for _ in range(4):
                group.create_task(load.change(http, process.url, participant))
            for _ in range(PATIENCE * 20):
                if len(server.got) >= 3 and load.acknowledged >= 20:
                    break
                await asyncio.sleep(0.05)
            took = await process.stop()

        before = len(server.got)
        known = await settled(store)
        [feed] = await count(store, CHANGES)
        print(f"{took:.1f} s; {load.acknowledged} acknowledged; {before} letters")  # noqa: T201

        assert process.popen.returncode == 0, (tmp_path / "log").read_text()
        assert took < STOPS_WITHIN
        assert Counter(load.ended) == {"closed": STREAMS}
        assert feed["version"] >= load.acknowledged >= 20
        assert await count(store, CLAIMED) == []
        assert {identity(each) for each in server.got} == known

        async with serving(sqlite_url, at.port, tmp_path) as process:
            await all_is_sent(store)
            await process.stop()
        letters = Counter(map(identity, server.got))

    assert len(letters) > before
    assert set(letters.values()) == {1}
