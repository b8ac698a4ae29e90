"""Announce a journey: a participant says where they will be, and staff see what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from vioP.domain.arrangement import Journey
from vioP.domain.errors import Conflict
from vioP.domain.ids import ParticipantId
from vioP.domain.time import Instant
from vioP.domain.whereabouts import is_covered
from vioP.flows.arrange import note_arrangement
from vioP.flows.be_away import seats_of_days
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.attempts import Task


@dataclass(frozen=True, slots=True)
class OnJourney:
    """An appointment that falls into a journey.

    Attributes:
        zone: The clock it was told by.
        covered: Whether a clinician of it is licensed where its person will be.
    """

    starts: Instant
    zone: str
    covered: bool


async def show_journey(ports: Ports, journey: Journey) -> Sequence[OnJourney]:
    """What a journey would mean for somebody's own appointments. Nothing is kept.

    Raises:
        Invalid: The days are too many.
    """
    async with ports.store.read() as tx:
        return await _met(ports, tx, journey)


async def announce_journey(ports: Ports, journey: Journey) -> Sequence[OnJourney]:
    """Keep a journey as a coordinator would, and put it before one.

    The next week that is built keeps to it. What was planned before stays as it is until a
    coordinator builds its week anew; which appointments no licence covers is said.

    Raises:
        NoProgramme: Nothing was imported yet.
        Missing: There is no such participant.
        Invalid: The days are too many, or this journey is known already.
    """
    now = ports.clock.now()
    person = journey.participant_id
    async with ports.store.write() as tx:
        met = await _met(ports, tx, journey)
        await note_arrangement(ports, tx, journey, person)
        uncovered = sum(not each.covered for each in met)
        said = (
            f"In {journey.city}, {journey.state} from {journey.first} to {journey.last}; "
            f"{len(met)} planned, {uncovered} without a licence there."
        )
        task = Task(ports.secrets.mint("att", now), "travels", person, said=said)
        await tx.attempts.ask(task, now)
    return met


async def own_journeys(
    ports: Ports, person: ParticipantId
) -> Sequence[tuple[str, Journey]]:
    """Journeys of somebody that are not over, as they or a coordinator noted them, by name."""
    now = ports.clock.now()
    async with ports.store.read() as tx:
        noted = await tx.arrangements.noted()
    return [
        (each.id, each.what)
        for each in noted
        if isinstance(each.what, Journey)
        and each.what.participant_id == person
        and each.what.last >= now.astimezone(ZoneInfo(each.what.zone)).date()
    ]


async def take_back_journey(ports: Ports, person: ParticipantId, journey_id: str) -> None:
    """Forget a journey somebody does not make, and put that before a coordinator.

    Raises:
        Conflict: No such journey of theirs is ahead; it was taken back, or is over.
    """
    now = ports.clock.now()
    ahead = dict(await own_journeys(ports, person))
    async with ports.store.write() as tx:
        journey = ahead.get(journey_id)
        if journey is None or await tx.arrangements.remove(journey_id) is None:
            raise Conflict("This journey is not noted any more.")
        said = (
            f"Does not go to {journey.city}, {journey.state} "
            f"from {journey.first} to {journey.last}."
        )
        task = Task(ports.secrets.mint("att", now), "travels", person, said=said)
        await tx.attempts.ask(task, now)
        await tx.audit.note(now, person, "arrangement.taken_back", journey_id)


async def _met(ports: Ports, tx: Transaction, journey: Journey) -> Sequence[OnJourney]:
    seats = await seats_of_days(
        ports, tx, journey.participant_id, journey.first, journey.last
    )
    met = []
    for each in seats:
        licences = await tx.whereabouts.licences(each.session_id)
        day: date = each.starts.astimezone(ZoneInfo(each.zone)).date()
        covered = is_covered(licences, journey.state, day)
        met.append(OnJourney(each.starts, each.zone, covered))
    return met
