"""Listens at every way out of a simulated house, and reads its pages as each kind of person."""

import json
import logging
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, time
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from tests.make import HOUSE, FixedClock, make_ports
from tests.simulation.canaries import COHORT, TURN, Net, Reader, canary_programme
from vioP import logs
from vioP.app import create_app
from vioP.domain.call import PhoneCall
from vioP.domain.ids import StaffId
from vioP.domain.material import Material
from vioP.domain.message import Text
from vioP.domain.people import StaffRole
from vioP.domain.programme import Programme
from vioP.domain.time import Week
from vioP.flows.answer_invite import answer_invite
from vioP.flows.record_safety import record_safety
from vioP.flows.sign_in import begin_session
from vioP.flows.take_text import take_text
from vioP.flows.waive_piece import waive_piece
from vioP.keys import Keys
from vioP.mail.compose import Letter
from vioP.mail.taken import Taken, nothing
from vioP.ports import Ports
from vioP.simulation import machine, run
from vioP.simulation.desk import Desk, at
from vioP.simulation.machine import FIELD_KEYS, LINK_KEY, settings
from vioP.simulation.phone import Exchange
from vioP.simulation.post import MailTwin, TextsTwin
from vioP.simulation.programme import COORDINATOR
from vioP.simulation.remains import read_remains
from vioP.simulation.rooms import RoomServer
from vioP.simulation.world import World
from vioP.storage import Store
from vioP.storage.connect import connect
from vioP.storage.field_keys import FieldKeys
from vioP.watch_settings import WatchSettings

SEED = 5  # a week in which something leaves by every way, a call too
OWN = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
_LINK = re.compile(r'(?:href|action|src)="(/[^"]*)"')
# Addresses of one route that are opened, by one person.
_OF_EACH = 2
# A link for the sessions of a module, whose title does not say which.
LINK = Material("A calm page", "https://files.test/calm", cohort_id=COHORT, module=TURN)


def live_a_week(net: Net, file: Path, patch: pytest.MonkeyPatch) -> None:
    """Live a week of canaries, and keep whatever leaves, and the database in the end."""
    _listen(net, patch)
    _write_words(patch)

    def keep(place: Path, keys: FieldKeys) -> Any:
        shutil.copyfile(place, file)
        return read_remains(place, keys)

    patch.setattr(run, "read_remains", keep)
    lived = run.simulate(SEED, people=len(net.people))
    assert lived.violations == ()


def _listen(net: Net, patch: pytest.MonkeyPatch) -> None:
    """Open an ear at every way out."""
    send, text, place, ask = MailTwin.send, TextsTwin.send, Exchange.place, RoomServer.ask

    async def mailed(self: MailTwin, letter: Letter, taken: Taken = nothing) -> str:
        net.letter(letter.to, letter.raw)
        return await send(self, letter, taken)

    async def texted(self: TextsTwin, sent: Text) -> str:
        net.keep("text", f"{sent.key} {sent.body}", _owner(net, sent.to))
        return await text(self, sent)

    def rung(self: Exchange, call: PhoneCall) -> None:
        net.keep("prompt", f"{call.key} {call.prompt}", _owner(net, call.to))
        place(self, call)

    def asked(self: RoomServer, what: str, wish: Any) -> dict[str, Any]:
        net.keep("room request", f"{what} {json.dumps(wish)}")
        return ask(self, what, wish)

    def made(*parts: Any) -> web.Application:
        app = create_app(*parts)

        async def answered(request: web.Request, _answer: web.StreamResponse) -> None:
            net.keep("address", request.path_qs)

        app.on_response_prepare.append(answered)
        return app

    patch.setattr(MailTwin, "send", mailed)
    patch.setattr(TextsTwin, "send", texted)
    patch.setattr(Exchange, "place", rung)
    patch.setattr(RoomServer, "ask", asked)
    patch.setattr(machine, "create_app", made)
    patch.setattr(run, "_logs_into", lambda world: _hear_logs(world, net))


def _owner(net: Net, number: str) -> str:
    """Whose number it is."""
    return next((each for each in net.people if number.endswith(f"{int(each[1:]):04}")), "")


@contextmanager
def _hear_logs(_world: World, net: Net) -> Iterator[None]:
    """Keep each line as it would be written, ours and those of the libraries."""

    def kept(_logger: Any, _method: str, line: Any) -> Any:
        net.keep("log", line)
        raise structlog.DropEvent

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            net.keep("log", self.format(record))

    before = structlog.get_config()
    logs.configure(json=True)
    given = structlog.get_config()["processors"]
    structlog.configure(processors=[*given, kept], cache_logger_on_first_use=False)
    ear, root = Ear(), logging.getLogger()
    root.addHandler(ear)
    try:
        yield
    finally:
        root.removeHandler(ear)
        structlog.configure(**before)


def _write_words(patch: pytest.MonkeyPatch) -> None:
    """Fill what people write in a week: reasons, texts, notes."""
    opened, published = Desk.open_program, Desk.publish

    async def open_program(self: Desk) -> None:
        self.programme = _with_office(
            canary_programme(len(self.programme.participants), run.FIRST.monday, 1)
        )
        await opened(self)
        await self.machine.ask(lambda ports: _write_and_waive(ports, self.programme))

    async def publish(self: Desk, week: Week) -> None:
        await published(self, week)
        if self.world.truth.counts["publications"] == 1:
            await self.machine.ask(_say_words)

    patch.setattr(Desk, "open_program", open_program)
    patch.setattr(Desk, "publish", publish)


