"""The program's own SIP telephone in tests, and far ends that refuse as they are told."""

import asyncio
import math
import shutil
import statistics
import subprocess
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.sip_phone import free_port
from vioP.phone.scripts import Scripts, read_scripts
from vioP.phone.sip.journal import Journal
from vioP.phone.sip.process import PhoneProcess
from vioP.phone.sip.telephone import SipLine, SipTelephone
from vioP.phone.sip.wire import LineChoices
from vioP.phone.sounds import Sounds
from vioP.resources import folder

SENDER = "Example Health"


def choices(server: str, **more: Any) -> LineChoices:
    """An account at a far end on this machine."""
    plain: dict[str, Any] = {
        "register": False,
        "transport": "udp",
        "srtp": False,
        "listen": f"127.0.0.1:{free_port()}",
        "ports": (30000, 31999),
    }
    return LineChoices("clinic", server, "+13035550100", **(plain | more))


def scripts() -> Scripts:
    return read_scripts(folder("templates") / "phone", SENDER, 30)


def make_sounds(folder: Path) -> Sounds:
    """Everything that is said, by a real voice; a test that needs it skips without."""
    if shutil.which("espeak-ng") is None:
        pytest.skip("the voice espeak-ng is not installed (apt install espeak-ng)")
    return Sounds(scripts(), folder)


@asynccontextmanager
async def telephone(
    given: LineChoices, sounds: Sounds, folder: Path
) -> AsyncIterator[SipTelephone]:
    """The SIP telephone, running, and able to dial."""
    pytest.importorskip("baresip", reason="the extra sip is not installed")
    process = PhoneProcess(given, folder)
    phone = SipTelephone(process, sounds, Journal(folder / "placed"), "en")
    async with phone.running():
        await process.wait(30)
        yield phone


async def next_line(phone: SipTelephone) -> SipLine:
    """The next call to attend to."""
    async with asyncio.timeout(10):
        return await anext(phone.lines())


@asynccontextmanager
async def refuses(status: int, reason: str, folder: Path) -> AsyncIterator[int]:
    """A far end (sipp) that answers one call with a status; gives its port."""
    program = shutil.which("sipp")
    if program is None:
        pytest.skip("the program sipp is not installed (apt install sip-tester)")
    scenario, port = folder / f"{status}.xml", free_port()
    await asyncio.to_thread(scenario.write_text, _REFUSE.format(f"{status} {reason}"))
    process = await asyncio.create_subprocess_exec(
        program, "-sf", scenario, "-i", "127.0.0.1", "-p", str(port), "-nostdin",
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    await asyncio.sleep(0.3)  # sipp does not say when it listens
    try:
        yield port
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


_REFUSE = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="refuse">
<recv request="INVITE" />
<send><![CDATA[
SIP/2.0 {}
[last_Via:]
[last_From:]
[last_To:];tag=[call_number]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
<recv request="ACK" />
</scenario>
"""


def samples(file: Path) -> list[int]:
    """What a phone recorded, as numbers; a recording that goes on has no length yet."""
    raw = file.read_bytes()[44:]
    pcm = raw[: len(raw) // 2 * 2]
    return [
        int.from_bytes(pcm[at : at + 2], "little", signed=True)
        for at in range(0, len(pcm), 2)
    ]


def strength(heard: list[int], hertz: float, rate: int = 8000) -> float:
    """How much of what was heard is one tone, from 0 to 1.

    Tenths of a second are looked at one by one: a packet that comes late turns the phase.

    Source: G. Goertzel, "An Algorithm for the Evaluation of Finite Trigonometric Series".
    """
    length = rate // 10
    pieces = [heard[at : at + length] for at in range(0, len(heard) - length, length)]
    return statistics.fmean(_strength(each, hertz, rate) for each in pieces)


def _strength(heard: list[int], hertz: float, rate: int) -> float:
    power = sum(each * each for each in heard)
    if not power:
        return 0.0
    turn = 2 * math.cos(2 * math.pi * hertz / rate)
    last = before = 0.0
    for each in heard:
        last, before = each + turn * last - before, last
    tone = last * last + before * before - turn * last * before
    return 2 * tone / (len(heard) * power)


def seconds_of(file: str) -> float:
    """How long a sound is."""
    with wave.open(file, "rb") as sound:
        return sound.getnframes() / sound.getframerate()


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for this machine that signs itself; its file, and one with its key too."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed")
    key, alone, both = (folder / f"{name}{end}" for end in (".key", ".crt", ".pem"))
    subprocess.run(  # noqa: S603 - our own command
        [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", key, "-out", alone],
        check=True, capture_output=True,
    )  # fmt: skip
    both.write_text(key.read_text() + alone.read_text())
    return alone, both
