"""What a rehearsal means for joining: one finding for each part, and one verdict."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make import NINE, minutes_later
from vioP.domain.attendance import Evidence, Fact, Leg
from vioP.domain.device import Device, Family, Kind, Network, device_of
from vioP.domain.tech_again import worse_than
from vioP.domain.tech_judge import Around, judge
from vioP.domain.tech_report import (
    CameraReport,
    Echo,
    EchoReport,
    Features,
    MicrophoneReport,
    Report,
    Trouble,
)
from vioP.domain.tech_thresholds import Thresholds
from vioP.domain.tech_trouble import had_trouble
from vioP.domain.techcheck import Grade, Part, Reason, TechCheck, Verdict
from vioP.web.tech_words import remedy

CHROME = Device(Family.CHROME, 140, Kind.WINDOWS)
AROUND = Around("123", "America/Denver", CHROME, frozenset({"udp", "tcp"}))
ROOM = EchoReport(Echo.CONNECTED, 300, 40, 5, 0.1, 400)
GOOD = Report(
    features=Features(True, True, True, True, True),
    camera=CameraReport(luma=100, motion=3, fps=24),
    microphone=MicrophoneReport(peak=-20, floor=-60, clipped=0),
    heard="123",
    down_kbps=20_000,
    up_kbps=5_000,
    socket_ms=40,
    room=ROOM,
    relay_udp=ROOM,
    relay_tcp=ROOM,
    clock_ms=300,
    zone="America/Denver",
)


def judged(around: Around = AROUND, **facts: Any) -> TechCheck:
    return judge(replace(GOOD, **facts), around, Thresholds(), NINE)


def test_a_device_on_which_everything_works_is_ready():
    check = judged()

    assert check.verdict is Verdict.READY
    assert [each.part for each in check.findings] == list(Part)
    assert {each.grade for each in check.findings} == {Grade.PASS}
    assert check.thresholds == Thresholds().version


MIC, CAM = MicrophoneReport, CameraReport
CASES: list[tuple[dict[str, Any], Reason, Verdict]] = [
    ({"features": Features(False, True, True, True, True)}, Reason.PAGE_INSECURE,
     Verdict.NOT_READY),
    ({"features": Features(True, False, True, True, True)}, Reason.BROWSER_UNSUPPORTED,
     Verdict.NOT_READY),
    ({"features": Features(True, True, True, False, True)}, Reason.CODEC_MISSING,
     Verdict.NOT_READY),
    ({"camera": CAM(Trouble.DENIED)}, Reason.PERMISSION_DENIED, Verdict.NOT_READY),
    ({"microphone": MIC(Trouble.DISMISSED)}, Reason.PERMISSION_DISMISSED, Verdict.NOT_READY),
    ({"camera": CAM(Trouble.MISSING)}, Reason.CAMERA_MISSING, Verdict.READY_WITH_LIMITS),
    ({"camera": CAM(Trouble.BUSY)}, Reason.CAMERA_BUSY, Verdict.READY_WITH_LIMITS),
    ({"camera": CAM(Trouble.FAILED)}, Reason.CAMERA_FAILED, Verdict.READY_WITH_LIMITS),
    ({"camera": CAM()}, Reason.CAMERA_FAILED, Verdict.READY_WITH_LIMITS),
    ({"camera": CAM(luma=8, motion=0, fps=24)}, Reason.CAMERA_BLACK, Verdict.READY_WITH_LIMITS),
    ({"camera": CAM(luma=90, motion=0, fps=24)}, Reason.CAMERA_FROZEN,
     Verdict.READY_WITH_LIMITS),
    ({"camera": CAM(luma=90, motion=2, fps=9)}, Reason.CAMERA_SLOW, Verdict.READY_WITH_LIMITS),
    ({"microphone": MIC(Trouble.MISSING)}, Reason.MIC_MISSING, Verdict.NOT_READY),
    ({"microphone": MIC(Trouble.BUSY)}, Reason.MIC_BUSY, Verdict.NOT_READY),
    ({"microphone": MIC(Trouble.FAILED)}, Reason.MIC_FAILED, Verdict.NOT_READY),
    ({"microphone": MIC(peak=-50)}, Reason.MIC_SILENT, Verdict.NOT_READY),
    ({"microphone": MIC(peak=-49)}, Reason.MIC_QUIET, Verdict.READY_WITH_LIMITS),
    ({"microphone": MIC(peak=-2, clipped=0.02)}, Reason.MIC_CLIPPING,
     Verdict.READY_WITH_LIMITS),
    ({"microphone": MIC(peak=-10, floor=-20)}, Reason.MIC_NOISY, Verdict.READY_WITH_LIMITS),
    ({"heard": "132"}, Reason.SPEAKER_WRONG, Verdict.NOT_READY),
    ({"unheard": True}, Reason.SPEAKER_UNHEARD, Verdict.NOT_READY),
    ({"heard": ""}, Reason.NOT_ANSWERED, Verdict.READY_WITH_LIMITS),
    ({"down_kbps": 1499}, Reason.DOWNLOAD_SLOW, Verdict.READY_WITH_LIMITS),
    ({"down_kbps": 499}, Reason.DOWNLOAD_TOO_SLOW, Verdict.PHONE_FIRST),
    ({"down_kbps": None}, Reason.DOWNLOAD_NONE, Verdict.PHONE_FIRST),
    ({"up_kbps": 999}, Reason.UPLOAD_SLOW, Verdict.READY_WITH_LIMITS),
    ({"up_kbps": 299}, Reason.UPLOAD_TOO_SLOW, Verdict.PHONE_FIRST),
    ({"up_kbps": None}, Reason.UPLOAD_NONE, Verdict.PHONE_FIRST),
    ({"socket_ms": 300}, Reason.SOCKET_SLOW, Verdict.READY_WITH_LIMITS),
    ({"socket_ms": 601}, Reason.SOCKET_TOO_SLOW, Verdict.PHONE_FIRST),
    ({"socket_ms": None}, Reason.SOCKET_BLOCKED, Verdict.PHONE_FIRST),
    ({"room": None}, Reason.NOT_MEASURED, Verdict.READY_WITH_LIMITS),
    ({"room": EchoReport(Echo.BUSY)}, Reason.ROOM_BUSY, Verdict.READY_WITH_LIMITS),
    ({"room": EchoReport(Echo.DOWN)}, Reason.ROOM_DOWN, Verdict.PHONE_FIRST),
    ({"room": EchoReport(Echo.FAILED)}, Reason.ROOM_UNREACHABLE, Verdict.PHONE_FIRST),
    ({"room": replace(ROOM, received=0)}, Reason.ROOM_SILENT, Verdict.PHONE_FIRST),
    ({"room": replace(ROOM, connect_ms=5001)}, Reason.ROOM_SLOW_TO_CONNECT,
     Verdict.READY_WITH_LIMITS),
    ({"room": replace(ROOM, rtt_ms=300)}, Reason.ROOM_DELAY, Verdict.READY_WITH_LIMITS),
    ({"room": replace(ROOM, rtt_ms=601)}, Reason.ROOM_DELAY_TOO_LONG, Verdict.PHONE_FIRST),
    ({"room": replace(ROOM, loss=3)}, Reason.ROOM_LOSS, Verdict.READY_WITH_LIMITS),
    ({"room": replace(ROOM, loss=8.5)}, Reason.ROOM_LOSS_TOO_HIGH, Verdict.PHONE_FIRST),
    ({"room": replace(ROOM, jitter_ms=30)}, Reason.ROOM_JITTER, Verdict.READY_WITH_LIMITS),
    ({"room": replace(ROOM, jitter_ms=101)}, Reason.ROOM_JITTER_TOO_HIGH, Verdict.PHONE_FIRST),
    ({"relay_udp": EchoReport(Echo.FAILED)}, Reason.RELAY_UDP_BLOCKED,
     Verdict.READY_WITH_LIMITS),
    ({"relay_tcp": EchoReport(Echo.FAILED)}, Reason.RELAY_TCP_BLOCKED,
     Verdict.READY_WITH_LIMITS),
    ({"clock_ms": -120_001}, Reason.CLOCK_OFF, Verdict.READY_WITH_LIMITS),
    ({"zone": "America/Phoenix"}, Reason.ZONE_DIFFERS, Verdict.READY_WITH_LIMITS),
    ({"zone": "Nowhere/Here"}, Reason.ZONE_DIFFERS, Verdict.READY_WITH_LIMITS),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "reason", "verdict"), CASES)
def test_each_trouble_has_its_own_reason(facts, reason, verdict):
    check = judged(**facts)

    assert reason in {each.reason for each in check.findings}
    assert check.verdict is verdict


def test_a_room_elsewhere_and_no_relay_cast_no_doubt_on_a_device():
    around = replace(AROUND, relays=frozenset())
    check = judged(around, room=EchoReport(Echo.ELSEWHERE), relay_udp=None, relay_tcp=None)

    assert check.verdict is Verdict.READY
    assert {each.reason for each in check.findings} == {
        Reason.OK, Reason.ROOM_ELSEWHERE, Reason.NO_RELAY,
    }  # fmt: skip


def test_two_names_of_one_clock_are_one_zone():
    around = replace(AROUND, zone="America/Denver")

    assert judged(around, zone="US/Mountain").verdict is Verdict.READY


def test_an_old_browser_is_told_by_its_number_and_on_a_phone_by_the_systems():
    old = replace(AROUND, device=replace(CHROME, major=99))
    phone = replace(AROUND, device=Device(Family.CHROME, 14, Kind.IPHONE))

    for around in (old, phone):
        assert judged(around).troubles[0].reason is Reason.BROWSER_OLD


def test_a_check_grows_old():
    check = judged()

    assert check.is_fresh(NINE + timedelta(days=30) - timedelta(seconds=1))
    assert not check.is_fresh(check.good_until)
    assert check.good_until == NINE + timedelta(days=30)


def test_what_fails_comes_before_what_limits():
    check = judged(camera=CAM(luma=90, motion=2, fps=5), up_kbps=10)

    assert [each.grade for each in check.troubles] == [Grade.FAIL, Grade.WARN]


@given(st.sampled_from(Reason), st.sampled_from(Kind), st.sampled_from(Family))
def test_every_trouble_has_a_remedy_on_every_device(reason, kind, family):
    nothing_to_do = {
        Reason.OK,
        Reason.ROOM_ELSEWHERE,
        Reason.NO_RELAY,
        Reason.NO_PERMISSION,
    }

    assert bool(remedy(reason, Device(family, 1, kind))) is (reason not in nothing_to_do)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e12])
def test_numbers_no_device_measures_are_refused(number):
    with pytest.raises(ValueError, match="peak is out of bounds"):
        MicrophoneReport(peak=number)
    with pytest.raises(ValueError, match="rtt_ms is out of bounds"):
        EchoReport(rtt_ms=number)


def test_a_report_names_no_device_and_no_place():
    for words in ({"zone": "Ana's iPhone"}, {"heard": "Ana"}, {"heard": "1" * 7}):
        with pytest.raises(ValueError, match=r"zone|heard"):
            Report(**words)  # type: ignore[arg-type]  # text, as a browser may claim


WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
AGENTS = [
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0.0.0 Safari/537.36",
     Device(Family.CHROME, 140, Kind.WINDOWS)),
    (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/139.0.0.0 Safari/537.36 Edg/139.0.1",
     Device(Family.EDGE, 139, Kind.WINDOWS)),
    (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/17.4 Safari/605.1.15",
     Device(Family.SAFARI, 17, Kind.MAC)),
    (f"Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) {WEBKIT} CriOS/120.0 Safari/604.1",
     Device(Family.CHROME, 16, Kind.IPHONE)),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
     Device(Family.FIREFOX, 128, Kind.LINUX)),
    (f"Mozilla/5.0 (Linux; Android 14) {WEBKIT} SamsungBrowser/25.0 Chrome/121.0 Safari/537.36",
     Device(Family.SAMSUNG, 25, Kind.ANDROID)),
    ("", Device()),
    ("curl/8", Device()),
]  # fmt: skip


@pytest.mark.parametrize(("agent", "device"), AGENTS)
def test_a_browser_is_known_by_family_number_and_kind_and_nothing_else(agent, device):
    assert device_of(agent) == device


def test_another_browser_number_or_network_is_another_device_and_unknown_is_not():
    wifi = replace(CHROME, network=Network.WIFI)

    assert wifi.is_like(CHROME)
    assert not wifi.is_like(replace(CHROME, network=Network.CELLULAR))
    assert not CHROME.is_like(replace(CHROME, major=141))
    assert not CHROME.is_like(replace(CHROME, kind=Kind.MAC))


def seen(fact: Fact, minutes: float, leg: Leg | None = None) -> Evidence:
    return Evidence(fact, minutes_later(minutes), "janus", leg, "con_1")


@pytest.mark.parametrize(
    ("after", "trouble"),
    [
        ([], True),
        ([(Fact.LEFT, 5.01)], False),
        ([(Fact.ENTERED, 5)], False),
        ([(Fact.MEDIA_UP, 5.05)], False),
        ([(Fact.MEDIA_UP, 5.5), (Fact.LEFT, 50)], True),
    ],
)
def test_media_that_fall_silent_while_the_connection_stays_are_trouble(after, trouble):
    facts = [
        seen(Fact.ENTERED, 0),
        seen(Fact.MEDIA_UP, 0.1, Leg.AUDIO),
        seen(Fact.MEDIA_DOWN, 5, Leg.AUDIO),
        *(
            seen(fact, at, Leg.AUDIO if fact is Fact.MEDIA_UP else None)
            for fact, at in after
        ),
    ]

    assert had_trouble(facts) is trouble


def test_before_an_appointment_only_what_has_become_worse_is_said():
    slow = replace(GOOD, socket_ms=400, room=replace(ROOM, rtt_ms=400))
    was_good, was_slow = judged(), judged(socket_ms=400, room=replace(ROOM, rtt_ms=400))

    assert worse_than(was_good, GOOD, Thresholds()) == ()
    assert [each.reason for each in worse_than(was_good, slow, Thresholds())] == [
        Reason.SOCKET_SLOW, Reason.ROOM_DELAY,
    ]  # fmt: skip
    assert worse_than(was_slow, slow, Thresholds()) == ()
    gone = replace(slow, socket_ms=None, microphone=MIC(Trouble.DENIED))
    assert [each.reason for each in worse_than(was_slow, gone, Thresholds())] == [
        Reason.PERMISSION_DENIED, Reason.SOCKET_BLOCKED,
    ]  # fmt: skip


def test_nobody_need_speak_or_be_heard_while_they_read():
    quiet = replace(GOOD, microphone=MIC(peak=-70), room=replace(ROOM, received=0))
    switched_off = replace(GOOD, microphone=MIC(peak=-120))

    assert worse_than(None, quiet, Thresholds()) == ()
    assert worse_than(None, switched_off, Thresholds())[0].reason is Reason.MIC_SILENT