async def _write_and_waive(ports: Ports, programme: Programme) -> None:
    """Everybody writes a text that a person must read, and need not tell a place."""
    for each in programme.participants:
        number = each.id.removeprefix("p")
        phone, said = each.contact.phone, f"zqreason{number}q, hello"
        await take_text(ports, f"text{number}", phone, said)
        why = f"zqwaived{number}q"
        await waive_piece(ports, each.id, "place", COORDINATOR, why)


def _with_office(programme: Programme) -> Programme:
    """With one more person of each other kind that works here."""
    office = [
        replace(
            programme.staff[-1],
            id=StaffId(name),
            name=name,
            role=role,
            email=f"{name}@staff.example",
        )
        for name, role in (("a1", StaffRole.COMPLIANCE), ("t1", StaffRole.TECH_SUPPORT))
    ]
    return replace(programme, staff=(*programme.staff, *office))


async def _say_words(ports: Ports) -> None:
    """Whoever has a seat says why they will not come; a coordinator notes what was done."""
    since = at(run.FIRST.monday, time())
    until = at(date.fromordinal(run.FIRST.monday.toordinal() + 7), time())
    async with ports.store.read() as tx:
        sessions = await tx.live.between(since, until)
    last = [each for each in sessions if each.cohort_id][-1]
    for seat in last.seats:
        number = seat.participant_id.removeprefix("p")
        token = ports.secrets.rsvp_token(seat.id)
        await answer_invite(ports, token, "no", f"zqreason{number}q", 0)
        done = ("welfare_check", f"zqsettled{number}q")
        await record_safety(ports, seat, done, COORDINATOR)


async def look_at_pages(net: Net, file: Path) -> None:
    """Open the pages as everybody, late in the week, and My week before its groups."""
    clock = FixedClock(at(date.fromordinal(run.FIRST.monday.toordinal() + 3), time(9, 7)))
    async with connect(f"sqlite:///{file}") as database:
        house = replace(HOUSE, materials=(LINK,))
        store = Store(database, FIELD_KEYS)
        ports = make_ports(store, clock, secrets=Keys(LINK_KEY), house=house)
        shown = settings().model_copy(update={"watch": WatchSettings(metrics="loopback")})
        async with TestClient(TestServer(create_app(ports, shown)), headers=OWN) as browser:
            await _walk(Walk(net, browser, (), Reader.ANYBODY))
            for name in net.people[:2]:
                await _sign_in(ports, browser, name)
                await _walk(Walk(net, browser, (name,), Reader.PARTICIPANT))
            for name, theirs in _staff(net):
                await _sign_in(ports, browser, name)
                await _walk(Walk(net, browser, theirs, Reader.STAFF))
            clock.move_to(at(run.FIRST.monday, time(9)))
            for name in net.people[:2]:
                await _sign_in(ports, browser, name)
                text = await (await browser.get("/me")).text()
                net.keep("page /me of Monday", text, name, reader=Reader.PARTICIPANT)


def _staff(net: Net) -> Iterator[tuple[str, Sequence[str]]]:
    """Who works here, and whose words they may see."""
    yield "c2", net.people[::4]  # by the plans of the programme
    yield "c1", net.people  # the host of their group
    yield "a1", ()
    yield COORDINATOR, net.people


@dataclass(slots=True)
class Walk:
    """Somebody who opens every page that links lead them to, some addresses of each kind."""

    net: Net
    browser: Any
    of: Sequence[str]
    reader: Reader
    opened: Counter[str] = field(default_factory=Counter)


async def _walk(walk: Walk) -> None:
    found = await walk.browser.post("/search", data={"words": "zqfirst"})
    text = await found.text()
    walk.net.keep("page of what was found", text, *walk.of, reader=walk.reader)
    waiting = ["/", "/sign-in", "/me", "/metrics", "/healthz"]
    known = {*waiting}
    while waiting:
        address = waiting.pop(0)
        if address.startswith(("/static", "/live")):
            continue
        answer = await walk.browser.get(address)
        if walk.opened[route_of(answer)] >= _OF_EACH:
            continue
        walk.opened[route_of(answer)] += 1
        text = f"{answer.headers}\n{await answer.text(errors='replace')}"
        of_page = f"page {route_of(answer)}"
        walk.net.keep(of_page, text, *walk.of, reader=walk.reader)
        for link in map(unescape, _LINK.findall(text)):
            walk.net.keep(f"link on {of_page}", link, reader=Reader.STAFF)
            if link not in known:
                known.add(link)
                waiting.append(link)


def route_of(answer: Any) -> str:
    """An address without its identifiers."""
    return re.sub(r"[^/]*[0-9][^/]*", "*", answer.url.path)


async def _sign_in(ports: Ports, browser: Any, name: str) -> None:
    async with ports.store.read() as tx:
        account = await tx.accounts.of_person(name)
    assert account is not None
    signed = await begin_session(ports, account)
    browser.session.cookie_jar.update_cookies({"viop": signed.token}, browser.make_url("/"))
