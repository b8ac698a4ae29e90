"""A week as other programs state it: the formats ``viop-week-problem/1`` and ``viop-week-plan/1``.

Every time is a whole number of minutes since Monday 00:00 UTC. Here groups are chosen too:
a participant asks for modules, and each module is held by several groups.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vioP.planner.problem import Role, Span

PROBLEM_FORMAT = "viop-week-problem/1"
PLAN_FORMAT = "viop-week-plan/1"


@dataclass(frozen=True, slots=True)
class Weights:
    """What each broken wish costs; the names are those of the format.

    Attributes:
        missing_group: Weight of a missing place among what is unplaced.
        missing_appointment: The same of an appointment.
        preferred_group: A group meeting outside preferred hours.
        preferred_appointment: An appointment outside preferred hours.
        participant_day: A day on which a participant has something.
        participant_idle: A grid step between the sessions of a participant's day.
        group_continuity: Another group than last week.
        continuity_therapist: Another therapist than the primary one.
        continuity_prescriber: Another prescriber than the primary one.
        same_time: Another start than last week.
        clinician_idle: A grid step between a clinician's sessions, beyond those that are free.
        clinician_idle_free: Grid steps a day that cost a clinician nothing.
        clinician_day: A day on which a clinician has something.
        under_minimum: A seat missing to a group's minimum.
        fairness: A grid step above 85 % of a therapist's weekly maximum.
        moved: Something that differs from what people were told.
    """

    missing_group: int = 3
    missing_appointment: int = 1
    preferred_group: int = 1
    preferred_appointment: int = 2
    participant_day: int = 3
    participant_idle: int = 1
    group_continuity: int = 15
    continuity_therapist: int = 20
    continuity_prescriber: int = 10
    same_time: int = 2
    clinician_idle: int = 1
    clinician_idle_free: int = 2
    clinician_day: int = 1
    under_minimum: int = 5
    fairness: int = 1
    moved: int = 6

    def continuity(self, role: Role) -> int:
        """What another clinician than the primary one costs."""
        if role is Role.THERAPIST:
            return self.continuity_therapist
        return self.continuity_prescriber


@dataclass(frozen=True, slots=True)
class ExchangeClinician:
    """A clinician; maxima are minutes, and hold for groups and appointments together."""

    id: str
    role: Role
    states: frozenset[str]
    languages: frozenset[str]
    available: tuple[Span, ...]
    max_day: int
    max_week: int


@dataclass(frozen=True, slots=True)
class ExchangeGroup:
    """A group with its week's meetings."""

    id: str
    module: str
    language: str
    meetings: tuple[Span, ...]
    capacity: int
    minimum: int
    facilitators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExchangeParticipant:
    """A participant, the modules they need, and the groups they were in last week."""

    id: str
    state: str
    language: str
    available: tuple[Span, ...]
    preferred: tuple[Span, ...]
    modules: tuple[str, ...]
    previous_groups: Mapping[str, str]
    max_day: int


@dataclass(frozen=True, slots=True)
class ExchangeAppointment:
    """An appointment somebody needs; ``pinned`` is a clinician and a start."""

    id: str
    participant: str
    role: Role
    minutes: int
    primary: str | None
    previous_start: int | None
    pinned: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Told:
    """A week as people were told it, or as a plan has it.

    Attributes:
        groups: The group of each participant and module.
        appointments: The clinician and start of each appointment.
    """

    groups: Mapping[tuple[str, str], str] = field(default_factory=dict)
    appointments: Mapping[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExchangeProblem:
    """A week's problem in the exchange format.

    Attributes:
        grid: Minutes; appointments start on multiples of it.
        minutes: The length of the week.
        rooms: Most sessions at the same moment.
        published: What people were told already; each change of it has its price.
    """

    name: str
    grid: int
    minutes: int
    rooms: int
    weights: Weights
    clinicians: tuple[ExchangeClinician, ...]
    groups: tuple[ExchangeGroup, ...]
    participants: tuple[ExchangeParticipant, ...]
    appointments: tuple[ExchangeAppointment, ...]
    published: Told | None = None


@dataclass(frozen=True, slots=True)
class ExchangeUnplaced:
    """What found no place: ``participant/module`` or an appointment, and what would help."""

    need: str
    reasons: tuple[str, ...]
    remedies: tuple[str, ...]


def plan_as_json(
    problem: ExchangeProblem,
    plan: Told,
    unplaced: tuple[ExchangeUnplaced, ...],
    stats: Mapping[str, object],
) -> dict[str, object]:
    """A plan as the format writes it."""
    groups: dict[str, dict[str, str]] = {}
    for (participant, module), group in sorted(plan.groups.items()):
        groups.setdefault(participant, {})[module] = group
    return {
        "format": PLAN_FORMAT,
        "problem": problem.name,
        "groups": groups,
        "appointments": {
            each: [clinician, start]
            for each, (clinician, start) in sorted(plan.appointments.items())
        },
        "unplaced": [
            {
                "need": each.need,
                "reasons": list(each.reasons),
                "remedies": list(each.remedies),
            }
            for each in unplaced
        ],
        "stats": dict(stats),
    }
