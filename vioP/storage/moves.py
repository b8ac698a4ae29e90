"""Moves by hand as rows: what a draft was before each, so that the last can be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from vioP.domain.time import Instant, Week
from vioP.storage.arrangements import NotedArrangement, from_record, to_record
from vioP.storage.database import Connection
from vioP.storage.weeks import Draft, draft_of_row, draft_to_row

ADD = """
INSERT INTO week_move
  (id, monday, base, revision, plan, found, added, removed, moved, moved_at, moved_by)
VALUES
  (:id, :monday, :base, :revision, :plan, :found, :added, :removed, :moved, :at, :by)
"""
LAST = """
SELECT id, base, revision, plan, found, added, removed, moved FROM week_move
WHERE monday = :monday ORDER BY revision DESC, moved_at DESC LIMIT 1
"""
REMOVE = "DELETE FROM week_move WHERE id = :id"
# Once a move is taken back, the draft before it is a new revision; what led to it follows.
FOLLOW = (
    "UPDATE week_move SET revision = :revision WHERE monday = :monday AND revision = :base"
)
# What nobody will take back any more: an older week's moves, and all but the last of this one.
FORGET = """
DELETE FROM week_move WHERE monday < :since OR (monday = :monday AND id NOT IN (
  SELECT id FROM week_move WHERE monday = :monday ORDER BY revision DESC LIMIT 10
))
"""
_KEPT = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Move:
    """One move by hand.

    Attributes:
        revision: The draft it led to.
        before: The draft before it.
        added: The arrangements it noted.
        removed: The arrangements it replaced.
        moved: The key of the session.
    """

    id: str
    revision: int
    before: Draft
    added: tuple[str, ...]
    removed: tuple[NotedArrangement, ...]
    moved: str


@dataclass(frozen=True, slots=True)
class Moves:
    """Reads and writes moves within one transaction."""

    connection: Connection

    async def add(self, move: Move, at: Instant, by: str) -> None:
        """Keep what was before a move."""
        week = move.before.plan.week
        plan, found = draft_to_row(move.before)
        await self.connection.execute(
            ADD,
            id=move.id,
            monday=week.monday,
            base=move.before.revision,
            revision=move.revision,
            plan=plan,
            found=found,
            added=list(move.added),
            removed=[to_record(each) for each in move.removed],
            moved=move.moved,
            at=at,
            by=by,
        )
        await self.connection.execute(FORGET, monday=week.monday, since=week.monday - _KEPT)

    async def last(self, week: Week) -> Move | None:
        """The last move in a week's draft that was not taken back."""
        rows = await self.connection.fetch(LAST, monday=week.monday)
        if not rows:
            return None
        row = rows[0]
        removed: Sequence[object] = row["removed"]
        return Move(
            row["id"],
            row["revision"],
            draft_of_row(row["base"], row),
            tuple(row["added"]),
            tuple(from_record(each) for each in removed),
            row["moved"],
        )

    async def take_back(self, move: Move, revision: int) -> None:
        """Forget a move that was taken back; the move before it led to this revision now."""
        await self.connection.execute(REMOVE, id=move.id)
        await self.connection.execute(
            FOLLOW,
            monday=move.before.plan.week.monday,
            base=move.before.revision,
            revision=revision,
        )
