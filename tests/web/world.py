"""Two of everything: what belongs to p1 and their clinician c1, and what belongs to p2 and c2.

The access matrix asks for each of them as everybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from tests.make import (
    FixedClock,
    Refusing,
    group_session,
    minutes_later,
    programme,
    published_programme,
    seat_of,
)
from tests.waiting import waits
from vioP.domain.arrangement import KeptApart
from vioP.domain.consent import Consent, ConsentKind
from vioP.domain.delivery import Channel
from vioP.domain.ids import ParticipantId, SeatId, SessionId, StaffId
from vioP.domain.program import Phase
from vioP.domain.setup_link import LinkPurpose
from vioP.flows.answer_invite import answer_invite
from vioP.flows.arrange import arrange
from vioP.flows.book_test import book_test, offer_tests
from vioP.flows.deliver import deliver
from vioP.flows.feed import feed_path, renew_feed
from vioP.flows.note_leave import note_leave
from vioP.flows.open_setup import wording_of
from vioP.flows.say_where import ask_for_call
from vioP.flows.send_setup_link import send_setup_link
from vioP.mail.errors import AddressRefused
from vioP.ports import Ports
from vioP.storage.attempts import Task

OWNERS = {"A": ("p1", "c1"), "B": ("p2", "c2")}
# What is of nobody: well formed where an identifier has a form.
UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class World:
    """What there is.

    Attributes:
        objects: Each kind of thing: its letter, and how it is named in an address.
        seats: The seat of each session.
        slot: A free time for a test of a device.
    """

    objects: Mapping[str, Mapping[str, str]]
    seats: Mapping[str, SeatId]
    slot: str


async def two_of_everything(ports: Ports, clock: FixedClock) -> World:
    """Fill an empty store; answers how everything is named."""
    plain = programme()
    plans = tuple(
        replace(each, staff_id=StaffId("c2")) if each.participant_id == "p2" else each
        for each in plain.service_plans
    )
    phases = (Phase("Steady", 1, "clinician"), Phase("Deep", 4, ""))
    tracks = (replace(plain.tracks[0], phases=phases),)
    await published_programme(ports, service_plans=plans, tracks=tracks)
    await _refuse_mail(ports, clock)
    slots, _, _ = await offer_tests(ports, ParticipantId("p1"))
    objects: dict[str, dict[str, str]] = {}
    sessions = await _sessions(ports)
    sessions["T"] = await book_test(ports, ParticipantId("p1"), slots[0].starts)
    seats = {
        letter: await seat_of(ports, session, OWNERS.get(letter, ("p1",))[0])
        for letter, session in sessions.items()
    }
    group = await group_session(ports)
    doors = {
        letter: await seat_of(ports, group, person)
        for letter, (person, _) in OWNERS.items()
    }
    objects |= {
        "session": dict(sessions) | {UNKNOWN: "ses_01k3nothing"},
        "seat": dict(seats) | {UNKNOWN: "sea_01k3nothing"},
        "participant": {"A": "p1", "B": "p2", UNKNOWN: "p9"},
        "cohort": {"A": "tidewater", UNKNOWN: "nowhere"},
        "staff": {"A": "c1", "B": "c2", UNKNOWN: "c9"},
        # Of these there is nothing here but what nobody knows.
        "new_password": {UNKNOWN: "x" * 43},
        "signed_in": {UNKNOWN: "nothing"},
        "request": {UNKNOWN: "nothing"},
        "record": {UNKNOWN: "nothing"},
        "passkey": {UNKNOWN: "nothing"},
    }
    objects |= _tokens(ports, doors)
    objects["feed"] = await _feeds(ports)
    objects["set_up"] = await _set_up_links(ports)
    for token in list(objects["join"].values())[:2]:
        await ask_for_call(ports, token)
    for letter in OWNERS:
        await answer_invite(ports, objects["rsvp"][letter], "no", "Dentist", 0)
    async with ports.store.write() as tx:
        for person in ("p1", "p2"):
            task = Task(f"ask:{person}", "read_text", ParticipantId(person))
            await tx.attempts.ask(task, clock.now())
    for _, clinician in OWNERS.values():
        await note_leave(
            ports, StaffId(clinician), date(2026, 4, 6), date(2026, 4, 7), "k1"
        )
    for other in ("p3", "p4"):
        apart = KeptApart(ParticipantId("p1"), ParticipantId(other))
        await arrange(ports, apart, "k1")
    await _give_consents(ports)
    objects["entry"] = await _entries(ports)
    return World(objects | await _found(ports), seats, slots[-1].starts.isoformat())


async def _refuse_mail(ports: Ports, clock: FixedClock) -> None:
    """Everybody's address was refused on the evening when the week was published."""
    moment, clock.moment = clock.moment, minutes_later(-2 * 24 * 60)
    await deliver(replace(ports, mail=Refusing(AddressRefused())), Channel.MAIL)
    clock.moment = moment


