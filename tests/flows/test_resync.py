"""After a restored backup: calendars that heard more than the database knows come right again."""

from datetime import timedelta

import pytest

from tests.make import (
    WEEK,
    FixedClock,
    Postbox,
    deliveries,
    minutes_later,
    participant,
    programme,
    publish,
)
from vioP.domain.delivery import Channel
from vioP.domain.time import later
from vioP.flows.deliver import deliver
from vioP.flows.enroll import discharge
from vioP.flows.import_programme import import_programme
from vioP.flows.resync_invites import Resynced, resync_invites
from vioP.flows.tell_seats import tell_seats
from vioP.ports import Ports


@pytest.fixture
async def restored(ports: Ports, clock: FixedClock) -> Ports:
    """A week that was told; p4's cancellations were waiting when the backup was made."""
    clock.moment = minutes_later(-2 * 24 * 60)
    await import_programme(ports, programme(), "k1")
    await publish(ports)
    while await deliver(ports, Channel.MAIL):
        pass
    await discharge(ports, participant("p4").id, (WEEK.monday - timedelta(days=1)), "k1")
    await publish(ports)
    return ports


async def test_everything_that_stands_is_said_once_more_far_above(
    restored: Ports, clock: FixedClock, postbox: Postbox
):
    clock.move_to(later(clock.now(), timedelta(hours=1)))

    done = await resync_invites(restored, "k1")

    assert done == Resynced(invites=9, cancellations=3, people=4)
    while await deliver(restored, Channel.MAIL):
        pass
    again = {
        each["revision"] for each in await deliveries(restored.store) if each["revision"]
    }
    assert again == {100}
    assert len(postbox.letters) == 24
    letters = [each.raw for each in postbox.to("p1@participants.example")]
    assert sum(b"It is as you know it" in each for each in letters) == 3
    async with restored.store.write() as tx:
        assert await tell_seats(restored, tx, WEEK, WEEK) == 0


async def test_counting_changes_nothing(restored: Ports, statements: list[str]):
    before = await deliveries(restored.store)
    statements.clear()

    done = await resync_invites(restored, "k1", dry_run=True)

    assert done == Resynced(invites=9, cancellations=3, people=4)
    assert all(each.strip().startswith("SELECT") for each in statements)
    assert await deliveries(restored.store) == before


async def test_what_is_over_is_not_said_again(restored: Ports, clock: FixedClock):
    clock.move_to(later(clock.now(), timedelta(days=8)))

    assert await resync_invites(restored, "k1") == Resynced(0, 0, 0)
