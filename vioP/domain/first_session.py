"""How long people wait for their first session, and how many still do."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil

from vioP.domain.attendance import CAME
from vioP.domain.enrollment import Enrollment
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.live import LiveSession
from vioP.domain.session import Kind


@dataclass(frozen=True, slots=True)
class Waited:
    """How long some people waited for the first session they took part in.

    Attributes:
        days: Days from the beginning to the first session, of those who came; the fewest first.
        waiting: How many have not come to any by the last day looked at.
    """

    days: tuple[int, ...]
    waiting: int

    @property
    def people(self) -> int:
        """Everybody who began."""
        return len(self.days) + self.waiting

    def within(self, share: float) -> int | None:
        """Within how many days a share of those who came did so; nothing when nobody did.

        Source: the nearest-rank method.
        """
        if not self.days:
            return None
        return self.days[max(ceil(share * len(self.days)), 1) - 1]


def first_enrollments(
    enrollments: Iterable[Enrollment],
) -> Mapping[ParticipantId, Enrollment]:
    """The first enrollment of everybody; who moves to another cohort does not begin anew."""
    found: dict[ParticipantId, Enrollment] = {}
    for each in sorted(enrollments, key=lambda each: (each.first, each.id)):
        found.setdefault(each.participant_id, each)
    return found


def waited(
    begun: Mapping[ParticipantId, date],
    cohorts: Mapping[ParticipantId, CohortId],
    sessions: Iterable[LiveSession],
) -> Mapping[CohortId, Waited]:
    """How long everybody who began waited, by the cohort they began in.

    Args:
        begun: The day from which each is counted.
        cohorts: Where each of them began.
        sessions: What they may have come to; tests of devices are none.
    """
    came: dict[ParticipantId, date] = {}
    for session in sessions:
        if session.kind is Kind.TECH_TEST:
            continue
        for seat in session.seats:
            who = seat.participant_id
            sooner = who in begun and begun[who] <= session.day < came.get(who, date.max)
            if sooner and seat.attendance(session) in CAME:
                came[who] = session.day
    people: defaultdict[CohortId, list[ParticipantId]] = defaultdict(list)
    for who in begun:
        people[cohorts[who]].append(who)
    return {
        cohort: Waited(
            tuple(sorted((came[who] - begun[who]).days for who in all_ if who in came)),
            sum(who not in came for who in all_),
        )
        for cohort, all_ in sorted(people.items())
    }


def together(parts: Iterable[Waited]) -> Waited:
    """Several waits as one."""
    every = tuple(parts)
    return Waited(
        tuple(sorted(day for each in every for day in each.days)),
        sum(each.waiting for each in every),
    )
