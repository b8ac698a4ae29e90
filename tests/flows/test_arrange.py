"""Arranging: noted, kept to by the next week that is built, taken back; nonsense is refused."""

from dataclasses import replace
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.make import cohort, enrollment, make_ports, programme, publish
from vioP.domain.arrangement import (
    Arrangement,
    ClosedDay,
    Journey,
    KeptApart,
    MakeUp,
    MergedMeeting,
    MovedMeeting,
    OpenedPhase,
    Pin,
)
from vioP.domain.errors import Invalid, Missing
from vioP.domain.ids import CohortId, ParticipantId, TrackId
from vioP.domain.program import Phase, Track
from vioP.domain.time import Week
from vioP.flows.arrange import (
    arrange,
    show_arrangements,
    show_phases,
    take_back_arrangement,
)
from vioP.flows.build_week import build_week, state_week
from vioP.flows.import_programme import import_programme
from vioP.flows.publish_week import publish_week
from vioP.flows.show import show_week
from vioP.ports import Clock, Ports
from vioP.storage import Store

WEEK = Week(date(2026, 3, 16))
P1 = ParticipantId("p1")
PIN = Pin(P1, "individual", 3, time(13, 35), WEEK.monday)
MAKE_UP = MakeUp(CohortId("tidewater"), date(2026, 3, 17), date(2026, 3, 18), time(11))
MERGE = MergedMeeting(CohortId("tidewater"), date(2026, 3, 17), CohortId("cedar"))
EVERY_KIND: list[Arrangement] = [
    PIN,
    replace(PIN, last=date(2026, 4, 1)),
    Journey(P1, WEEK.monday, date(2026, 3, 22), "Lubbock", "TX", "America/Chicago"),
    KeptApart(P1, ParticipantId("p2")),
    OpenedPhase(P1, "Deep", WEEK.monday),
    MAKE_UP,
    MovedMeeting(CohortId("tidewater"), date(2026, 3, 17), date(2026, 3, 18), time(11)),
    MERGE,
    ClosedDay(date(2026, 3, 19)),
]


async def house(store: Store, clock: Clock, **parts: Any) -> Ports:
    ports = make_ports(store, clock)
    plain = programme(**parts)
    track = replace(
        plain.tracks[0], phases=(Phase("Steady", 2, "clinician"), Phase("Deep", 4, ""))
    )
    tracks = (track, *plain.tracks[1:])
    await import_programme(ports, replace(plain, tracks=tracks), "test")
    return ports


async def test_every_kind_is_kept_as_it_was_noted_and_can_be_taken_back(store, clock):
    ports = await house(store, clock, cohorts=(cohort(), cohort("cedar")))

    for each in EVERY_KIND:
        await arrange(ports, each, "k1")
    noted = await show_arrangements(ports)
    assert {each.what for each in noted} == set(EVERY_KIND)
    for one in noted:
        await take_back_arrangement(ports, one.id, "k1")
    assert await show_arrangements(ports) == []
    with pytest.raises(Missing):
        await take_back_arrangement(ports, noted[0].id, "k1")


async def test_a_pin_makes_the_draft_stale_and_moves_the_appointment_in_the_next(
    store, clock
):
    ports = await house(store, clock)
    await publish(ports, WEEK)

    await arrange(ports, PIN, "k1")

    assert (await show_week(ports, WEEK)).is_stale
    await build_week(ports, WEEK, "k1")
    shown = await show_week(ports, WEEK)
    assert shown.draft is not None
    [own] = [
        each for each in shown.draft.plan.sessions if each.key.startswith("p1-individual")
    ]
    local = own.starts.astimezone(ZoneInfo("America/Denver"))
    assert (local.weekday(), local.time()) == (3, time(13, 35))


async def test_the_same_thing_is_not_arranged_twice(store, clock):
    ports = await house(store, clock)
    await arrange(ports, PIN, "k1")

    with pytest.raises(Invalid, match="arranged already"):
        await arrange(ports, PIN, "k1")

    assert len(await show_arrangements(ports)) == 1


