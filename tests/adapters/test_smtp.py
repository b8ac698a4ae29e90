"""SMTP to real servers on this machine: what each answer means, and what is refused by us."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.adapters.letters import a_letter
from tests.adapters.mail_servers import Server, certificate, listening, only
from vioP.domain.errors import VioPError
from vioP.mail.errors import (
    AddressRefused,
    AskedToWait,
    NotAllowed,
    NotBegun,
    NotLetIn,
    NotTrusted,
    SenderRefused,
    ServerAway,
    Undeliverable,
)
from vioP.mail.server import Limits, MailServer
from vioP.mail.smtp import SmtpMail

SHORT = timedelta(seconds=0.3)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
async def mail(server: Server) -> AsyncIterator[SmtpMail]:
    """One connection, so that what is said on it has an order."""
    async with listening(server) as at, SmtpMail.open(at, Limits(connections=1)) as mail:
        yield mail


@pytest.fixture(scope="session")
def localhost(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost."""
    return certificate(tmp_path_factory.mktemp("tls"))


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def talking(talk: Talk) -> AsyncIterator[MailServer]:
    """A server that says what a test lets it say."""

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await talk(reader, writer)
        writer.close()

    opened = await asyncio.start_server(once, "127.0.0.1", 0)
    yield MailServer("127.0.0.1", opened.sockets[0].getsockname()[1], security="none")
    opened.close()
    await opened.wait_closed()


@pytest.mark.parametrize(
    ("answer", "means"),
    [
        ("mail 451 later", AskedToWait),
        ("mail 553 not your address", SenderRefused),
        ("mail 530 5.7.0 sign in first", NotLetIn),
        ("rcpt 450 greylisted", AskedToWait),
        ("rcpt 550 no such user", AddressRefused),
        ("rcpt 550 5.1.1 no such user", AddressRefused),
        ("rcpt 550 5.7.1 you may not", NotAllowed),
        ("rcpt 421 too many", ServerAway),
        ("451 later", AskedToWait),
        ("554 refused", Undeliverable),
        ("421 closing", ServerAway),
        ("drop", ServerAway),
    ],
)
async def test_each_answer_is_understood_and_the_next_letter_leaves_all_the_same(
    server: Server, mail: SmtpMail, answer: str, means: type[VioPError]
):
    server.answers = [answer]

    with pytest.raises(means) as met:
        await mail.send(a_letter())
    await mail.send(a_letter(uid="cd" * 20))

    assert type(met.value) is means
    assert server.got[-1].rstrip() == a_letter(uid="cd" * 20).raw.rstrip()


async def test_a_line_cut_after_the_letter_leaves_it_to_be_sent_again_unchanged(
    server: Server, mail: SmtpMail
):
    server.answers = ["drop"]

    with pytest.raises(ServerAway):
        await mail.send(a_letter())
    await mail.send(a_letter())

    assert len(server.got) == 2
    assert server.got[0] == server.got[1]


async def test_a_line_that_died_while_nobody_wrote_is_opened_again_unnoticed(
    server: Server, mail: SmtpMail
):
    await mail.send(a_letter())
    server.answers = ["mail 421 you were silent for too long"]

    await mail.send(a_letter())

    assert len(server.got) == 2


async def test_what_was_taken_is_written_down_before_another_letter_is_given_away(
    server: Server,
):
    unknown: list[int] = []

    async def note(_reference: str) -> None:
        await asyncio.sleep(0.02)
        unknown.append(len(server.got) - len(unknown))

    async with listening(server) as at, SmtpMail.open(at, Limits(per_domain=4)) as mail:
        letters = [a_letter(uid=f"{number:040x}") for number in range(8)]
        await asyncio.gather(*(mail.send(each, note) for each in letters))

    assert unknown == [1] * 8, "taken, and not yet written down"
    assert len(server.got) == 8


async def test_whoever_is_told_to_stop_sees_off_the_letter_under_way_and_begins_no_other(
    mail: SmtpMail, server: Server
):
    written: list[int] = []

    async def note(_reference: str) -> None:
        await asyncio.sleep(0.1)
        written.append(len(server.got))

    sending = [
        asyncio.create_task(mail.send(a_letter(uid=f"{number:040x}"), note))
        for number in range(3)
    ]
    for _ in range(1000):
        if server.got:
            break
        await asyncio.sleep(0.005)
    for each in sending:
        each.cancel()
    ended = await asyncio.gather(*sending, return_exceptions=True)

    assert [type(each) for each in ended] == [asyncio.CancelledError] * 3
    assert written == [1]
    assert len(server.got) == 1


