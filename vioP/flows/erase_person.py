"""Erase one person: take out who they are, and keep that care was given."""

from collections.abc import Mapping

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


async def _require_gone(
    ports: Ports, tx: Transaction, participant_id: ParticipantId, *, known: bool
) -> None:
    if not known:
        raise Missing(f"There is no participant {participant_id}.")
    if await tx.erasures.is_in_care(participant_id, ports.clock.now()):
        raise StillInCare
