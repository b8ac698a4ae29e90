"""Book a test: a quarter of an hour in which a person of the house goes through it with somebody.

It is a session like any other, with a link, an invite, reminders and a ladder of its own. It
stands beside the week's plan, which neither makes nor cancels it.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from vioP.domain.errors import Conflict, Missing, NoProgramme
from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.invite import next_stamp
from vioP.domain.people import Participant, StaffRole
from vioP.domain.programme import Programme
from vioP.domain.session import Block, Kind, PlannedSession, Promise
from vioP.domain.support_slot import Slot, free_slots
from vioP.domain.time import Instant, later, week_of
from vioP.flows.call_off_tests import take_back_tests
from vioP.flows.jobs import watch_job
from vioP.flows.sum_up import Changed
from vioP.flows.tell_seats import tell_seats
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.weeks import SeatRow, SessionRow


async def offer_tests(
    ports: Ports, participant_id: ParticipantId
) -> tuple[Sequence[Slot], Instant | None, str]:
    """Times somebody may choose, when their booked test is, and the zone they are told times in.

    Raises:
        NoProgramme: None was imported yet.
        Missing: There is no such participant.
    """
    now = ports.clock.now()
    async with ports.store.read() as tx:
        programme, person = await _person(tx, participant_id)
        booked = await tx.booked_tests.ahead(participant_id, now)
        slots = await _slots(ports, tx, programme, person, now)
    return slots, booked[0].starts if booked else None, person.zone


async def book_test(
    ports: Ports, participant_id: ParticipantId, starts: Instant
) -> SessionId:
    """Book a test session, in place of one that was booked before.

    Raises:
        NoProgramme: None was imported yet.
        Missing: There is no such participant.
        Conflict: The time was taken meanwhile; choose another.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        await tx.programme.lock()  # two who book at once take turns
        programme, person = await _person(tx, participant_id)
        slots = await _slots(ports, tx, programme, person, now)
        slot = next((each for each in slots if each.starts == starts), None)
        if slot is None:
            raise Conflict("This time is not free any more. Please choose another.")
        weeks = {week_of(_day(person, starts))}
        old = await tx.booked_tests.ahead(participant_id, now)
        before = await take_back_tests(ports, tx, old)
        weeks |= {each.week for each in old}
        session, seat = _rows(ports, person, slot, now)
        await tx.weeks.save_sessions([session])
        await tx.weeks.save_seats([seat])
        changed: Changed = {**before, seat.id: None}
        ordered = sorted(weeks, key=lambda each: each.monday)
        await tell_seats(ports, tx, ordered[0], ordered[-1], changed)
        await tx.audit.note(now, participant_id, "tech_test.booked", session.id)
        await ports.jobs.defer(tx, [watch_job(session.id, slot.starts)])
    return session.id


async def _person(
    tx: Transaction, participant_id: ParticipantId
) -> tuple[Programme, Participant]:
    programme = await tx.programme.read()
    if programme is None:
        raise NoProgramme
    for each in programme.participants:
        if each.id == participant_id:
            return programme, each
    raise Missing


async def _slots(
    ports: Ports,
    tx: Transaction,
    programme: Programme,
    person: Participant,
    now: Instant,
) -> tuple[Slot, ...]:
    rules = ports.house.support
    until = later(now, rules.ahead)
    staff = [each for each in programme.staff if each.role is StaffRole.TECH_SUPPORT]
    busy = {
        who: list(spans) for who, spans in (await tx.booked_tests.busy(now, until)).items()
    }
    for who, leaves in (await tx.programme.leave()).items():
        busy.setdefault(who, []).extend((each.starts, each.ends) for each in leaves)
    seats = await tx.seats.of_participant(person.id, now, until)
    booked = {each.seat_id for each in await tx.booked_tests.ahead(person.id, now)}
    own = [(each.starts, each.ends) for each in seats if each.id not in booked]
    return free_slots(staff, busy, own, rules, now)


def _rows(
    ports: Ports, person: Participant, slot: Slot, now: Instant
) -> tuple[SessionRow, SeatRow]:
    session_id = SessionId(ports.secrets.mint("ses", now))
    seat_id = SeatId(ports.secrets.mint("sea", now))
    local = slot.starts.astimezone(ZoneInfo(person.zone))
    day = local.date()
    planned = PlannedSession(
        key=f"tech_test:{person.id}:{session_id}",
        kind=Kind.TECH_TEST,
        cohort_id=None,
        promise=Promise(day, local.time().replace(tzinfo=None), person.zone),
        starts=slot.starts,
        ends=slot.ends,
        blocks=(Block("tech_test", int((slot.ends - slot.starts) / timedelta(minutes=1))),),
        staff=(slot.staff_id,),
        participants=(person.id,),
    )
    seat = SeatRow(
        id=seat_id,
        session_id=session_id,
        participant_id=person.id,
        uid=ports.secrets.uid(),
        sequence=0,
        stamped=next_stamp(None, now),
        starts=slot.starts,
        ends=slot.ends,
        zone=person.zone,
        state="active",
        link_hash=ports.secrets.digest(ports.secrets.link_token(seat_id)),
    )
    return SessionRow(session_id, week_of(day), planned), seat


def _day(person: Participant, moment: Instant) -> date:
    return moment.astimezone(ZoneInfo(person.zone)).date()
