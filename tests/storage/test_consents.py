"""Consents: given, taken back, given again."""

from tests.make import NINE, FixedClock, make_ports, minutes_later, programme
from vioP.domain.consent import Consent, ConsentKind
from vioP.domain.ids import ParticipantId
from vioP.flows.import_programme import import_programme
from vioP.storage import Store

P1 = ParticipantId("p1")
TEXTS = ConsentKind.TEXTS


async def test_a_consent_is_given_once_taken_back_and_given_again(store: Store):
    await import_programme(make_ports(store, FixedClock()), programme(), "k1")

    async def kept() -> list[Consent]:
        async with store.read() as tx:
            return list(await tx.consents.of(P1))

    for minute in (0, 1):
        async with store.write() as tx:
            await tx.consents.give(P1, TEXTS, minutes_later(minute))
    assert await kept() == [Consent(TEXTS, NINE)]

    async with store.write() as tx:
        await tx.consents.withdraw(P1, TEXTS, minutes_later(2))
    assert await kept() == [Consent(TEXTS, NINE, minutes_later(2))]
    assert not (await kept())[0].is_in_force

    async with store.write() as tx:
        await tx.consents.give(P1, TEXTS, minutes_later(3))
    assert await kept() == [Consent(TEXTS, minutes_later(3))]
