"""A zone's rules change after people were told: the promise counts, not the instant."""

import importlib.resources
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.make import WEEK, FixedClock, Postbox, minutes_later, programme, publish
from vioP.calendars.vtimezone import rules_of, vtimezone
from vioP.domain.delivery import Channel
from vioP.domain.time import later
from vioP.flows.deliver import deliver
from vioP.flows.import_programme import import_programme
from vioP.flows.show import show_broken_promises
from vioP.ports import Ports


def forget_rules() -> None:
    """What a start with another tzdata does."""
    ZoneInfo.clear_cache()
    rules_of.cache_clear()
    vtimezone.cache_clear()


@pytest.fixture
def change_rules(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Denver keeps winter time all year, as Phoenix does, until this is called."""
    phoenix = importlib.resources.files("tzdata").joinpath("zoneinfo", "America", "Phoenix")
    place = tmp_path / "zones" / "America"
    place.mkdir(parents=True)
    (place / "Denver").write_bytes(phoenix.read_bytes())
    zoneinfo.reset_tzpath(to=[str(tmp_path / "zones")])
    forget_rules()

    def new_law() -> None:
        zoneinfo.reset_tzpath()
        forget_rules()

    yield new_law
    new_law()


async def tell(ports: Ports, clock: FixedClock) -> None:
    """Tell a week by the rules that hold."""
    clock.moment = minutes_later(-2 * 24 * 60)
    await import_programme(ports, programme(), "k1")
    await publish(ports)
    while await deliver(ports, Channel.MAIL):
        pass


async def test_a_change_of_rules_shows_and_publishing_anew_keeps_the_promise(
    change_rules: Callable[[], None], ports: Ports, clock: FixedClock, postbox: Postbox
):
    await tell(ports, clock)
    assert await show_broken_promises(ports) == []
    async with ports.store.read() as tx:
        before = {each.id: each for each in (await tx.weeks.told(WEEK)).seats}

    change_rules()

    broken = await show_broken_promises(ports)
    assert len(broken) == 6
    done = await publish(ports)
    assert (done.invited, done.cancelled) == (0, 0)
    assert done.updated == len(before) == 12
    async with ports.store.read() as tx:
        after = (await tx.weeks.told(WEEK)).seats
    assert {each.starts - before[each.id].starts for each in after} == {-timedelta(hours=1)}
    assert await show_broken_promises(ports) == []
    while await deliver(ports, Channel.MAIL):
        pass
    assert len(postbox.letters) == 24


async def test_what_is_over_is_not_looked_at(
    change_rules: Callable[[], None], ports: Ports, clock: FixedClock
):
    await tell(ports, clock)
    clock.move_to(later(clock.now(), timedelta(days=8)))

    change_rules()

    assert await show_broken_promises(ports) == []
