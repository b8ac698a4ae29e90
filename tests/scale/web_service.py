"""The service as it is really served, in a process of its own: ``FOLDER GROUPS SIZE PAGES``.

Groups begin now. It prints where to ask and with what, as JSON behind a mark; then, for every
line it reads, what it has used so far; it ends when standard input does.
"""

import asyncio
import os
import resource
import sys
from dataclasses import replace
from pathlib import Path

from aiohttp.web import TCPSite
from pydantic import SecretStr

from tests.make import KEY, FixedClock, make_ports, open_sealed, published_programme
from tests.peers.house import Running, many, vars_of
from tests.peers.serve import say, used
from vioP.app import create_app
from vioP.domain.room import Guest
from vioP.flows.open_door import open_door
from vioP.flows.sign_in import begin_session
from vioP.ports import Ports
from vioP.settings import Settings
from vioP.storage import schema
from vioP.video.asking import Answer, Asking
from vioP.video.jitsi import JitsiChoices, JitsiRooms
from vioP.web import live
from vioP.web.guard import GuardedRunner
from vioP.web.live import PULSE

TOKEN = b"what Jitsi shows us"


class Site(Asking):
    """Jitsi's site, which is there."""

    def __init__(self) -> None:
        """It is asked without a network."""

    async def ask(self, *_what: str, **_how: object) -> Answer:
        """Yes."""
        return Answer(200, {})


async def serve(place: Path, groups: int, size: int, pages: int) -> None:
    """Serve until standard input ends."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    database = f"sqlite:///{place / 'viop.db'}"
    await schema.bring_up_to_date(database)
    settings = Settings(link_key=SecretStr(KEY.decode()), data=place)
    clock = Running()
    rooms = JitsiRooms(
        JitsiChoices("https://meet.example", "viop", KEY, (TOKEN,)), Site(), clock.now, KEY
    )
    live._MOST = pages  # noqa: SLF001 - to see what one process could hold
    async with open_sealed(database) as store:
        still = make_ports(store, FixedClock())
        await published_programme(still, **vars_of(many(groups, size)))
        ports = replace(still, clock=clock, video=rooms)
        app = create_app(ports, settings)
        runner = GuardedRunner(app, handler_cancellation=True, access_log=None)
        await runner.setup()
        await TCPSite(runner, "127.0.0.1", 0, backlog=4096).start()
        try:
            say({"port": runner.addresses[0][1]} | await keys(ports))
            while await asyncio.to_thread(sys.stdin.readline):
                say(used(os.getpid()) | {"listeners": app[PULSE].listeners})
        finally:
            await runner.cleanup()


async def keys(ports: Ports) -> dict[str, object]:
    """What opens things here: a coordinator's session, everybody's link, the rooms' names."""
    now = ports.clock.now()
    async with ports.store.read() as tx:
        sessions = await tx.live.between(now.replace(hour=0), now.replace(hour=23))
        account = await tx.accounts.of_person("k1")
    assert account is not None
    rooms, seats = {}, {}
    for session in sessions:
        await open_door(ports, session.id, Guest(session.staff[0], "Host", is_host=True))
        async with ports.store.read() as tx:
            chosen = await tx.rooms.chosen(session.id)
        assert chosen is not None
        rooms[session.id] = chosen.name
        seats[session.id] = [each.id for each in session.seats]
    tokens = [ports.secrets.link_token(seat) for each in seats.values() for seat in each]
    signed = await begin_session(ports, account)
    return {
        "cookie": signed.token,
        "tokens": tokens,
        "guests": [[rooms[id_], seat] for id_, each in seats.items() for seat in each],
        "now": int(now.timestamp()),
    }


if __name__ == "__main__":
    folder, *numbers = sys.argv[1:]
    asyncio.run(serve(Path(folder), *map(int, numbers)))
