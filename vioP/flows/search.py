"""Search for people, cohorts and sessions near today, by how a name or identifier begins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from vioP.domain.access import Person
from vioP.domain.errors import Invalid
from vioP.domain.finding import begins, words_of
from vioP.domain.ids import CohortId, ParticipantId, SeatId, StaffId
from vioP.domain.people import StaffRole
from vioP.domain.time import Instant, later
from vioP.ports import Ports
from vioP.storage.nearby import Listed, NearSession

_AROUND = timedelta(days=7)  # before and after now
_MOST = 20


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody who was found.

    Attributes:
        cohort_id: The cohort they were enrolled in last; nothing for whoever may not see it.
        seat_id: Their seat in a session that runs, comes next or was last; nothing if none is near.
        session: That session.
    """

    id: ParticipantId
    name: str
    cohort_id: CohortId | None = None
    seat_id: SeatId | None = None
    session: NearSession | None = None


@dataclass(frozen=True, slots=True)
class FoundSession:
    """A session that was found, with who leads it."""

    session: NearSession
    lead_name: str


Thing = FoundPerson | CohortId | FoundSession


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, people first; at most twenty.

    Attributes:
        is_cut: Whether there was more.
    """

    things: tuple[Thing, ...]
    is_cut: bool


async def search(ports: Ports, person: Person, words: str) -> Found:
    """What somebody may see of what begins with some words; noted by number, never by words.

    Coordinators search everything. Everybody else finds only people who have a seat in a
    session they host themselves: about others, nothing else is even read.

    Raises:
        Invalid: There is no letter or digit in the words.
    """
    asked = words_of(words)
    if not asked:
        raise Invalid("Type at least one letter or digit of a name or an identifier.")
    now = ports.clock.now()
    if person.role == StaffRole.COORDINATOR:
        things = await _of_everything(ports, asked, now)
    else:
        things = await _of_own(ports, StaffId(person.id), asked, now)
    found = Found(tuple(things[:_MOST]), len(things) > _MOST)
    details = {"found": str(len(found.things))}
    async with ports.store.write() as tx:
        await tx.audit.note(now, person.id, "search.done", "search", details)
    return found


async def _of_everything(
    ports: Ports, asked: tuple[str, ...], now: Instant
) -> Sequence[Thing]:
    async with ports.store.read() as tx:
        sessions = await tx.nearby.sessions(later(now, -_AROUND), later(now, _AROUND))
        people = await tx.nearby.people()
        cohorts = await tx.nearby.cohorts()
        staff = await tx.staff.names()
    led = [FoundSession(each, staff.get(each.lead_id, "")) for each in sessions]
    return [
        *_people(people, sessions, asked, now),
        *(each for each in cohorts if begins(asked, each)),
        *(each for each in led if begins(asked, *_known_by(each))),
    ]


async def _of_own(
    ports: Ports, staff_id: StaffId, asked: tuple[str, ...], now: Instant
) -> Sequence[Thing]:
    since, until = later(now, -_AROUND), later(now, _AROUND)
    async with ports.store.read() as tx:
        sessions = await tx.nearby.of_staff(staff_id, since, until)
    seats = [seat for session in sessions for seat in session.seats]
    own = {each.participant_id: each.name for each in seats}
    people = [Listed(key, name, None) for key, name in own.items()]
    return _people(people, sessions, asked, now)


def _known_by(found: FoundSession) -> tuple[str, ...]:
    session = found.session
    return session.id, session.cohort_id or "", found.lead_name


def _people(
    people: Iterable[Listed],
    sessions: Sequence[NearSession],
    asked: tuple[str, ...],
    now: Instant,
) -> list[FoundPerson]:
    nearest = sorted(sessions, key=lambda each: _distance(each, now))
    seats: dict[ParticipantId, tuple[SeatId, NearSession]] = {}
    for session in nearest:
        for seat in session.seats:
            seats.setdefault(seat.participant_id, (seat.id, session))
    found = [
        FoundPerson(each.id, each.name, each.cohort_id, *seats.get(each.id, ()))
        for each in people
        if begins(asked, each.name, each.id)
    ]
    return sorted(found, key=lambda each: (each.name.casefold(), each.id))


def _distance(session: NearSession, now: Instant) -> tuple[bool, timedelta]:
    """What runs or comes next first, then what was last."""
    is_over = session.ends <= now
    return is_over, now - session.starts if is_over else session.starts - now
