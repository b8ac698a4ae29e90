"""The SIP telephone against a real telephone on this machine: baresip, and sipp to refuse."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.sip_line import (
    choices,
    next_line,
    refuses,
    samples,
    seconds_of,
    strength,
    telephone,
)
from tests.sip_phone import NUMBER, SipPhone, free_port, tone
from vioP.domain.call import ALREADY_HERE, CallState, PhoneCall, prompt
from vioP.domain.errors import Invalid, Unavailable
from vioP.domain.line import Answered, Ended, Happened, Key, Ringing, Silent
from vioP.domain.room import RtpAddress
from vioP.phone.sip.rtp import FRAME_BYTES, RtpLeg
from vioP.phone.sip.telephone import AllLinesBusy, SipLine
from vioP.phone.sounds import Sounds

PROMPT = prompt("Example Health")
CALL = PhoneCall("call:sea_1:0:phone", NUMBER, PROMPT, ring=timedelta(seconds=8))


async def until(line: SipLine, kind: type[Happened], within: float = 15.0) -> Happened:
    """The next thing of a kind that happens on a line."""
    async with asyncio.timeout(within):
        async for each in line.happened():
            if isinstance(each, kind):
                return each
    raise AssertionError(f"the call ended before there was {kind}")


@pytest.fixture
async def phone(tmp_path: Path) -> AsyncIterator[SipPhone]:
    async with SipPhone.open(tmp_path / "phone") as opened:
        yield opened


async def test_a_phone_that_is_called_hears_the_prompt_and_its_key_is_heard(
    phone: SipPhone, sounds: Sounds, tmp_path: Path
):
    async with telephone(choices(f"127.0.0.1:{phone.port}"), sounds, tmp_path) as ours:
        await ours.place(CALL)
        line = await next_line(ours)
        await until(line, Ringing)
        await until(line, Answered)
        await line.ask(line.prompt, times=2, wait=8)
        await asyncio.sleep(2)
        await phone.press("1")

        assert await until(line, Key) == Key("1")
        await line.hang_up(ALREADY_HERE)
        assert await until(line, Ended) == Ended(CallState.NO_KEY)

    [heard] = phone.recorded()
    loud = [each for each in samples(heard) if abs(each) > 1000]
    goodbye = seconds_of(await sounds.of(ALREADY_HERE, "en"))
    assert len(loud) > 2000  # the prompt was spoken
    assert len(samples(heard)) / 8000 > goodbye + 1.5  # and the goodbye to its end


async def test_a_key_silences_the_prompt_at_once(
    phone: SipPhone, sounds: Sounds, tmp_path: Path
):
    async with telephone(choices(f"127.0.0.1:{phone.port}"), sounds, tmp_path) as ours:
        await ours.place(CALL)
        line = await next_line(ours)
        await until(line, Answered)
        await line.ask(line.prompt, times=1, wait=8)
        await asyncio.sleep(1.5)
        await phone.press("7")
        await until(line, Key)
        await asyncio.sleep(0.4)
        before = len(samples(phone.recorded()[-1]))
        await asyncio.sleep(1.2)

        after = samples(phone.recorded()[-1])[before:]
        assert len(after) > 4000
        assert max(map(abs, after)) < 200
        await line.hang_up()


async def test_a_phone_that_is_busy_says_so(sounds: Sounds, tmp_path: Path):
    async with (
        SipPhone.open(tmp_path / "phone", "manual") as phone,
        telephone(choices(f"127.0.0.1:{phone.port}"), sounds, tmp_path) as ours,
    ):
        await ours.place(CALL)
        line = await next_line(ours)
        await until(line, Ringing)

        await phone.do("hangup")

        assert await until(line, Ended) == Ended(CallState.BUSY)


@pytest.mark.parametrize(
    ("status", "reason", "state"),
    [
        (603, "Decline", CallState.DECLINED),
        (480, "Temporarily Unavailable", CallState.NO_ANSWER),
        (404, "Not Found", CallState.FAILED),
        (503, "Service Unavailable", CallState.FAILED),
    ],
)
async def test_a_refusal_is_told_as_what_it_is(
    sounds: Sounds, tmp_path: Path, status: int, reason: str, state: CallState
):
    async with (
        refuses(status, reason, tmp_path) as port,
        telephone(choices(f"127.0.0.1:{port}"), sounds, tmp_path) as ours,
    ):
        await ours.place(CALL)

        assert await until(await next_line(ours), Ended) == Ended(state)


async def test_nobody_answers_and_the_phone_stops_ringing(sounds: Sounds, tmp_path: Path):
    async with (
        SipPhone.open(tmp_path / "phone", "manual") as phone,
        telephone(choices(f"127.0.0.1:{phone.port}"), sounds, tmp_path) as ours,
    ):
        await ours.place(replace(CALL, ring=timedelta(seconds=1.5)))

        assert await until(await next_line(ours), Ended) == Ended(CallState.NO_ANSWER)
        await phone.until("CALL_CLOSED")
        assert phone.count("CALL_ESTABLISHED") == 0


async def test_somebody_hangs_up_in_the_prompt(
    phone: SipPhone, sounds: Sounds, tmp_path: Path
):
    async with telephone(choices(f"127.0.0.1:{phone.port}"), sounds, tmp_path) as ours:
        await ours.place(CALL)
        line = await next_line(ours)
        await until(line, Answered)
        await line.ask(line.prompt, times=2, wait=8)
        await asyncio.sleep(1)

        await phone.do("hangup")

        assert await until(line, Ended, within=3) == Ended(CallState.NO_KEY)


async def test_no_key_is_told_after_the_last_time_of_asking(
    phone: SipPhone, sounds: Sounds, tmp_path: Path
):
    async with telephone(choices(f"127.0.0.1:{phone.port}"), sounds, tmp_path) as ours:
        await ours.place(CALL)
        line = await next_line(ours)
        await until(line, Answered)
        begun = asyncio.get_running_loop().time()

        await line.ask(ALREADY_HERE, times=2, wait=0.5)

        await until(line, Silent)
        took = asyncio.get_running_loop().time() - begun
        spoken = seconds_of(await sounds.of(ALREADY_HERE, "en"))
        assert 2 * spoken + 1 <= took < 2 * spoken + 2.5
        await line.hang_up()
        await until(line, Ended)


async def test_a_call_that_rings_is_cancelled_at_once(sounds: Sounds, tmp_path: Path):
    async with (
        SipPhone.open(tmp_path / "phone", "manual") as phone,
        telephone(choices(f"127.0.0.1:{phone.port}"), sounds, tmp_path) as ours,
    ):
        reference = await ours.place(CALL)
        line = await next_line(ours)
        await until(line, Ringing)
        begun = asyncio.get_running_loop().time()

        await ours.end(reference, ALREADY_HERE)

        await phone.until("CALL_CLOSED", within=1)
        assert asyncio.get_running_loop().time() - begun < 0.5
        assert await until(line, Ended) == Ended(CallState.CANCELLED)


async def test_a_call_and_a_room_hear_each_other(
    phone: SipPhone, sounds: Sounds, tmp_path: Path
):
    """The phone plays 700 Hz; the room, which is a plain RTP peer here, sends 440 Hz."""
    heard = bytearray()
    room = await RtpLeg.open(heard.extend)
    hum = tone(440)
    frames = [hum[at : at + FRAME_BYTES] for at in range(0, len(hum), FRAME_BYTES)]
    async with telephone(choices(f"127.0.0.1:{phone.port}"), sounds, tmp_path) as ours:
        await ours.place(CALL)
        line = await next_line(ours)
        await until(line, Answered)
        await line.ask(line.prompt, times=2, wait=8)
        room.peer = line.hears_at.host, line.hears_at.port
        await asyncio.sleep(0.5)
        before = len(samples(phone.recorded()[-1]))

        await line.connect(RtpAddress(*room.address))
        clock = asyncio.get_running_loop().time
        begun = clock()
        for number in range(150):  # by the clock: a busy machine sleeps too long each time
            room.send(frames[number % 50])
            await asyncio.sleep(begun + 0.02 * (number + 1) - clock())

        from_phone = [
            int.from_bytes(heard[at : at + 2], "little", signed=True)
            for at in range(len(heard) // 2, len(heard) - 1, 2)
        ]
        from_room = samples(phone.recorded()[-1])[before + 8000 :]
        assert strength(from_phone[1:], 700) > 0.9
        assert strength(from_room, 440) > 0.7  # what is sent late is heard as a gap
        await line.hang_up()
        await until(line, Ended)
    room.close()


async def test_a_killed_process_loses_its_calls_and_another_takes_over(
    phone: SipPhone, sounds: Sounds, tmp_path: Path
):
    async with telephone(choices(f"127.0.0.1:{phone.port}"), sounds, tmp_path) as ours:
        await ours.place(CALL)
        line = await next_line(ours)
        await until(line, Answered)
        killed = ours.process.pid
        assert killed is not None

        os.kill(killed, signal.SIGKILL)

        assert await until(line, Ended, within=2) == Ended(CallState.FAILED)
        await asyncio.sleep(0.1)
        await ours.process.wait(10)
        assert ours.process.pid != killed
        again = replace(CALL, key="call:sea_2:0:phone")
        await ours.place(again)
        await until(await next_line(ours), Answered)
        assert await ours.place(CALL) == CALL.key  # it may have rung: never again
        await phone.until("CALL_ESTABLISHED", 2)


async def test_a_call_of_an_earlier_life_is_lost_and_never_dialled_again(
    phone: SipPhone, sounds: Sounds, tmp_path: Path
):
    given = choices(f"127.0.0.1:{phone.port}")
    async with telephone(given, sounds, tmp_path) as ours:
        await ours.place(CALL)
        await until(await next_line(ours), Answered)
        await phone.until("CALL_ESTABLISHED")
    await phone.until("CALL_CLOSED", within=3)  # nobody is left on a dead line

    async with telephone(given, sounds, tmp_path) as ours:
        assert await ours.find(CALL.key) == CALL.key
        assert await until(await next_line(ours), Ended) == Ended(CallState.FAILED)
        assert await ours.place(CALL) == CALL.key

    assert phone.count("CALL_ESTABLISHED") == 1


async def test_no_more_calls_at_a_time_than_there_are_lines(
    phone: SipPhone, sounds: Sounds, tmp_path: Path
):
    given = choices(f"127.0.0.1:{phone.port}", calls=1)
    async with telephone(given, sounds, tmp_path) as ours:
        await ours.place(CALL)
        line = await next_line(ours)
        await until(line, Answered)
        second = replace(CALL, key="call:sea_2:0:phone")

        with pytest.raises(AllLinesBusy):
            await ours.place(second)
        assert await ours.find(second.key) is None  # it surely never rang

        await line.hang_up()
        await until(line, Ended)
        await asyncio.sleep(0.2)
        assert await ours.place(second) == second.key


async def test_a_call_lasts_no_longer_than_it_may(
    phone: SipPhone, sounds: Sounds, tmp_path: Path
):
    given = choices(f"127.0.0.1:{phone.port}", talk=1.0)
    async with telephone(given, sounds, tmp_path) as ours:
        await ours.place(CALL)
        line = await next_line(ours)
        await until(line, Answered)

        await until(line, Ended, within=2)
        await phone.until("CALL_CLOSED", within=2)


async def test_what_is_no_number_is_refused(sounds: Sounds, tmp_path: Path):
    async with telephone(choices(f"127.0.0.1:{free_port()}"), sounds, tmp_path) as ours:
        for wrong in ("", "0301234", "+1303;ring=all@evil.example", "sip:+1303@evil"):
            with pytest.raises(Invalid):
                await ours.place(replace(CALL, to=wrong))


async def test_without_its_process_nothing_is_placed(sounds: Sounds, tmp_path: Path):
    async with telephone(choices(f"127.0.0.1:{free_port()}"), sounds, tmp_path) as ours:
        pass

    with pytest.raises(Unavailable):
        await ours.place(CALL)
    assert await ours.find(CALL.key) is None
