"""What a week needs and what stands in its way, in minutes.

Every time is a whole number of minutes since Monday 00:00 UTC of the planned week, and
may be negative or beyond the week for zones far from UTC. A *span* is half-open: it ends
before its second number. Whoever states the problem has already met wall times with zones,
so the planner knows nothing of clocks.
"""

from dataclasses import dataclass
from enum import StrEnum

Span = tuple[int, int]
_FOREVER = 1_000_000


class Role(StrEnum):
    """What a clinician is trained for."""

    THERAPIST = "therapist"
    PRESCRIBER = "prescriber"


class Coverage(StrEnum):
    """How many facilitators of a group must be licensed where a participant is."""

    ANY = "any"
    LEAD = "lead"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Licence:
    """The right to treat somebody who is in a state, for part of the week."""

    state: str
    valid: Span


@dataclass(frozen=True, slots=True)
class ProblemClinician:
    """A clinician, as far as a week is concerned.

    Attributes:
        available: Working hours, with leave and closures taken out; sorted, apart.
        days: The clinician's seven local days, for the daily maximum.
        max_day: Most minutes of sessions in a local day.
        max_week: Most minutes of sessions in the week.
    """

    id: str
    role: Role
    languages: tuple[str, ...]
    licences: tuple[Licence, ...]
    available: tuple[Span, ...]
    days: tuple[Span, ...]
    max_day: int
    max_week: int


@dataclass(frozen=True, slots=True)
class Stay:
    """A stretch of the week that somebody spends in one state."""

    state: str
    span: Span


@dataclass(frozen=True, slots=True)
class ProblemParticipant:
    """A participant, as far as a week is concerned.

    Attributes:
        state: Where they live, and so where a clinician must be licensed.
        interpreter: Whether an interpreter joins, so any clinician's language serves.
        available: When an appointment may be placed; groups are fixed and only warn.
        days: The participant's seven local days, for the daily maximum.
        travels: Where else they are for part of the week; sorted, apart.
        wished: When they like appointments best; empty if any time is as good.
    """

    id: str
    state: str
    language: str
    interpreter: bool
    available: tuple[Span, ...]
    days: tuple[Span, ...]
    max_day: int
    travels: tuple[Stay, ...] = ()
    wished: tuple[Span, ...] = ()

    @property
    def where(self) -> str:
        """The states they are in during their hours of the week, in words."""
        hours = self.available
        return self.where_in((hours[0][0], hours[-1][1]) if hours else (0, 0))

    def where_in(self, span: Span) -> str:
        """The states they are in during a stretch, in words."""
        there = [
            each.state
            for each in self.stays
            if each.span[0] < span[1] and span[0] < each.span[1]
        ]
        return " or ".join(dict.fromkeys(there)) or self.state

    @property
    def stays(self) -> tuple[Stay, ...]:
        """Where they are, all week long. A session lies inside one stay."""
        found, since = [], -_FOREVER
        for each in self.travels:
            found += [Stay(self.state, (since, each.span[0])), each]
            since = each.span[1]
        found.append(Stay(self.state, (since, _FOREVER)))
        return tuple(each for each in found if each.span[0] < each.span[1])


@dataclass(frozen=True, slots=True)
class Meeting:
    """A group session at its fixed time, and who should have a seat in it.

    Attributes:
        hosts: The facilitators, the lead first.
        attendees: The participants enrolled on that day.
        capacity: Most seats.
        minimum: Fewest seats for the group to be worth holding; fewer is a warning.
        barred: Who may not have a seat though they attend, and by which rule.
        guests: Attendees for whom there is a seat only when all others have theirs.
    """

    id: str
    start: int
    end: int
    hosts: tuple[str, ...]
    attendees: tuple[str, ...]
    capacity: int
    minimum: int
    barred: tuple[tuple[str, "Rule"], ...] = ()
    guests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """One appointment the week must contain.

    Attributes:
        kind: ``individual``, ``psychiatry`` or ``family``.
        clinicians: Who may give it, the preferred first; usually one.
        within: When it may lie: the enrollment, cut to the week.
        previous: Where it was last time, as a start this week on the participant's own
            clock; kept where possible.
        previous_clinician: Who gave it last time.
        is_told: Whether people were told that time of this very week.
        pinned: The only start it may have; nothing if it may have any.
        moves: How often it was moved in the weeks before; who was moved often is moved
            less readily.
    """

    id: str
    participant: str
    kind: str
    minutes: int
    role: Role
    clinicians: tuple[str, ...]
    within: tuple[Span, ...]
    previous: int | None = None
    previous_clinician: str | None = None
    is_told: bool = False
    pinned: int | None = None
    moves: int = 0


@dataclass(frozen=True, slots=True)
class WeekProblem:
    """Everything that decides a week.

    Attributes:
        grid: Starts are multiples of this many minutes past the hour.
        clinician_buffer: Fewest minutes between two sessions of one clinician.
        participant_buffer: Fewest minutes between two sessions of one participant.
        rooms: Most sessions at the same moment.
        coverage: Who of a group's facilitators must hold the licence.
        clinicians: Everybody who may be asked.
        participants: Everybody who needs something.
        meetings: The groups.
        needs: The appointments.
        apart: Pairs of participants who must never be in one meeting.
    """

    clinicians: tuple[ProblemClinician, ...]
    participants: tuple[ProblemParticipant, ...]
    meetings: tuple[Meeting, ...]
    needs: tuple[Need, ...]
    grid: int = 5
    clinician_buffer: int = 10
    participant_buffer: int = 0
    rooms: int = 40
    coverage: Coverage = Coverage.ANY
    apart: tuple[tuple[str, str], ...] = ()


class Rule(StrEnum):
    """A hard rule; a placement that breaks one cannot be published."""

    CLINICIAN_HOURS = "clinician_hours"
    PARTICIPANT_HOURS = "participant_hours"
    LICENCE = "licence"
    ROLE = "role"
    LANGUAGE = "language"
    CLINICIAN_OVERLAP = "clinician_overlap"
    PARTICIPANT_OVERLAP = "participant_overlap"
    CLINICIAN_DAY = "clinician_day"
    CLINICIAN_WEEK = "clinician_week"
    PARTICIPANT_DAY = "participant_day"
    ROOMS = "rooms"
    CAPACITY = "capacity"
    ENROLLMENT = "enrollment"
    CLINICIAN_UNKNOWN = "clinician_unknown"
    GRID = "grid"
    PIN = "pin"
    APART = "apart"
    PHASE = "phase"
    WINDOW = "window"
    UNITS = "units"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Placement:
    """An appointment at its time, with its clinician."""

    need: str
    clinician: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """A participant's place in a group session."""

    meeting: str
    participant: str


@dataclass(frozen=True, slots=True)
class Unplaced:
    """What could not be placed: a need, or a place in a meeting written ``meeting/participant``.

    Attributes:
        rules: Every rule that stood in the way, the most frequent first.
    """

    need: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """A week: what was placed, and what was not."""

    placements: tuple[Placement, ...]
    places: tuple[Place, ...]
    unplaced: tuple[Unplaced, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule that a solution breaks."""

    rule: Rule
    what: str
