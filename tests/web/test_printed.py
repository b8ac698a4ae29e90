"""A clinician's day on paper."""

from tests.make import FixedClock, group_session
from tests.web.conftest import Browser, SignIn
from tests.web.test_pages import read
from vioP.domain.ids import ParticipantId
from vioP.flows.show import show_session
from vioP.ports import Ports


async def test_paper_names_who_is_due_and_keeps_back_what_others_must_not_read(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    session = await show_session(ports, await group_session(ports))
    names = {seat.participant_id: seat.name for seat in session.seats}
    await sign_in("c1")

    roster = await read(browser, "/roster")
    paper = await read(browser, "/roster/print")
    another_day = await read(browser, "/roster/print?day=2020-01-01")

    assert 'href="/roster/print?day=' in roster
    assert "As of " in paper
    for person in ("p2", "p4"):
        assert f'<th scope="row">{names[ParticipantId(person)]}</th>' in paper
    assert "Not recorded" not in paper  # an empty cell is there to write in
    assert "Look first" not in paper
    assert "Says they are" not in paper
    assert "No sessions on this day." in another_day


async def test_only_today_is_kept_and_only_until_midnight_where_its_clinician_is(
    ports: Ports, browser: Browser, sign_in: SignIn, clock: FixedClock
):
    await group_session(ports)
    await sign_in("c1")

    today = await read(browser, "/roster/print")
    clock.forward(5)
    later = await read(browser, "/roster/print")
    another_day = await read(browser, "/roster/print?day=2020-01-01")

    assert kept_for(today) - kept_for(later) == 300
    assert 0 < kept_for(later) <= 24 * 3600
    assert kept_for(another_day) == 0
    assert "roster.js" not in another_day


def kept_for(page: str) -> int:
    """For how many seconds a browser may keep a page."""
    return int(page.split('data-lasts="')[1].split('"', maxsplit=1)[0])
