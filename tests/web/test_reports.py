"""Reports: counted from what happened, drawn to scale, and harmless in a spreadsheet."""

from typing import Any

import pytest
from aiohttp.web import Application

from tests.make import FixedClock, group_session, seat_of
from tests.web.conftest import SignIn
from tests.web.test_tech_check import keep
from vioP.domain.ids import ParticipantId, SessionId
from vioP.domain.report import Came, Reached
from vioP.domain.tech_report import CameraReport, MicrophoneReport, Trouble
from vioP.files.table_out import write_csv
from vioP.flows.mark_attendance import start_session
from vioP.flows.record_join import record_join
from vioP.flows.watch_session import watch_session
from vioP.ports import Ports
from vioP.web.charts import Amount, chart

DAYS = {"first": "2026-03-09", "last": "2026-03-15"}


@pytest.fixture
async def session(ports: Ports, app: Application, clock: FixedClock) -> SessionId:  # noqa: ARG001 - publishes
    """The group at nine, over: p1 and p2 came, p3 came once a message had gone out, p4 did not."""
    found = await group_session(ports)
    await start_session(ports, found, "c1")
    for name in ("p1", "p2"):
        await come(ports, found, name)
    clock.forward(3)
    await watch_session(ports, found)
    async with ports.store.write() as tx:  # as if it had been handed over
        await tx.connection.execute(
            "UPDATE delivery SET state = 'sent', done_at = due WHERE kind = 'nudge'"
        )
    clock.forward(4)
    await come(ports, found, "p3")
    clock.forward(140)
    return found


async def come(ports: Ports, session: SessionId, name: str) -> None:
    seat = await seat_of(ports, session, name)
    await record_join(ports, ports.secrets.link_token(seat))


async def test_a_report_counts_who_came_who_was_missed_and_who_was_reached(
    session: SessionId,  # noqa: ARG001 - what is counted
    sign_in: SignIn,
):
    browser = await sign_in("k1")

    page = await (await browser.get("/reports", params=DAYS)).text()

    assert "2 sessions that are over" in page
    assert "<dd>75 %</dd>" in page
    assert "<dd>4 min</dd>" in page
    rows = "".join(page.split())
    assert '<thscope="row">Tidewater</th><td>3</td><td>0</td><td>1</td><td>0</td>' in rows
    assert '<thscope="row">Writtento</th><td>1</td><td>1</td><td>50%</td>' in rows


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "weeks",
            (
                "week,took_part,excused,missed,not_held,video_minutes,sound_minutes",
                "2026-03-09,hidden,0,hidden,hidden,0,0",
            ),
        ),
        (
            "payers",
            (
                "payer,people,units,too_short,length_not_known,video_minutes,sound_minutes",
                "self,hidden,0,0,hidden,0,0",
                "none,hidden,0,0,hidden,0,0",
                "total,hidden,0,0,hidden,0,0",
            ),
        ),
        (
            "first-sessions",
            ("cohort,came,still_wait,quarter_days,half_days,three_quarters_days",),
        ),
    ],
)
async def test_a_file_names_nobody_and_hides_what_is_small(
    session: SessionId,  # noqa: ARG001 - what is counted
    sign_in: SignIn,
    clock: FixedClock,
    name: str,
    lines: tuple[str, ...],
):
    clock.forward(6 * 24 * 60)
    browser = await sign_in("a1")

    answer = await browser.get(f"/reports/{name}.csv", params=DAYS)

    assert tuple((await answer.read()).decode("utf-8-sig").splitlines()) == lines


async def test_what_no_host_began_and_nobody_came_to_was_missed_by_nobody(
    session: SessionId,  # noqa: ARG001 - beside it stands an appointment nobody began
    ports: Ports,
    sign_in: SignIn,
):
    browser = await sign_in("k1")
    before = "".join((await (await browser.get("/reports", params=DAYS)).text()).split())
    async with ports.store.write() as tx:
        await tx.connection.execute(
            "UPDATE session SET host_started_at = starts WHERE host_started_at IS NULL"
        )

    after = "".join((await (await browser.get("/reports", params=DAYS)).text()).split())

    week = '<thscope="row">9March2026</th><td>3</td><td>0</td>'
    assert f"{week}<td>1</td><td>1</td><td>75%</td>" in before
    assert f"{week}<td>2</td><td>0</td><td>60%</td>" in after


async def test_a_file_covers_only_whole_weeks_that_are_over(
    session: SessionId,  # noqa: ARG001 - of this week
    sign_in: SignIn,
):
    browser = await sign_in("a1")

    running = await browser.get("/reports/weeks.csv", params=DAYS)
    both = await browser.get("/reports/weeks.csv", params=DAYS | {"first": "2026-03-01"})

    assert running.status == 422
    assert (
        'filename="weeks-2026-03-02-2026-03-08.csv"' in both.headers["Content-Disposition"]
    )


