"""A phone that is being tested, for tests of telephones: asked for, and due now."""

from datetime import timedelta

from vioP.domain.contact_facts import Way
from vioP.domain.delivery import Channel, Delivery, DeliveryKind
from vioP.domain.ids import ParticipantId
from vioP.domain.phone_check import PREFIX, PhoneCheck, check_prompt
from vioP.domain.time import later
from vioP.flows.jobs import deliver_job
from vioP.ports import Ports


async def a_phone_check(ports: Ports, number: str, person: str = "p4") -> str:
    """The key of a call that tests a number of somebody in the small program."""
    now = ports.clock.now()
    key = ports.secrets.mint(PREFIX, now)
    check = PhoneCheck(
        key,
        ParticipantId(person),
        number,
        Way.MACHINE_CALL,
        "participant",
        now,
        later(now, timedelta(minutes=10)),
    )
    words = check_prompt(ports.house.sender.name)
    call = Delivery(
        key,
        DeliveryKind.PHONE_CHECK,
        Channel.PHONE,
        now,
        content={"phone": number, "prompt": words},
    )
    async with ports.store.write() as tx:
        await tx.phone_checks.begin(check)
        await tx.deliveries.add([call], now)
        await ports.jobs.defer(tx, [deliver_job(Channel.PHONE, now)])
    return key
