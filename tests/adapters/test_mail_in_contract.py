"""What every way of taking mail in promises: a folder, IMAP, LMTP, and signed calls."""

import asyncio
import smtplib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import ClientResponseError, web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from tests.adapters import dovecot
from tests.make import (
    KEY,
    FixedClock,
    group_session,
    make_ports,
    published_programme,
    seat_of,
)
from tests.replies import answer, calendar, event, mail, text_part
from vioP.app import create_app
from vioP.domain.errors import Unavailable
from vioP.domain.reply import Answer, Why
from vioP.domain.time import Instant, later
from vioP.flows.decide_matter import show_matters
from vioP.flows.read_mail import read_mail
from vioP.flows.receive_mail import MailDesk, receive_mail
from vioP.flows.show import show_session
from vioP.inbound_settings import MailInSettings
from vioP.mail.drop_folder import DropFolder
from vioP.mail.imap import ImapMail
from vioP.mail.lmtp import LmtpMail
from vioP.mail.signed import sign
from vioP.mailroom import open_mailroom
from vioP.ports import MailIn, Ports
from vioP.settings import Settings
from vioP.storage import Store
from vioP.storage.mail_in import Cursor, MailboxState

needs_dovecot = pytest.mark.skipif(bool(dovecot.missing()), reason=dovecot.missing())
SECRET = "a webhook secret for tests"  # noqa: S105 - signs nothing real
PATIENCE = 20.0

Deliver = Callable[[bytes], Awaitable[None]]


@pytest.fixture
def url(sqlite_url: str) -> str:
    """One database is enough here: what is kept is tested with the flows, on both."""
    return sqlite_url


@dataclass
class TickingClock:
    """A clock that is a little later each time, so that what is kept has an order."""

    moment: Instant = FixedClock().moment

    def now(self) -> Instant:
        self.moment = later(self.moment, timedelta(milliseconds=1))
        return self.moment


@dataclass
class DoorToStore:
    """The store behind a door that can be shut, as a database that is away."""

    store: Store
    shut: bool = False

    def read(self) -> Any:
        return self.store.read()

    def write(self) -> Any:
        if self.shut:
            raise Unavailable
        return self.store.write()


@pytest.fixture
def door(store: Store) -> DoorToStore:
    """The way to the store."""
    return DoorToStore(store)


@pytest.fixture
def ports(door: DoorToStore) -> Ports:
    """The program's surroundings."""
    return make_ports(cast("Store", door), TickingClock())


@asynccontextmanager
async def reading(ports: Ports, reader: MailIn) -> AsyncIterator[None]:
    async with open_mailroom(ports, [reader]):
        yield


def drop(home: Path, raw: bytes) -> None:
    number = len(list(home.rglob("*.eml")))
    (home / f".{number}").write_bytes(raw)
    (home / f".{number}").rename(home / f"{number:06d}.eml")


@asynccontextmanager
async def by_folder(ports: Ports, home: Path) -> AsyncIterator[Deliver]:
    async def deliver(raw: bytes) -> None:
        await asyncio.to_thread(drop, home, raw)

    async with reading(ports, DropFolder(home, every=0.05)):
        yield deliver


def imap_at(server: dovecot.Dovecot, **given: Any) -> ImapMail:
    plain: dict[str, Any] = {"port": server.imap, "security": "none", "host": "127.0.0.1"}
    return ImapMail(username=dovecot.USER, password=dovecot.PASSWORD, **plain | given)


@asynccontextmanager
async def by_imap(ports: Ports, home: Path) -> AsyncIterator[Deliver]:
    with dovecot.running(home / "dovecot") as server:
        async with reading(ports, imap_at(server)):
            yield server.deliver


@asynccontextmanager
async def by_imap_asking(ports: Ports, home: Path) -> AsyncIterator[Deliver]:
    with dovecot.running(home / "dovecot", can_idle=False) as server:
        async with reading(ports, imap_at(server, ask_every=0.1)):
            yield server.deliver


@asynccontextmanager
async def listening(ports: Ports) -> AsyncIterator[int]:
    ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    async with reading(ports, LmtpMail("127.0.0.1", 0, ready.set_result)):
        yield await ready


