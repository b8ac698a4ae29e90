"""What staff look at while sessions run: the board, a seat's story, the safety panel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from vioP.domain.approach import approached
from vioP.domain.availability import local_day
from vioP.domain.board import NextStep, next_step
from vioP.domain.errors import Missing
from vioP.domain.fallback import next_moves
from vioP.domain.ids import ParticipantId, SeatId
from vioP.domain.ladder_times import in_minutes, with_times
from vioP.domain.live import LiveSeat, LiveSession, facts_of
from vioP.domain.onboarding import Piece
from vioP.domain.program import Policy
from vioP.domain.story import Line, tell
from vioP.domain.time import Instant, later
from vioP.domain.whereabouts import Whereabouts
from vioP.flows.own_places import OwnPlace, places_on_file
from vioP.ports import Ports
from vioP.storage.contacts import KnownPerson
from vioP.storage.stories import LastCall


@dataclass(frozen=True, slots=True)
class Board:
    """Today's sessions, and what comes next for whoever is missing."""

    sessions: Sequence[LiveSession]
    ahead: Mapping[SeatId, NextStep]


@dataclass(frozen=True, slots=True)
class Story:
    """One seat with everything that happened about it."""

    session: LiveSession
    seat: LiveSeat
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class SafetyView:
    """What a clinician needs within a second when somebody may be in danger.

    Attributes:
        city: Where they live.
        said: Where they said they are, as they joined this session.
        places: The places they keep on file, the usual one first.
        second_phone: Another number of theirs, which people may try and machines never do.
    """

    session: LiveSession
    seat: LiveSeat
    city: str
    person: KnownPerson
    last_call: LastCall | None
    said: Whereabouts | None
    places: Sequence[OwnPlace] = ()
    second_phone: str = ""


async def show_live_board(ports: Ports, zone: str) -> Board:
    """Today's sessions as today is reckoned in a zone, in a fixed number of statements."""
    now = ports.clock.now()
    since, until = local_day(now.astimezone(ZoneInfo(zone)).date(), ZoneInfo(zone))
    async with ports.store.read() as tx:
        sessions = await tx.live.between(since, until)
        people = await tx.contacts.of_running(now)
        policy = await tx.programme.policy()
        silent = await tx.rooms.silent_since(later(now, -ports.house.room_silence))
    heard = [
        replace(each, room_is_silent=each.room_is_silent or each.id in silent)
        for each in sessions
    ]
    return Board(sessions, _ahead(ports, heard, people, policy, now))


def _ahead(
    ports: Ports,
    sessions: Sequence[LiveSession],
    people: Mapping[ParticipantId, KnownPerson],
    program: Policy,
    now: Instant,
) -> dict[SeatId, NextStep]:
    ladder = with_times(ports.house.ladder, in_minutes(program.ladder))
    policy = ports.house.contact_policy(program.quiet_hours)
    ahead: dict[SeatId, NextStep] = {}
    for session in sessions:
        if not session.starts <= now < session.ends:
            continue
        facts = approached(
            facts_of(session),
            session,
            {seat.id: people[seat.participant_id].reachable for seat in session.seats},
            policy,
            now,
            machine=ports.telephone is not None,
        )
        if next_moves(ladder, facts, now).breaker is not None:
            continue
        for seat in facts.seats:
            step = next_step(ladder, facts, seat)
            if step is not None:
                ahead[seat.seat_id] = step
    return ahead


async def show_story(ports: Ports, seat_id: SeatId) -> Story:
    """Everything about one seat.

    Raises:
        Missing: There is no such seat, or its session was called off.
    """
    now = ports.clock.now()
    async with ports.store.read() as tx:
        found = await tx.stories.seat(seat_id)
        session = await tx.live.session(found[0]) if found else None
        seat = _seat(session, seat_id)
        if session is None or seat is None:
            raise Missing
        person = await tx.contacts.of(seat.participant_id, now)
        said = person.reachable.facts if person else ()
        lines = tell(
            await tx.stories.steps(seat_id),
            await tx.stories.attempts(seat_id),
            await tx.stories.evidence(seat_id),
            said,
            await tx.stories.answers(seat_id),
            await tx.confirmations.of_seat(seat_id),
        )
    return Story(session, seat, lines)


async def show_safety(ports: Ports, seat_id: SeatId) -> SafetyView:
    """Where somebody is, whom to call there, and how to reach them and theirs.

    Raises:
        Missing: There is no such seat, or its session was called off.
    """
    now = ports.clock.now()
    async with ports.store.read() as tx:
        found = await tx.stories.seat(seat_id)
        session = await tx.live.session(found[0]) if found else None
        seat = _seat(session, seat_id)
        if session is None or seat is None:
            raise Missing
        person = await tx.contacts.of(seat.participant_id, now)
        if person is None:
            raise Missing
        last = await tx.stories.last_call(seat.participant_id)
        where = await tx.whereabouts.of_seat(seat_id)
        places = await places_on_file(tx, seat.participant_id)
        phones = (await tx.onboardings.said(seat.participant_id)).get(Piece.PHONE, {})
    second = phones.get("second", "")
    return SafetyView(session, seat, person.city, person, last, where, places, second)


def _seat(session: LiveSession | None, seat_id: SeatId) -> LiveSeat | None:
    seats = session.seats if session else ()
    return next((each for each in seats if each.id == seat_id), None)
