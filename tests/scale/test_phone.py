"""What forty calls in rooms at once cost: sipp answers and echoes, a real Janus mixes."""

import asyncio
import os
import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

import aiohttp
import pytest

from tests.scale.page import write_section
from tests.sip_line import choices, telephone
from tests.sip_phone import free_port
from vioP.domain.call import PhoneCall
from vioP.domain.ids import SessionId
from vioP.domain.line import Answered, Ended
from vioP.domain.room import Guest
from vioP.meeting import PhoneLine
from vioP.phone.sounds import Sounds
from vioP.video.janus.config import JanusChoices, find_janus
from vioP.video.janus.phone_relay import PhoneRelay
from vioP.video.janus.phone_seats import phone_seat
from vioP.video.janus.process import JanusProcess
from vioP.video.janus.rooms import JanusRooms

CALLS, SIZE = 40, 8
STEADY = 10.0  # seconds
LEAST = 0.97
_TICKS = os.sysconf("SC_CLK_TCK")
_TEXT = """\
{calls} calls at once through the SIP telephone, in rooms of {size}; sipp answers each and sends
back what it hears, Janus mixes. Over {steady:.0f} s in which all of them stand, in percent of one
core:

| Process | CPU |
|---|---|
| the phone process (SIP, RTP, mu-law) | {phone:.0f} % |
| vioP itself (which passes packets on, and listens who speaks) | {ours:.0f} % |
| Janus | {janus:.0f} % |

From placing a call until it is in its room: {middle:.0f} ms in the middle, {most:.0f} ms at most.
Of the packets due, {up:.1f} % came from the phones and {down:.1f} % from the rooms.
"""


@asynccontextmanager
async def answering(folder: Path) -> AsyncIterator[int]:
    """A far end that answers every call and echoes its sound."""
    program = shutil.which("sipp")
    if program is None:
        pytest.skip("the program sipp is not installed (apt install sip-tester)")
    port, media = free_port(), free_port() // 2 * 2
    process = await asyncio.create_subprocess_exec(
        program, "-sn", "uas", "-rtp_echo", "-i", "127.0.0.1", "-p", str(port),
        "-mi", "127.0.0.1", "-mp", str(media), "-nostdin", cwd=folder,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    await asyncio.sleep(0.5)
    try:
        yield port
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def mixing(folder: Path) -> AsyncIterator[JanusRooms]:
    """Rooms in a Janus of their own."""
    program = find_janus()
    if program is None:
        pytest.skip("janus is missing: apt-get install janus")
    process = JanusProcess(program, folder / "janus", JanusChoices())
    async with aiohttp.ClientSession() as http, process.running():
        yield JanusRooms(process, http, b"k" * 32)


async def sit(rooms: JanusRooms, line: PhoneLine, number: int) -> AsyncExitStack:
    """Wait until a call is answered, and connect it with its room."""
    async for each in line.happened():
        if isinstance(each, Answered):
            break
        assert not isinstance(each, Ended), each
    stack = AsyncExitStack()
    session, guest = (
        SessionId(f"ses_{number // SIZE}"),
        Guest(f"sea_{number}", f"P{number}"),
    )
    seat = await stack.enter_async_context(phone_seat(rooms, session, guest, line.hears_at))
    await line.connect(seat.sends_to)
    return stack


def processor(pid: int) -> float:
    """Seconds of the processor a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@pytest.mark.scale
async def test_forty_calls_stand_in_their_rooms_at_once(
    sounds: Sounds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    packets: Counter[bool] = Counter()
    receive = PhoneRelay.datagram_received

    def counted(self: PhoneRelay, data: bytes, addr: tuple[str, int]) -> None:
        packets[addr[1] == self._phone.port] += 1
        receive(self, data, addr)

    monkeypatch.setattr(PhoneRelay, "datagram_received", counted)
    async with (
        answering(tmp_path) as port,
        mixing(tmp_path) as rooms,
        telephone(choices(f"127.0.0.1:{port}", calls=CALLS), sounds, tmp_path) as ours,
        AsyncExitStack() as stack,
    ):
        await rooms.process.wait(10)
        took: list[float] = []

        async def one(number: int) -> None:
            begun = time.perf_counter()
            call = PhoneCall(
                f"call:{number}",
                f"+1303555{number:04d}",
                "Hello.",
                ring=timedelta(seconds=20),
            )
            await ours.place(call)
            line = ours.line(call.key)
            assert line is not None
            stack.push_async_exit(await sit(rooms, line, number))
            took.append(time.perf_counter() - begun)

        await sounds.of("Hello.", "en")
        async with asyncio.TaskGroup() as group:
            for number in range(CALLS):
                group.create_task(one(number))
                await asyncio.sleep(0.05)  # as ladders do: not all in one instant
        pids = [ours.process.pid, os.getpid(), rooms.process.pid]
        before, counted_before = [processor(each or 0) for each in pids], packets.copy()
        begun = time.perf_counter()
        await asyncio.sleep(STEADY)
        lasted = time.perf_counter() - begun
        used = [processor(each or 0) - was for each, was in zip(pids, before, strict=True)]
        counted_now = packets - counted_before

    due = CALLS * 50 * lasted
    up, down = counted_now[True] / due, counted_now[False] / due
    text = _TEXT.format(
        calls=CALLS, size=SIZE, steady=STEADY,
        phone=100 * used[0] / lasted, ours=100 * used[1] / lasted,
        janus=100 * used[2] / lasted, middle=1000 * median(took), most=1000 * max(took),
        up=100 * up, down=100 * down,
    )  # fmt: skip
    write_section("Calls in rooms", text)
    assert up > LEAST
    assert down > LEAST
