"""The wall: everybody of a running session is counted once, and whoever needs somebody is named."""

import re
from collections.abc import Sequence

import pytest

from tests.make import FixedClock, group_session, seat_of
from tests.web.conftest import Browser, SignIn
from tests.web.test_pages import begun_without_p4, read
from vioP.domain.attendance import Fact
from vioP.domain.board import Standing
from vioP.domain.delivery import Channel
from vioP.domain.ids import SessionId
from vioP.domain.short_name import short_name
from vioP.flows.deliver import deliver
from vioP.flows.mark_attendance import mark_attendance
from vioP.flows.show import show_session
from vioP.flows.watch_session import watch_session
from vioP.ports import Ports
from vioP.web.wall import NUMBERS


def numbers(page: str) -> dict[str, str]:
    """What the only card of a wall counts, by its word."""
    [listed] = page.split('<ul class="numbers">')[1:]
    lines = re.findall(
        r"<strong>(.*?)</strong> <span[^>]*>(.*?)<", listed.split("</ul>")[0]
    )
    return {word: number for number, word in lines}


async def watched(
    ports: Ports, clock: FixedClock, session: SessionId, minutes: Sequence[int]
) -> None:
    for each in minutes:
        clock.forward(each)
        await watch_session(ports, session)
        await deliver(ports, Channel.CALL_LIST)


def test_every_standing_is_counted_once():
    counted = [each for _, _, those in NUMBERS for each in those]

    assert sorted([*counted, Standing.JOINED]) == sorted(Standing)


async def test_it_counts_who_is_there_written_to_and_excused(
    ports: Ports, browser: Browser, sign_in: SignIn, clock: FixedClock
):
    session = await begun_without_p4(ports, browser, here=("p1", "p2"))
    seat = await seat_of(ports, session, "p3")
    live = await show_session(ports, session)
    await mark_attendance(ports, live, seat, Fact.MARKED_EXCUSED, "c1")
    await watched(ports, clock, session, [3])
    await sign_in("k1")

    page = await read(browser, "/wall")

    assert numbers(page) == {"Joined": "2 of 4", "Written to": "1", "Excused": "1"}
    assert "Tidewater group" in page
    assert 'data-stream="/live"' in page


async def test_whoever_needs_somebody_is_named_with_the_next_step_and_its_time(
    ports: Ports, browser: Browser, sign_in: SignIn, clock: FixedClock
):
    session = await begun_without_p4(ports, browser)
    await sign_in("k1")
    early = await read(browser, "/wall")
    await watched(ports, clock, session, [3])
    written = await read(browser, "/wall")
    await watched(ports, clock, session, [3])
    called = await read(browser, "/wall")

    assert numbers(early) == {"Joined": "3 of 4", "Not here yet": "1"}
    assert "P4 A." not in early  # the first message is left to its time
    assert "P4 A." in written
    assert re.search(r"Call at 09:0\d \(in \d min\)", written)
    assert "P1 A." not in written
    assert numbers(called) == {"Joined": "3 of 4", "To be called": "1"}
    assert "Call now, from the call list" in called


async def test_a_session_whose_host_is_missing_says_so_and_one_that_is_over_is_gone(
    ports: Ports, sign_in: SignIn, clock: FixedClock
):
    session = await group_session(ports)
    await watched(ports, clock, session, [4])

    waiting = await read(await sign_in("t1"), "/wall")
    clock.forward(24 * 60)
    over = await read(await sign_in("t1"), "/wall")

    assert "The host has not started" in waiting
    assert "Nothing runs now." in over


async def test_what_care_a_single_person_has_is_not_on_a_shared_screen(
    ports: Ports, sign_in: SignIn, clock: FixedClock
):
    async with ports.store.read() as tx:
        sessions = await tx.live.between(clock.now(), clock.now().replace(day=14))
    alone = next(each for each in sessions if not each.cohort_id)
    clock.move_to(alone.starts)

    page = await read(await sign_in("k1"), "/wall")

    assert "Appointment" in page
    assert "Individual" not in page


async def test_the_board_leads_to_the_wall(sign_in: SignIn):
    assert 'href="/wall"' in await read(await sign_in("k1"), "/board")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Eli W.", "Eli W."),
        ("Eli Wong", "Eli W."),
        ("Mary Ann o'neil", "Mary O."),
        ("Zoë  (Šárka)", "Zoë Š."),
        ("Cher", "Cher"),
        ("Eli -", "Eli"),
        ("", ""),
    ],
)
def test_a_name_is_shown_as_first_name_and_initial(name: str, short: str):
    assert short_name(name) == short
