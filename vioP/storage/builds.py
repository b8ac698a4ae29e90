"""Weeks being built, as rows: one of each week, held by one builder at a time.

Whoever takes a build up gives the row its next *turn*. A builder whose turn has passed was
given up as lost; whatever it still finds is not kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import TypeAdapter

from vioP.domain.search import Step
from vioP.domain.time import Instant, Week, instant
from vioP.storage.database import Connection, Row

_TRACE = TypeAdapter(tuple[Step, ...])

# A build that waits or runs is the one that counts; a failed one is begun again.
BEGIN = """
INSERT INTO week_build
  (monday, turn, state, started_at, started_by, beat_at, is_to_stop, trace, note)
VALUES (:monday, 1, 'waiting', :at, :by, :at, FALSE, :trace, '')
ON CONFLICT (monday) DO UPDATE SET
  turn = week_build.turn + 1, state = 'waiting', started_at = excluded.started_at,
  started_by = excluded.started_by, beat_at = excluded.beat_at, is_to_stop = FALSE,
  trace = excluded.trace, note = ''
WHERE week_build.state = 'failed'
RETURNING turn
"""
TAKE = """
UPDATE week_build SET turn = turn + 1, state = 'running', beat_at = :at
WHERE monday = :monday
  AND (state = 'waiting' OR (state = 'running' AND beat_at <= :silent_since))
RETURNING turn, started_by
"""
BEAT = """
UPDATE week_build SET beat_at = :at, trace = :trace
WHERE monday = :monday AND turn = :turn AND state = 'running'
RETURNING is_to_stop
"""
STOP = """
UPDATE week_build SET is_to_stop = TRUE WHERE monday = :monday AND state <> 'failed'
RETURNING monday
"""
FAIL = """
UPDATE week_build SET state = 'failed', note = :note
WHERE monday = :monday AND turn = :turn
"""
RELEASE = """
UPDATE week_build SET state = 'waiting'
WHERE monday = :monday AND turn = :turn AND state = 'running'
"""
FORGET = "DELETE FROM week_build WHERE monday = :monday AND state = 'failed'"
FINISH = "DELETE FROM week_build WHERE monday = :monday AND turn = :turn RETURNING monday"
OF_WEEK = """
SELECT turn, state, started_at, started_by, beat_at, is_to_stop, trace, note
FROM week_build WHERE monday = :monday
"""
UNDER_WAY = "SELECT monday FROM week_build WHERE state <> 'failed' ORDER BY monday"


class BuildState(StrEnum):
    """How far a build is."""

    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Build:
    """A week being built.

    Attributes:
        beat_at: When its builder was last heard of.
        is_to_stop: Whether somebody asked for the best so far.
        trace: The best week over time.
        note: What went wrong, in a sentence, if it failed.
    """

    week: Week
    state: BuildState
    started_at: Instant
    started_by: str
    beat_at: Instant
    is_to_stop: bool
    trace: tuple[Step, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Held:
    """A build that is ours until somebody takes it over."""

    week: Week
    turn: int
    started_by: str


@dataclass(frozen=True, slots=True)
class Builds:
    """Reads and writes builds within one transaction."""

    connection: Connection

    async def begin(self, week: Week, at: Instant, by: str) -> bool:
        """Note that a week is to be built.

        Returns:
            Whether it is this build; if not, another one is under way.
        """
        rows = await self.connection.fetch(
            BEGIN, monday=week.monday, at=at, by=by, trace=[]
        )
        return bool(rows)

    async def take(self, week: Week, at: Instant, silent_since: Instant) -> Held | None:
        """Take a build up that waits, or whose builder has been silent since an instant.

        Returns:
            Nothing if there is none, or somebody is at it.
        """
        rows = await self.connection.fetch(
            TAKE, monday=week.monday, at=at, silent_since=silent_since
        )
        return Held(week, rows[0]["turn"], rows[0]["started_by"]) if rows else None

    async def beat(self, held: Held, at: Instant, trace: Sequence[Step]) -> bool | None:
        """Say how far a build is.

        Returns:
            Whether somebody wants it to stop; nothing if it is not ours any more.
        """
        rows = await self.connection.fetch(
            BEAT,
            monday=held.week.monday,
            turn=held.turn,
            at=at,
            trace=_TRACE.dump_python(tuple(trace), mode="json"),
        )
        return bool(rows[0]["is_to_stop"]) if rows else None

    async def stop(self, week: Week) -> bool:
        """Ask whoever builds a week for the best so far.

        Returns:
            Whether it is being built.
        """
        return bool(await self.connection.fetch(STOP, monday=week.monday))

    async def fail(self, held: Held, note: str) -> None:
        """Note that a build came to nothing, and why."""
        await self.connection.execute(
            FAIL, monday=held.week.monday, turn=held.turn, note=note
        )

    async def release(self, held: Held) -> None:
        """Give a build back unfinished, for the next builder to begin again."""
        await self.connection.execute(RELEASE, monday=held.week.monday, turn=held.turn)

    async def forget(self, week: Week) -> None:
        """Forget that a build of a week has failed; there is a draft after all."""
        await self.connection.execute(FORGET, monday=week.monday)

    async def finish(self, held: Held) -> bool:
        """Forget a build that is done.

        Returns:
            Whether it was still ours; if not, its result must not be kept.
        """
        rows = await self.connection.fetch(FINISH, monday=held.week.monday, turn=held.turn)
        return bool(rows)

    async def of_week(self, week: Week) -> Build | None:
        """The build of a week that waits, runs or has failed."""
        rows = await self.connection.fetch(OF_WEEK, monday=week.monday)
        return _build(week, rows[0]) if rows else None

    async def under_way(self) -> Sequence[Week]:
        """The weeks that wait to be built, or are being built."""
        return [Week(row["monday"]) for row in await self.connection.fetch(UNDER_WAY)]


def _build(week: Week, row: Row) -> Build:
    return Build(
        week=week,
        state=BuildState(row["state"]),
        started_at=instant(row["started_at"]),
        started_by=row["started_by"],
        beat_at=instant(row["beat_at"]),
        is_to_stop=row["is_to_stop"],
        trace=_TRACE.validate_python(row["trace"]),
        note=row["note"],
    )
