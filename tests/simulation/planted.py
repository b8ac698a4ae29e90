"""Bugs to plant: each takes one care out of the product, and the simulation must find it.

Each is a story of what somebody might do to the code in good faith, and how it would end.
"""

# ruff: noqa: SLF001 - a planted bug reaches into the product; that is its point

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from vioP.domain import delivery as deliveries
from vioP.domain import fallback
from vioP.domain.delivery import Channel, DeliveryState, SkipReason
from vioP.domain.room import Sight
from vioP.flows import (
    hand_over,
    note_presence,
    record_join,
    ring,
    sweep,
    write_message,
)
from vioP.flows.hear_provider import hear_provider
from vioP.simulation import machine
from vioP.storage import deliveries as delivery_rows
from vioP.storage.attempts import Attempts
from vioP.storage.deliveries import Deliveries
from vioP.video import jwt
from vioP.video.livekit import LiveKitRooms

Patch = pytest.MonkeyPatch


@dataclass(frozen=True, slots=True)
class Bug:
    """One bug.

    Attributes:
        name: What was done.
        plant: Does it.
        finds: The invariant whose breach gives it away.
        seed: A seed that finds it.
        weeks: How long each life is.
    """

    name: str
    plant: Callable[[Patch], None]
    finds: str
    seed: int
    weeks: int = 1


async def nothing(*_: Any) -> None:
    return None


def no_look_up(patch: Patch) -> None:
    """A call whose outcome is unknown is placed again without being looked up."""
    placed = ring._placed

    async def again(ports: Any, due: Any) -> Any:
        return await placed(ports, replace(due, claim=replace(due.claim, attempts=1)))

    patch.setattr(ring, "_placed", again)


def marked_before_sent(patch: Patch) -> None:
    """A message is written down as sent before it is handed over."""

    async def act(ports: Any, claim: Any, message: Any) -> None:
        await hand_over._settle(ports, claim, DeliveryState.SENT, reference="")
        is_mail = claim.delivery.channel is Channel.MAIL
        await (ports.mail if is_mail else ports.texts).send(message)

    patch.setattr(hand_over, "_act", act)


def no_deadline(patch: Patch) -> None:
    """A nudge is sent however late it is, in lives so short that some are late."""
    patch.setattr(machine, "_LIVES_FOR", 3_000)

    def anyway(*given: Any) -> SkipReason | None:
        reason = deliveries.guard(*given)
        return None if reason is SkipReason.LATE else reason

    patch.setattr("vioP.flows.deliver.guard", anyway)
    patch.setattr(fallback, "_skip", lambda _l, seat, rung, *_: seat.refused.get(rung))


def no_signature(patch: Patch) -> None:
    """What a webhook says is believed without looking at who signed it."""

    def believed(token: str, *_: Any) -> Any:
        return json.loads(jwt._decoded(token.split(".")[1]))

    patch.setattr("vioP.video.livekit.claims_of", believed)


def answered_before_kept(patch: Patch) -> None:
    """A webhook is answered first, and kept when there is time."""
    waiting = set()

    async def soon(*given: Any) -> int:
        async def keep() -> None:
            await asyncio.sleep(60)
            await hear_provider(*given)

        task = asyncio.get_running_loop().create_task(keep())
        waiting.add(task)
        return 0

    patch.setattr("vioP.web.video_hooks.hear_provider", soon)


def no_second_claim(patch: Patch) -> None:
    """What a dead process was sending is left as it is."""
    patch.setattr(Deliveries, "release_all", nothing)
    again = "(state = 'sending' AND lease_until <= :now)"
    patch.setattr(delivery_rows, "CLAIM", delivery_rows.CLAIM.replace(again, "FALSE"))
    # Nor is anybody woken for it: woken in vain again and again, the clock would stand still.
    lease = delivery_rows.NEXT_LEASE.replace("state = 'sending'", "FALSE")
    patch.setattr(delivery_rows, "NEXT_LEASE", lease)


def unknown_is_absent(patch: Patch) -> None:
    """A room that cannot say who is in it counts as empty."""
    present = LiveKitRooms.present

    async def empty(self: Any, session: Any) -> Any:
        return await present(self, session) or []

    patch.setattr(LiveKitRooms, "present", empty)


