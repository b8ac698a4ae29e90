"""Erase one person: take out who they are, and keep that care was given."""

from collections.abc import Mapping, Sequence

from vioP.domain.contact_facts import ContactFact, ContactKind
from vioP.domain.errors import Conflict, Invalid, Missing
from vioP.domain.ids import ParticipantId
from vioP.domain.time import later
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.erasures import EMPTIED, ERASED

_LONGEST = 500


class StillInCare(Conflict):
    """This person is enrolled or has appointments ahead. Discharge them first."""

    code = "person.in_care"


async def foresee_erasure(ports: Ports, participant_id: ParticipantId) -> Mapping[str, int]:
    """How many rows of each table would be emptied or deleted. Changes nothing.

    Raises:
        Missing: There is no such participant.
        StillInCare: They are enrolled, or have an appointment ahead.
    """
    tables = await ports.store.tables()
    async with ports.store.read() as tx:
        found = await tx.holdings.of(participant_id, tables)
        await _require_gone(ports, tx, participant_id, known="participant" in found)
    touched = {*ERASED, EMPTIED}
    return {table: len(rows) for table, rows in found.items() if table in touched}


async def erase_person(
    ports: Ports, participant_id: ParticipantId, by: str, reason: str
) -> bool:
    """Overwrite or delete whatever says who somebody is, in one transaction.

    Returns:
        Whether the database's files hold no trace of it any more, either.

    Raises:
        Missing: There is no such participant.
        StillInCare: They are enrolled, or have an appointment ahead.
        Invalid: No reason is given, or it is very long.
    """
    if not reason.strip() or len(reason) > _LONGEST:
        raise Invalid(f"Say why, in at most {_LONGEST} characters and without a name.")
    now = ports.clock.now()
    tables = await ports.store.tables()
    async with ports.store.write() as tx:
        found = await tx.holdings.of(participant_id, tables)
        await _require_gone(ports, tx, participant_id, known="participant" in found)
        records = later(now, -ports.house.retention.records)
        await tx.erasures.erase(participant_id, now, records)
        await tx.erasures.note(participant_id, now, by, reason.strip())
        await tx.audit.note(now, by, "person.erased", participant_id)
    return await ports.store.wipe()


async def erase_again(
    ports: Ports, people: Sequence[ParticipantId], by: str
) -> Sequence[ParticipantId]:
    """Erase those again whom an older copy has brought back, though it shows them in care.

    Nothing reaches them any more; whoever plans may still have to discharge them.

    Args:
        ports: The surroundings, over the copy.
        people: Everybody who was ever erased.
        by: Who restores.

    Returns:
        Whom the copy knew.
    """
    now = ports.clock.now()
    records = later(now, -ports.house.retention.records)
    async with ports.store.write() as tx:
        here = await tx.programme.addressees()
        done = await tx.erasures.all()
        back = [each for each in people if each in here and each not in done]
        for each in back:
            await tx.erasures.erase(each, now, records)
            silenced = ContactFact(ContactKind.SILENCED, now, by)
            await tx.contacts.add(f"erased:{each}", each, silenced)
            await tx.erasures.note(each, now, by, "again, after a restore")
            await tx.audit.note(now, by, "person.erased", each)
    await ports.store.wipe()
    return back


async def show_erased(ports: Ports) -> frozenset[str]:
    """Everybody who was erased."""
    async with ports.store.read() as tx:
        return await tx.erasures.all()


async def _require_gone(
    ports: Ports, tx: Transaction, participant_id: ParticipantId, *, known: bool
) -> None:
    if not known:
        raise Missing(f"There is no participant {participant_id}.")
    if await tx.erasures.is_in_care(participant_id, ports.clock.now()):
        raise StillInCare
