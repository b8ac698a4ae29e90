"""The attendance sheet: filled in from evidence, confirmed whole or not at all, corrected later."""

import pytest
from aiohttp.web import Application

from tests.make import FixedClock, group_session, minutes_later, seat_of
from tests.web.conftest import Browser, SignIn
from vioP.domain.attendance import Attendance, Evidence, Fact
from vioP.domain.ids import ParticipantId, SessionId
from vioP.domain.sheet import Confirmed, Reason
from vioP.flows.confirm_attendance import show_sheet
from vioP.flows.mark_attendance import mark_attendance, start_session
from vioP.flows.record_join import record_join
from vioP.flows.show import show_session
from vioP.ports import Ports

PEOPLE = ("p1", "p2", "p3", "p4")


@pytest.fixture
async def session(ports: Ports, app: Application) -> SessionId:  # noqa: ARG001 - publishes
    """The group at nine: p1 to p3 came, p4 did not."""
    found = await group_session(ports)
    await start_session(ports, found, "c1")
    for name in PEOPLE[:3]:
        seat = await seat_of(ports, found, name)
        await record_join(ports, ports.secrets.link_token(seat))
    return found


@pytest.fixture
async def host(session: SessionId, sign_in: SignIn, clock: FixedClock) -> Browser:  # noqa: ARG001
    """The host, once the session is over."""
    clock.forward(130)
    return await sign_in("c1")


async def lines(
    ports: Ports, session: SessionId, **changed: tuple[str, str, str]
) -> dict[str, str]:
    """The form, everybody there for all of it but whom something else is said of."""
    sheet = await show_sheet(ports, await show_session(ports, session))
    form = {"version": sheet.version}
    for name in PEOPLE:
        seat = await seat_of(ports, session, name)
        said, minutes, reason = changed.get(name, ("present", "100", ""))
        form |= {
            f"{seat}.attendance": said,
            f"{seat}.minutes": minutes,
            f"{seat}.reason": reason,
        }
    return form


async def kept(ports: Ports, session: SessionId) -> dict[str, tuple[str | None, int, str]]:
    async with ports.store.read() as tx:
        found = await tx.confirmations.of_session(session)
    names = {await seat_of(ports, session, name): name for name in PEOPLE}
    return {
        names[each.line.seat_id]: (
            each.line.attendance,
            each.line.minutes,
            each.line.reason,
        )
        for each in found
    }


async def test_it_is_filled_in_from_what_was_seen_and_asks_about_whoever_was_not(
    ports: Ports, session: SessionId, host: Browser
):
    page = await (await host.get(f"/sessions/{session}/attendance")).text()

    came = [await seat_of(ports, session, name) for name in PEOPLE[:3]]
    missed = await seat_of(ports, session, "p4")
    for seat in came:
        assert f'name="{seat}.attendance" value="present" required checked' in page
    assert f'name="{missed}.attendance" value="present" required>' in page
    assert await kept(ports, session) == {}


async def test_whoever_is_known_to_have_left_is_given_what_they_were_there_for(
    ports: Ports, session: SessionId, host: Browser
):
    for name, until in (("p1", 0.3), ("p2", 40)):
        seat = await seat_of(ports, session, name)
        async with ports.store.write() as tx:
            left = Evidence(Fact.LEFT, minutes_later(until), "room")
            await tx.live.witness(seat, left, recorded_at=left.at, key=f"evi_{name}")

    page = await (await host.get(f"/sessions/{session}/attendance")).text()

    for name, minutes in (("p1", 0), ("p2", 40), ("p3", 130)):
        seat = await seat_of(ports, session, name)
        assert f'name="{seat}.minutes" value="{minutes}"' in page


async def test_one_press_confirms_everybody_and_marks_what_was_not_seen(
    ports: Ports, session: SessionId, host: Browser
):
    form = await lines(
        ports, session, p2=("present", "45", "technical"), p4=("excused", "99", "illness")
    )

    page = await (await host.post(f"/sessions/{session}/attendance", data=form)).text()

    assert "<strong>Confirmed</strong> by Doctor C1, 11:10." in page
    assert await kept(ports, session) == {
        "p1": (Confirmed.PRESENT, 100, Reason.NONE),
        "p2": (Confirmed.PRESENT, 45, Reason.TECHNICAL),
        "p3": (Confirmed.PRESENT, 100, Reason.NONE),
        "p4": (Confirmed.EXCUSED, 0, Reason.ILLNESS),
    }
    live = await show_session(ports, session)
    by_name = {each.participant_id: each.attendance(live) for each in live.seats}
    assert by_name[ParticipantId("p4")] is Attendance.EXCUSED


async def test_a_correction_counts_and_the_first_word_is_kept(
    ports: Ports, session: SessionId, host: Browser, clock: FixedClock
):
    address = f"/sessions/{session}/attendance"
    await host.post(address, data=await lines(ports, session))
    clock.forward(5)

    await host.post(address, data=await lines(ports, session, p1=("no_show", "0", "")))

    assert (await kept(ports, session))["p1"][0] is Confirmed.NO_SHOW
    async with ports.store.read() as tx:
        rows = await tx.connection.fetch("SELECT id FROM confirmation")
    assert len(rows) == 8


