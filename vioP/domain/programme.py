"""A whole programme as one value: what files say, what the database holds, and the difference.

An import compares two of these. Equal parts are left alone, so importing the same files
twice changes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from vioP.domain.enrollment import Authorization, Enrollment, ServicePlan
from vioP.domain.ids import CohortId
from vioP.domain.people import Participant, Staff
from vioP.domain.program import Cohort, Payer, Program, Track, rotation_of
from vioP.domain.rotation import Rotation


@dataclass(frozen=True, slots=True)
class Programme:
    """Everything a week is built from, leave and published sessions excepted."""

    program: Program
    tracks: tuple[Track, ...] = ()
    payers: tuple[Payer, ...] = ()
    staff: tuple[Staff, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    participants: tuple[Participant, ...] = ()
    enrollments: tuple[Enrollment, ...] = ()
    service_plans: tuple[ServicePlan, ...] = ()
    authorizations: tuple[Authorization, ...] = ()

    def rotations(self) -> Mapping[CohortId, Rotation]:
        """Which modules each cohort goes through, where that is known."""
        tracks = {each.id: each for each in self.tracks}
        found = {
            each.id: rotation_of(each, tracks.get(each.track_id)) for each in self.cohorts
        }
        return {key: each for key, each in found.items() if each is not None}


class ChangeKind(StrEnum):
    """What happens to one thing."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two programmes.

    Attributes:
        noun: Which kind of thing, such as ``participants``.
        fields: What differs, each as its name; empty unless changed.
        value: The new thing, or the old one when it is removed.
    """

    kind: ChangeKind
    noun: str
    id: str
    fields: tuple[str, ...]
    value: Any


NOUNS = (
    "tracks", "payers", "staff", "cohorts", "participants", "enrollments",
    "service_plans", "authorizations",
)  # fmt: skip


def differences(old: Programme | None, new: Programme) -> tuple[Change, ...]:
    """What must change for a database that holds ``old`` to hold ``new``."""
    found = list(_compare("program", [old.program] if old else [], [new.program]))
    for noun in NOUNS:
        found += _compare(noun, getattr(old, noun) if old else (), getattr(new, noun))
    return tuple(found)


def _compare(noun: str, old: Iterable[Any], new: Iterable[Any]) -> Iterator[Change]:
    before: Mapping[str, Any] = {each.id: each for each in old}
    after: Mapping[str, Any] = {each.id: each for each in new}
    for key, value in after.items():
        if key not in before:
            yield Change(ChangeKind.ADDED, noun, key, (), value)
        elif before[key] != value:
            names = [each.name for each in fields(value)]
            differing = [
                name for name in names if getattr(before[key], name) != getattr(value, name)
            ]
            yield Change(ChangeKind.CHANGED, noun, key, tuple(differing), value)
    for key, value in before.items():
        if key not in after:
            yield Change(ChangeKind.REMOVED, noun, key, (), value)
