"""A group at nine that has begun, and one person who is missing."""

from dataclasses import replace

from tests.make import NINE, group_session, participant, published_programme, seat_of
from vioP.domain.contact_facts import ContactFact, ContactKind
from vioP.domain.ids import ParticipantId, SessionId
from vioP.flows.mark_attendance import start_session
from vioP.flows.record_join import record_join
from vioP.ports import Ports


async def group_without_p4(ports: Ports) -> SessionId:
    """The group at nine: its host is there, p4 is missing, and p4's number is theirs."""
    people = [
        participant(
            f"p{n}",
            contact=replace(participant(f"p{n}").contact, phone=f"+130355501{n:02}"),
        )
        for n in range(1, 5)
    ]
    await published_programme(ports, people=people)
    session_id = await group_session(ports)
    await start_session(ports, session_id, "c1")
    for name in ("p1", "p2", "p3"):
        seat = await seat_of(ports, session_id, name)
        await record_join(ports, ports.secrets.link_token(seat))
    async with ports.store.write() as tx:
        fact = ContactFact(ContactKind.VERIFIED, NINE, "t1", number="+13035550104")
        await tx.contacts.add("fct_1", ParticipantId("p4"), fact)
    return session_id
