"""What if: the answer is what building would do, and the database stays as it is."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.make import WEEK, FixedClock, cohort, enrollment, make_ports, minutes_later
from tests.make import programme as small
from vioP.domain.errors import CohortsOverlap
from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.search import Wish
from vioP.domain.suppose import Admitted, Away, Closed, Discharged, Stretch, Supposition
from vioP.flows import search_week
from vioP.flows import suppose_week as supposing
from vioP.flows.build_week import build_week
from vioP.flows.compare_week import ScoredWeek, compare_week
from vioP.flows.import_programme import import_programme
from vioP.flows.note_leave import note_leave
from vioP.flows.publish_week import publish_week
from vioP.flows.show import show_week
from vioP.flows.suppose_week import suppose_week
from vioP.planner.changes import What
from vioP.ports import Ports

P1 = ParticipantId("p1")


@pytest.fixture
def url(sqlite_url: str) -> str:
    """One database: nothing is written to it."""
    return sqlite_url


@pytest.fixture
async def drafted(store, clock: FixedClock) -> Ports:
    """The small program with a draft nobody was told of."""
    clock.moment = minutes_later(-2 * 24 * 60)
    ports = make_ports(store, clock)
    await import_programme(ports, small(), "test")
    await build_week(ports, WEEK, "test")
    return ports


@pytest.fixture
async def told(drafted: Ports) -> Ports:
    """The small program, its week published."""
    await publish_week(drafted, WEEK, "test")
    return drafted


async def first_appointment(ports: Ports):
    shown = await show_week(ports, WEEK)
    assert shown.draft is not None
    return next(each for each in shown.draft.plan.sessions if each.cohort_id is None)


def counted(week: ScoredWeek, wish: Wish) -> int:
    return next(each.count for each in week.wishes if each.wish is wish)


async def test_nothing_is_written_whatever_is_supposed(told: Ports, sqlite_url: str):
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    day = (await first_appointment(told)).promise.day
    whole: list[Supposition] = [
        Away(StaffId("c1"), Stretch(day, day)),
        Discharged(P1, day),
        Closed(day),
    ]

    def kept() -> list[bytes]:
        return [each.read_bytes() for each in (file, file.with_name(f"{file.name}-wal"))]

    before = kept()
    for what in whole:
        await suppose_week(told, WEEK, what)

    assert kept() == before


async def test_a_supposed_sick_day_does_what_a_real_one_does(told: Ports):
    own = await first_appointment(told)
    day = own.promise.day

    supposed = await suppose_week(told, WEEK, Away(own.staff[0], Stretch(day, day)))

    await note_leave(told, own.staff[0], day, day, "test")
    await build_week(told, WEEK, "test")
    real = await compare_week(told, WEEK, await show_week(told, WEEK))
    assert supposed.is_told
    assert supposed.changes == real.changes
    moved = [each for each in supposed.changes if each.before and not each.before.cohort_id]
    assert moved
    assert all(each.why == ("the clinician does not work then",) for each in moved)
    assert supposed.told == len({each.before.participants for each in moved if each.before})
    assert real.after == supposed.after
    assert counted(supposed.before, Wish.TOLD_OTHERWISE) == 0
    assert counted(supposed.after, Wish.TOLD_OTHERWISE) == len(moved)


async def test_who_loses_their_place_is_named_with_remedies(told: Ports):
    days = Stretch(WEEK.monday, WEEK.monday + timedelta(days=6))

    supposed = await suppose_week(told, WEEK, Away(StaffId("c1"), days))

    assert {each.need for each in supposed.unplaced} == {
        f"p{number}-individual" for number in range(1, 5)
    }
    assert all(each.remedies for each in supposed.unplaced)
    assert supposed.still_unplaced == 0
    assert (supposed.before.unplaced, supposed.after.unplaced) == (0, 4)


async def test_a_discharge_takes_sessions_away_and_tells_one_person(told: Ports):
    sunday = WEEK.monday - timedelta(days=1)

    supposed = await suppose_week(told, WEEK, Discharged(P1, sunday))

    assert supposed.told == 1
    assert {each.what for each in supposed.changes} == {What.GONE, What.PEOPLE}
    assert supposed.after.score < supposed.before.score


async def test_a_closed_day_calls_its_group_off_for_everybody_in_it(told: Ports):
    supposed = await suppose_week(told, WEEK, Closed(WEEK.monday + timedelta(days=1)))

    gone = [each for each in supposed.changes if each.what is What.GONE]
    assert any(each.before and each.before.cohort_id for each in gone)
    assert supposed.told == 4


async def test_before_anybody_was_told_it_is_the_draft_that_stays(drafted: Ports):
    own = await first_appointment(drafted)
    far = WEEK.monday + timedelta(days=6)

    supposed = await suppose_week(drafted, WEEK, Away(StaffId("c2"), Stretch(far, far)))

    assert not supposed.is_told
    assert supposed.changes == ()
    assert own.staff == ("c1",)


async def test_without_a_draft_it_is_the_week_as_it_would_be_built(drafted: Ports):
    week = replace(WEEK, monday=date(2026, 3, 16))

    supposed = await suppose_week(drafted, week, Discharged(P1, date(2026, 3, 20)))

    assert not supposed.is_told
    assert supposed.changes == ()


async def test_somebody_in_two_places_at_once_is_refused_by_name(store, clock):
    ports = make_ports(store, clock)
    other = cohort("harbor")
    stated = small()
    await import_programme(ports, replace(stated, cohorts=(*stated.cohorts, other)), "test")

    with pytest.raises(CohortsOverlap, match="tidewater"):
        await suppose_week(ports, WEEK, Admitted(P1, CohortId("harbor"), WEEK.monday))


async def test_an_admission_finds_places_and_appointments(store, clock: FixedClock):
    clock.moment = minutes_later(-2 * 24 * 60)
    ports = make_ports(store, clock)
    others = tuple(enrollment(f"p{number}") for number in range(2, 5))
    await import_programme(ports, replace(small(), enrollments=others), "test")
    await build_week(ports, WEEK, "test")
    await publish_week(ports, WEEK, "test")

    supposed = await suppose_week(
        ports, WEEK, Admitted(P1, CohortId("tidewater"), WEEK.monday)
    )

    assert supposed.told == 1
    assert {each.what for each in supposed.changes} == {What.NEW, What.PEOPLE}


async def test_a_large_week_is_searched_quickly_by_a_worker_and_says_so(
    told: Ports, monkeypatch
):
    monkeypatch.setattr(search_week, "LARGE", 0)
    monkeypatch.setattr(supposing, "LARGE", 1)

    supposed = await suppose_week(told, WEEK, Discharged(P1, WEEK.monday))

    assert supposed.is_quick
    assert supposed.told == 1
