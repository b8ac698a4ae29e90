"""A published session as it stands: who hosts, who has a seat, and what was seen of them."""

from dataclasses import dataclass
from datetime import date, time, timedelta

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
from vioP.domain.call import CallState
from vioP.domain.course import Course
from vioP.domain.delivery import Channel, DeliveryState
from vioP.domain.fallback import Breaker, Rung, SeatFacts, SessionFacts
from vioP.domain.ids import CohortId, ParticipantId, SeatId, SessionId, StaffId
from vioP.domain.people import Contact
from vioP.domain.reply import Reply
from vioP.domain.rotation import Taught
from vioP.domain.session import Block, Kind
from vioP.domain.techcheck import TechCheck
from vioP.domain.time import Instant, later

# So long before its start a host may begin a session.
SOONEST = timedelta(minutes=15)
# No ladder is climbed for a hundred absences from one time of an appointment.
_A_TIME = 100


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One rung on one channel, as it stands.

    Attributes:
        key: The key of its delivery, and of its attempt where somebody or something calls.
        call: How far a machine's call got.
        outcome: How an attempt to reach somebody ended.
    """

    key: str
    rung: Rung
    episode: int
    channel: Channel
    state: DeliveryState
    due: Instant
    reason: str = ""
    done_at: Instant | None = None
    call: CallState | None = None
    outcome: str | None = None

    @property
    def is_ringing(self) -> bool:
        """Whether a machine's call is under way."""
        return (
            self.channel is Channel.PHONE
            and self.outcome is None
            and self.state in {DeliveryState.SENDING, DeliveryState.SENT}
        )


@dataclass(frozen=True, slots=True)
class LiveSeat:
    """One seat, with everything that was seen of its person.

    Attributes:
        episode: How often they had left; each absence has a ladder of its own.
        steps: Rungs taken or skipped, in order of when they were due.
        reply: What the person answered last, if anything.
        mail_fails: Whether mail to them came back.
        alone_until: Until when they asked to be left alone, if they ever did.
        late_until: When they said last that they will be there, if they ever did.
        language: What they speak, such as ``es``.
        course: How far they are, where it was asked for.
        times: How often their appointment was put to another time after its door opened.
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
    steps: tuple[StepTaken, ...]
    tech_check: TechCheck | None
    note: str = ""
    reply: Reply | None = None
    mail_fails: bool = False
    alone_until: Instant | None = None
    late_until: Instant | None = None
    language: str = "en"
    course: Course | None = None
    times: int = 0

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
        """How often they had left; another time of the appointment begins another hundred."""
        return _A_TIME * self.times + absences(self.evidence)

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
        told: Breakers a human was already told about; of an incident, since the last was over.
        incidents: How often a human was told of an incident.
        room_is_silent: Whether nobody can say who is in the room.
        room_works: Whether staff said last that the room works.
        others: Who hosts beside the lead, by name.
        times: The program's own times of the ladder, in minutes.
        quiet_hours: The program's own quiet hours; nothing where they were not read.
        blocks: What it is made of, where it was asked for.
        taught: The module of its day, where that is known and was asked for.
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
    room_is_silent: bool = False
    room_works: bool = False
    others: tuple[str, ...] = ()
    incidents: int = 0
    times: tuple[tuple[str, float], ...] = ()
    quiet_hours: tuple[time, time] | None = None
    blocks: tuple[Block, ...] = ()
    taught: Taught | None = None

    def may_begin(self, now: Instant) -> bool:
        """Whether its host may say that they have begun; sooner nobody would be watched for."""
        return self.is_near(now) and now < self.ends

    def is_near(self, now: Instant) -> bool:
        """Whether its people can be there; sooner a mark would keep others from looking."""
        return later(self.starts, -SOONEST) <= now

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
        room_is_silent=session.room_is_silent,
        room_works=session.room_works,
    )


def _seat_facts(session: LiveSession, seat: LiveSeat) -> SeatFacts:
    seen = seat.presence  # folded from all evidence each time it is asked for
    here = seen is Presence.PRESENT or seat.is_excused
    dropped = seen in {Presence.LEFT, Presence.LOST}
    return SeatFacts(
        seat_id=seat.id,
        here=here,
        dropped_at=missing_since(seat.evidence, session.starts) if dropped else None,
        episode=seat.episode,
        high_risk=seat.high_risk,
        taken=frozenset(each.rung for each in seat.steps if each.episode == seat.episode),
    )
