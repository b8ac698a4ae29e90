"""The end of the day: what is left is named, and once it is done the page says so."""

import re

import pytest
from aiohttp.web import Application

from tests.make import FixedClock, group_session, seat_of
from tests.web.conftest import SignIn
from tests.web.test_sheet import lines
from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.flows.mark_attendance import start_session
from vioP.flows.record_join import record_join
from vioP.ports import Ports
from vioP.storage.attempts import Task


@pytest.fixture
async def session(ports: Ports, app: Application, clock: FixedClock) -> SessionId:  # noqa: ARG001 - publishes
    """The group at nine, over; p4 did not come."""
    found = await group_session(ports)
    await start_session(ports, found, "c1")
    for name in ("p1", "p2", "p3"):
        seat = await seat_of(ports, found, name)
        await record_join(ports, ports.secrets.link_token(seat))
    clock.forward(130)
    return found


async def test_what_a_day_still_wants_is_named(
    ports: Ports, session: SessionId, sign_in: SignIn
):
    browser = await sign_in("k1")

    before = await (await browser.get("/day-end")).text()
    form = await lines(ports, session, p4=("excused", "0", "illness"))
    await browser.post(f"/sessions/{session}/attendance", data=form)
    after = await (await browser.get("/day-end")).text()

    missed = await seat_of(ports, session, "p4")
    assert "To confirm" in before
    assert f'/seats/{missed}"' in before
    assert "3 of 4 came" in before
    assert f'/seats/{missed}"' not in after
    assert "3 of 4 came" in after
    assert ">Confirmed<" in after


async def test_a_day_on_which_nothing_is_left_says_so(
    ports: Ports, session: SessionId, sign_in: SignIn, clock: FixedClock
):
    clock.forward(2 * 24 * 60 + 600)  # the day after the last session
    browser = await sign_in("k1")
    async with ports.store.write() as tx:
        await tx.connection.execute("UPDATE attempt SET outcome = 'handled'")

    page = await (await browser.get("/day-end", params={"day": "2026-03-14"})).text()

    assert "Everything of this day is done." in page
    assert session not in page


async def test_the_call_list_and_the_end_of_the_day_count_people_alike(
    ports: Ports, session: SessionId, sign_in: SignIn
):
    async with ports.store.read() as tx:
        rows = await tx.connection.fetch(
            "SELECT id, session_id FROM seat WHERE participant_id = 'p4' "
            "ORDER BY session_id = :session_id",
            session_id=session,
        )
    async with ports.store.write() as tx:
        await tx.connection.execute("DELETE FROM attempt")
        for number, row in enumerate(rows):
            task = Task(
                f"tsk_{number}",
                "call_back",
                ParticipantId("p4"),
                SessionId(row["session_id"]),
                SeatId(row["id"]),
            )
            await tx.attempts.ask(task, ports.clock.now())
    browser = await sign_in("k1")

    calls = await (await browser.get("/calls")).text()
    end = await (await browser.get("/day-end")).text()

    assert len(rows) > 1
    assert calls.count('id="call-') == 1
    assert re.search(
        r"before it: [\w ]+, of \d\d:\d\d (appointment|Tidewater group)", calls
    )
    assert "1 on the call list" in end
