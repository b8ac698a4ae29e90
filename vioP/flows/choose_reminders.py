"""Choose reminders: whether somebody wants them by mail, from a link in one of them.

Invites, cancellations and codes are no reminders and always leave.
"""

import hmac

from vioP.domain.errors import LinkUnknown
from vioP.domain.ids import SeatId
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.reminders import ReminderChoice


async def are_reminders_wanted(ports: Ports, token: str) -> bool:
    """What somebody has chosen. It changes nothing.

    Raises:
        LinkUnknown: The token is not one of ours.
    """
    seat_id = _seat_of(ports, token)
    async with ports.store.read() as tx:
        return (await _choice(tx, seat_id)).wanted


async def choose_reminders(ports: Ports, token: str, *, wanted: bool) -> None:
    """Stop somebody's reminders by mail, or send them again; choosing twice is once.

    Raises:
        LinkUnknown: The token is not one of ours.
    """
    seat_id = _seat_of(ports, token)
    now = ports.clock.now()
    async with ports.store.write() as tx:
        choice = await _choice(tx, seat_id)
        if choice.wanted == wanted:
            return
        person = choice.participant_id
        if wanted:
            await tx.reminders.resume(person)
        else:
            await tx.reminders.stop(person, now)
        action = "reminders.resumed" if wanted else "reminders.stopped"
        await tx.audit.note(now, person, action, person)


def _seat_of(ports: Ports, token: str) -> SeatId:
    seat_id = SeatId(token.partition(".")[0])
    right = ports.secrets.reminder_token(seat_id)
    if not hmac.compare_digest(right.encode(), token.encode()):
        raise LinkUnknown
    return seat_id


async def _choice(tx: Transaction, seat_id: SeatId) -> ReminderChoice:
    choice = await tx.reminders.of_seat(seat_id)
    if choice is None:
        raise LinkUnknown
    return choice
