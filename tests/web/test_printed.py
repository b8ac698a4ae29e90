"""A clinician's day on paper."""

import re

import pytest

from tests.make import FixedClock, group_session
from tests.web.conftest import Browser, SignIn
from tests.web.test_pages import read
from vioP.domain.ids import ParticipantId
from vioP.flows.show import show_session
from vioP.ports import Ports
from vioP.web import on_paper


async def test_paper_names_who_is_due_and_keeps_back_what_others_must_not_read(
    ports: Ports, browser: Browser, sign_in: SignIn
):
    session = await show_session(ports, await group_session(ports))
    names = {seat.participant_id: seat.name for seat in session.seats}
    await sign_in("c1")

    roster = await read(browser, "/roster")
    paper = await read(browser, "/roster/print")
    another_day = await read(browser, "/roster/print?day=2020-01-01")

    assert "10:10 process" in roster
    assert "process" not in paper
    assert 'href="/roster/print?day=' in roster
    tight = re.sub(r"\s*<", "<", paper)
    assert "As of " in paper
    for person in ("p2", "p4"):
        assert f'<th scope="row">{names[ParticipantId(person)]}<small>Week 2 of 9<' in tight
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


async def test_paper_is_a_pdf_as_well_which_holds_the_same_and_loads_only_our_styles(
    ports: Ports, browser: Browser, sign_in: SignIn, caplog: pytest.LogCaptureFixture
):
    pytest.importorskip("weasyprint", reason="no PDFs without the extra pdf")
    await group_session(ports)
    await sign_in("c1")

    answer = await browser.get("/roster.pdf")

    assert answer.status == 200
    assert answer.content_type == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    made = await answer.read()
    assert made.startswith(b"%PDF-")
    assert "Failed to load" not in caplog.text
    assert 'href="/roster.pdf?day=' in await read(browser, "/roster/print")


async def test_without_the_extra_paper_says_so_and_how_to_print(
    ports: Ports, browser: Browser, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(on_paper, "_MAKER", "no_such_maker")
    await group_session(ports)
    await sign_in("c1")

    answer = await browser.get("/roster.pdf")

    assert answer.status == 503
    assert "Print the page from the browser instead" in await answer.text()
    assert "/roster.pdf" not in await read(browser, "/roster/print")