def what_is_over_is_forgotten(patch: Patch) -> None:
    """A session that ended while the machine was down is not looked at any more."""
    patch.setattr(sweep, "_BEHIND", timedelta())

    def ended(ladder: Any, session: Any, now: Any) -> Any:
        decided = fallback.next_moves(ladder, session, now)
        return replace(decided, moves=()) if now >= session.ends else decided

    patch.setattr("vioP.flows.watch_session.next_moves", ended)


def once_there_always_there(patch: Patch) -> None:
    """Whoever dropped out counts as there."""
    keep = note_presence.keep

    async def kept(ports: Any, tx: Any, seen: Any) -> None:
        arrived = [each for each in seen if not each.evidence.fact.is_departure]
        await keep(ports, tx, arrived)

    patch.setattr("vioP.flows.note_presence.keep", kept)
    patch.setattr("vioP.flows.look_into_room.keep", kept)


def a_press_is_enough(patch: Patch) -> None:
    """A pressed button counts as being there, though nobody ever came into the room."""
    patch.setattr("vioP.domain.reconcile._never_arrived", lambda *_: False)


def numbers_stand_still(patch: Patch) -> None:
    """A changed appointment is told under the number of the one before."""
    invite = write_message._invite

    def same(ports: Any, claimed: Any) -> Any:
        return invite(ports, replace(claimed, revision=0))

    patch.setattr(write_message, "_invite", same)


def opening_is_joining(patch: Patch) -> None:
    """Whoever opens a link has joined, a mail scanner as well."""

    async def joined(ports: Any, token: str) -> Any:
        found = await record_join.open_link(ports, token)
        if found.state is record_join.DoorState.OPEN:
            await record_join.record_join(ports, token)
        return found

    patch.setattr("vioP.web.join.open_link", joined)


def humans_expire(patch: Patch) -> None:
    """A task for a person is dropped when it comes late."""
    skip = fallback._skip

    def late(*given: Any) -> Any:
        ladder, _seat, _rung, due, now = given
        return SkipReason.STALE if now - due >= ladder.stale_after else skip(*given)

    patch.setattr(fallback, "_skip", late)


def no_look_into_the_room(patch: Patch) -> None:
    """What the video service did not tell is never asked for."""

    async def seen(*_: Any) -> Sight:
        return Sight.SEEN

    patch.setattr("vioP.flows.watch_room.look_into_room", seen)


def tasks_are_not_listed(patch: Patch) -> None:
    """A task for a person is written down as done, and stands on no list."""
    begin = Attempts.begin

    async def calls_only(self: Any, claimed: Any, moment: Any) -> None:
        if claimed.channel is Channel.PHONE:
            await begin(self, claimed, moment)

    patch.setattr(Attempts, "begin", calls_only)


def one_try_only(patch: Patch) -> None:
    """A message whose provider does not answer is given up."""

    async def give_up(going: Any, claim: Any, error: Any) -> None:
        await hand_over._settle(going.ports, claim, DeliveryState.DEAD, reason=error.code)

    patch.setattr(hand_over, "_put_back", give_up)


BUGS = (
    Bug("no look-up before a retry", no_look_up, "I6", 5, weeks=2),
    Bug("marked before sent", marked_before_sent, "I1", 1),
    Bug("no deadline", no_deadline, "I4", 8),
    Bug("no signature", no_signature, "I7", 2),
    Bug("answered before kept", answered_before_kept, "I2", 5),
    Bug("no second claim", no_second_claim, "I5", 3),
    Bug("unknown is absent", unknown_is_absent, "I7", 1),
    Bug("what is over is forgotten", what_is_over_is_forgotten, "I8", 9, weeks=2),
    Bug("once there, always there", once_there_always_there, "I8", 2),
    Bug("a press is enough", a_press_is_enough, "I8", 2),
    Bug("numbers stand still", numbers_stand_still, "I1", 1),
    Bug("opening is joining", opening_is_joining, "I7", 3, weeks=2),
    Bug("humans expire", humans_expire, "I8", 2),
    Bug("no look into the room", no_look_into_the_room, "I8", 2),
    Bug("tasks are not listed", tasks_are_not_listed, "I8", 2),
    Bug("one try only", one_try_only, "I1", 1),
)
