"""A week plan, what a publication changed, and whether what it was built from still holds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from vioP.domain.ids import ParticipantId, SeatId
from vioP.domain.program import Concern
from vioP.domain.session import PlannedSession
from vioP.domain.time import Instant, Week

# The zone somebody is in at a moment: a journey has a clock of its own.
ZoneAt = Callable[[ParticipantId, Instant], str]


@dataclass(frozen=True, slots=True)
class UnplacedNeed:
    """Something a week should contain and does not, in words a coordinator can act on."""

    need: str
    reasons: tuple[str, ...]
    remedies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth knowing about a week that stops nothing, unless the program says so."""

    about: str
    text: str
    concern: Concern | None = None


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """A draft revision of a week.

    Attributes:
        violations: Hard rules it breaks; such a plan is never published.
        basis: Which state of the programme it was built from.
    """

    week: Week
    sessions: tuple[PlannedSession, ...]
    unplaced: tuple[UnplacedNeed, ...] = ()
    notices: tuple[Notice, ...] = ()
    violations: tuple[str, ...] = ()
    basis: str = ""

    @property
    def seats(self) -> int:
        """How many places its sessions have in all."""
        return sum(len(session.participants) for session in self.sessions)


@dataclass(frozen=True, slots=True)
class ToldSeat:
    """A seat people have been told about, and what they were told.

    Attributes:
        uid: The invite's uid, for ever.
        sequence: The last one decided.
        stamped: The stamp that goes with it.
        group_day: The day it stands for, if it is a place in a group.
    """

    id: SeatId
    session_key: str
    participant_id: ParticipantId
    uid: str
    sequence: int
    stamped: Instant
    starts: Instant
    ends: Instant
    zone: str
    group_day: date | None = None


@dataclass(frozen=True, slots=True)
class NewSeat:
    """A place nobody has been told about yet."""

    session: PlannedSession
    participant_id: ParticipantId


@dataclass(frozen=True, slots=True)
class MovedSeat:
    """A seat that is not as it was told, and the session it belongs to now."""

    told: ToldSeat
    session: PlannedSession


@dataclass(frozen=True, slots=True)
class Diff:
    """What a publication changes for people. Seats not named here hear nothing.

    Attributes:
        moved: Seats whose people must be told something new.
        carried: Seats that go over to another group and look as they were told.
    """

    new: tuple[NewSeat, ...]
    moved: tuple[MovedSeat, ...]
    gone: tuple[ToldSeat, ...]
    carried: tuple[MovedSeat, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nobody would be told anything."""
        return not (self.new or self.moved or self.gone)

    @property
    def people(self) -> frozenset[ParticipantId]:
        """Whose appointments change."""
        told = (*(each.told for each in self.moved), *self.gone)
        return frozenset(
            (
                *(each.participant_id for each in self.new),
                *(each.participant_id for each in told),
            )
        )


def diff(
    told: Iterable[ToldSeat],
    plan: WeekPlan,
    zone_at: ZoneAt,
    now: Instant,
) -> Diff:
    """Compare what people were told with what a plan says.

    A session that is over is history: nothing about it is told, added or taken back.
    """
    before = {(seat.session_key, seat.participant_id): seat for seat in told}
    planned = {
        (session.key, participant): session
        for session in plan.sessions
        for participant in session.participants
    }
    new = [
        NewSeat(session, participant)
        for (key, participant), session in planned.items()
        if (key, participant) not in before and session.ends > now
    ]
    moved = [
        MovedSeat(before[place], session)
        for place, session in planned.items()
        if place in before
        and session.ends > now
        and looks_different(before[place], session, zone_at)
    ]
    gone = [
        seat for place, seat in before.items() if place not in planned and seat.ends > now
    ]
    return Diff(tuple(new), tuple(moved), tuple(gone))


def looks_different(told: ToldSeat, session: PlannedSession, zone_at: ZoneAt) -> bool:
    """Whether a session is not at the time, or on the clock, that somebody was told."""
    zone = zone_at(told.participant_id, session.starts)
    shown = (session.starts, session.ends, zone)
    return (told.starts, told.ends, told.zone) != shown
