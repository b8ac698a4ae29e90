"""A service with a telephone of its own and a real phone, run inside a test's own network.

Started as a program: it opens the books at 9:05:50 of a group whose host has started and
from which p4 is missing, serves, and obeys what it is told on standard input, one JSON object
a line.
"""

import asyncio
import json
import os
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr

import vioP.app
from tests.make import (
    FIELD_SECRETS,
    KEY,
    NINE,
    FixedClock,
    Pocket,
    Postbox,
    group_session,
    make_ports,
    open_sealed,
    participant,
    published_programme,
    seat_of,
)
from tests.sip_line import samples, strength
from tests.sip_phone import Answers, SipPhone, free_port
from vioP.clock import MovableClock
from vioP.domain.attendance import Fact
from vioP.domain.contact_facts import ContactFact, ContactKind
from vioP.domain.ids import ParticipantId
from vioP.domain.time import later
from vioP.flows.mark_attendance import mark_attendance, start_session
from vioP.flows.show import show_session
from vioP.flows.sign_in import begin_session
from vioP.key_file import write_keys
from vioP.ports import Ports
from vioP.settings import Settings
from vioP.storage import migrate

NUMBER = "+13035550104"
PORT = 8080
_ANSWERS = os.fdopen(os.dup(sys.stdout.fileno()), "w")


async def open_books(ports: Ports) -> dict[str, str]:
    """The group, its host there, p4 missing; answers what browsers need."""
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
    session = await show_session(ports, session_id)
    for name in ("p1", "p2", "p3"):
        seat = await seat_of(ports, session_id, name)
        await mark_attendance(ports, session, seat, Fact.MARKED_EXCUSED, "k1")
    async with ports.store.write() as tx:
        fact = ContactFact(ContactKind.VERIFIED, NINE, "t1", number=NUMBER)
        await tx.contacts.add("fct_1", ParticipantId("p4"), fact)
        everybody = await tx.accounts.everybody()
    [account] = [each.account for each in everybody if each.account.person.id == "c1"]
    signed = await begin_session(ports, account)
    seat = await seat_of(ports, session_id, "p4")
    return {
        "host": signed.token,
        "room": f"/sessions/{session_id}/room",
        "enter": f"/sessions/{session_id}",
        "link": f"/j/{ports.secrets.link_token(seat)}",
        "seat": seat,
        "session": session_id,
    }


async def known(ports: Ports, told: dict[str, str]) -> dict[str, Any]:
    """What is known of p4."""
    session = await show_session(ports, cast("Any", told["session"]))
    mine = next(each for each in session.seats if each.id == told["seat"])
    return {
        "presence": mine.presence,
        "facts": [
            [each.fact, each.leg, each.source, each.at.isoformat()]
            for each in mine.evidence
        ],
        "calls": {each.rung: [each.call, each.outcome] for each in mine.steps},
        "now": ports.clock.now().isoformat(),
    }


def say(answer: object) -> None:
    """Tell whoever asks; what the service logs goes elsewhere."""
    _ANSWERS.write(json.dumps(answer) + "\n")
    _ANSWERS.flush()


async def obey(ports: Ports, told: dict[str, str], phone: SipPhone) -> None:
    """Do what is asked until nobody asks any more."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        match json.loads(line):
            case {"press": keys}:
                await phone.press(keys)
                answer: object = True
            case {"do": command}:
                await phone.do(command)
                answer = True
            case {"tone": hertz}:
                heard = samples(phone.recorded()[-1])[-8000:]
                answer = strength(heard, hertz)
            case {"count": kind}:
                answer = phone.count(kind)
            case _:
                answer = await known(ports, told)
        say(answer)


async def main(folder: Path, answers: Answers) -> None:
    """Serve a service whose clock stands at 9:05:50."""
    database = f"sqlite:///{folder / 'viop.db'}"
    await asyncio.to_thread(migrate.upgrade, database)
    write_keys(folder / "field.keys", FIELD_SECRETS)
    async with open_sealed(database) as store:
        books = make_ports(store, FixedClock(), mail=Postbox(), texts=Pocket())
        told = await open_books(books)
        clock = MovableClock(folder / "clock.json")
        clock.move_to(later(NINE, timedelta(minutes=5, seconds=50)))
        async with SipPhone.open(folder / "phone", answers, number=NUMBER) as phone:
            settings = Settings(
                link_key=SecretStr(KEY.decode()),
                database=database,
                data=folder,
                port=PORT,
                phone={  # type: ignore[arg-type]  # pydantic reads it
                    "provider": "sip",
                    "account": "clinic",
                    "server": f"127.0.0.1:{phone.port}",
                    "number": "+13035550100",
                    "register_account": False,
                    "transport": "udp",
                    "srtp": False,
                    "listen": f"127.0.0.1:{free_port()}",
                },
            )
            setattr(vioP.app, "clock_of", lambda _: clock)  # noqa: B010 - the week of the books

            async with asyncio.TaskGroup() as group:
                group.create_task(vioP.app.serve(settings, lambda: say(told)))
                await obey(replace(books, clock=clock), told, phone)
                os.kill(os.getpid(), signal.SIGTERM)  # as an operator stops it


if __name__ == "__main__":
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    asyncio.run(main(Path(sys.argv[1]), cast("Answers", sys.argv[2])))
