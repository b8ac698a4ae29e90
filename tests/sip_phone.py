"""A real telephone on this machine: Debian's baresip, told what to do over its control port."""

import asyncio
import json
import math
import shutil
import socket
import wave
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

import pytest

_HOMES = ("/usr/lib/baresip/modules", "/usr/lib/*/baresip/modules")
_READY_WITHIN = 10.0

NUMBER = "+13035550123"
Answers = Literal["auto", "manual"]


def find_phone() -> Path:
    """The folder of baresip's modules; a test that needs one skips without."""
    if shutil.which("baresip") is None:
        pytest.skip("the telephone baresip is not installed (apt install baresip-core)")
    for pattern in _HOMES:
        for home in Path("/").glob(pattern.lstrip("/")):
            if (home / "ctrl_tcp.so").exists():
                return home
    pytest.skip("baresip has no module ctrl_tcp")


def free_port() -> int:
    """A port of the loopback interface for SIP: free for UDP and TCP, and the next for TLS."""
    for _ in range(100):
        with ExitStack() as stack:
            first = stack.enter_context(socket.socket(type=socket.SOCK_DGRAM))
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                for kind, at in (
                    (socket.SOCK_STREAM, port),
                    (socket.SOCK_DGRAM, port + 1),
                    (socket.SOCK_STREAM, port + 1),
                ):
                    stack.enter_context(socket.socket(type=kind)).bind(("127.0.0.1", at))
            except (OSError, OverflowError):
                continue
            return port
    pytest.fail("no two ports in a row are free")


@dataclass
class SipPhone:
    """A telephone that rings on loopback.

    Attributes:
        port: Where it rings.
        folder: Where it keeps what it heard.
        heard: What happened to it, in order.
    """

    port: int
    folder: Path
    heard: list[dict[str, Any]] = field(default_factory=list)
    _writer: asyncio.StreamWriter | None = None
    _happened: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def do(self, command: str, params: str = "") -> None:
        """Press, hang up, dial: whatever baresip's control port knows."""
        assert self._writer is not None
        text = json.dumps({"command": command, "params": params, "token": "t"})
        self._writer.write(f"{len(text)}:{text},".encode())
        await self._writer.drain()

    async def press(self, keys: str) -> None:
        """Press keys, as a thumb does."""
        for key in keys:
            await self.do("sndcode", key)
            await asyncio.sleep(0.15)
            await self.do("sndcode", "\x04")
            await asyncio.sleep(0.1)

    async def until(self, kind: str, count: int = 1, within: float = 10.0) -> None:
        """Wait until something has happened so many times, such as ``CALL_ESTABLISHED``."""
        async with asyncio.timeout(within), self._happened:
            await self._happened.wait_for(lambda: self.count(kind) >= count)

    def count(self, kind: str) -> int:
        """How often something has happened."""
        return sum(each.get("type") == kind for each in self.heard)

    def recorded(self) -> list[Path]:
        """What was heard, a file a call, the oldest first."""
        found = self.folder.glob("dump-*-dec.wav")
        return sorted(found, key=lambda each: each.stat().st_mtime_ns)

    async def listen(self, reader: asyncio.StreamReader) -> None:
        """Keep what it says."""
        with suppress(asyncio.IncompleteReadError):
            while True:
                length = int((await reader.readuntil(b":"))[:-1])
                text = await reader.readexactly(length + 1)
                async with self._happened:
                    self.heard.append(json.loads(text[:-1]))
                    self._happened.notify_all()

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        folder: Path,
        answers: Answers = "auto",
        *,
        number: str = NUMBER,
        account: str = "",
        extra: str = "",
    ) -> AsyncIterator[Self]:
        """A telephone, on for as long as the block lasts.

        Args:
            folder: Where its files lie.
            answers: Whether it picks up by itself.
            number: Its own.
            account: What its account is told besides.
            extra: Lines for its configuration.
        """
        home, port, control = find_phone(), free_port(), free_port()
        line = (
            f"<sip:{number}@127.0.0.1:{port}>;regint=0;answermode={answers};"
            f"audio_codecs=pcmu/8000/1,pcma/8000/1;dtmfmode=rtpevent{account}\n"
        )
        await asyncio.to_thread(_write_config, folder, (home, port, control), line, extra)
        with (folder / "baresip.log").open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                "baresip", "-f", str(folder), cwd=folder,
                stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
        phone = cls(port, folder)
        try:
            reader, phone._writer = await _control(control)
            listening = asyncio.create_task(phone.listen(reader))
            yield phone
            listening.cancel()
            await asyncio.wait([listening])
            phone._writer.close()
        finally:
            if process.returncode is None:
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 3)
            except TimeoutError:
                process.kill()
                await process.wait()


async def _control(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(_READY_WITHIN):
        while True:
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.03)


def _write_config(
    folder: Path, at: tuple[Path, int, int], account: str, extra: str
) -> None:
    home, port, control = at
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "accounts").write_text(account)
    tone = folder / "tone.wav"
    if not tone.exists():
        write_tone(tone, 700)
    (folder / "config").write_text(
        f"""poll_method epoll
sip_listen 127.0.0.1:{port}
call_max_calls 20
call_local_timeout 120
audio_player aubridge,sink
audio_source aufile,{tone}
audio_alert aubridge,alert
ausrc_srate 8000
auplay_srate 8000
jitter_buffer_delay 5-10
net_interface 127.0.0.1
module_path {home}
module g711.so
module aubridge.so
module aufile.so
module sndfile.so
{extra}
module_tmp account.so
module_app menu.so
module ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
snd_path {folder}
audio_txmode poll
"""
    )


def write_tone(file: Path, hertz: int, seconds: int = 60) -> None:
    """A WAV with one tone, at 8 kHz."""
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(tone(hertz) * seconds)


def tone(hertz: int, rate: int = 8000) -> bytes:
    """A second of a tone, as linear samples."""
    return b"".join(
        int(9000 * math.sin(2 * math.pi * hertz * each / rate)).to_bytes(
            2, "little", signed=True
        )
        for each in range(rate)
    )
