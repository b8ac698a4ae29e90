"""A conversation with mail servers that misbehave, scripted line by line."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from vioP.domain.errors import Unavailable
from vioP.mail.imap_session import ImapSession, Security, session

OK = b"%s OK done\r\n"
LET_IN = [OK, b"* CAPABILITY IMAP4rev1 IDLE\r\n%s OK done\r\n"]


@dataclass
class Script:
    """A server that greets, then answers each line with the next answer, its tag filled in."""

    answers: list[bytes]
    greeting: bytes = b"* OK hello\r\n"
    heard: list[str] = field(default_factory=list)

    async def speak(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(self.greeting)
        tag = b""
        for each in self.answers:
            line = await reader.readline()
            self.heard.append(line.decode().strip())
            if line != b"DONE\r\n":
                tag = line.split()[0]
            writer.write(each.replace(b"%s", tag))
            await writer.drain()
        writer.close()


@asynccontextmanager
async def talking(
    answers: Sequence[bytes], word: str = "secret", security: Security = "none"
) -> AsyncIterator[tuple[ImapSession, Script]]:
    script = Script(list(answers))
    server = await asyncio.start_server(script.speak, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, session("127.0.0.1", port, "me", word, security) as opened:
        yield opened, script


async def test_new_mail_told_in_one_breath_with_the_go_ahead_is_not_overlooked():
    told = b"+ idling\r\n* 3 EXISTS\r\n"

    async with talking([*LET_IN, told, OK]) as (opened, script), asyncio.timeout(5):
        await opened.wait(60)

    assert script.heard[-1] == "DONE"


async def test_new_mail_told_beside_another_answer_is_looked_for_before_waiting():
    searched = b"* SEARCH 1\r\n%s OK\r\n"
    fetched = b"* 2 EXISTS\r\n* 1 FETCH (UID 1 RFC822.SIZE 9)\r\n%s OK\r\n"

    async with talking([*LET_IN, searched, fetched]) as (opened, script):
        assert await opened.after(0) == [1]
        assert await opened.size(1) == 9
        async with asyncio.timeout(5):
            await opened.wait(60)

    assert not any("IDLE" in each for each in script.heard)


async def test_a_server_that_tells_nothing_is_waited_for_no_longer_than_said():
    async with talking([*LET_IN, b"+ idling\r\n", OK]) as (opened, _), asyncio.timeout(5):
        await opened.wait(0.1)


async def test_what_is_asked_cannot_be_slipped_another_command():
    async with talking(LET_IN, 'a"b\\c\r\nx DELETE INBOX') as (opened, script):
        assert opened.can_idle

    assert script.heard[0] == 'v1 LOGIN "me" "a\\"b\\\\cx DELETE INBOX"'
    assert len(script.heard) == 2


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([], "hung up"),
        ([b"%s NO secret is wrong\r\n"], "mail_in.password"),
        ([b"%s BAD\r\n"], "refused us"),
        ([OK, b"* CAPABILITY {99999999999}\r\n"], "broke"),
        ([OK, b"* CAPABILITY {many}\r\n"], "broke"),
        ([OK, b"* CAPABILITY {20}\r\nshort"], "broke"),
    ],
)
async def test_a_server_that_refuses_or_breaks_off_is_told_apart_from_a_mail(answers, said):
    with pytest.raises(Unavailable) as refused:
        async with talking(answers):
            pytest.fail("nobody should have been let in")

    assert said in str(refused.value)
    assert "secret" not in str(refused.value)


async def test_what_is_said_before_encryption_ends_the_conversation():
    injected = b"%s OK go on\r\n* CAPABILITY IMAP4rev1\r\nv2 OK let in\r\n"

    with pytest.raises(Unavailable, match="before encryption"):
        async with talking([injected], security="starttls"):
            pytest.fail("nobody should have been let in")


@pytest.mark.parametrize("answer", [b"* 1 FETCH (FLAGS ())\r\n%s OK\r\n", b"%s OK\r\n"])
async def test_a_mail_that_is_gone_is_nothing(answer):
    async with talking([*LET_IN, answer, answer]) as (opened, _):
        assert await opened.size(7) is None
        assert await opened.fetch(7, 100) is None


async def test_another_mails_news_is_not_taken_for_this_one():
    news = (
        b"* 1 FETCH (UID 70 BODY[]<0> {2}\r\nno)\r\n"
        b"* 2 FETCH (UID 7 BODY[]<0> {3}\r\nyes)\r\n%s OK\r\n"
    )
    async with talking([*LET_IN, news]) as (opened, _):
        assert await opened.fetch(7, 100) == b"yes"
