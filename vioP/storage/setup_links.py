"""Links for setting up, as rows: only a digest is kept, and it opens nothing."""

from dataclasses import dataclass

from vioP.domain.ids import ParticipantId, SeatId
from vioP.domain.setup_link import LinkPurpose, SetupLink
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row

_LINK = """
SELECT id, participant_id, purpose, made_at, expires, revoked_at, seat_id
FROM setup_link
"""
BY_DIGEST = _LINK + "WHERE digest = :digest"
LATEST = (
    _LINK
    + """
WHERE participant_id = :participant_id AND purpose = :purpose
ORDER BY made_at DESC, id DESC LIMIT 1
"""
)
ALL_LATEST = (
    _LINK
    + """
WHERE revoked_at IS NULL AND purpose <> 'door' ORDER BY made_at, id
"""
)
MAKE = """
INSERT INTO setup_link (id, participant_id, purpose, digest, made_at, expires, seat_id)
VALUES (:id, :participant_id, :purpose, :digest, :made_at, :expires, :seat_id)
"""
# A newer link ends the older ones, so that one mail is the right one.
REVOKE = """
UPDATE setup_link SET revoked_at = :at
WHERE participant_id = :participant_id AND purpose = :purpose AND revoked_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class SetupLinks:
    """Reads and writes links for setting up, within one transaction."""

    connection: Connection

    async def by_digest(self, digest: str) -> SetupLink | None:
        """The link a token belongs to, whether it still opens anything or not."""
        rows = await self.connection.fetch(BY_DIGEST, digest=digest)
        return _link(rows[0]) if rows else None

    async def latest(self, person: ParticipantId, purpose: LinkPurpose) -> SetupLink | None:
        """The newest link somebody was given for a purpose, or nothing."""
        rows = await self.connection.fetch(LATEST, participant_id=person, purpose=purpose)
        return _link(rows[0]) if rows else None

    async def in_use(self) -> dict[tuple[ParticipantId, LinkPurpose], SetupLink]:
        """Every mailed link that was not replaced, also those that have expired."""
        links = map(_link, await self.connection.fetch(ALL_LATEST))
        return {(each.participant_id, each.purpose): each for each in links}

    async def make(self, link: SetupLink, digest: str) -> None:
        """Keep a new link."""
        await self.connection.execute(
            MAKE,
            id=link.id,
            participant_id=link.participant_id,
            purpose=link.purpose,
            digest=digest,
            made_at=link.made_at,
            expires=link.expires,
            seat_id=link.seat_id,
        )

    async def revoke(
        self, person: ParticipantId, purpose: LinkPurpose, at: Instant
    ) -> None:
        """End every link somebody has for a purpose."""
        await self.connection.execute(REVOKE, participant_id=person, purpose=purpose, at=at)


def _link(row: Row) -> SetupLink:
    return SetupLink(
        row["id"],
        ParticipantId(row["participant_id"]),
        LinkPurpose(row["purpose"]),
        instant(row["made_at"]),
        instant(row["expires"]),
        row["revoked_at"] is not None,
        SeatId(row["seat_id"]) if row["seat_id"] else None,
    )
