"""Search the audit: who did what, to whom, when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.ports import Ports
from vioP.storage.audit import AuditRow
from vioP.storage.audit_search import AuditQuery

_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditFound:
    """One page of what was found.

    Attributes:
        next: The next page's rows have lower numbers than this; nothing when there is none.
        actions: Everything that can be looked for by name.
        staff: What everybody of the staff is called, by identifier.
        accounts: The same by the identifier of their account.
    """

    rows: Sequence[AuditRow]
    next: int | None
    actions: Sequence[str]
    staff: Mapping[str, str]
    accounts: Mapping[str, str]


async def search_audit(ports: Ports, query: AuditQuery) -> AuditFound:
    """Find a page of rows, newest first."""
    async with ports.store.read() as tx:
        rows = await tx.audit_search.find(query, _A_PAGE + 1)
        actions = await tx.audit_search.actions()
        staff = await tx.staff.names()
        accounts = await tx.staff.account_names()
    more = len(rows) > _A_PAGE
    page = rows[:_A_PAGE]
    return AuditFound(page, page[-1].number if more else None, actions, staff, accounts)