@asynccontextmanager
async def by_lmtp(ports: Ports, home: Path) -> AsyncIterator[Deliver]:
    del home

    async def deliver(raw: bytes) -> None:
        while True:
            try:
                return await asyncio.to_thread(dovecot.hand_over, port, raw)
            except smtplib.SMTPDataError as error:
                if error.smtp_code >= 500:
                    raise
                await asyncio.sleep(0.05)

    async with listening(ports) as port:
        yield deliver


@asynccontextmanager
async def by_lmtp_from_dovecot(ports: Ports, home: Path) -> AsyncIterator[Deliver]:
    async def deliver(raw: bytes) -> None:
        while True:
            try:
                return await server.deliver(raw)
            except smtplib.SMTPDataError as error:
                if error.smtp_code >= 500:
                    raise
                await asyncio.sleep(0.05)

    async with listening(ports) as port:
        with dovecot.running(home / "dovecot", proxy_to=port) as server:
            yield deliver


def app_of(ports: Ports, home: Path, *secrets: str) -> web.Application:
    settings = Settings(
        link_key=SecretStr(KEY.decode()),
        data=home,
        mail_in=MailInSettings(webhook_secrets=tuple(map(SecretStr, secrets))),
    )
    return create_app(ports, settings)


def signed(ports: Ports, raw: bytes, secret: str = SECRET, late: int = 0) -> dict[str, str]:
    sent = str(int(ports.clock.now().timestamp()) - late)
    signature = f"v1,{sign(secret.encode(), 'msg_1', sent, raw)}"
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": sent,
        "webhook-signature": signature,
    }


@asynccontextmanager
async def by_call(ports: Ports, home: Path) -> AsyncIterator[Deliver]:
    async def deliver(raw: bytes) -> None:
        while True:
            headers = signed(ports, raw)
            answer = await client.post("/hooks/mail", data=BytesIO(raw), headers=headers)
            if answer.status < 500:
                answer.raise_for_status()
                return
            await asyncio.sleep(0.05)

    async with TestClient(TestServer(app_of(ports, home, SECRET))) as client:
        yield deliver


WAYS: list[Any] = [
    by_folder,
    pytest.param(by_imap, marks=needs_dovecot),
    pytest.param(by_imap_asking, marks=needs_dovecot),
    by_lmtp,
    pytest.param(by_lmtp_from_dovecot, marks=needs_dovecot),
    by_call,
]
every_way = pytest.mark.parametrize("way", WAYS)


