"""When somebody's place in one group becomes a place in another, their appointment goes along.

Whoever loses a place in a group and gets one in another group of the same track and day, or in
the one that makes up for that day, keeps the appointment they know of: its link, its entry in
the calendar, and what they answered. Only a new time is told. What they answered to a group of
one track is not shown to whoever hosts another one's: 42 CFR Part 2 may lie between them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from vioP.domain.ids import CohortId, ParticipantId, TrackId
from vioP.domain.session import Kind, PlannedSession, due_day, group_of
from vioP.domain.time import Instant
from vioP.domain.week import Diff, MovedSeat, ZoneAt, looks_different

# Somebody's place in a session, by the session's key.
Place = tuple[str, ParticipantId]
# The track of each cohort there is.
Tracks = Mapping[CohortId, TrackId]


@dataclass(frozen=True, slots=True, order=True)
class GroupPlace:
    """Somebody's place in a group session.

    Attributes:
        day: The day it stands for, which its group usually meets on.
        key: The session's.
    """

    day: date
    participant_id: ParticipantId
    key: str

    @property
    def place(self) -> Place:
        """It, by the session's key."""
        return self.key, self.participant_id

    def sort(self, tracks: Tracks) -> tuple[date, ParticipantId, str]:
        """What it shares with the places it may become; alone where its track is unknown."""
        return self.day, self.participant_id, tracks.get(group_of(self.key), self.key)


def group_places(sessions: Iterable[PlannedSession]) -> set[GroupPlace]:
    """Everybody's places in the groups among some sessions."""
    return {
        GroupPlace(due_day(session.key), who, session.key)
        for session in sessions
        if session.kind is Kind.GROUP
        for who in session.participants
    }


def following(
    lost: Iterable[GroupPlace], gained: Iterable[GroupPlace], tracks: Tracks
) -> Mapping[Place, Place]:
    """For each lost place that follows its person, the gained one it becomes."""
    offered: dict[tuple[date, ParticipantId, str], list[GroupPlace]] = {}
    for each in sorted(gained):
        offered.setdefault(each.sort(tracks), []).append(each)
    found = {}
    for each in sorted(lost):
        if there := offered.get(each.sort(tracks)):
            found[each.place] = there.pop(0).place
    return found


def follow(
    changes: Diff,
    tracks: Tracks,
    zone_at: ZoneAt,
    doors: Instant,
    had: Collection[Place],
) -> Diff:
    """Let seats follow their people from one group into another that stands for the same day.

    Args:
        changes: What a publication changes, each seat for itself.
        tracks: Only into a group of the same one.
        zone_at: Where everybody is.
        doors: Seats that were told to begin before it stay with their session: their people
            may be at its door by now, and what was seen of them there is no sign of their
            being anywhere else.
        had: Places people had before. A seat comes back to life there instead.
    """
    lost = {
        GroupPlace(seat.group_day, seat.participant_id, seat.session_key): seat
        for seat in changes.gone
        if seat.group_day is not None and seat.starts >= doors
    }
    gained = {
        (each.session.key, each.participant_id): each.session
        for each in changes.new
        if (each.session.key, each.participant_id) not in had
    }
    new = group_places(gained.values())
    pairs = following(lost, {each for each in new if each.place in gained}, tracks)
    over = [
        MovedSeat(seat, gained[pairs[place.place]])
        for place, seat in lost.items()
        if place.place in pairs
    ]
    carried = [
        each for each in over if not looks_different(each.told, each.session, zone_at)
    ]
    became = set(pairs.values())
    return replace(
        changes,
        new=tuple(
            each
            for each in changes.new
            if (each.session.key, each.participant_id) not in became
        ),
        moved=(*changes.moved, *(each for each in over if each not in carried)),
        gone=tuple(
            each
            for each in changes.gone
            if (each.session_key, each.participant_id) not in pairs
        ),
        carried=tuple(carried),
    )