async def test_an_old_tab_overwrites_nothing_it_has_not_seen(
    ports: Ports, session: SessionId, host: Browser, clock: FixedClock
):
    address = f"/sessions/{session}/attendance"
    old = await lines(ports, session, p1=("present", "100", ""))
    await host.post(address, data=await lines(ports, session, p1=("present", "45", "")))
    clock.forward(5)

    answer = await host.post(address, data=old)
    page = await answer.text()

    assert answer.status == 409
    assert "Somebody else has changed this attendance meanwhile." in page
    assert "As it stands now: There, 45 minutes" in page
    assert page.count("As it stands now") == 1
    assert 'value="100"' in page
    assert (await kept(ports, session))["p1"][1] == 45
    again = await host.post(
        address, data=old | {"version": page.split('name="version" value="')[1][:3]}
    )
    assert again.status == 200
    assert (await kept(ports, session))["p1"][1] == 100


async def test_a_mark_made_after_it_opens_the_sheet_and_the_day_again(
    ports: Ports, session: SessionId, host: Browser, clock: FixedClock, sign_in: SignIn
):
    address = f"/sessions/{session}/attendance"
    await host.post(address, data=await lines(ports, session, p4=("no_show", "0", "")))
    clock.forward(5)
    await sign_in("k1")
    done = await (await host.get("/day-end")).text()
    seat = await seat_of(ports, session, "p4")
    marked, live = Fact.MARKED_EXCUSED, await show_session(ports, session)
    await mark_attendance(ports, live, seat, marked, "k1")

    opened = await (await host.get("/day-end")).text()
    await sign_in("c1")
    page = await (await host.get(address)).text()
    story = await (await host.get(f"/seats/{seat}")).text()

    assert done.count("To confirm") == opened.count("To confirm") - 1
    assert "since then something else was said of P4 A." in page
    assert f'name="{seat}.attendance" value="excused" required checked' in page
    assert "Attendance confirmed: No-show (Doctor C1)" in story


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (("", "0", ""), "Say of P4 A. whether they were there."),
        (("present", "0", ""), "Say for how many minutes P4 A. was there."),
        (("present", "999", ""), "The minutes of P4 A. are not"),
        (("excused", "0", ""), "Say why P4 A. is excused."),
    ],
)
async def test_what_makes_no_sense_is_said_and_nothing_is_kept(
    ports: Ports,
    session: SessionId,
    host: Browser,
    changed: tuple[str, str, str],
    says: str,
):
    form = await lines(ports, session, p1=("present", "33", "other"), p4=changed)

    answer = await host.post(f"/sessions/{session}/attendance", data=form)
    page = await answer.text()

    assert answer.status == 422
    assert says in page
    assert 'value="33"' in page
    assert await kept(ports, session) == {}


async def test_nobody_is_a_no_show_too_soon_nor_a_stranger_a_host(
    ports: Ports, session: SessionId, sign_in: SignIn
):
    form = await lines(ports, session, p4=("no_show", "0", ""))

    host = await sign_in("c1")
    early = await host.post(f"/sessions/{session}/attendance", data=form)
    stranger = await sign_in("p1")
    other = await stranger.get(f"/sessions/{session}/attendance")

    assert early.status == 409
    assert await kept(ports, session) == {}
    assert other.status in {403, 404}


async def test_nobody_is_there_an_hour_before_however_it_is_said(
    ports: Ports, session: SessionId, sign_in: SignIn, clock: FixedClock
):
    clock.move_to(minutes_later(-60))
    host = await sign_in("c1")
    form = await lines(ports, session, p4=("excused", "0", "illness"))
    seat = await seat_of(ports, session, "p4")

    sheet = await host.post(f"/sessions/{session}/attendance", data=form)
    mark = f"/sessions/{session}/seats/{seat}"
    marked = await host.post(mark, data={"mark": "present"})
    page = await (await host.get(f"/sessions/{session}")).text()
    excused = await host.post(mark, data={"mark": "excused"})

    assert (sheet.status, marked.status, excused.status) == (409, 409, 200)
    assert "Nobody is there so early" in await sheet.text()
    assert 'value="present"' not in page
    assert await kept(ports, session) == {}
    clock.move_to(minutes_later(-15))
    host = await sign_in("c1")
    assert 'value="present"' in await (await host.get(f"/sessions/{session}")).text()
    assert (await host.post(mark, data={"mark": "present"})).status == 200


async def test_the_session_and_its_sheet_say_how_far_people_are(
    host: Browser, session: SessionId
):
    for address in (f"/sessions/{session}", f"/sessions/{session}/attendance"):
        page = await (await host.get(address)).text()
        assert page.count("<small>Week 2 of 9</small>") == len(PEOPLE)


async def test_times_are_on_the_clock_of_whoever_reads_them(
    host: Browser, session: SessionId, ports: Ports
):
    async with ports.store.write() as tx:
        await tx.connection.execute(
            "UPDATE staff SET zone = 'America/New_York' WHERE id = 'c1'"
        )
    page = await (await host.get(f"/sessions/{session}")).text()
    sheet = await (await host.get(f"/sessions/{session}/attendance")).text()

    assert "(New York time)" in page.split("</h1>")[0]
    assert "11:00" in page.split("</h1>")[0]
    assert "11:00 to 13:10 (New York time)" in sheet


async def test_a_session_is_begun_a_quarter_of_an_hour_before_it_at_the_soonest(
    ports: Ports,
    app: Application,  # noqa: ARG001 - publishes
    clock: FixedClock,
    browser: Browser,
    sign_in: SignIn,
):
    found = await group_session(ports)
    clock.moment = minutes_later(-16)
    await sign_in("c1")
    early = await browser.post(f"/sessions/{found}/start")
    assert early.status == 409
    assert "I have started" not in await (await browser.get(f"/sessions/{found}")).text()
    assert (await show_session(ports, found)).host_started_at is None

    clock.forward(1)
    assert "I have started" in await (await browser.get(f"/sessions/{found}")).text()
    await browser.post(f"/sessions/{found}/start")
    assert (await show_session(ports, found)).host_started_at is not None