async def test_the_page_tells_units_by_payer_and_days_to_the_first_session(
    session: SessionId,  # noqa: ARG001 - what is counted
    sign_in: SignIn,
):
    browser = await sign_in("k1")

    asked = DAYS | {"first": "2026-03-01"}
    page = await (await browser.get("/reports", params=asked)).text()

    rows = "".join(page.split())
    assert '<thscope="row">self</th><td>0</td><td>1</td><td>0</td><td>0of1</td>' in rows
    assert (
        '<thscope="row">Noapproval</th><td>0</td><td>2</td><td>0</td><td>0of2</td>' in rows
    )
    # Everybody is enrolled from March 2nd; three came on the 10th.
    waits = "<td>4</td><td>3</td><td>1</td>" + "<td>8</td>" * 5
    assert f'<thscope="row">Tidewater</th>{waits}' in rows
    assert f'<thscope="row">Everybody</th>{waits}' in rows


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("2026-03-09", "2026-03-01", "before the first"),
        ("2026-01-01", "2026-12-31", "thirteen"),
    ],
)
async def test_days_that_cannot_be_told_of_are_refused_in_words(
    sign_in: SignIn,
    first: str,
    last: str,
    says: str,
):
    browser = await sign_in("k1")

    answer = await browser.get("/reports", params={"first": first, "last": last})

    assert answer.status == 422
    assert says in await answer.text()


def test_a_share_leaves_out_who_said_no_and_a_wait_is_the_nearest_rank():
    assert Came(there=6, excused=2, missed=2).rate == 0.75
    assert Came(excused=3).rate == 0.0
    waits = tuple(float(each) for each in range(1, 21))
    reached = Reached(20, 20, 0, 0, 0, waits)
    assert (reached.wait(0.5), reached.wait(0.95), reached.wait(1)) == (10, 19, 20)
    assert Reached(0, 0, 0, 0, 0, ()).wait(0.5) is None


def test_bars_are_drawn_to_scale_and_told_as_a_table():
    legend = (("good", "There"), ("bad", "Missed"))
    amounts = [
        Amount("a", (("good", 30), ("bad", 10)), "75 %"),
        Amount("b", (("good", 10), ("bad", 0)), "100 %"),
    ]

    full = chart("Who", legend, amounts, each_full=True)
    scaled = chart("Who", legend, amounts, each_full=False)

    assert [sum(part.width for part in bar.segments) for bar in full.bars] == [400, 400]
    assert [sum(part.width for part in bar.segments) for bar in scaled.bars] == [400, 100]
    assert [part.width for part in full.bars[0].segments] == [300, 100]
    assert full.rows == (("a", "30", "10", "75 %"), ("b", "10", "0", "100 %"))


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\uff1d1"]
)
def test_no_cell_is_taken_for_a_formula(cell: str):
    line = write_csv(("name",), [(cell,)]).decode("utf-8-sig").split("\r\n", 1)[1]

    assert line.lstrip('"').startswith("'")


async def test_approvals_that_run_out_are_named_to_coordinators(
    app: Application,  # noqa: ARG001 - publishes
    ports: Ports,
    sign_in: SignIn,
):
    async with ports.store.write() as tx:
        await tx.connection.execute("UPDATE authorization_ SET units = 0")
        await tx.onboardings.ask(ParticipantId("p2"), ports.clock.now(), "k1")
    browser = await sign_in("k1")

    page = await (await browser.get("/forecast/approvals")).text()

    rows = "".join(page.split())
    assert '<thscope="row">P1A.</th><td>self</td><td>0of0</td>' in rows
    assert "Tuesday 10 March" in page
    assert '<thscope="row">P2A.</th><tdclass="date">10March2026</td>' in rows
    assert "3 people were in the program before vioP" in page


async def test_devices_are_told_by_verdict_and_part_by_part(
    session: SessionId,  # noqa: ARG001 - over, with four people
    ports: Ports,
    sign_in: SignIn,
):
    facts: dict[str, dict[str, Any]] = {
        "p1": {},
        "p2": {"camera": CameraReport(Trouble.MISSING)},
        "p3": {"microphone": MicrophoneReport(Trouble.MISSING)},
    }
    for who, wrong in facts.items():
        await keep(await sign_in(who), ports, **wrong)
    browser = await sign_in("k1")

    page = await (await browser.get("/reports", params=DAYS)).text()

    rows = "".join(page.split())
    assert '<thscope="row">Ready</th><td>1</td><td>25%</td>' in rows
    assert '<thscope="row">Readywithlimits</th><td>1</td><td>25%</td>' in rows
    assert '<thscope="row">Notready</th><td>1</td><td>25%</td>' in rows
    assert '<thscope="row">Notchecked</th><td>1</td><td>25%</td>' in rows
    assert (
        '<thscope="row">Microphone</th><td>2</td><td>0</td><td>1</td><td>1of3</td>' in rows
    )
