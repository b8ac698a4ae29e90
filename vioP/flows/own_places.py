"""Own places: the safe places somebody keeps on file, chosen by a short name at the door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vioP.domain.errors import Invalid
from vioP.domain.ids import ParticipantId
from vioP.domain.onboarding import Piece
from vioP.flows.record_join import open_seat
from vioP.flows.say_where import Elsewhere
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.seats import OwnSeat

USUAL = "usual"


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """One place on file.

    Attributes:
        key: What it is chosen by: ``usual``, ``safe_1`` or ``safe_2``.
        label: Its short name, which its person chose.
        emergency: The emergency number there.
    """

    key: str
    label: str
    street: str
    city: str
    state: str
    emergency: str


async def own_places(ports: Ports, seat: OwnSeat) -> Sequence[OwnPlace]:
    """Where else than at their usual place somebody may be: what they named themselves."""
    async with ports.store.read() as tx:
        places = await places_on_file(tx, seat.participant_id)
    return [each for each in places if each.key != USUAL]


async def place_named(ports: Ports, token: str, key: str) -> Elsewhere | None:
    """The place somebody chose at the door; nothing for the usual one.

    Raises:
        LinkUnknown: The token is forged or withdrawn.
        LinkNotOpen: It is too early or too late.
        Invalid: There is no such place.
    """
    if key == USUAL:
        return None
    seat = await open_seat(ports, token)
    for each in await own_places(ports, seat):
        if each.key == key:
            return Elsewhere(each.city, each.state)
    raise Invalid("Say where you are: your usual place, one you named, or somewhere else.")


async def places_on_file(tx: Transaction, person: ParticipantId) -> Sequence[OwnPlace]:
    """Every place somebody named, the usual one first."""
    said = await tx.onboardings.said(person)
    places = []
    if Piece.PLACE in said:
        places.append(_place(USUAL, "Usual place", said[Piece.PLACE]))
    other = said.get(Piece.SAFE_PLACES, {})
    for number in ("1", "2"):
        own = {
            name.removesuffix(f"_{number}"): text
            for name, text in other.items()
            if name.endswith(f"_{number}")
        }
        if own.get("label"):
            places.append(_place(f"safe_{number}", own["label"], own))
    return places


def _place(key: str, label: str, said: Mapping[str, str]) -> OwnPlace:
    street, city, state = said["street"], said["city"], said["state"]
    return OwnPlace(key, label, street, city, state, said["emergency"])