async def until(seen: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await seen():  # noqa: ASYNC110 - what is seen is in the database
            await asyncio.sleep(0.02)


async def said(ports: Ports) -> list[str]:
    return [each.matter.said for each in await show_matters(ports)]


def letter(number: int, text: str) -> bytes:
    return mail(text_part(text), headers={"Message-ID": f"<{number}@x.example>"})


@every_way
async def test_mail_is_taken_whole_byte_for_byte(way, ports: Ports, tmp_path: Path):
    long = "x" * 1500  # longer than the lines a mail server should send
    letters = [letter(n, f"Bär {n} {long}\n.dot") for n in range(3)]

    async def all_here() -> bool:
        return len(await said(ports)) == len(letters)

    async with way(ports, tmp_path) as deliver:
        for each in letters:
            await deliver(each)
        await until(all_here)

    # The clock stands still here, so nothing says which of them came first.
    assert sorted(each[:5] for each in await said(ports)) == ["Bär 0", "Bär 1", "Bär 2"]
    async with ports.store.read() as tx:
        rows = await tx.connection.fetch("SELECT id FROM inbound_mail")
    assert {row["id"] for row in rows} == {read_mail(each).id for each in letters}


@every_way
async def test_mail_that_cannot_be_kept_is_brought_again(
    way, ports: Ports, door: DoorToStore, tmp_path: Path
):
    async def here() -> bool:
        return await said(ports) == ["Hello"]

    async with way(ports, tmp_path) as deliver:
        door.shut = True
        delivering = asyncio.ensure_future(deliver(letter(1, "Hello")))
        await asyncio.sleep(0.5)
        assert await said(ports) == []
        door.shut = False
        await delivering
        await until(here)


@every_way
async def test_a_mail_that_is_too_big_is_named_or_refused_and_holds_up_nobody(
    way, ports: Ports, tmp_path: Path
):
    async def here() -> bool:
        return "Hello" in await said(ports)

    async with way(ports, tmp_path) as deliver:
        refused = False
        try:
            await deliver(letter(1, "Too big " + f"{'x' * 70}\n" * 150_000))
        except (smtplib.SMTPResponseException, ClientResponseError):
            refused = True
        await deliver(letter(2, "Hello"))
        await until(here)

    whys = [each.matter.why for each in await show_matters(ports)]
    assert whys == ([Why.FREE_TEXT] if refused else [Why.TOO_BIG, Why.FREE_TEXT])


@every_way
async def test_a_mail_that_meets_a_fault_of_ours_is_set_aside(
    way, ports: Ports, tmp_path: Path
):
    class Broken:
        async def defer(self, _tx: object, _jobs: object) -> None:
            raise ZeroDivisionError

    await published(ports)
    broken = replace(ports, jobs=Broken())
    raw = await accepted(ports)

    async def both_here() -> bool:
        return len(await show_matters(ports)) == 2

    async with way(broken, tmp_path) as deliver:
        await deliver(raw)
        await deliver(letter(2, "Hello"))
        await until(both_here)

    # Of two of the same instant either may come first.
    found = [each.matter.why for each in await show_matters(ports)]
    assert sorted(found) == [Why.FAULT, Why.FREE_TEXT]


async def published(ports: Ports) -> None:
    await published_programme(make_ports(ports.store, FixedClock()))


async def accepted(ports: Ports) -> bytes:
    """p1's calendar accepts the group at nine."""
    seat = await seat_of(ports, await group_session(ports), "p1")
    async with ports.store.read() as tx:
        [row] = await tx.connection.fetch("SELECT uid FROM seat WHERE id = :id", id=seat)
    return answer(calendar(event(uid=f"{row['uid']}@example.org")))


@needs_dovecot
async def test_a_reply_is_on_the_roster_within_five_seconds(ports: Ports, tmp_path: Path):
    await published(ports)
    raw = await accepted(ports)
    session = await group_session(ports)

    async def on_the_roster() -> bool:
        shown = await show_session(ports, session)
        own = next(each for each in shown.seats if each.participant_id == "p1")
        return own.reply is not None and own.reply.answer is Answer.ACCEPTED

    async with by_imap(ports, tmp_path) as deliver:
        await deliver(letter(1, "The first look is over"))
        await until(lambda: _is_idle(ports))
        async with asyncio.timeout(5):
            await deliver(raw)
            await until(on_the_roster)


async def _is_idle(ports: Ports) -> bool:
    await asyncio.sleep(0.3)
    return bool(await said(ports))


async def state(ports: Ports, reader: MailIn) -> MailboxState | None:
    async with ports.store.read() as tx:
        return await tx.mail_in.mailbox(reader.name)


@needs_dovecot
async def test_a_mailbox_that_is_away_is_found_again_and_read_on(
    ports: Ports, tmp_path: Path
):
    home, free = tmp_path / "dovecot", dovecot.free_ports()
    reader = imap_at(dovecot.Dovecot(home, *free))

    async def is_troubled() -> bool:
        found = await state(ports, reader)
        return found is not None and "mail_in.host" in found.trouble

    async def has_read(uid: int) -> bool:
        found = await state(ports, reader)
        return found is not None and found.cursor.uid == uid and not found.trouble

    with dovecot.running(home, ports=free) as server:
        mailroom = reading(ports, reader)
        await mailroom.__aenter__()
        await server.deliver(letter(1, "one"))
        await until(lambda: has_read(1))
    try:
        await until(is_troubled)
        assert not await has_read(1)
        with dovecot.running(home, ports=free) as server:
            await server.deliver(letter(2, "two"))
            await until(lambda: has_read(2))
    finally:
        await mailroom.__aexit__(None, None, None)

    assert await said(ports) == ["one", "two"]


@needs_dovecot
async def test_a_mailbox_made_anew_is_read_from_its_beginning_and_nothing_taken_twice(
    ports: Ports, tmp_path: Path
):
    with dovecot.running(tmp_path / "dovecot") as server:
        reader = imap_at(server)
        await server.deliver(letter(1, "one"))
        await MailDesk(ports).keep_cursor(reader.name, Cursor(validity=7, uid=900))

        async def is_read() -> bool:
            found = await state(ports, reader)
            return found is not None and found.cursor.uid == 1

        for _ in range(2):
            async with reading(ports, reader):
                await until(is_read)
            await MailDesk(ports).keep_cursor(reader.name, Cursor(validity=8, uid=900))

    assert await said(ports) == ["one"]


@needs_dovecot
@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_certificate_nobody_vouches_for_is_refused_and_a_good_one_taken(
    ports: Ports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security
):
    with dovecot.running(tmp_path / "dovecot") as server:
        port = server.imaps if security == "tls" else server.imap
        reader = imap_at(server, port=port, security=security)
        with pytest.raises(Unavailable):
            await reader.run(MailDesk(ports))

        monkeypatch.setenv("SSL_CERT_FILE", str(server.home / "cert.pem"))
        await server.deliver(letter(1, "one"))

        async def here() -> bool:
            return await said(ports) == ["one"]

        async with reading(ports, reader):
            await until(here)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 200),
        ({"webhook-signature": ""}, 403),
        ({"webhook-signature": "v1,AAAA"}, 403),
        ({"webhook-id": "msg_2"}, 403),
        ({"webhook-timestamp": "0"}, 403),
        ({"webhook-timestamp": "soon"}, 403),
    ],
)
async def test_a_call_is_believed_only_as_it_was_signed(
    ports: Ports, tmp_path: Path, change, status
):
    raw = letter(1, "Hello")
    async with TestClient(TestServer(app_of(ports, tmp_path, SECRET))) as client:
        headers = signed(ports, raw) | change
        answer = await client.post("/hooks/mail", data=raw, headers=headers)
        assert answer.status == status
        assert len(await said(ports)) == (status == 200)

        tampered = await client.post("/hooks/mail", data=raw + b"x", headers=headers)
        late = await client.post(
            "/hooks/mail", data=raw, headers=signed(ports, raw, late=301)
        )
        assert tampered.status == late.status == 403