async def test_a_letter_whose_leaving_cannot_be_written_down_says_so(mail: SmtpMail):
    async def fail(_reference: str) -> None:
        raise KeyError("the database is gone")

    with pytest.raises(KeyError):
        await mail.send(a_letter(), fail)

    await mail.send(a_letter())


async def test_a_server_that_says_nothing_is_given_up_in_time():
    async def wait(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with talking(wait) as at, SmtpMail.open(at, longest=SHORT) as mail:
        answers = await asyncio.gather(
            *(mail.send(a_letter()) for _ in range(3)), return_exceptions=True
        )

    assert {type(each) for each in answers} <= {ServerAway, NotBegun}


@pytest.mark.parametrize("greeting", [b"554 go away\r\n", b"421 closing\r\n", b"hello\r\n"])
async def test_a_server_that_does_not_greet_costs_nobody_their_letter(greeting: bytes):
    async def refuse(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()

    async with talking(refuse) as at, SmtpMail.open(at) as mail:
        with pytest.raises(ServerAway):
            await mail.send(a_letter())


async def test_nobody_listening_is_trouble_and_soon_nothing_more_is_begun():
    nobody = MailServer("127.0.0.1", 1, security="none")
    async with SmtpMail.open(nobody, Limits(connections=1)) as mail:
        for _ in range(3):
            with pytest.raises(ServerAway):
                await mail.send(a_letter())

        with pytest.raises(NotBegun) as rests:
            await mail.send(a_letter())

    assert timedelta(seconds=4) < rests.value.wait <= timedelta(seconds=5)


async def test_those_who_wait_for_a_server_in_trouble_are_turned_away_at_once():
    nobody = MailServer("127.0.0.1", 1, security="none")
    async with SmtpMail.open(nobody, Limits(connections=1)) as mail:
        answers = await asyncio.gather(
            *(mail.send(a_letter()) for _ in range(9)), return_exceptions=True
        )

    assert [type(each) for each in answers] == [ServerAway] * 3 + [NotBegun] * 6


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_mail_leaves_encrypted_and_with_our_name_and_password(
    server: Server, localhost: Path, security
):
    async with (
        listening(
            server,
            security,
            localhost,
            authorities=str(localhost / "cert.pem"),
            username="viop",
            password="right",  # noqa: S106 - the test's own
            **only("right", security),
        ) as at,
        SmtpMail.open(at) as mail,
    ):
        await mail.send(a_letter())

    assert [each.rstrip() for each in server.got] == [a_letter().raw.rstrip()]


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_nobody_vouches_for_is_refused(
    server: Server, localhost: Path, security
):
    async with listening(server, security, localhost) as at, SmtpMail.open(at) as mail:
        with pytest.raises(NotTrusted):
            await mail.send(a_letter())

    assert server.got == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_for_another_name_is_refused(
    server: Server, tmp_path: Path, security
):
    other = certificate(tmp_path / "other", "mail.somebody-else.example")
    trusted = str(other / "cert.pem")
    async with (
        listening(server, security, other, authorities=trusted) as at,
        SmtpMail.open(at) as mail,
    ):
        with pytest.raises(NotTrusted):
            await mail.send(a_letter())

    assert server.got == []


async def test_a_server_without_encryption_gets_neither_password_nor_letter():
    offered: list[bytes] = []

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        while line := await reader.readline():
            offered.append(line)
            writer.write(b"250-mail.example\r\n250 AUTH PLAIN LOGIN\r\n")

    async with talking(plain) as at:
        stripped = MailServer(at.host, at.port, "viop", "secret", "starttls")
        async with SmtpMail.open(stripped) as mail:
            with pytest.raises(NotTrusted):
                await mail.send(a_letter())

    assert [line.split()[0] for line in offered] == [b"EHLO"]


async def test_a_password_that_is_refused_costs_nobody_their_letter(
    server: Server, localhost: Path
):
    async with (
        listening(
            server,
            "starttls",
            localhost,
            authorities=str(localhost / "cert.pem"),
            username="viop",
            password="wrong",  # noqa: S106 - the test's own
            **only("right"),
        ) as at,
        SmtpMail.open(at) as mail,
    ):
        with pytest.raises(NotLetIn):
            await mail.send(a_letter())

    assert server.got == []


@pytest.mark.parametrize("host", ["mail.example", "10.0.0.1", "127.0.0.1.example"])
def test_no_setting_lets_mail_travel_readable(host: str):
    with pytest.raises(ValueError, match="must be starttls or tls"):
        MailServer(host, 25, security="none")


def test_a_password_is_not_shown():
    assert "secret" not in repr(MailServer("127.0.0.1", 25, "viop", "secret"))