async def _sessions(ports: Ports) -> dict[str, SessionId]:
    """The individual sessions of p1 with c1 and of p2 with c2."""
    now = ports.clock.now()
    async with ports.store.read() as tx:
        all_of_them = await tx.live.between(now.replace(day=9), now.replace(day=16))
    return {
        letter: next(
            each.id
            for each in all_of_them
            if not each.cohort_id
            and each.staff == (clinician,)
            and [seat.participant_id for seat in each.seats] == [person]
        )
        for letter, (person, clinician) in OWNERS.items()
    }


def _tokens(ports: Ports, seats: Mapping[str, SeatId]) -> dict[str, dict[str, str]]:
    """The tokens of each purpose about a seat of the group that meets now."""
    secrets = ports.secrets
    found = {
        "join": {letter: secrets.link_token(seat) for letter, seat in seats.items()},
        "rsvp": {letter: secrets.rsvp_token(seat) for letter, seat in seats.items()},
        "reminders": {
            letter: secrets.reminder_token(seat) for letter, seat in seats.items()
        },
    }
    # The seat of one with the seal of another.
    forged = f"{seats['A']}.{found['rsvp']['B'].partition('.')[2]}"
    sealed = f"{seats['A']}.{found['reminders']['B'].partition('.')[2]}"
    found["join"][UNKNOWN] = "x" * 43
    found["rsvp"][UNKNOWN], found["reminders"][UNKNOWN] = forged, sealed
    return found


async def _feeds(ports: Ports) -> dict[str, str]:
    found = {UNKNOWN: "x" * 43}
    for letter, (person, _) in OWNERS.items():
        await renew_feed(ports, person, person)
        path = await feed_path(ports, person)
        assert path is not None
        found[letter] = path.rpartition("/")[2].removesuffix(".ics")
    return found


async def _entries(ports: Ports) -> dict[str, str]:
    """p1 and p2 wait for a second stay in their cohort."""
    found = {UNKNOWN: "nothing"}
    for letter, (person, _) in OWNERS.items():
        later = date(2026, 5, 5)
        found[letter] = (await waits(ports, ParticipantId(person), earliest=later)).id
    return found


LINKS = "SELECT id, participant_id FROM setup_link"
OPEN = {
    "attempt": "SELECT id, participant_id AS whose FROM attempt WHERE outcome IS NULL "
    "AND rung = 'read_text' ORDER BY id",
    "matter": "SELECT id, seat_id AS whose FROM matter ORDER BY id",
    "leave": "SELECT id, staff_id AS whose FROM leave ORDER BY id",
    "arrangement": "SELECT id, id AS whose FROM arrangement ORDER BY id",
}


async def _set_up_links(ports: Ports) -> dict[str, str]:
    found = {UNKNOWN: "x" * 43}
    for letter, (person, _) in OWNERS.items():
        await send_setup_link(ports, ParticipantId(person), LinkPurpose.PARTICIPANT, "k1")
        async with ports.store.read() as tx:
            rows = await tx.connection.fetch(LINKS)
        [link] = [row["id"] for row in rows if row["participant_id"] == person]
        found[letter] = ports.secrets.setup_token(link)
    return found


async def _give_consents(ports: Ports) -> None:
    now = ports.clock.now()
    async with ports.store.write() as tx:
        for kind in (ConsentKind.TELEHEALTH, ConsentKind.GROUP_CONFIDENTIALITY):
            wording = wording_of(ports, kind)
            await tx.consents.keep_wording(wording)
            for person, _ in OWNERS.values():
                consent = Consent(kind, now, None, wording.version, "participant", "Ada")
                key = ports.secrets.mint("con", now)
                await tx.consents.give(key, ParticipantId(person), consent)


async def _found(ports: Ports) -> dict[str, dict[str, str]]:
    """What has an identifier that only the store knows."""
    found = {}
    async with ports.store.read() as tx:
        for kind, sql in OPEN.items():
            rows = await tx.connection.fetch(sql)
            ids = [str(row["id"]) for row in rows]
            assert len(ids) >= 2, kind
            found[kind] = {"A": ids[0], "B": ids[1], UNKNOWN: "nothing"}
        sql = "SELECT key FROM delivery WHERE state = 'dead' ORDER BY key"
        keys = [str(row["key"]) for row in await tx.connection.fetch(sql)]
    found["delivery"] = {"A": keys[0], "B": keys[1], UNKNOWN: "nothing"}
    found["told"] = {"A": keys[2], "B": keys[3], UNKNOWN: "nothing"}
    return found