@pytest.mark.parametrize(
    ("what", "error"),
    [
        (replace(PIN, participant_id=ParticipantId("p99")), "no participant p99"),
        (replace(PIN, kind="family"), "p1 has no family appointments, but individual"),
        (replace(PIN, at=time(13, 33)), "every 5 minutes, not at 13:33"),
        (KeptApart(P1, ParticipantId("p99")), "no participant p99"),
        (OpenedPhase(P1, "Shallow", WEEK.monday), "phases are: Steady, Deep"),
        (replace(MAKE_UP, cohort_id=CohortId("nowhere")), "no cohort nowhere"),
        (replace(MAKE_UP, instead_of=date(2026, 3, 16)), "does not meet on"),
        (replace(MAKE_UP, day=date(2026, 3, 19)), "meets on 2026-03-19 anyway"),
        (replace(MAKE_UP, day=date(2026, 3, 25)), "in another week than"),
        (replace(MAKE_UP, day=date(2026, 3, 20)), "2026-03-20 is a closed day"),
        (replace(MERGE, day=date(2026, 3, 18)), "does not meet on 2026-03-18"),
        (replace(MERGE, into=CohortId("nowhere")), "no cohort nowhere"),
        (replace(MERGE, into=CohortId("other")), "are of two tracks"),
    ],
)
async def test_what_no_week_could_keep_is_refused(store, clock, what, error):
    plain = programme()
    closed = replace(plain.program, holidays=(date(2026, 3, 20),))
    other = replace(cohort("other"), track_id=TrackId("other"))
    ports = await house(
        store,
        clock,
        program=closed,
        tracks=(*plain.tracks, Track(TrackId("other"), "Other")),
        cohorts=(cohort(), cohort("cedar"), other),
    )

    with pytest.raises((Invalid, Missing), match=error):
        await arrange(ports, what, "k1")

    assert await show_arrangements(ports) == []


def test_days_out_of_order_and_people_apart_from_themselves_are_refused():
    for wrong in (
        lambda: replace(PIN, last=date(2026, 1, 1)),
        lambda: Journey(P1, date(2026, 3, 2), date(2026, 3, 1), "x", "TX", "UTC"),
        lambda: KeptApart(P1, P1),
        lambda: replace(MERGE, into=MERGE.cohort_id),
    ):
        with pytest.raises(
            ValueError, match=r"before the first|from themselves|with itself"
        ):
            wrong()


async def test_who_is_moved_week_after_week_is_counted(store, clock):
    """Pinned elsewhere each week, then free again: the next week knows of two moves."""
    ports = await house(store, clock)
    for number, hour in enumerate((9, 13, 15)):
        week = Week(date.fromordinal(WEEK.monday.toordinal() + 7 * number))
        pin = Pin(
            P1,
            "individual",
            4,
            time(hour),
            week.monday,
            date.fromordinal(week.monday.toordinal() + 6),
        )
        await arrange(ports, pin, "k1")
        await publish(ports, week)

    after = Week(date(2026, 4, 6))
    stated = await state_week(ports, after)

    moves = {each.participant: each.moves for each in stated.statement.problem.needs}
    assert moves["p1"] == 2
    assert moves["p2"] == 0


async def test_phases_are_shown_with_their_weeks(store, clock):
    ports = await house(store, clock, cohorts=(cohort(),), enrollments=(enrollment("p1"),))

    [before] = await show_phases(ports, WEEK.monday)
    await arrange(ports, OpenedPhase(P1, "Deep", date(2026, 3, 18)), "c1")
    [same] = await show_phases(ports, WEEK.monday)
    [after] = await show_phases(ports, date(2026, 3, 26))

    assert (before.phase, before.weeks, before.planned) == ("Steady", 2, 2)
    assert before.following == "Deep"
    assert same == before
    assert (after.phase, after.since, after.weeks) == ("Deep", date(2026, 3, 18), 1)
    assert after.following == ""


async def test_who_travels_is_told_the_time_on_the_clock_of_that_place(store, clock):
    """The sessions stay where they are; only p1 hears of them anew, in another zone."""
    ports = await house(store, clock)
    await publish(ports, WEEK)
    away = Journey(P1, WEEK.monday, date(2026, 3, 22), "Durango", "CO", "America/Phoenix")

    await arrange(ports, away, "k1")
    await build_week(ports, WEEK, "k1")
    shown = await show_week(ports, WEEK)
    assert shown.draft is not None
    assert not shown.is_told
    done = await publish_week(ports, WEEK, "k1")

    own = [each for each in shown.draft.plan.sessions if P1 in each.participants]
    assert (done.invited, done.updated, done.cancelled) == (0, len(own), 0)
    async with ports.store.read() as tx:
        told = await tx.weeks.told(WEEK)
    zones = {(each.participant_id, each.zone) for each in told.seats}
    assert zones == {
        ("p1", "America/Phoenix"),
        *((each, "America/Denver") for each in ("p2", "p3", "p4")),
    }
    assert (await show_week(ports, WEEK)).is_told
