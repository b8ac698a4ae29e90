"""What every way of sending mail promises: a folder, a mail server, and the tests' own postbox."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.adapters.letters import a_letter
from tests.make import Postbox
from vioP.domain.errors import Unavailable
from vioP.mail.errors import Undeliverable
from vioP.mail.outbox import FolderMail, list_mails, read_mail
from vioP.mail.smtp import SmtpMail
from vioP.ports import MailOut


@dataclass
class Server:
    """A mail server that keeps what it gets and can be told to refuse."""

    got: list[bytes] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the server's own word
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if self.answers and self.answers[0].startswith("rcpt"):
            return self.answers.pop(0).removeprefix("rcpt ")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the server's own word
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.answers:
            answer = self.answers.pop(0)
            if answer == "drop":
                assert isinstance(envelope.original_content, bytes)
                self.got.append(envelope.original_content)
                transport: Any = server.transport
                transport.abort()
                return "250 lost on the way"
            return answer
        assert isinstance(envelope.original_content, bytes)
        self.got.append(envelope.original_content)
        self.recipients += envelope.rcpt_tos
        return "250 Taken"


@dataclass
class Way:
    """A way of sending, and how to see what arrived."""

    mail: MailOut
    arrived: Callable[[], list[bytes]]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
async def smtp(server: Server) -> AsyncIterator[SmtpMail]:
    """SMTP to a real server on this machine."""
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: SMTP(server), "127.0.0.1", 0)
    mail = SmtpMail("127.0.0.1", listening.sockets[0].getsockname()[1], security="none")
    yield mail
    await mail.close()
    listening.close()
    await listening.wait_closed()


@pytest.fixture(params=["folder", "smtp", "postbox"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Way:
    """Each way of sending."""
    if request.param == "folder":
        files = lambda: [each.read_bytes() for each in tmp_path.glob("*.eml")]  # noqa: E731
        return Way(FolderMail(tmp_path), files)
    if request.param == "postbox":
        postbox = Postbox()
        return Way(postbox, lambda: [each.raw for each in postbox.letters.values()])
    server = request.getfixturevalue("server")
    unique = lambda: list(dict.fromkeys(server.got))  # noqa: E731 - a mailbox knows a copy
    return Way(request.getfixturevalue("smtp"), unique)


async def test_a_letter_arrives_byte_for_byte(way: Way):
    letter = a_letter()

    reference = await way.mail.send(letter)

    assert reference
    assert [each.rstrip() for each in way.arrived()] == [letter.raw.rstrip()]


async def test_the_same_letter_again_is_the_same_letter(way: Way):
    await way.mail.send(a_letter())
    await way.mail.send(a_letter())

    assert len(way.arrived()) == 1


async def test_twenty_at_once_all_arrive(way: Way):
    letters = [a_letter(uid=f"{number:040x}") for number in range(20)]

    await asyncio.gather(*(way.mail.send(each) for each in letters))

    assert len(way.arrived()) == 20


async def test_a_server_that_asks_to_wait_is_asked_again(server: Server, smtp: SmtpMail):
    server.answers = ["451 later", "rcpt 450 greylisted"]

    for _ in range(2):
        with pytest.raises(Unavailable):
            await smtp.send(a_letter())
    await smtp.send(a_letter())

    assert len(server.got) == 1


@pytest.mark.parametrize("answer", ["rcpt 550 no such user", "554 refused"])
async def test_a_refusal_for_good_is_said_so(server: Server, smtp: SmtpMail, answer: str):
    server.answers = [answer]

    with pytest.raises(Undeliverable):
        await smtp.send(a_letter())
    await smtp.send(a_letter())

    assert len(server.got) == 1


async def test_a_line_cut_after_the_letter_leaves_it_to_be_sent_again_unchanged(
    server: Server, smtp: SmtpMail
):
    server.answers = ["drop"]

    with pytest.raises(Unavailable):
        await smtp.send(a_letter())
    await smtp.send(a_letter())

    assert len(server.got) == 2
    assert server.got[0] == server.got[1]


async def test_a_server_that_says_nothing_is_given_up_in_time():
    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    listening = await asyncio.start_server(wait, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    mail = SmtpMail("127.0.0.1", port, security="none", timeout=0.2)

    answers = await asyncio.gather(
        *(mail.send(a_letter()) for _ in range(3)), return_exceptions=True
    )

    assert [type(each) for each in answers] == [Unavailable] * 3
    listening.close()
    await listening.wait_closed()


@pytest.mark.parametrize("greeting", [b"554 go away\r\n", b"421 closing\r\n", b"hello\r\n"])
async def test_a_server_that_does_not_let_us_in_costs_nobody_their_letter(greeting: bytes):
    async def refuse(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(refuse, "127.0.0.1", 0)
    mail = SmtpMail("127.0.0.1", listening.sockets[0].getsockname()[1], security="none")

    with pytest.raises(Unavailable):
        await mail.send(a_letter())

    await mail.close()
    listening.close()
    await listening.wait_closed()


async def test_a_password_that_is_refused_costs_nobody_their_letter(server: Server):
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: SMTP(server, authenticator=lambda *_: AuthResult(success=False, handled=False),
                     auth_require_tls=False),
        "127.0.0.1",
        0,
    )  # fmt: skip
    port = listening.sockets[0].getsockname()[1]
    mail = SmtpMail("127.0.0.1", port, "viop", "wrong", security="none")

    with pytest.raises(Unavailable):
        await mail.send(a_letter())

    await mail.close()
    listening.close()
    await listening.wait_closed()


async def test_nobody_listening_is_unavailable():
    with pytest.raises(Unavailable):
        await SmtpMail("127.0.0.1", 1, security="none").send(a_letter())


async def test_a_folder_that_cannot_be_written_says_where_and_how_to_mend_it(
    tmp_path: Path,
):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Unavailable, match=r"folder .*file.* cannot be written"):
        await FolderMail(tmp_path / "file" / "mail").send(a_letter())


async def test_what_was_kept_can_be_read_again(tmp_path: Path):
    await FolderMail(tmp_path).send(a_letter())

    [line] = list_mails(tmp_path)
    mail = read_mail(tmp_path, line.id)

    assert mail is not None
    assert (line.subject, line.to) == (mail.subject, mail.to)
    assert mail.subject == "Example Health appointment"
    assert mail.raw == a_letter().raw
    assert "Ada R." in mail.text
    assert mail.calendar.startswith("BEGIN:VCALENDAR")


@pytest.mark.parametrize(
    "name", ["nothing.eml", "../secret.eml", "/etc/passwd", "", "x.txt"]
)
def test_only_a_letter_of_the_folder_can_be_read(tmp_path: Path, name: str):
    (tmp_path / "secret.eml").write_text("not in the folder")
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "x.txt").write_text("no letter")

    assert read_mail(tmp_path / "mail", name) is None
