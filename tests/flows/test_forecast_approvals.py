"""Approvals that run out and consents that are missing, counted from what happened."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.make import (
    FixedClock,
    group_session,
    make_ports,
    minutes_later,
    programme,
    published_programme,
    seat_of,
)
from vioP.domain.attendance import Evidence, Fact, Leg
from vioP.domain.consent import Consent, ConsentKind
from vioP.domain.enrollment import Authorization
from vioP.domain.ids import ParticipantId
from vioP.domain.onboarding import Piece
from vioP.domain.program import Payer
from vioP.flows.forecast_approvals import forecast_approvals
from vioP.ports import Ports
from vioP.storage import Store

TUESDAY = date(2026, 3, 10)
FIRST = date(2026, 3, 9)
# The cohort meets on Tuesday and Thursday, with 120 minutes of care.
PAYER = Payer("by_day", "S9480", "day", 100, details=(("review_every_units", "4"),))
SELF = Payer("self", "90853", "session")


@pytest.fixture
async def ports(store: Store, clock: FixedClock) -> Ports:
    """The small program, with approvals that end soon, late, and never by days."""
    ports = make_ports(store, clock)
    held = {
        "p1": ("by_day", 3),
        "p2": ("by_day", 3),
        "p3": ("by_day", 90),
        "p4": ("self", 9),
    }
    await published_programme(
        ports,
        payers=(PAYER, SELF),
        authorizations=tuple(
            Authorization(f"{who}-a", ParticipantId(who), payer, "S9480", units, FIRST)
            for who, (payer, units) in held.items()
        ),
    )
    return ports


async def take_part(ports: Ports, name: str, minutes: int) -> None:
    """Somebody is in Tuesday's group with a picture, from its start."""
    seat = await seat_of(ports, await group_session(ports), name)
    async with ports.store.write() as tx:
        for fact, minute in ((Fact.MEDIA_UP, 0), (Fact.MEDIA_DOWN, minutes)):
            at = minutes_later(minute)
            seen = Evidence(fact, at, "room", Leg.VIDEO, "laptop")
            await tx.live.witness(seat, seen, recorded_at=at, key=f"{name}-{minute}")


async def test_units_that_were_attended_are_used_and_the_first_day_without_is_named(
    ports: Ports, clock: FixedClock
):
    await take_part(ports, "p1", 130)
    await take_part(ports, "p2", 60)  # too short to count
    clock.forward(200)

    found = await forecast_approvals(ports)

    near = {each.person.id: each for each in found.approvals}
    meetings = [TUESDAY + timedelta(days=each) for each in (0, 2, 7, 9, 14)]
    # One of three is used: Thursday and the next Tuesday are left, the Thursday after is not.
    assert (near[ParticipantId("p1")].standing.left, near[ParticipantId("p1")].ends) == (
        2,
        meetings[3],
    )
    assert near[ParticipantId("p1")].review == meetings[3]  # the fourth unit
    # All three are left, for the three meetings after today's.
    assert (near[ParticipantId("p2")].standing.left, near[ParticipantId("p2")].ends) == (
        3,
        meetings[4],
    )


async def test_what_lasts_is_counted_and_what_is_paid_by_session_is_no_day(ports: Ports):
    found = await forecast_approvals(ports)

    ends = {each.person.id: each.ends for each in found.approvals}
    assert ends[ParticipantId("p3")] is None  # only a review comes
    assert (found.lasting, found.uncounted) == (0, 1)


async def test_whoever_was_asked_and_has_not_agreed_is_named(
    ports: Ports, clock: FixedClock
):
    async with ports.store.write() as tx:
        for who in ("p1", "p2"):
            await tx.onboardings.ask(ParticipantId(who), clock.now(), "k1")
        for number, kind in enumerate(
            (ConsentKind.TELEHEALTH, ConsentKind.GROUP_CONFIDENTIALITY)
        ):
            agreed = Consent(kind, clock.now())
            await tx.consents.give(f"con_{number}", ParticipantId("p2"), agreed)
        await tx.consents.withdraw(
            ParticipantId("p2"), ConsentKind.GROUP_CONFIDENTIALITY, clock.now(), "p2"
        )

    found = await forecast_approvals(ports)

    assert [(each.person.id, each.pieces) for each in found.consents] == [
        ("p1", (Piece.TELEHEALTH, Piece.GROUP)),
        ("p2", (Piece.GROUP,)),
    ]
    assert found.never_asked == 2


async def test_whose_consent_runs_out_is_named_the_first_first(
    ports: Ports, clock: FixedClock
):
    today = clock.now().date()
    soon, over, far = (today + timedelta(days=each) for each in (20, -2, 31))
    async with ports.store.write() as tx:
        for who, until in (("p1", soon), ("p2", over), ("p3", far)):
            agreed = Consent(ConsentKind.TELEHEALTH, clock.now(), until=until)
            await tx.consents.give(f"con_{who}", ParticipantId(who), agreed)

    found = await forecast_approvals(ports)

    assert [(each.person.id, each.piece, each.until) for each in found.ending] == [
        ("p2", Piece.TELEHEALTH, over),
        ("p1", Piece.TELEHEALTH, soon),
    ]


async def test_whoever_has_left_wants_nothing(store: Store, clock: FixedClock):
    ports = make_ports(store, clock)
    plain = programme()
    gone = tuple(replace(each, until=date(2026, 3, 9)) for each in plain.enrollments)
    await published_programme(ports, enrollments=gone, payers=(PAYER, SELF))

    found = await forecast_approvals(ports)

    assert (found.approvals, found.consents, found.never_asked) == ((), (), 0)


async def test_days_before_the_first_known_session_are_taken_to_be_used(
    store: Store, clock: FixedClock
):
    ports = make_ports(store, clock)
    started = date(2026, 3, 2)  # a week before anything was published here
    held = Authorization("a", ParticipantId("p1"), "by_day", "S9480", 3, started)
    await published_programme(ports, payers=(PAYER,), authorizations=(held,))

    [line] = (await forecast_approvals(ports)).approvals

    # Tuesday the 3rd and Thursday the 5th; today's group is the last that is paid for.
    assert (line.standing.unknown, line.standing.left) == (2, 1)
    assert line.ends == date(2026, 3, 12)
