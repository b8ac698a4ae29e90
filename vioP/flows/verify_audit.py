"""Verify the audit: whether any row was changed, removed or slipped in."""

from vioP.ports import Ports


async def verify_audit(ports: Ports) -> int | None:
    """Recompute the whole chain.

    Returns:
        The number of the first row that breaks it, or nothing.
    """
    async with ports.store.read() as tx:
        return await tx.audit.first_break()
