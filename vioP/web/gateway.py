"""The gateway: browsers reach Janus through it, as whom and where it says.

A browser has one credential, its link or its sign-in. The gateway knows from it who that is
and which room is theirs; it lets through only what ``vioP.video.janus.requests`` lists, sees
every connection come and go, and so what it notes is proven.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self

import structlog
from aiohttp import ClientError, WSMsgType, web

from vioP.beside import beside
from vioP.domain.attendance import Evidence, Fact, Leg
from vioP.domain.errors import Unavailable
from vioP.domain.ids import SeatId, SessionId
from vioP.domain.room import Guest
from vioP.flows.note_presence import Noted, admit
from vioP.ports import Ports
from vioP.strict_json import read_json
from vioP.video.janus.requests import RequestRefused, to_janus
from vioP.video.janus.rooms import JanusRooms
from vioP.video.janus.switchboard import Line
from vioP.video.janus.upstream import Upstream
from vioP.video.turn import Relay
from vioP.web.evidence_desk import EvidenceDesk
from vioP.web.pace import Pace

log = structlog.get_logger()

# A frozen browser answers no ping; it is gone after one and a half of these seconds.
HEARTBEAT = 10.0
_GOODBYE = 1.0
MOVED = 4001
AGAIN = 1012
NONSENSE = 1007
_SOURCE = "janus"
_LARGEST = 256 * 1024
_LONGEST_TAB = 40
# Entering a full room takes a browser a few dozen messages, and minutes later hardly any.
AT_ONCE, A_SECOND = 500, 50.0


@dataclass(frozen=True)
class Gateway:
    """Everything a browser's connection needs."""

    ports: Ports
    rooms: JanusRooms
    relay: Relay
    desk: EvidenceDesk

    @classmethod
    @asynccontextmanager
    async def open(
        cls, ports: Ports, rooms: JanusRooms, relay: Relay
    ) -> AsyncIterator[Self]:
        """A gateway, serving for as long as the block lasts."""
        desk = EvidenceDesk(ports)
        async with desk.open():
            yield cls(ports, rooms, relay, desk)

    async def serve(
        self, request: web.Request, session_id: SessionId, guest: Guest
    ) -> web.WebSocketResponse:
        """Hold one browser's connection until it ends."""
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT, timeout=_GOODBYE, max_msg_size=_LARGEST
        )
        await socket.prepare(request)
        connection = self.ports.secrets.mint("con", self.ports.clock.now())
        tab = request.query.get("tab", "")[:_LONGEST_TAB]

        async def send(message: Mapping[str, object]) -> None:
            with suppress(ConnectionError):  # a socket that closes meanwhile needs no news
                await socket.send_json(message)

        async def hang_up(code: int) -> None:
            await socket.close(code=code)

        line = Line(session_id, guest, connection, tab, send, hang_up)
        conversation = Conversation(self, line, socket)
        self.rooms.switchboard.add(line)
        conversation.note(Fact.ENTERED)
        try:
            await conversation.hold()
        finally:
            self.rooms.switchboard.drop(line)
            conversation.note(Fact.LEFT)
            await self.rooms.switchboard.tell_hosts(session_id)
        return socket