async def test_while_a_secret_is_changed_both_count(ports: Ports, tmp_path: Path):
    new = "another webhook secret, the new one"
    raw = letter(1, "Hello")
    async with TestClient(TestServer(app_of(ports, tmp_path, SECRET, new))) as client:
        for secret, status in (
            (SECRET, 200),
            (new, 200),
            ("neither of the two secrets", 403),
        ):
            answer = await client.post(
                "/hooks/mail", data=raw, headers=signed(ports, raw, secret)
            )
            assert answer.status == status


async def test_without_a_secret_there_is_no_such_address(ports: Ports, tmp_path: Path):
    async with TestClient(TestServer(app_of(ports, tmp_path))) as client:
        answer = await client.post("/hooks/mail", data=b"x", headers=signed(ports, b"x"))

        assert answer.status == 404


async def test_lmtp_takes_one_recipient_at_a_time(ports: Ports):
    def hand_over(port: int) -> dict[str, tuple[int, bytes]]:
        with smtplib.LMTP("127.0.0.1", port) as client:
            return client.sendmail(
                "a@x.example", ["b@x.example", "c@x.example"], b"\r\nhi\r\n"
            )

    async with listening(ports) as port:
        refused = await asyncio.to_thread(hand_over, port)

    assert refused["c@x.example"][0] == 452


async def test_a_reader_that_is_told_to_stop_stops(ports: Ports, tmp_path: Path):
    task = asyncio.ensure_future(receive_mail(ports, DropFolder(tmp_path)))
    await asyncio.sleep(0.05)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
