"""SIP over TLS with encrypted sound, and an account that must prove who it is."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import md5
from pathlib import Path

from tests.adapters.test_sip_telephone import until
from tests.sip_line import certificate, choices, next_line, samples, telephone
from tests.sip_phone import NUMBER, SipPhone, free_port
from vioP.domain.call import CallState, PhoneCall, prompt
from vioP.domain.line import Answered, Ended
from vioP.phone.sounds import Sounds

CALL = PhoneCall(
    "call:sea_1:0:phone", NUMBER, prompt("Example Health"), ring=timedelta(seconds=8)
)
RIGHT, WRONG = "s3cret; of course", "wrong-one"
SECURE = ";mediaenc=srtp-mand"


@asynccontextmanager
async def secure_phone(folder: Path, both: Path) -> AsyncIterator[tuple[SipPhone, str]]:
    """A telephone that takes encrypted calls only, and its address."""
    extra = f"module srtp.so\nsip_certificate {both}\n"
    async with SipPhone.open(folder / "phone", account=SECURE, extra=extra) as phone:
        yield phone, f"127.0.0.1:{phone.port + 1}"


async def test_a_call_over_tls_with_encrypted_sound(sounds: Sounds, tmp_path: Path):
    alone, both = await asyncio.to_thread(certificate, tmp_path, "right")
    async with secure_phone(tmp_path, both) as (phone, server):
        given = choices(server, transport="tls", srtp=True, authorities=str(alone))
        async with telephone(given, sounds, tmp_path) as ours:
            await ours.place(CALL)
            line = await next_line(ours)
            await until(line, Answered)
            await line.ask(line.prompt, times=1, wait=1)
            await asyncio.sleep(2)
            await line.hang_up()
            await until(line, Ended)

        heard = samples(phone.recorded()[-1])
        assert len([each for each in heard if abs(each) > 1000]) > 1000


async def test_a_far_end_with_a_certificate_of_another_authority_is_not_spoken_to(
    sounds: Sounds, tmp_path: Path
):
    _, both = await asyncio.to_thread(certificate, tmp_path, "right")
    other, _ = await asyncio.to_thread(certificate, tmp_path, "other")
    async with secure_phone(tmp_path, both) as (phone, server):
        given = choices(server, transport="tls", srtp=True, authorities=str(other))
        async with telephone(given, sounds, tmp_path) as ours:
            await ours.place(CALL)

            assert await until(await next_line(ours), Ended) == Ended(CallState.FAILED)
            assert phone.count("CALL_INCOMING") == 0


async def test_a_far_end_that_would_not_encrypt_sound_is_not_spoken_with(
    sounds: Sounds, tmp_path: Path
):
    alone, both = await asyncio.to_thread(certificate, tmp_path, "right")
    extra = f"sip_certificate {both}\n"
    async with SipPhone.open(tmp_path / "phone", extra=extra) as phone:
        given = choices(
            f"127.0.0.1:{phone.port + 1}",
            transport="tls",
            srtp=True,
            authorities=str(alone),
        )
        async with telephone(given, sounds, tmp_path) as ours:
            await ours.place(CALL)

            ended = await until(await next_line(ours), Ended)
            assert ended == Ended(CallState.FAILED)


@dataclass
class Registrar(asyncio.DatagramProtocol):
    """A registrar that asks for a password, by digest.

    Source: RFC 3261 sections 10 and 22; RFC 2617 section 3.2.2.
    """

    password: str
    known: asyncio.Event = field(default_factory=asyncio.Event)
    refused: asyncio.Event = field(default_factory=asyncio.Event)
    transport: asyncio.DatagramTransport | None = None

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        text = data.decode()
        if not text.startswith("REGISTER") or self.transport is None:
            return
        proof = re.search(r"(?im)^authorization: digest (.*)$", text)
        if proof is None:
            answer, more = "401 Unauthorized", _ASKS
        elif self._is_right(dict(re.findall(r'(\w+)="?([^",\r]*)"?', proof[1]))):
            contact = re.search(r"(?im)^contact: *(.*?)\r?$", text)
            assert contact is not None
            answer, more = "200 OK", f"Contact: {contact[1]}\r\nExpires: 600\r\n"
            self.known.set()
        else:
            answer, more = "403 Forbidden", ""
            self.refused.set()
        kept = re.findall(r"(?im)^(?:via|from|to|call-id|cseq):.*$", text)
        head = "\r\n".join(each.rstrip("\r") for each in kept)
        head = re.sub(r"(?im)^(to:.*)$", r"\1;tag=r1", head)
        reply = f"SIP/2.0 {answer}\r\n{head}\r\n{more}Content-Length: 0\r\n\r\n"
        self.transport.sendto(reply.encode(), addr)

    def _is_right(self, said: dict[str, str]) -> bool:
        own = _hash(f"{said['username']}:{said['realm']}:{self.password}")
        asked = _hash(f"REGISTER:{said['uri']}")
        middle = f"{said['nonce']}:{said['nc']}:{said['cnonce']}:auth"
        return said["username"] == "trunk" and said["response"] == _hash(
            f"{own}:{middle}:{asked}"
        )


_ASKS = (
    'WWW-Authenticate: Digest realm="trunk", nonce="abc123", qop="auth", algorithm=MD5\r\n'
)


def _hash(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


@asynccontextmanager
async def registrar(password: str) -> AsyncIterator[tuple[Registrar, int]]:
    loop, port = asyncio.get_running_loop(), free_port()
    found = Registrar(password)
    found.transport, _ = await loop.create_datagram_endpoint(
        lambda: found, local_addr=("127.0.0.1", port)
    )
    try:
        yield found, port
    finally:
        found.transport.close()


async def test_an_account_registers_with_its_password(sounds: Sounds, tmp_path: Path):
    async with registrar(RIGHT) as (found, port):
        given = choices(f"127.0.0.1:{port}", register=True, login="trunk", password=RIGHT)
        async with telephone(given, sounds, tmp_path) as ours:
            async with asyncio.timeout(5):
                await found.known.wait()
            await asyncio.sleep(0.2)

            assert ours.process.registered is True


async def test_a_wrong_password_is_known_and_told_to_nobody(
    sounds: Sounds, tmp_path: Path, capsys
):
    async with registrar(RIGHT) as (found, port):
        given = choices(f"127.0.0.1:{port}", register=True, login="trunk", password=WRONG)
        async with telephone(given, sounds, tmp_path) as ours:
            async with asyncio.timeout(5):
                await found.refused.wait()
            await asyncio.sleep(0.2)

            assert ours.process.registered is False

    written = capsys.readouterr().out + (tmp_path / "phone.log").read_text()
    assert "403" in written
    assert WRONG not in written + repr(given)
