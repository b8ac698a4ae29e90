"""Consents: given, taken back, given again, each in the words that were read."""

from tests.make import NINE, FixedClock, make_ports, minutes_later, programme
from vioP.domain.consent import Consent, ConsentKind, Wording
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

    async def give(minute: int, version: str = "1") -> None:
        consent = Consent(TEXTS, minutes_later(minute), None, version, "participant", "Ada")
        async with store.write() as tx:
            await tx.consents.give(f"con_{minute}", P1, consent)

    first = Consent(TEXTS, NINE, None, "1", "participant", "Ada")
    await give(0)
    await give(1)
    assert await kept() == [first]

    async with store.write() as tx:
        assert await tx.consents.withdraw(P1, TEXTS, minutes_later(2), "participant")
    async with store.write() as tx:
        assert not await tx.consents.withdraw(P1, TEXTS, minutes_later(2), "participant")
    assert [each.withdrawn_at for each in await kept()] == [minutes_later(2)]
    assert not (await kept())[0].is_in_force

    await give(3)
    assert [each.given_at for each in await kept()] == [NINE, minutes_later(3)]
    assert (await kept())[-1].is_in_force

    await give(4, version="2")  # other words are another consent
    assert [each.version for each in await kept()] == ["1", "1", "2"]


async def test_the_words_of_a_consent_stay_as_they_were_read(store: Store):
    old = Wording(TEXTS, "2026-11.aa", "Texts", "We may text you.")
    new = Wording(TEXTS, "2026-11.aa", "Texts", "We may do anything.")
    async with store.write() as tx:
        await tx.consents.keep_wording(old)
        await tx.consents.keep_wording(new)

    async with store.read() as tx:
        assert await tx.consents.words(TEXTS, "2026-11.aa") == "Texts\n\nWe may text you."
        assert await tx.consents.words(TEXTS, "2027-01.bb") == ""
