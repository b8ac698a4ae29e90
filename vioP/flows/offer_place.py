"""Offer a place: it is held for somebody on a waiting list until a day, or no longer."""

from datetime import date
from zoneinfo import ZoneInfo

from vioP.domain.errors import (
    CohortFull,
    CohortNotOpen,
    Invalid,
    Missing,
    NoProgramme,
    WaitingSettled,
)
from vioP.domain.openings import openings
from vioP.domain.places import Places, places_of
from vioP.domain.waiting import Entry, Offer, why_not_offer, with_offers
from vioP.flows.close_waiting import told
from vioP.ports import Ports
from vioP.storage import Transaction


async def offer_place(ports: Ports, entry_id: str, offer: Offer, by: str) -> Entry:
    """Hold a place for somebody; one that was offered before is replaced. They are told nothing.

    Raises:
        Missing: There is no such entry.
        WaitingSettled: It is closed.
        CohortFull: No place is free for them from that day on.
        CohortNotOpen: The cohort takes nobody on that day.
        Invalid: The days cannot be.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        await tx.programme.lock()  # of two who offer the last place, one is told
        entry = await open_entry(tx, entry_id)
        programme = await tx.programme.offered()
        if programme is None:
            raise NoProgramme
        [cohort] = [each for each in programme.cohorts if each.id == entry.cohort_id]
        today = now.astimezone(ZoneInfo(cohort.zone)).date()
        why = why_not_offer(offer.first, offer.until, today)
        if why:
            raise Invalid(why)
        closed = openings(programme, cohort).against(offer.first)
        if closed is not None:
            raise CohortNotOpen(f"{closed.why} {closed.remedy}")
        most = programme.program.policy.group_max
        enrolled = await tx.waiting.enrollments(today)
        held = await _held(tx, places_of(cohort, most, enrolled), entry, today)
        _require_place(held, entry, offer, today)
        await tx.waiting.offer(entry.id, offer, by, now)
        days = {"first": str(offer.first), "until": str(offer.until)}
        did = "waiting.offered"
        await tx.audit.note(now, by, did, entry.participant_id, told(entry) | days)
    return entry


async def take_offer_back(ports: Ports, entry_id: str, by: str) -> Entry:
    """Hold the place no longer; they keep their turn on the list.

    Raises:
        Missing: There is no such entry.
        WaitingSettled: No place is offered to them.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        await tx.programme.lock()
        entry = await open_entry(tx, entry_id)
        if not entry.is_offered:
            raise _settled(entry)
        await tx.waiting.take_back(entry.id, by, now)
        did = "waiting.offer_taken_back"
        await tx.audit.note(now, by, did, entry.participant_id, told(entry))
    return entry


async def open_entry(tx: Transaction, entry_id: str) -> Entry:
    """An entry that nobody has settled.

    Raises:
        Missing: There is no such entry.
        WaitingSettled: It is closed.
    """
    entry = await tx.waiting.of_id(entry_id)
    if entry is None:
        raise Missing
    if not entry.is_open:
        raise _settled(entry)
    return entry


def _settled(entry: Entry) -> WaitingSettled:
    who, where = entry.participant_id, entry.cohort_id
    return WaitingSettled(
        f"Somebody has decided about {who} on the waiting list of {where} meanwhile. Look "
        "at the list again."
    )


async def _held(tx: Transaction, places: Places, entry: Entry, today: date) -> Places:
    """The places of a cohort, those that are held for others included."""
    others = [
        each
        for each in await tx.waiting.open()
        if each.cohort_id == entry.cohort_id and each.id != entry.id
    ]
    return with_offers(places, others, today)


def _require_place(held: Places, entry: Entry, offer: Offer, today: date) -> None:
    """Refuse to offer what is not there, or what is held for somebody else.

    Raises:
        CohortFull: It is not.
    """
    free, where = held.free_from(today, entry.days), entry.cohort_id
    if free is None:
        raise CohortFull(
            f"No place in {where} is known to come free for {entry.participant_id}. "
            "Discharge somebody or take an offer back first."
        )
    if free > offer.first:
        raise CohortFull(
            f"A place in {where} is free for {entry.participant_id} from {free} on, not "
            f"from {offer.first}. Offer it from then on."
        )
