"""Break the glass: open the record of somebody who is not yours, which is told and reviewed."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.access import Person
from vioP.domain.break_glass import LONGEST_REASON, SHORTEST_REASON, OpenedRecord, Terms
from vioP.domain.delivery import Channel, Delivery, DeliveryKind
from vioP.domain.errors import Conflict, Invalid, Missing
from vioP.domain.ids import ParticipantId, SeatId, StaffId
from vioP.domain.text import clean_text
from vioP.domain.time import later
from vioP.flows.jobs import deliver_job
from vioP.ports import Ports

LISTED = 100


@dataclass(frozen=True, slots=True)
class Queue:
    """What compliance looks through: what nobody has signed first."""

    records: Sequence[OpenedRecord]
    waiting: int


async def open_record(
    ports: Ports, person: Person, asked: str, reason: str, terms: Terms
) -> ParticipantId:
    """Open somebody's record for a while, and tell of it in the same transaction.

    One at a time: what the same clinician had open is closed.

    Args:
        ports: The surroundings.
        person: The clinician.
        asked: The participant's identifier, or whole name.
        reason: Why, in words.
        terms: How long, and who hears of it.

    Raises:
        Invalid: There is no reason, or nobody or more than one is called so. Nothing was opened.
    """
    why = clean_text(reason)
    if not SHORTEST_REASON <= len(why) <= LONGEST_REASON:
        raise Invalid(
            f"Say why, in {SHORTEST_REASON} to {LONGEST_REASON} characters. "
            "Whoever reviews this reads it."
        )
    now = ports.clock.now()
    staff_id = StaffId(person.id)
    async with ports.store.write() as tx:
        found = await tx.opened_records.named(" ".join(asked.split()))
        if len(found) == 1:
            record = OpenedRecord(
                id=ports.secrets.mint("opn", now),
                staff_id=staff_id,
                staff_name="",
                participant_id=found[0],
                participant_name="",
                reason=why,
                begun_at=now,
                until=later(now, terms.lasts),
            )
            await tx.opened_records.end(staff_id, now)
            await tx.opened_records.add(record)
            await tx.audit.note(now, person.id, "record.opened", found[0], {"reason": why})
            if terms.notice_to:
                await tx.deliveries.add([_notice(record, terms.notice_to)], now)
                await ports.jobs.defer(tx, [deliver_job(Channel.MAIL, now)])
        else:  # somebody who tries names is seen too
            await tx.audit.note(now, person.id, "record.not_found", "record")
    if not found:
        raise Invalid(
            "Nobody is called exactly so. Type the whole name, or the identifier."
        )
    if len(found) > 1:
        raise Invalid("More than one person is called so. Type the identifier.")
    return found[0]


async def close_record(ports: Ports, person: Person) -> None:
    """Close what a clinician has open; nothing happens where nothing is."""
    now = ports.clock.now()
    async with ports.store.write() as tx:
        for each in await tx.opened_records.end(StaffId(person.id), now):
            await tx.audit.note(now, person.id, "record.closed", each)


async def open_now(ports: Ports, person: Person) -> OpenedRecord | None:
    """What a clinician has open now."""
    async with ports.store.read() as tx:
        return await tx.opened_records.open_of(StaffId(person.id), ports.clock.now())


async def readers_of(ports: Ports, participant_id: ParticipantId) -> frozenset[str]:
    """Who has somebody's record open now, beside those whose it is."""
    async with ports.store.read() as tx:
        return await tx.opened_records.readers(participant_id, ports.clock.now())


async def seat_of_record(ports: Ports, participant_id: ParticipantId) -> SeatId | None:
    """The seat by which an open record is read: of what runs, comes next, or was last."""
    async with ports.store.read() as tx:
        return await tx.opened_records.seat(participant_id, ports.clock.now())


async def show_queue(ports: Ports) -> Queue:
    """Every record that was opened, what nobody has signed first."""
    async with ports.store.read() as tx:
        records = await tx.opened_records.listed(LISTED)
        return Queue(records, await tx.opened_records.waiting())


async def count_waiting(ports: Ports) -> int:
    """How many opened records nobody of compliance has signed."""
    async with ports.store.read() as tx:
        return await tx.opened_records.waiting()


async def sign_record(ports: Ports, record_id: str, review: str, by: str) -> None:
    """Sign what was opened, with what was found about it.

    Raises:
        Invalid: There are no words.
        Missing: There is no such record.
        Conflict: Somebody has signed it; their words stand.
    """
    words = clean_text(review)
    if not SHORTEST_REASON <= len(words) <= LONGEST_REASON:
        raise Invalid(
            f"Say what you found, in {SHORTEST_REASON} to {LONGEST_REASON} characters."
        )
    now = ports.clock.now()
    async with ports.store.write() as tx:
        signed = await tx.opened_records.sign(record_id, by, words, now)
        if signed is None:
            known = {each.id for each in await tx.opened_records.listed(LISTED)}
            if record_id not in known:
                raise Missing
            raise Conflict("Somebody has signed this already. Their words stand.")
        await tx.audit.note(now, by, "record.reviewed", signed, {"record": record_id})


def _notice(record: OpenedRecord, address: str) -> Delivery:
    """It names nobody: what happened stands behind the sign-in."""
    return Delivery(
        key=f"opened:{record.id}",
        kind=DeliveryKind.RECORD_OPENED,
        channel=Channel.MAIL,
        due=record.begun_at,
        content={"name": "", "address": address, "stamped": record.begun_at.isoformat()},
    )
