"""Health as programs and people see it, on a real database."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.make import NINE, FixedClock, group_session
from tests.web.conftest import Browser, SignIn
from vioP.domain.delivery import Channel
from vioP.domain.health import Part
from vioP.domain.job import Job
from vioP.domain.time import later
from vioP.flows.check_health import check_health
from vioP.ports import Ports
from vioP.storage import Store
from vioP.storage.database import Connection
from vioP.storage.rooms import ChosenRoom


async def test_a_process_that_can_serve_says_so(browser: Browser, ports: Ports):
    async with ports.store.write() as tx:  # whatever waits since the publication is done
        await tx.connection.execute("DELETE FROM job")
        await tx.connection.execute("UPDATE delivery SET state = 'sent'")

    alive = await browser.get("/healthz")
    ready = await browser.get("/readyz")
    strict = await browser.get("/readyz?strict")

    assert (alive.status, ready.status, strict.status) == (200, 200, 200)
    assert await ready.json() == {
        "ready": True,
        "well": True,
        "parts": {each.value: True for each in Part},
    }


async def test_trouble_is_named_to_strangers_and_told_to_staff_only(
    browser: Browser, ports: Ports, sign_in: SignIn
):
    async with ports.store.write() as tx:
        await tx.outages.note(
            Channel.MAIL, "mail.not_let_in", NINE, later(NINE, timedelta(1))
        )

    ready = await browser.get("/readyz")
    strict = await browser.get("/readyz?strict")
    await sign_in("t1")
    page = await (await browser.get("/health")).text()

    assert (ready.status, strict.status) == (200, 503)
    said = await ready.json()
    assert said["ready"]
    assert not said["well"]
    assert said["parts"]["mail"] is False
    assert "not_let_in" not in await ready.text()
    assert "mail.not_let_in" in page
    assert page.index("Mail") < page.index("Database")


@pytest.mark.usefixtures("browser")
async def test_what_nobody_does_is_noticed(ports: Ports, clock: FixedClock):
    session = await group_session(ports)
    async with ports.store.write() as tx:
        await tx.jobs.add([Job("sweep", {}, NINE, "sweep")])
        await tx.connection.execute("DELETE FROM job WHERE key <> 'sweep'")
        await tx.rooms.choose(session, ChosenRoom("static", "room"), NINE)
        await tx.rooms.silent(session, NINE)

    clock.forward(2)
    health = await check_health(ports, ())
    found = {each.part: each for each in health.parts}

    assert "1 late, the oldest by 120 seconds" in found[Part.JOBS].detail
    assert not found[Part.ROOMS].ok
    clock.forward(24 * 60)  # the session is long over
    later_on = await check_health(ports, ())
    assert next(each for each in later_on.parts if each.part is Part.ROOMS).ok


@pytest.mark.usefixtures("browser")
async def test_a_claimed_job_is_not_late_until_its_claim_lapses(
    ports: Ports, clock: FixedClock
):
    async with ports.store.write() as tx:
        await tx.connection.execute("DELETE FROM job")
        await tx.jobs.add([Job("sweep", {}, NINE, "sweep")])
        await tx.jobs.claim(NINE, until=later(NINE, timedelta(minutes=5)), at_most=1)

    clock.forward(2)
    in_hand = await check_health(ports, ())
    clock.forward(4)
    left_behind = await check_health(ports, ())

    assert next(each for each in in_hand.parts if each.part is Part.JOBS).ok
    assert not next(each for each in left_behind.parts if each.part is Part.JOBS).ok


class Silent:
    """A database that does not answer."""

    def read(self) -> AbstractAsyncContextManager[Connection]:
        raise OSError("gone")

    write = read

    async def tables(self) -> Mapping[str, Sequence[str]]:
        raise OSError("gone")

    async def wipe(self) -> bool:
        raise OSError("gone")

    async def has_table(self, name: str) -> bool:
        raise OSError(name)


@pytest.mark.usefixtures("browser")
async def test_without_its_database_a_process_is_not_ready(ports: Ports):
    gone = replace(ports, store=Store(Silent()))

    health = await check_health(gone, ())

    assert not health.is_ready
    assert [each.part for each in health.parts] == [Part.DATABASE]
