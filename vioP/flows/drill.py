"""Drill: ring somebody who works here through the phone that would ring a participant."""

from vioP.domain.call import DRILL_PROMPT, RING
from vioP.domain.delivery import Channel, Delivery, DeliveryKind, DeliveryState
from vioP.domain.errors import Invalid, Missing, NoTelephone
from vioP.domain.ids import StaffId
from vioP.domain.time import later
from vioP.flows.jobs import deliver_job
from vioP.ports import Ports


async def drill(ports: Ports, number: str, by: StaffId | str) -> str:
    """Queue a test call; it takes the same way as any other.

    Args:
        ports: The surroundings.
        number: Whom to ring, in E.164.
        by: Who asks.

    Returns:
        The key under which its course can be looked up.

    Raises:
        NoTelephone: Calls are made by people here; there is nothing to test.
        Invalid: The number is none.
    """
    if ports.telephone is None:
        raise NoTelephone
    if not (number.startswith("+") and number[1:].isascii() and number[1:].isdigit()):
        raise Invalid("Write the number in international form, such as +12125550101.")
    now = ports.clock.now()
    key = ports.secrets.mint("drl", now)
    call = Delivery(
        key=key,
        kind=DeliveryKind.DRILL,
        channel=Channel.PHONE,
        due=now,
        deadline=later(now, RING * 4),
        content={"phone": number, "prompt": DRILL_PROMPT},
    )
    async with ports.store.write() as tx:
        await tx.deliveries.add([call], now)
        await tx.audit.note(now, by, "phone.drilled", key)
        await ports.jobs.defer(tx, [deliver_job(Channel.PHONE, now)])
    return key


async def how_it_went(ports: Ports, key: str) -> DeliveryState:
    """How far a test call got: ``sent`` once the telephone has taken it.

    Raises:
        Missing: There is no such call.
    """
    async with ports.store.read() as tx:
        state = await tx.deliveries.state_of(key)
    if state is None:
        raise Missing
    return state
