"""Second factors as rows: what an authenticator's secret is made from, and spare codes."""

from collections.abc import Sequence
from dataclasses import dataclass

from vioP.domain.ids import AccountId
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection

OF = """
SELECT nonce, confirmed_at, last_step FROM second_factor WHERE account_id = :account_id
"""
OFFER = """
INSERT INTO second_factor (account_id, nonce, last_step) VALUES (:account_id, :nonce, 0)
ON CONFLICT (account_id) DO NOTHING
"""
# One code opens once, whoever saw it typed. Source: RFC 6238, 5.2.
USE_STEP = """
UPDATE second_factor SET last_step = :step, confirmed_at = COALESCE(confirmed_at, :now)
WHERE account_id = :account_id AND last_step < :step
RETURNING account_id
"""
FORGET = "DELETE FROM second_factor WHERE account_id = :account_id"
FORGET_SPARES = "DELETE FROM spare_code WHERE account_id = :account_id"
SAVE_SPARE = "INSERT INTO spare_code (account_id, digest) VALUES (:account_id, :digest)"
USE_SPARE = """
DELETE FROM spare_code WHERE account_id = :account_id AND digest = :digest
RETURNING digest
"""


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """An authenticator.

    Attributes:
        confirmed_at: When it first showed a right code; nothing while it never has.
        last_step: The time step of the newest code that was used.
    """

    nonce: str
    confirmed_at: Instant | None
    last_step: int


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """Reads and writes second factors within one transaction."""

    connection: Connection

    async def of(self, account_id: AccountId) -> SecondFactor | None:
        """The authenticator of an account, confirmed or just offered."""
        rows = await self.connection.fetch(OF, account_id=account_id)
        if not rows:
            return None
        row = rows[0]
        confirmed = instant(row["confirmed_at"]) if row["confirmed_at"] else None
        return SecondFactor(row["nonce"], confirmed, row["last_step"])

    async def offer(self, account_id: AccountId, nonce: str) -> None:
        """Offer an authenticator, unless one is offered or in use already."""
        await self.connection.execute(OFFER, account_id=account_id, nonce=nonce)

    async def use(self, account_id: AccountId, step: int, now: Instant) -> bool:
        """Note that the code of a time step was used; the first one confirms.

        Returns:
            Whether it was not used before.
        """
        return bool(
            await self.connection.fetch(USE_STEP, account_id=account_id, step=step, now=now)
        )

    async def keep_spares(self, account_id: AccountId, digests: Sequence[str]) -> None:
        """Keep the digests of new spare codes; older ones work no longer."""
        await self.connection.execute(FORGET_SPARES, account_id=account_id)
        rows = [{"account_id": account_id, "digest": digest} for digest in digests]
        await self.connection.execute_many(SAVE_SPARE, rows)

    async def use_spare(self, account_id: AccountId, digest: str) -> bool:
        """Use a spare code up.

        Returns:
            Whether there was one.
        """
        found = await self.connection.fetch(USE_SPARE, account_id=account_id, digest=digest)
        return bool(found)

    async def forget(self, account_id: AccountId) -> None:
        """Forget the authenticator and its spare codes: a new one must be set up."""
        await self.connection.execute(FORGET_SPARES, account_id=account_id)
        await self.connection.execute(FORGET, account_id=account_id)
