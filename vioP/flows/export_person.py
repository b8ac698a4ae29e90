"""Export one person: everything that is kept about them, and a note that it was taken out."""

from vioP.domain.errors import Missing
from vioP.domain.ids import ParticipantId
from vioP.domain.record import Record
from vioP.ports import Ports


async def export_person(ports: Ports, participant_id: ParticipantId, by: str) -> Record:
    """Gather everything kept about a participant, and write down who asked for it.

    Nothing is handed out that was not written down: the note is in the transaction.

    Raises:
        Missing: There is no such participant.
    """
    now = ports.clock.now()
    tables = await ports.store.tables()
    async with ports.store.write() as tx:
        found = await tx.holdings.of(participant_id, tables)
        if "participant" not in found:
            raise Missing(f"There is no participant {participant_id}.")
        record = Record(
            participant_id, now, found, await tx.holdings.is_part2(participant_id)
        )
        count = str(sum(map(len, found.values())))
        await tx.audit.note(now, by, "person.exported", participant_id, {"rows": count})
    return record