class Conversation:
    """One browser's connection, from its first word to its last."""

    def __init__(self, gateway: Gateway, line: Line, socket: web.WebSocketResponse) -> None:
        self._gateway = gateway
        self._line = line
        self._socket = socket
        self._noted = 0
        self._upstream: Upstream | None = None

    def note(self, fact: Fact, leg: Leg | None = None) -> None:
        """Have a fact about this connection written down."""
        line = self._line
        now = self._gateway.ports.clock.now()
        evidence = Evidence(fact, now, _SOURCE, leg, line.connection)
        key = f"room:{line.connection}:{self._noted}"
        self._noted += 1
        self._gateway.desk.take(Noted(line.session_id, line.guest, evidence, key))

    async def hold(self) -> None:
        """Serve the browser until it is gone or was hung up.

        One that floods is read no faster than others need, which slows down itself alone.
        """
        pace = Pace(AT_ONCE, A_SECOND)
        async with beside(self._attend()):
            async for message in self._socket:
                await pace.turn()
                if message.type is WSMsgType.TEXT:
                    await self._hear(message.data)

    async def _attend(self) -> None:
        """Take the browser through the doors and into the room; at the end it comes again."""
        try:
            await self._be_the_only_one()
            await self._wait_to_be_admitted()
            await self._be_inside()
        finally:
            await self._line.hang_up(AGAIN)

    async def _be_inside(self) -> None:
        """Pass on what Janus says, until it hangs up."""
        rooms, line = self._gateway.rooms, self._line
        try:
            room = await rooms.ensure(line.session_id)
            address = await rooms.process.wait()
            async with Upstream.open(rooms.http, address, room, line) as upstream:
                self._upstream = upstream
                await line.send(self._welcome())
                await rooms.switchboard.tell_hosts(line.session_id)
                for each in rooms.switchboard.inside(line):
                    for news in each.news(line):
                        await line.send(news)
                async for heard in upstream.heard():
                    await self._report(heard)
                    await line.send(heard)
        except (Unavailable, ClientError, OSError) as error:
            log.warning("room.line_ended", session_id=line.session_id, exc_info=error)
        finally:
            self._upstream = None
        for leg in sorted(line.legs):
            self._lost(leg)

    async def _be_the_only_one(self) -> None:
        """One device at a time: the same tab replaces itself, another one asks first."""
        line, switchboard = self._line, self._gateway.rooms.switchboard
        for each in switchboard.others(line):
            if each.tab == line.tab:
                await each.hang_up(MOVED)
        if any(each.tab != line.tab for each in switchboard.others(line)):
            await line.send({"viop": "elsewhere"})
            await line.taken_over.wait()
        line.taken_over.set()
        for each in switchboard.others(line):
            await each.hang_up(MOVED)

    async def _wait_to_be_admitted(self) -> None:
        line, gateway = self._line, self._gateway
        if not line.guest.is_host and gateway.ports.house.waiting_room:
            async with gateway.ports.store.read() as tx:
                known = await tx.rooms.is_admitted(SeatId(line.guest.id))
            if not known and not line.admitted.is_set():
                await line.send({"viop": "wait"})
                await gateway.rooms.switchboard.tell_hosts(line.session_id)
                await line.admitted.wait()
        line.admitted.set()

    def _welcome(self) -> dict[str, object]:
        line, gateway = self._line, self._gateway
        now = gateway.ports.clock.now()
        return {
            "viop": "enter",
            "feed": line.connection,
            "name": line.guest.name,
            "host": line.guest.is_host,
            "ice": gateway.relay.ice_servers(line.connection, now),
        }

    async def _hear(self, said: str) -> None:
        """What the browser says: to us, or to Janus."""
        try:
            asked = read_json(said)
        except ValueError:
            asked = None
        if not isinstance(asked, dict):
            await self._line.hang_up(NONSENSE)
            return
        if "viop" in asked:
            await self._obey(asked)
            return
        try:
            await self._pass_on(asked)
        except RequestRefused as refused:
            log.warning("room.request_refused", session_id=self._line.session_id)
            await self._line.send(
                {
                    "janus": "error",
                    "transaction": str(asked.get("transaction", ""))[:64],
                    "error": {"code": 403, "reason": str(refused)},
                }
            )
        except (ClientError, ConnectionError):
            await self._line.hang_up(AGAIN)

    async def _pass_on(self, asked: Mapping[str, Any]) -> None:
        """Ask Janus, once this browser is in the room.

        Raises:
            RequestRefused: It is not, or may not ask for this.
        """
        if self._upstream is None:
            raise RequestRefused
        await self._upstream.ask(to_janus(self._upstream.place, asked))

    async def _obey(self, asked: Mapping[str, Any]) -> None:
        line = self._line
        match asked["viop"], asked.get("leg"):
            case "take_over", _:
                line.taken_over.set()
            case "admit", _ if line.guest.is_host:
                await self._admit(str(asked.get("who", "")))
            case "ping", _:
                await line.send({"viop": "pong"})
            case "off", ("audio" | "video") as leg:
                line.muted.add(Leg(leg))
                await self._gateway.rooms.switchboard.tell_others(line, line.media)
            case "on", ("audio" | "video") as leg:
                line.muted.discard(Leg(leg))
                await self._gateway.rooms.switchboard.tell_others(line, line.media)
            case _:
                log.warning("room.request_refused", session_id=line.session_id)

    async def _admit(self, who: str) -> None:
        """Let one person in, or everybody who waits."""
        line, gateway = self._line, self._gateway
        waiting = gateway.rooms.switchboard.waiting(line.session_id)
        chosen = [each for each in waiting if who in {each.connection, "everybody"}]
        seats = [SeatId(each.guest.id) for each in chosen]
        await admit(gateway.ports, seats, line.guest.id)
        for each in chosen:
            each.admitted.set()
        await gateway.rooms.switchboard.tell_hosts(line.session_id)

    async def _report(self, heard: Mapping[str, Any]) -> None:
        """Turn what Janus sees of this browser's media into evidence."""
        line = self._line
        leg = self._upstream.place.sends(heard.get("sender")) if self._upstream else None
        if leg is None:
            return
        match heard:
            case {"janus": "media", "type": kind, "receiving": True} if kind == leg:
                if leg not in line.legs:
                    line.legs.add(leg)
                    line.was_received = True
                    self.note(Fact.MEDIA_UP, leg)
                    if leg is Leg.AUDIO:
                        await self._gateway.rooms.switchboard.release_phones(line)
            case {"janus": "media", "type": kind} if kind == leg and leg in line.legs:
                self._lost(leg)
            case {"janus": "hangup"} if leg in line.legs:
                self._lost(leg)
            case _:
                return
        await self._gateway.rooms.switchboard.tell_others(line, line.media)

    def _lost(self, leg: Leg) -> None:
        """Nothing more is received by a leg; whoever turned it off is still there."""
        self._line.legs.discard(leg)
        self.note(Fact.MEDIA_DOWN, leg)
        if leg in self._line.muted:
            self.note(Fact.ENTERED)
