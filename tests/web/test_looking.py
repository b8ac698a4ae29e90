"""Looking changes nothing: every address, opened by everybody, leaves what is kept as it was.

Mail scanners and link previews open every link they see; a GET that counted as a join would
keep somebody from being looked for.
"""

import hashlib
from collections.abc import Mapping

import pytest
from aiohttp.web import Application

from tests.make import FixedClock, group_session, seat_of
from tests.web.conftest import Browser, SignIn
from tests.web.test_access import FILLED, READINGS, ROLES, routes
from vioP.flows.feed import feed_path, renew_feed
from vioP.flows.mark_attendance import start_session
from vioP.flows.watch_session import watch_session
from vioP.ports import Ports

# Who looked at what, when a browser was last seen, how often something was tried, and what
# was worked out for whoever looked.
MAY_CHANGE = {"audit", "audit_head", "web_session", "tries", "foresight"}
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
# A stream, which ends when its reader goes; and what only a WebSocket opens.
NO_PAGE = ("live", "room.line", "session.line")


@pytest.fixture
def url(sqlite_url: str) -> str:
    """One database: which statements a page sends does not depend on it."""
    return sqlite_url


async def kept(ports: Ports) -> Mapping[str, str]:
    """A digest of every table's rows."""
    found = {}
    async with ports.store.read() as tx:
        names = [str(row["name"]) for row in await tx.connection.fetch(TABLES)]
        for name in sorted(set(names) - MAY_CHANGE):
            statement = f"SELECT * FROM {name} {READINGS.get(name, '')}"  # noqa: S608 - its own name
            rows = await tx.connection.fetch(statement)
            lines = sorted(repr([row[key] for key in row.keys()]) for row in rows)  # noqa: SIM118
            found[name] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return found


async def addresses(ports: Ports, app: Application) -> list[str]:
    """Every address that can be opened, with what is really there behind each part of it."""
    session = await group_session(ports)
    seat = await seat_of(ports, session, "p1")
    await renew_feed(ports, "p1", "p1")
    feed = await feed_path(ports, "p1")
    assert feed is not None
    tokens = {
        "join": ports.secrets.link_token(seat),
        "room": ports.secrets.link_token(seat),
        "link": ports.secrets.link_token(seat),
        "rsvp": ports.secrets.rsvp_token(seat),
        "reminders": ports.reminders_url(seat).rpartition("/")[2],
        "feed": feed.rpartition("/")[2].removesuffix(".ics"),
    }
    found = []
    for route in routes(app):
        if route.method != "GET" or route.name in NO_PAGE or route.resource is None:
            continue
        token = tokens.get((route.name or "").partition(".")[0], FILLED["token"])
        parts = FILLED | {"session": session, "seat": seat, "token": token}
        found.append(route.resource.canonical.format(**parts))
    return found


@pytest.mark.parametrize("who", [None, *ROLES])
async def test_opening_any_address_changes_nothing(
    ports: Ports, browser: Browser, sign_in: SignIn, clock: FixedClock, who: str | None
):
    session = await group_session(ports)
    await start_session(ports, session, "c1")
    everything = await addresses(ports, browser.app)
    clock.forward(4)
    await watch_session(ports, session)
    if who:
        await sign_in(who)
    before = await kept(ports)
    opened = 0

    for address in everything:
        for method in ("GET", "HEAD"):
            answer = await browser.request(method, address, allow_redirects=False)
            opened += answer.status == 200
            await answer.read()
        after = await kept(ports)
        changed = {name for name in after if after[name] != before[name]}
        assert not changed, f"{who} changed {changed} by opening {address}"

    assert opened > 10


async def test_what_a_press_changes_would_be_seen(ports: Ports, browser: Browser):
    seat = await seat_of(ports, await group_session(ports), "p1")
    before = await kept(ports)

    await browser.post(f"/j/{ports.secrets.link_token(seat)}", allow_redirects=False)

    after = await kept(ports)
    assert {name for name in after if after[name] != before[name]} >= {"evidence", "job"}
