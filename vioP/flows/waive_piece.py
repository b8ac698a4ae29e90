"""Waive a piece: a coordinator lets somebody come without it, by name and for a reason."""

from vioP.domain.errors import Invalid, Missing
from vioP.domain.ids import ParticipantId
from vioP.domain.onboarding import Piece, steps
from vioP.domain.text import clean_text
from vioP.flows.note_progress import note_progress
from vioP.ports import Ports
from vioP.storage.onboardings import Waiver

_LONGEST = 500


async def waive_piece(
    ports: Ports, person: ParticipantId, piece: str, by: str, reason: str
) -> None:
    """Let a piece go. If nothing else is missing, invites leave at once.

    Raises:
        Missing: There is no such participant, or the piece is not asked of them.
        Invalid: No reason was given.
    """
    why = clean_text(reason, _LONGEST)
    if not why:
        raise Invalid("Say why they may come without it. The reason stays on record.")
    now = ports.clock.now()
    async with ports.store.write() as tx:
        await tx.programme.lock()
        of = await tx.onboardings.of(person, now)
        if of is None or piece not in {each.piece for each in steps(of)}:
            raise Missing
        await tx.onboardings.waive(person, Waiver(Piece(piece), now, by, why))
        told = {"piece": piece, "reason": why}
        await note_progress(ports, tx, person, "onboarding.waived", by, told)
