"""What people read or do at home for a session: a title and a link. Never in a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Material:
    """A link for a cohort, or for every cohort of a track.

    Attributes:
        track_id: The track it is for; empty when it is for one cohort.
        cohort_id: The cohort it is for; empty when it is for a track.
        day: The day it is for; without one, for every session.
        module: The module it is for; empty for whatever is taught. Nobody is shown its name.
    """

    title: str
    url: str
    track_id: str = ""
    cohort_id: str = ""
    day: date | None = None
    module: str = ""

    def is_for(self, track_id: str, cohort_id: str, day: date, module: str) -> bool:
        """Whether a session of a cohort on a day has this link. One without a cohort has none."""
        if not cohort_id or self.day not in {None, day} or self.module not in {"", module}:
            return False
        return cohort_id == self.cohort_id or (
            self.track_id != "" and track_id == self.track_id
        )


def materials_for(
    known: Sequence[Material], track_id: str, cohort_id: str, day: date, module: str = ""
) -> tuple[Material, ...]:
    """The links of a session, in the order in which they were written down.

    Args:
        known: All links.
        track_id: The track of the cohort.
        cohort_id: The cohort that meets; empty when none does.
        day: On the cohort's own calendar.
        module: What it is taught on that day; empty where that is not known.
    """
    return tuple(each for each in known if each.is_for(track_id, cohort_id, day, module))
