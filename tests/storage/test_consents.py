"""Consents: given, taken back, given again, each in the words that were read."""

from datetime import date, timedelta

from tests.make import NINE, FixedClock, make_ports, minutes_later, programme
from vioP.domain.consent import Consent, ConsentKind, Wording
from vioP.domain.ids import ParticipantId
from vioP.domain.time import Instant, later
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
    assert not (await kept())[0].stands

    await give(3)
    assert [each.given_at for each in await kept()] == [NINE, minutes_later(3)]
    assert (await kept())[-1].stands

    await give(4, version="2")  # other words are another consent
    assert [each.version for each in await kept()] == ["1", "1", "2"]


async def test_one_that_runs_out_is_given_again_in_the_same_words(store: Store):
    await import_programme(make_ports(store, FixedClock()), programme(), "k1")
    today = NINE.date()

    async def give(name: str, until: date, at: Instant = NINE) -> int:
        consent = Consent(TEXTS, at, None, "1", "participant", "Ada", until)
        async with store.write() as tx:
            await tx.consents.give(name, P1, consent)
            return len(await tx.consents.of(P1))

    assert await give("con_1", today + timedelta(days=365)) == 1
    assert await give("con_2", today + timedelta(days=366), minutes_later(1)) == 1
    near_its_end = later(NINE, timedelta(days=335))
    assert await give("con_3", today + timedelta(days=700), near_its_end) == 2
    async with store.read() as tx:
        kept = await tx.consents.of(P1)
        of = await tx.onboardings.of(P1, near_its_end)
    assert [each.until for each in kept] == [
        today + timedelta(days=365),
        today + timedelta(days=700),
    ]
    assert of is not None
    assert of.running_out == {}


async def test_when_somebody_was_enrolled_is_told_with_their_consents(store: Store):
    small = programme()
    await import_programme(make_ports(store, FixedClock()), small, "k1")

    async with store.read() as tx:
        stretches = await tx.consents.stretches(P1)

    own = [each for each in small.enrollments if each.participant_id == P1]
    assert stretches == [(each.first, each.until) for each in own]


async def test_the_words_of_a_consent_stay_as_they_were_read(store: Store):
    old = Wording(TEXTS, "2026-11.aa", "Texts", "We may text you.")
    new = Wording(TEXTS, "2026-11.aa", "Texts", "We may do anything.")
    async with store.write() as tx:
        await tx.consents.keep_wording(old)
        await tx.consents.keep_wording(new)

    async with store.read() as tx:
        assert await tx.consents.words(TEXTS, "2026-11.aa") == "Texts\n\nWe may text you."
        assert await tx.consents.words(TEXTS, "2027-01.bb") == ""
