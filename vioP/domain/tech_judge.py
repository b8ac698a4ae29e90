"""Judging a rehearsal: one finding for each part, by thresholds that carry a version.

Source of the standard thresholds: the design of the tech check, section 3.3, after Daily's
published verdicts (loss under 5 %, round trip under 300 ms).
"""

from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from vioP.domain.device import Device, Family
from vioP.domain.tech_line import judge_line
from vioP.domain.tech_report import CameraReport, MicrophoneReport, Report, Trouble
from vioP.domain.tech_thresholds import Thresholds
from vioP.domain.techcheck import (
    Figures,
    Finding,
    Grade,
    Part,
    Reason,
    TechCheck,
    first_that_holds,
    sum_up,
)
from vioP.domain.time import Instant, later

_FAIL, _WARN = Grade.FAIL, Grade.WARN
_NOT_ALLOWED = frozenset({Trouble.DENIED, Trouble.DISMISSED})
_STILL = 0.02
_HALF_A_YEAR = timedelta(days=182)


@dataclass(frozen=True, slots=True)
class Around:
    """What the service knows besides the report.

    Attributes:
        digits: What was played.
        zone: The zone the person is told times in.
        relays: Which relays there are: ``udp``, ``tcp``.
    """

    digits: str
    zone: str
    device: Device = field(default_factory=Device)
    relays: frozenset[str] = frozenset()
    assisted_by: str = ""


def judge(report: Report, around: Around, thresholds: Thresholds, at: Instant) -> TechCheck:
    """What a rehearsal means for joining."""
    findings = (
        _browser(report, around.device, thresholds),
        _permissions(report),
        _camera(report.camera, thresholds),
        _microphone(report.microphone, thresholds),
        _speaker(report, around),
        *judge_line(report, around.relays, thresholds),
        _clock(report, thresholds),
        _zone(report, around, at),
    )
    return TechCheck(
        at=at,
        verdict=sum_up(findings),
        findings=findings,
        good_until=later(at, thresholds.good_for),
        device=around.device,
        figures=figures(report),
        thresholds=thresholds.version,
        assisted_by=around.assisted_by,
    )


def figures(report: Report) -> Figures:
    """The numbers of a report that are kept."""
    room, microphone = report.room, report.microphone
    return Figures(
        socket_ms=_whole(report.socket_ms),
        room_ms=_whole(room.rtt_ms if room else None),
        mic_dbfs=_whole(microphone.peak if microphone else None),
        down_kbps=_whole(report.down_kbps),
        up_kbps=_whole(report.up_kbps),
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _browser(report: Report, device: Device, thresholds: Thresholds) -> Finding:
    can = report.features
    known = device.family is not Family.OTHER
    return first_that_holds(
        Part.BROWSER,
        (not can.secure, _FAIL, Reason.PAGE_INSECURE),
        (not (can.webrtc and can.devices), _FAIL, Reason.BROWSER_UNSUPPORTED),
        (not (can.vp8 and can.opus), _FAIL, Reason.CODEC_MISSING),
        (known and device.major < thresholds.oldest_of(device), _WARN, Reason.BROWSER_OLD),
    )


def _permissions(report: Report) -> Finding:
    asked = (report.camera, report.microphone)
    troubles = {each.trouble for each in asked if each is not None}
    return first_that_holds(
        Part.PERMISSIONS,
        (Trouble.DENIED in troubles, _FAIL, Reason.PERMISSION_DENIED),
        (Trouble.DISMISSED in troubles, _FAIL, Reason.PERMISSION_DISMISSED),
        (None in asked, Grade.SKIPPED, Reason.NOT_MEASURED),
    )


def _camera(report: CameraReport | None, thresholds: Thresholds) -> Finding:
    seen = report or CameraReport()
    luma, fps = seen.luma or 0, seen.fps or 0
    still = seen.motion is not None and seen.motion < _STILL
    gave_nothing = seen.trouble is Trouble.FAILED or seen.luma is None or not fps
    return first_that_holds(
        Part.CAMERA,
        (report is None, Grade.SKIPPED, Reason.NOT_MEASURED),
        (seen.trouble in _NOT_ALLOWED, Grade.SKIPPED, Reason.NO_PERMISSION),
        (seen.trouble is Trouble.MISSING, _FAIL, Reason.CAMERA_MISSING),
        (seen.trouble is Trouble.BUSY, _FAIL, Reason.CAMERA_BUSY),
        (gave_nothing, _FAIL, Reason.CAMERA_FAILED),
        (luma <= thresholds.luma_least, _FAIL, Reason.CAMERA_BLACK),
        (still, _WARN, Reason.CAMERA_FROZEN),
        (fps < thresholds.fps_least, _WARN, Reason.CAMERA_SLOW),
    )


def _microphone(report: MicrophoneReport | None, thresholds: Thresholds) -> Finding:
    heard = report or MicrophoneReport()
    peak = -120 if heard.peak is None else heard.peak
    floor = -120 if heard.floor is None else heard.floor
    gave_nothing = heard.trouble is Trouble.FAILED or heard.peak is None
    clips = (heard.clipped or 0) * 100 > thresholds.clipped_most_percent
    return first_that_holds(
        Part.MICROPHONE,
        (report is None, Grade.SKIPPED, Reason.NOT_MEASURED),
        (heard.trouble in _NOT_ALLOWED, Grade.SKIPPED, Reason.NO_PERMISSION),
        (heard.trouble is Trouble.MISSING, _FAIL, Reason.MIC_MISSING),
        (heard.trouble is Trouble.BUSY, _FAIL, Reason.MIC_BUSY),
        (gave_nothing, _FAIL, Reason.MIC_FAILED),
        (peak <= thresholds.mic_silent_dbfs, _FAIL, Reason.MIC_SILENT),
        (clips, _WARN, Reason.MIC_CLIPPING),
        (peak <= thresholds.mic_quiet_dbfs, _WARN, Reason.MIC_QUIET),
        (floor > thresholds.mic_noisy_dbfs, _WARN, Reason.MIC_NOISY),
    )


def _speaker(report: Report, around: Around) -> Finding:
    answered = bool(report.heard and around.digits)
    return first_that_holds(
        Part.SPEAKER,
        (report.unheard, _FAIL, Reason.SPEAKER_UNHEARD),
        (not answered, Grade.SKIPPED, Reason.NOT_ANSWERED),
        (report.heard != around.digits, _FAIL, Reason.SPEAKER_WRONG),
    )


def _clock(report: Report, thresholds: Thresholds) -> Finding:
    off = timedelta(milliseconds=abs(report.clock_ms or 0))
    return first_that_holds(
        Part.CLOCK,
        (report.clock_ms is None, Grade.SKIPPED, Reason.NOT_MEASURED),
        (off > thresholds.clock_most, _WARN, Reason.CLOCK_OFF),
    )


def _zone(report: Report, around: Around, at: Instant) -> Finding:
    return first_that_holds(
        Part.ZONE,
        (not report.zone, Grade.SKIPPED, Reason.NOT_MEASURED),
        (not _same_clock(report.zone, around.zone, at), _WARN, Reason.ZONE_DIFFERS),
    )


def _same_clock(one: str, other: str, at: Instant) -> bool:
    """Whether two names of zones mean one clock, now and in half a year."""
    if one == other:
        return True
    try:
        zones = ZoneInfo(one), ZoneInfo(other)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False
    moments = (at, later(at, _HALF_A_YEAR))
    return all(
        moment.astimezone(zones[0]).utcoffset() == moment.astimezone(zones[1]).utcoffset()
        for moment in moments
    )
