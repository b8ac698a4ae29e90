"""Staff with their accounts, as rows; who is closed out is away from every week to come."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from vioP.domain.colleague import Colleague, HostedAhead
from vioP.domain.ids import AccountId, StaffId
from vioP.domain.people import Licence, StaffRole
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row
from vioP.storage.programme_sql import LICENCES, TOUCH

_LICENCE = TypeAdapter(Licence)
LISTED = """
SELECT staff.id, staff.name, staff.role, staff.zone, staff.kept_here,
  account.id AS account_id, OPENED(account.email), account.disabled_at, account.closed_at,
  account.signed_in_at, account.password_hash, second_factor.confirmed_at,
  (SELECT COUNT(*) FROM passkey WHERE passkey.account_id = account.id) AS passkeys
FROM staff
LEFT JOIN account ON account.person_id = staff.id
LEFT JOIN second_factor ON second_factor.account_id = account.id
WHERE NOT staff.retired
ORDER BY staff.name, staff.id
"""
HOSTED = """
SELECT session.starts, session.ends
FROM session_staff JOIN session ON session.id = session_staff.session_id
WHERE session_staff.staff_id = :staff_id AND session.state = 'planned' AND session.ends > :now
ORDER BY session.starts, session.id
"""
NAMES = "SELECT id, name FROM staff ORDER BY name, id"
ACCOUNTS = """
SELECT account.id, staff.name FROM account JOIN staff ON staff.id = account.person_id
"""
KEPT = "SELECT id FROM staff WHERE kept_here AND NOT retired"
KEEP = "UPDATE staff SET kept_here = TRUE WHERE id = :id"
CLOSE = "UPDATE account SET disabled_at = :at, closed_at = :at WHERE person_id = :id"
REOPEN = "UPDATE account SET disabled_at = NULL, closed_at = NULL WHERE person_id = :id"


@dataclass(frozen=True, slots=True)
class StaffRows:
    """Reads and writes staff and their accounts within one transaction."""

    connection: Connection

    async def listed(self) -> Sequence[Colleague]:
        """Everybody who works here, by name."""
        licences: dict[str, list[Licence]] = defaultdict(list)
        for row in await self.connection.fetch(LICENCES):
            plain = {
                name: row[name] for name in ("state", "kind", "number", "first", "last")
            }
            licences[row["staff_id"]].append(_LICENCE.validate_python(plain))
        return [
            _colleague(row, tuple(licences[row["id"]]))
            for row in await self.connection.fetch(LISTED)
        ]

    async def names(self) -> Mapping[str, str]:
        """What everybody is called who works or worked here, by identifier and in order."""
        return {row["id"]: row["name"] for row in await self.connection.fetch(NAMES)}

    async def account_names(self) -> Mapping[str, str]:
        """What they are called, by the identifier of their account."""
        return {row["id"]: row["name"] for row in await self.connection.fetch(ACCOUNTS)}

    async def hosted(self, staff_id: StaffId, now: Instant) -> Sequence[HostedAhead]:
        """What somebody hosts that is not over, of what people were told."""
        return [
            HostedAhead(instant(row["starts"]), instant(row["ends"]))
            for row in await self.connection.fetch(HOSTED, staff_id=staff_id, now=now)
        ]

    async def kept(self) -> frozenset[StaffId]:
        """Whose role and licences were decided here."""
        return frozenset(StaffId(row["id"]) for row in await self.connection.fetch(KEPT))

    async def keep(self, staff_id: StaffId) -> None:
        """Let imports leave somebody's role and licences alone."""
        await self.connection.execute(KEEP, id=staff_id)

    async def close(self, staff_id: StaffId, at: Instant) -> None:
        """Close somebody's account; from now on they are away from every week."""
        await self.connection.execute(CLOSE, id=staff_id, at=at)
        await self.connection.execute(TOUCH)

    async def reopen(self, staff_id: StaffId) -> None:
        """Let somebody in again, and plan with them again."""
        await self.connection.execute(REOPEN, id=staff_id)
        await self.connection.execute(TOUCH)


def _colleague(row: Row, licences: tuple[Licence, ...]) -> Colleague:
    signed_in = row["signed_in_at"]
    return Colleague(
        id=StaffId(row["id"]),
        name=row["name"],
        role=StaffRole(row["role"]),
        zone=row["zone"],
        account_id=AccountId(row["account_id"]) if row["account_id"] else None,
        email=row["email"] or "",
        is_closed=row["closed_at"] is not None,
        is_disabled=row["disabled_at"] is not None,
        has_password=bool(row["password_hash"]),
        signed_in_at=instant(signed_in) if signed_in else None,
        has_second_factor=bool(row["confirmed_at"] or row["passkeys"]),
        kept_here=bool(row["kept_here"]),
        licences=licences,
    )
