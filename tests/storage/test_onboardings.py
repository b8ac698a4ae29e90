"""How far people are, read from rows."""

from dataclasses import replace

from tests.make import (
    NINE,
    FixedClock,
    make_ports,
    minutes_later,
    participant,
    programme,
)
from vioP.domain.consent import Consent, ConsentKind
from vioP.domain.contact_facts import ContactFact, ContactKind
from vioP.domain.ids import ParticipantId
from vioP.domain.onboarding import Onboarding, Piece
from vioP.domain.people import Supporter
from vioP.flows.import_programme import import_programme
from vioP.storage import Store
from vioP.storage.onboardings import Waiver

P1 = ParticipantId("p1")
TEEN = replace(
    participant("p5"),
    birth_year=2011,
    supporters=(Supporter("guardian", email="g@example.org", phone="+13035550155"),),
)


async def far(store: Store, name: str = "p1") -> Onboarding:
    async with store.read() as tx:
        found = await tx.onboardings.of(ParticipantId(name), NINE)
        assert found == (await tx.onboardings.of_all(NINE))[ParticipantId(name)]
    assert found is not None
    return found


async def test_it_knows_what_was_asked_said_agreed_waived_heard_and_proven(store: Store):
    people = [participant(f"p{number}") for number in range(1, 5)] + [TEEN]
    await import_programme(make_ports(store, FixedClock()), programme(people), "k1")
    assert await far(store) == Onboarding(P1, number="+13035550101")

    async with store.write() as tx:
        await tx.onboardings.ask(P1, NINE, "k1")
        await tx.onboardings.ask(P1, minutes_later(9), "k2")
        await tx.onboardings.say(P1, Piece.NAME, {"name": "Ada"}, NINE, "participant")
        await tx.onboardings.say(P1, Piece.NAME, {"name": "Ad"}, NINE, "participant")
        consent = Consent(ConsentKind.TELEHEALTH, NINE, None, "1", "participant", "Ada")
        await tx.consents.give("con_1", P1, consent)
        waiver = Waiver(Piece.GROUP, NINE, "k1", "Signed on paper")
        await tx.onboardings.waive(P1, waiver)
        fact = ContactFact(ContactKind.VERIFIED, NINE, "keys", number="+13035550101")
        await tx.contacts.add("fct_1", P1, fact)
        await tx.onboardings.prove(P1, NINE, "rsvp")

    assert await far(store) == Onboarding(
        P1,
        invited_at=NINE,
        answered=frozenset({Piece.NAME}),
        agreed=frozenset({ConsentKind.TELEHEALTH}),
        waived=frozenset({Piece.GROUP}),
        number="+13035550101",
        is_verified=True,
        is_proven=True,
    )
    async with store.read() as tx:
        assert await tx.onboardings.said(P1) == {Piece.NAME: {"name": "Ad"}}
        assert await tx.onboardings.said_by_all() == {P1: {Piece.NAME: {"name": "Ad"}}}
        assert list(await tx.onboardings.waivers(P1)) == [waiver]
    assert await far(store, "p2") == Onboarding(ParticipantId("p2"), number="+13035550101")


async def test_a_number_that_turned_out_wrong_is_no_longer_verified(store: Store):
    await import_programme(make_ports(store, FixedClock()), programme(), "k1")
    async with store.write() as tx:
        for minute, kind in enumerate((ContactKind.VERIFIED, ContactKind.WRONG_NUMBER)):
            fact = ContactFact(kind, minutes_later(minute), "keys", number="+13035550101")
            await tx.contacts.add(f"fct_{minute}", P1, fact)

    assert not (await far(store)).is_verified


async def test_of_a_minor_the_guardians_phone_counts(store: Store):
    people = [participant(f"p{number}") for number in range(1, 5)] + [TEEN]
    await import_programme(make_ports(store, FixedClock()), programme(people), "k1")

    teen = await far(store, "p5")

    assert teen.is_minor
    assert teen.number == "+13035550155"
