"""Verify the audit: whether any row was changed, removed or slipped in."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.ports import Ports
from vioP.storage.audit import AuditRow

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class AuditState:
    """The newest rows, and the number of the first that breaks the chain, if any."""

    rows: Sequence[AuditRow]
    first_break: int | None


async def read_audit(ports: Ports) -> AuditState:
    """Read the newest rows and recompute the whole chain."""
    async with ports.store.read() as tx:
        return AuditState(await tx.audit.latest(_SHOWN), await tx.audit.first_break())
