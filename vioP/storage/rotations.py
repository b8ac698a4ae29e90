"""Which modules cohorts go through, as rows: what is taught on a day follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass

from vioP.domain.ids import CohortId
from vioP.domain.rotation import ModuleTurn, Rotation, Taught
from vioP.storage.database import Connection, Row

# A cohort's own rotation beats its track's; what follows from them is kept nowhere.
COLUMNS = """cohort.first_day AS first_day, cohort.rotation AS own_rotation,
  track.rotation AS track_rotation"""
_COHORT = f"""
SELECT cohort.id, cohort.track_id, {COLUMNS} FROM cohort
JOIN track ON track.id = cohort.track_id WHERE """  # noqa: S608 - our own columns
KNOWN = _COHORT + "cohort.first_day IS NOT NULL"
OF_COHORT = _COHORT + "cohort.id = :cohort_id"


@dataclass(frozen=True, slots=True)
class Rotations:
    """Reads the rotations of cohorts within one transaction."""

    connection: Connection

    async def known(self) -> Mapping[CohortId, Rotation]:
        """The rotation of every cohort that has one."""
        found = {
            CohortId(row["id"]): _rotation(row)
            for row in await self.connection.fetch(KNOWN)
        }
        return {key: each for key, each in found.items() if each is not None}

    async def of(self, cohort_id: CohortId) -> tuple[str, Rotation | None]:
        """The track of a cohort, and its rotation if it has one; an unknown one has neither."""
        rows = await self.connection.fetch(OF_COHORT, cohort_id=cohort_id)
        return (rows[0]["track_id"], _rotation(rows[0])) if rows else ("", None)


def taught_in(row: Row) -> Taught | None:
    """What is taught in a session; nothing where that is not known or was not asked for."""
    if "own_rotation" not in row:
        return None
    rotation = _rotation(row)
    return rotation.on(row["day"]) if rotation else None


def _rotation(row: Row) -> Rotation | None:
    turns = row["own_rotation"] or row["track_rotation"]
    if not turns or row["first_day"] is None:
        return None
    return Rotation(row["first_day"], tuple(ModuleTurn(**each) for each in turns))
