"""Foresights as rows: what is asked of weeks ahead, and the last answer with its basis.

A question that is asked waits to be worked out. Whoever takes it up gives the row its next
*turn*; one who falls silent was overtaken, and what they still find is not kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vioP.domain.foresight import Question, question_of
from vioP.domain.time import Instant, instant
from vioP.storage.database import Connection, Row

_THIS = "what = :what AND monday = :monday AND participant_id = :participant_id"
_OURS = f"{_THIS} AND turn = :turn AND asked_at IS NOT NULL"

# Of two people who ask, the first one's question waits for both.
ASK = """
INSERT INTO foresight
  (what, monday, participant_id, turn, asked_at, asked_by, beat_at, note, basis, answer,
   answered_at, answered_for)
VALUES (:what, :monday, :participant_id, 1, :at, :by, NULL, '', '', NULL, NULL, '')
ON CONFLICT (what, monday, participant_id) DO UPDATE SET
  turn = foresight.turn + 1, asked_at = excluded.asked_at, asked_by = excluded.asked_by,
  beat_at = NULL, note = ''
WHERE foresight.asked_at IS NULL
"""
TAKE = f"""
UPDATE foresight SET turn = turn + 1, beat_at = :at
WHERE {_THIS} AND asked_at IS NOT NULL AND (beat_at IS NULL OR beat_at <= :silent_since)
RETURNING turn
"""  # noqa: S608 - ours
BEAT = f"UPDATE foresight SET beat_at = :at WHERE {_OURS}"  # noqa: S608 - ours
RELEASE = f"UPDATE foresight SET beat_at = NULL WHERE {_OURS}"  # noqa: S608 - ours
FAIL = f"""
UPDATE foresight SET asked_at = NULL, beat_at = :at, note = :note WHERE {_OURS}
"""  # noqa: S608 - ours
ANSWER = f"""
UPDATE foresight SET answer = :answer, basis = :basis, answered_at = :at,
  answered_for = asked_by, asked_at = NULL, beat_at = NULL, note = ''
WHERE {_OURS}
"""  # noqa: S608 - ours
OF = f"""
SELECT asked_at, asked_by, beat_at, note, basis, answer, answered_at, answered_for
FROM foresight WHERE {_THIS}
"""  # noqa: S608 - ours
WAITING = """
SELECT what, monday, participant_id FROM foresight WHERE asked_at IS NOT NULL
ORDER BY what, monday, participant_id
"""
# Weeks are planned from the programme and from what people were told before.
BASIS = """
SELECT (SELECT version FROM program) AS version, (SELECT COUNT(*) FROM publication) AS told
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that waits for its answer."""

    at: Instant
    by: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The last answer to a question, who had asked, and what it was worked out from."""

    answer: Any
    basis: str
    at: Instant
    asked_by: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Why the last try came to nothing, in a sentence."""

    at: Instant
    note: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a question; an old answer stays while it is worked out again."""

    asked: Asked | None = None
    answered: Answered | None = None
    failed: Failed | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A question that is ours to work out until somebody takes it over."""

    question: Question
    turn: int


@dataclass(frozen=True, slots=True)
class Foresights:
    """Reads and writes foresights within one transaction."""

    connection: Connection

    async def ask(self, question: Question, at: Instant, by: str) -> None:
        """Note that a question is to be worked out, unless it waits already."""
        await self.connection.execute(ASK, **_key(question), at=at, by=by)

    async def take(
        self, question: Question, at: Instant, silent_since: Instant
    ) -> Held | None:
        """Take a question up that waits, or whose worker has been silent since an instant.

        Returns:
            Nothing if nobody asks, or somebody is at it.
        """
        rows = await self.connection.fetch(
            TAKE, **_key(question), at=at, silent_since=silent_since
        )
        return Held(question, rows[0]["turn"]) if rows else None

    async def beat(self, held: Held, at: Instant) -> None:
        """Say that a question is still being worked out."""
        await self.connection.execute(BEAT, **_turn(held), at=at)

    async def release(self, held: Held) -> None:
        """Give a question back without an answer, for the next worker to begin again."""
        await self.connection.execute(RELEASE, **_turn(held))

    async def fail(self, held: Held, note: str, at: Instant) -> None:
        """Note that a question came to nothing, and why; it waits no longer."""
        await self.connection.execute(FAIL, **_turn(held), note=note, at=at)

    async def answer(self, held: Held, answer: Any, basis: str, at: Instant) -> None:
        """Keep an answer, unless somebody else has taken its question over."""
        await self.connection.execute(
            ANSWER, **_turn(held), answer=answer, basis=basis, at=at
        )

    async def of(self, question: Question) -> Kept:
        """Whether a question waits for an answer, and the last answer to it."""
        rows = await self.connection.fetch(OF, **_key(question))
        return _kept(rows[0]) if rows else Kept()

    async def waiting(self) -> Sequence[Question]:
        """The questions that wait, or are being worked out."""
        return [
            question_of(
                {
                    "what": row["what"],
                    "week": row["monday"].isoformat(),
                    "participant_id": row["participant_id"],
                }
            )
            for row in await self.connection.fetch(WAITING)
        ]

    async def basis(self) -> str:
        """What an answer is worked out from now; any change gives another."""
        [row] = await self.connection.fetch(BASIS)
        return "" if row["version"] is None else f"{row['version']}/{row['told']}"


def _key(question: Question) -> dict[str, Any]:
    return {
        "what": question.what.value,
        "monday": question.week.monday,
        "participant_id": question.participant_id,
    }


def _turn(held: Held) -> dict[str, Any]:
    return _key(held.question) | {"turn": held.turn}


def _kept(row: Row) -> Kept:
    asked = answered = failed = None
    if row["asked_at"] is not None:
        asked = Asked(instant(row["asked_at"]), row["asked_by"])
    if row["answered_at"] is not None:
        at = instant(row["answered_at"])
        answered = Answered(row["answer"], row["basis"], at, row["answered_for"])
    if row["note"]:
        failed = Failed(instant(row["beat_at"]), row["note"])
    return Kept(asked, answered, failed)
