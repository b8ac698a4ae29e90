"""Moving by hand: seen before it is kept, kept as it was seen, taken back; nobody is told."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.make import (
    FixedClock,
    deliveries,
    make_ports,
    minutes_later,
    programme,
    publish,
)
from vioP.domain.arrangement import MovedMeeting, Pin
from vioP.domain.errors import Invalid, Missing, NoPlan, StalePlan
from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.session import PlannedSession
from vioP.domain.time import Week, instant
from vioP.flows.arrange import arrange, show_arrangements
from vioP.flows.build_week import build_week
from vioP.flows.import_programme import import_programme
from vioP.flows.move_block import consider_move, keep_move, preview_move
from vioP.flows.publish_week import publish_week
from vioP.flows.show import show_week
from vioP.flows.show_grid import show_grid
from vioP.flows.undo_move import undo_move, unpin
from vioP.planner.changes import What
from vioP.planner.moving import Wanted
from vioP.ports import Ports
from vioP.storage import Store

WEEK = Week(date(2026, 3, 9))
DENVER = ZoneInfo("America/Denver")
P1 = "p1-individual:2026-03-09"
GROUP, NEXT_GROUP = "tidewater:2026-03-10", "tidewater:2026-03-17"
TIDEWATER = CohortId("tidewater")
TUE, WED, FRI = 10, 11, 13


def wanted(what: str, day: int, at: time, with_: str = "c1", **more: bool) -> Wanted:
    starts = instant(datetime.combine(date(2026, 3, day), at, DENVER))
    return Wanted(what, starts, StaffId(with_), **more)


@pytest.fixture
async def drafted(store: Store, clock: FixedClock) -> Ports:
    """The small program with a draft nobody was told of, two days before its first session."""
    clock.moment = minutes_later(-2 * 24 * 60)
    ports = make_ports(store, clock)
    await import_programme(ports, programme(), "test")
    await build_week(ports, WEEK, "test")
    return ports


async def draft(ports: Ports, week: Week = WEEK) -> tuple[int, dict[str, PlannedSession]]:
    shown = await show_week(ports, week)
    assert shown.draft is not None
    assert not shown.is_stale
    return shown.draft.revision, {each.key: each for each in shown.draft.plan.sessions}


async def audited(store: Store) -> list[str]:
    async with store.read() as tx:
        rows = await tx.connection.fetch("SELECT action FROM audit ORDER BY number")
    return [row["action"] for row in rows]


async def test_a_move_is_kept_exactly_as_it_was_seen_and_tells_nobody(
    drafted: Ports, store: Store
):
    move = wanted(P1, WED, time(10))
    first, before = await draft(drafted)

    seen = await preview_move(drafted, WEEK, move)
    untouched, _ = await draft(drafted)
    made = await keep_move(drafted, WEEK, move, first, "k1")
    revision, after = await draft(drafted)

    assert seen.supposed is not None
    assert [(e.key, e.what) for e in seen.supposed.changes] == [(P1, What.MOVED)]
    assert seen.told == ()
    assert untouched == first
    assert revision == made == first + 1
    assert after[P1].starts == move.starts
    assert {key for key in before if before[key] != after[key]} == {P1}
    [held] = await show_arrangements(drafted)
    assert held.what == Pin(
        ParticipantId("p1"), "individual", 2, time(10), WEEK.monday,
        date(2026, 3, 15), StaffId("c1"), "p1-individual",
    )  # fmt: skip
    assert set((await show_grid(drafted, WEEK)).held) == {P1}
    assert await deliveries(store) == []
    assert (await audited(store))[-1] == "week.moved"


async def test_another_build_keeps_to_the_move(drafted: Ports):
    first, _ = await draft(drafted)
    move = wanted(P1, WED, time(10), "c2")

    await keep_move(drafted, WEEK, move, first, "k1")
    await build_week(drafted, WEEK, "k1")
    _, after = await draft(drafted)

    assert (after[P1].starts, after[P1].staff) == (move.starts, ("c2",))


@pytest.mark.parametrize(
    ("move", "why"),
    [
        (wanted(P1, WED, time(20)), "c1 does not work then"),
        (wanted(P1, WED, time(10, 2)), "sessions start every 5 minutes"),
        (wanted(P1, TUE, time(9, 30)), "c1 has tidewater:2026-03-10 then"),
        (wanted(P1, WED, time(10), "nobody"), "nobody is not among"),
        (wanted(GROUP, WED, time(20)), "none of its facilitators works then"),
        (wanted(GROUP, 12, time(13)), "the group meets on 2026-03-12 anyway"),
    ],
)
async def test_what_cannot_be_is_refused_and_says_why(
    drafted: Ports, move: Wanted, why: str
):
    first, _ = await draft(drafted)

    against = await consider_move(drafted, WEEK, move)
    seen = await preview_move(drafted, WEEK, move)

    assert any(each.startswith(why) for each in (*against.lasting, *against.moving))
    assert any(each.startswith(why) for each in seen.refused)
    with pytest.raises(Invalid, match=why.partition(" (")[0]):
        await keep_move(drafted, WEEK, move, first, "k1")
    assert (await draft(drafted))[0] == first
    assert await show_arrangements(drafted) == []


async def test_somebody_else_makes_room_and_is_named_before(drafted: Ports):
    first, before = await draft(drafted)
    taken = before["p3-individual:2026-03-09"]
    move = Wanted(P1, taken.starts, StaffId("c1"))

    against = await consider_move(drafted, WEEK, move)
    seen = await preview_move(drafted, WEEK, move)
    await keep_move(drafted, WEEK, move, first, "k1")
    _, after = await draft(drafted)

    assert against.lasting == ()
    assert "c1 has p3-individual then" in against.moving
    assert seen.supposed is not None
    assert {each.key for each in seen.supposed.changes} == {P1, taken.key}
    assert after[P1].starts == taken.starts
    assert after[taken.key].starts != taken.starts
    assert len(after) == len(before)


async def test_a_group_is_moved_with_its_people_and_put_back(drafted: Ports):
    first, before = await draft(drafted)

    seen = await preview_move(drafted, WEEK, wanted(GROUP, WED, time(10), "c2"))
    moved = await keep_move(drafted, WEEK, wanted(GROUP, WED, time(10), "c2"), first, "k1")
    _, there = await draft(drafted)
    [held] = await show_arrangements(drafted)
    await keep_move(drafted, WEEK, wanted(GROUP, TUE, time(9)), moved, "k1")
    _, back = await draft(drafted)

    assert seen.supposed is not None
    assert [(e.key, e.what) for e in seen.supposed.changes] == [(GROUP, What.MOVED)]
    assert there[GROUP].participants == before[GROUP].participants
    assert there[GROUP].staff == ("c2", "c1")
    assert isinstance(held.what, MovedMeeting)
    assert back[GROUP] == before[GROUP]
    assert await show_arrangements(drafted) == []


async def test_a_group_that_is_moved_from_a_week_on_comes_back_once_or_for_good(
    drafted: Ports, clock: FixedClock
):
    ahead = Week(WEEK.monday + timedelta(weeks=1))
    first, _ = await draft(drafted)

    on_wednesdays = wanted(GROUP, WED, time(10), "c2", is_lasting=True)
    moved = await keep_move(drafted, WEEK, on_wednesdays, first, "k1")
    clock.forward(1)  # the later noted counts
    once = await keep_move(drafted, WEEK, wanted(GROUP, TUE, time(9)), moved, "k1")
    _, back = await draft(drafted)
    both = await show_arrangements(drafted)
    await build_week(drafted, ahead, "k1")
    _, there = await draft(drafted, ahead)
    clock.forward(1)
    at_home = wanted(GROUP, TUE, time(9), is_lasting=True)
    await keep_move(drafted, WEEK, at_home, once, "k1")
    await build_week(drafted, ahead, "k1")
    _, usual = await draft(drafted, ahead)

    assert back[GROUP].promise.at == time(9)  # in this week it is where it always was
    assert [each.what for each in both] == [
        MovedMeeting(TIDEWATER, date(2026, 3, 10), date(2026, 3, 11), time(10),
                     StaffId("c2"), is_lasting=True),
        MovedMeeting(TIDEWATER, date(2026, 3, 10), date(2026, 3, 10), time(9)),
    ]  # fmt: skip
    assert there[NEXT_GROUP].promise.day == date(2026, 3, 18)
    assert there[NEXT_GROUP].promise.at == time(10)
    assert there[NEXT_GROUP].staff == ("c2", "c1")
    assert usual[NEXT_GROUP].promise.day == date(2026, 3, 17)
    assert usual[NEXT_GROUP].promise.at == time(9)
    assert await show_arrangements(drafted) == []


async def test_who_was_told_is_named_and_hears_only_at_publication(
    drafted: Ports, store: Store
):
    await publish(drafted, WEEK)
    sent = len(await deliveries(store))
    first, _ = await draft(drafted)
    move = wanted(P1, WED, time(10))

    seen = await preview_move(drafted, WEEK, move)
    await keep_move(drafted, WEEK, move, first, "k1")
    quiet = len(await deliveries(store))
    done = await publish_week(drafted, WEEK, "k1")

    assert seen.told == ("p1",)
    assert quiet == sent
    assert (done.invited, done.updated, done.cancelled) == (0, 1, 0)


async def test_moves_are_taken_back_one_by_one(drafted: Ports, store: Store):
    first, before = await draft(drafted)
    second = await keep_move(drafted, WEEK, wanted(P1, WED, time(10)), first, "k1")
    third = await keep_move(drafted, WEEK, wanted(P1, FRI, time(11)), second, "k1")
    one_pin = len(await show_arrangements(drafted))

    fourth = await undo_move(drafted, WEEK, third, "k1")
    _, once = await draft(drafted)
    pinned = (await show_grid(drafted, WEEK)).held
    fifth = await undo_move(drafted, WEEK, fourth, "k1")
    _, twice = await draft(drafted)

    assert one_pin == 1
    assert once[P1].starts == wanted(P1, WED, time(10)).starts
    assert set(pinned) == {P1}
    assert twice == before
    assert await show_arrangements(drafted) == []
    assert (await audited(store))[-2:] == ["week.move_taken_back"] * 2
    with pytest.raises(Invalid, match="no move to take back"):
        await undo_move(drafted, WEEK, fifth, "k1")


async def test_an_unpinned_appointment_stays_until_the_week_is_built(drafted: Ports):
    first, _ = await draft(drafted)
    second = await keep_move(drafted, WEEK, wanted(P1, WED, time(10)), first, "k1")

    third = await unpin(drafted, WEEK, P1, second, "k1")
    _, there = await draft(drafted)
    none = (await show_grid(drafted, WEEK)).held
    await undo_move(drafted, WEEK, third, "k1")

    assert there[P1].starts == wanted(P1, WED, time(10)).starts
    assert none == {}
    assert set((await show_grid(drafted, WEEK)).held) == {P1}
    with pytest.raises(Missing):
        await unpin(drafted, WEEK, "p2-individual:2026-03-09", third + 1, "k1")


async def test_what_has_no_place_is_placed_by_the_same_move(drafted: Ports):
    night = Pin(ParticipantId("p4"), "individual", 3, time(3), WEEK.monday)
    await arrange(drafted, night, "k1")
    await build_week(drafted, WEEK, "k1")
    shown = await show_week(drafted, WEEK)
    assert shown.draft is not None
    assert [each.need for each in shown.draft.plan.unplaced] == ["p4-individual"]

    move = wanted("p4-individual", WED, time(10))
    seen = await preview_move(drafted, WEEK, move)
    await keep_move(drafted, WEEK, move, shown.draft.revision, "k1")
    _, after = await draft(drafted)

    assert seen.supposed is not None
    assert seen.supposed.after.unplaced == 0
    assert after["p4-individual:2026-03-09"].starts == move.starts


async def test_only_a_fresh_draft_and_time_ahead_can_be_moved(
    drafted: Ports, clock: FixedClock
):
    move = wanted(P1, WED, time(10))
    first, _ = await draft(drafted)

    with pytest.raises(StalePlan):
        await keep_move(drafted, WEEK, move, first - 1, "k1")
    with pytest.raises(NoPlan):
        await preview_move(drafted, Week(date(2026, 3, 16)), move)
    with pytest.raises(Missing):
        await preview_move(drafted, WEEK, wanted("tidewater:2026-03-11", WED, time(10)))
    clock.moment = wanted(P1, TUE, time(8, 30)).starts
    with pytest.raises(Invalid, match="has begun"):
        await preview_move(drafted, WEEK, move)
    with pytest.raises(Invalid, match="time is over"):
        await preview_move(drafted, WEEK, wanted("p3-individual:2026-03-09", TUE, time(8)))
    night = Pin(ParticipantId("p4"), "individual", 3, time(3), WEEK.monday)
    await arrange(drafted, night, "k1")
    with pytest.raises(StalePlan):
        await preview_move(drafted, WEEK, move)
