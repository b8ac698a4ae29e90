"""A published session as it stands: who hosts, who has a seat, and what was seen of them."""

from dataclasses import dataclass
from datetime import date

from vioP.domain.attendance import (
    Attendance,
    Evidence,
    Presence,
    absences,
    fold,
    is_excused,
    missing_since,
    presence,
)
from vioP.domain.fallback import Breaker, Rung, SeatFacts, SessionFacts
from vioP.domain.ids import CohortId, ParticipantId, SeatId, SessionId, StaffId
from vioP.domain.people import Contact
from vioP.domain.reply import Reply
from vioP.domain.session import Kind
from vioP.domain.techcheck import TechCheck
from vioP.domain.time import Instant


@dataclass(frozen=True, slots=True)
class LiveSeat:
    """One seat, with everything that was seen of its person.

    Attributes:
        episode: How often they had left; each absence has a ladder of its own.
        rungs: Rungs taken or skipped, each with the absence it belonged to.
        reply: What the person answered last, if anything.
        mail_fails: Whether mail to them came back.
    """

    id: SeatId
    participant_id: ParticipantId
    name: str
    zone: str
    state: str
    contact: Contact
    high_risk: bool
    part2: bool
    evidence: tuple[Evidence, ...]
    rungs: frozenset[tuple[Rung, int]]
    tech_check: TechCheck | None
    note: str = ""
    reply: Reply | None = None
    mail_fails: bool = False

    @property
    def presence(self) -> Presence:
        """Whether the person is there now."""
        return presence(self.evidence)

    @property
    def is_excused(self) -> bool:
        """Whether staff have said that nobody need look for them."""
        return is_excused(self.evidence)

    @property
    def episode(self) -> int:
        """How often they had left."""
        return absences(self.evidence)

    def is_expected(self, session: "LiveSession") -> bool:
        """Whether somebody must look for this person when they are missing.

        Whoever declined the time the session has is not waited for, unless they were seen,
        are marked high risk, or a coordinator decided otherwise.
        """
        said_no = self.reply is not None and self.reply.means_absent(
            session.starts, session.ends
        )
        return self.high_risk or self.presence is not Presence.AWAY or not said_no

    def attendance(self, session: "LiveSession") -> Attendance:
        """What the evidence adds up to."""
        return fold(self.evidence, session.starts, session.ends)


@dataclass(frozen=True, slots=True)
class LiveSession:
    """One session with its seats.

    Attributes:
        day: The promised day, in ``zone``.
        told: Breakers a human was already told about.
    """

    id: SessionId
    key: str
    kind: Kind
    cohort_id: CohortId | None
    day: date
    zone: str
    starts: Instant
    ends: Instant
    host_started_at: Instant | None
    lead_id: StaffId
    lead_name: str
    staff: tuple[StaffId, ...]
    seats: tuple[LiveSeat, ...]
    told: frozenset[Breaker]

    @property
    def present(self) -> int:
        """How many are there now."""
        return sum(seat.presence is Presence.PRESENT for seat in self.seats)

    @property
    def expected(self) -> int:
        """How many have not said that they will be absent."""
        return sum(seat.is_expected(self) for seat in self.seats)


def facts_of(session: LiveSession) -> SessionFacts:
    """What the ladder asks about a session; whoever is not expected is not missing."""
    return SessionFacts(
        starts=session.starts,
        ends=session.ends,
        host_started_at=session.host_started_at,
        seats=tuple(
            _seat_facts(session, seat)
            for seat in session.seats
            if seat.is_expected(session)
        ),
        told=session.told,
    )


def _seat_facts(session: LiveSession, seat: LiveSeat) -> SeatFacts:
    here = seat.presence is Presence.PRESENT or seat.is_excused
    dropped = seat.presence in {Presence.LEFT, Presence.LOST}
    return SeatFacts(
        seat_id=seat.id,
        here=here,
        dropped_at=missing_since(seat.evidence, session.starts) if dropped else None,
        episode=seat.episode,
        high_risk=seat.high_risk,
        can_be_called=bool(seat.contact.phone) and seat.contact.call,
        taken=frozenset(rung for rung, episode in seat.rungs if episode == seat.episode),
    )
