"""No byte about one person in any mail to another, over two published weeks and a new plan."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.make import FixedClock, Postbox, make_ports, open_sealed, publish
from vioP.domain.attendance import Evidence, Fact
from vioP.domain.delivery import Channel
from vioP.domain.programme import Programme
from vioP.domain.time import Week, instant, later
from vioP.files.read import load, read_programme
from vioP.flows.deliver import deliver
from vioP.flows.enroll import discharge
from vioP.flows.import_programme import import_programme
from vioP.flows.mark_attendance import start_session
from vioP.flows.sign_in import send_code
from vioP.flows.watch_session import watch_session
from vioP.mail.compose import Letter
from vioP.ports import Ports
from vioP.storage.database import Row

DEMO = Path(__file__).parents[2] / "config" / "demo"
MORNING = instant(datetime(2027, 3, 8, 12, 30, tzinfo=UTC))
WEEKS = (Week(date(2027, 3, 8)), Week(date(2027, 3, 15)))


def demo() -> Programme:
    files = [load(DEMO / name) for name in ("programme.toml", "participants.csv")]
    return read_programme(files[0], files[1], invent_contacts=True)


@dataclass(frozen=True)
class Sent:
    """Everything that was sent, and what is known about everybody."""

    programme: Programme
    letters: Sequence[Letter]
    own: Mapping[str, set[bytes]]

    def reader(self, letter: Letter) -> str:
        [found] = [
            each.id for each in self.programme.participants
            if each.contact.email == letter.to
        ]  # fmt: skip
        return found


def about(
    programme: Programme, ports: Ports, seats: Sequence[Row]
) -> dict[str, set[bytes]]:
    """What names a person: their name, addresses, and every secret of their seats."""
    own: dict[str, set[bytes]] = {
        person.id: {
            each.lower().encode()
            for each in (person.name, person.contact.email, person.contact.phone)
            if each
        }
        for person in programme.participants
    }
    for seat in seats:
        token = ports.secrets.link_token(seat["id"])
        own[seat["participant_id"]] |= {
            each.lower().encode() for each in (seat["id"], seat["uid"], token)
        }
    return own


def of_the_house(programme: Programme) -> set[bytes]:
    """Words of this house that no mail may say."""
    words = [each for one in programme.staff for each in (one.name, one.email) if each]
    words += [each.id for each in programme.cohorts] + [
        each.id for each in programme.tracks
    ]
    words += [turn.module for each in programme.rotations().values() for turn in each.turns]
    return {each.lower().encode() for each in words}


def every_layer(letter: Letter) -> Iterator[bytes]:
    """A letter's headers, and each of its parts decoded and unfolded, in lower case."""
    message = message_from_bytes(letter.raw, policy=policy.default)
    yield letter.raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").lower()
    yield "\n".join(map(str, message.values())).lower().encode()
    for part in message.walk():
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            yield payload.replace(b"\r\n ", b"").lower()


async def send_all(ports: Ports) -> None:
    for channel in (Channel.MAIL, Channel.SMS):
        while await deliver(ports, channel):
            pass


async def nudge_somebody(ports: Ports, clock: FixedClock) -> None:
    """A group has begun, and one of its people is missing."""
    async with ports.store.read() as tx:
        ahead = await tx.live.between(clock.now(), later(clock.now(), timedelta(days=6)))
    group = next(each for each in ahead if len(each.seats) > 3)
    clock.move_to(group.starts)
    await start_session(ports, group.id, group.staff[0])
    async with ports.store.write() as tx:
        for seat in group.seats[1:]:
            fact = Evidence(Fact.JOIN_PRESSED, clock.now(), "test")
            await tx.live.witness(
                seat.id, fact, recorded_at=clock.now(), key=f"e:{seat.id}"
            )
    clock.forward(3)
    await watch_session(ports, group.id)


@pytest.fixture
async def sent(sqlite_url: str, clock: FixedClock, postbox: Postbox) -> Sent:
    """Invites, updates, cancellations, a nudge and a code, all sent."""
    clock.move_to(MORNING)
    programme = demo()
    async with open_sealed(sqlite_url) as store:
        ports = make_ports(store, clock, mail=postbox)
        await import_programme(ports, programme, "k01")
        for week in WEEKS:
            await publish(ports, week)
        await send_all(ports)
        moved = [
            replace(each, zone="America/Chicago") if number % 3 == 0 else each
            for number, each in enumerate(programme.participants)
        ]
        await import_programme(ports, replace(programme, participants=tuple(moved)), "k01")
        await discharge(ports, programme.participants[1].id, date(2027, 3, 10), "k01")
        clock.forward(5)
        for week in WEEKS:
            await publish(ports, week)
        await nudge_somebody(ports, clock)
        await send_code(ports, programme.participants[2].contact.email)
        await send_all(ports)
        async with store.read() as tx:
            seats = await tx.connection.fetch("SELECT id, participant_id, uid FROM seat")
        own = about(programme, ports, seats)
    return Sent(programme, list(postbox.letters.values()), own)


def knows(layer: bytes, word: bytes) -> bool:
    """Whether a layer says something, and not only spells it inside another word."""
    return word in layer and bool(
        re.search(rb"(?<![a-z0-9])" + re.escape(word) + rb"(?![a-z0-9])", layer)
    )


async def test_no_letter_knows_anybody_but_its_reader(sent: Sent):
    everybody = of_the_house(sent.programme).union(*sent.own.values())
    kinds = set()

    for letter in sent.letters:
        kinds.add(letter.message_id.partition("@")[0].rpartition(".")[2])
        own = sent.own[sent.reader(letter)]
        found = set()
        for layer in every_layer(letter):
            rest = layer
            for each in own:
                found |= {each} if each in layer else set()
                rest = rest.replace(each, b"")
            assert [each for each in everybody - own if knows(rest, each)] == []
            assert b"@participants.example" not in rest
        assert len(found) >= 1, "the search finds what is there"

    assert kinds == {"request", "cancel", "nudge", "code"}
    assert len(sent.letters) > 400
