"""The tech check: what was tried through the real servers, and what that means for joining."""

from dataclasses import dataclass, field
from enum import StrEnum

from vioP.domain.device import Device
from vioP.domain.time import Instant


class Part(StrEnum):
    """What is tried, in the order in which people are shown it."""

    BROWSER = "browser"
    PERMISSIONS = "permissions"
    CAMERA = "camera"
    MICROPHONE = "microphone"
    SPEAKER = "speaker"
    DOWNLOAD = "download"
    UPLOAD = "upload"
    SOCKET = "socket"
    ROOM = "room"
    RELAY_UDP = "relay_udp"
    RELAY_TCP = "relay_tcp"
    CLOCK = "clock"
    ZONE = "zone"


class Grade(StrEnum):
    """How one part went."""

    PASS = "pass"  # noqa: S105 - a word
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


class Verdict(StrEnum):
    """What the whole check says about joining, the best first."""

    READY = "ready"
    READY_WITH_LIMITS = "ready_with_limits"
    PHONE_FIRST = "phone_first"
    NOT_READY = "not_ready"

    @property
    def is_enough(self) -> bool:
        """Whether somebody can take part by video."""
        return self in {Verdict.READY, Verdict.READY_WITH_LIMITS}


class Reason(StrEnum):
    """Why a part went as it did. Each has one remedy, by device and browser."""

    OK = "ok"
    BROWSER_UNSUPPORTED = "browser_unsupported"
    PAGE_INSECURE = "page_insecure"
    CODEC_MISSING = "codec_missing"
    BROWSER_OLD = "browser_old"
    PERMISSION_DENIED = "permission_denied"
    PERMISSION_DISMISSED = "permission_dismissed"
    NO_PERMISSION = "no_permission"
    CAMERA_MISSING = "camera_missing"
    CAMERA_BUSY = "camera_busy"
    CAMERA_FAILED = "camera_failed"
    CAMERA_BLACK = "camera_black"
    CAMERA_FROZEN = "camera_frozen"
    CAMERA_SLOW = "camera_slow"
    MIC_MISSING = "mic_missing"
    MIC_BUSY = "mic_busy"
    MIC_FAILED = "mic_failed"
    MIC_SILENT = "mic_silent"
    MIC_QUIET = "mic_quiet"
    MIC_CLIPPING = "mic_clipping"
    MIC_NOISY = "mic_noisy"
    SPEAKER_WRONG = "speaker_wrong"
    SPEAKER_UNHEARD = "speaker_unheard"
    NOT_ANSWERED = "not_answered"
    DOWNLOAD_SLOW = "download_slow"
    DOWNLOAD_TOO_SLOW = "download_too_slow"
    DOWNLOAD_NONE = "download_none"
    UPLOAD_SLOW = "upload_slow"
    UPLOAD_TOO_SLOW = "upload_too_slow"
    UPLOAD_NONE = "upload_none"
    SOCKET_SLOW = "socket_slow"
    SOCKET_TOO_SLOW = "socket_too_slow"
    SOCKET_BLOCKED = "socket_blocked"
    ROOM_ELSEWHERE = "room_elsewhere"
    ROOM_BUSY = "room_busy"
    ROOM_DOWN = "room_down"
    ROOM_UNREACHABLE = "room_unreachable"
    ROOM_SILENT = "room_silent"
    ROOM_SLOW_TO_CONNECT = "room_slow_to_connect"
    ROOM_DELAY = "room_delay"
    ROOM_DELAY_TOO_LONG = "room_delay_too_long"
    ROOM_LOSS = "room_loss"
    ROOM_LOSS_TOO_HIGH = "room_loss_too_high"
    ROOM_JITTER = "room_jitter"
    ROOM_JITTER_TOO_HIGH = "room_jitter_too_high"
    NO_RELAY = "no_relay"
    RELAY_UDP_BLOCKED = "relay_udp_blocked"
    RELAY_TCP_BLOCKED = "relay_tcp_blocked"
    CLOCK_OFF = "clock_off"
    ZONE_DIFFERS = "zone_differs"
    NOT_MEASURED = "not_measured"


@dataclass(frozen=True, slots=True)
class Finding:
    """How one part went, and why."""

    part: Part
    grade: Grade
    reason: Reason


@dataclass(frozen=True, slots=True)
class Figures:
    """The few numbers that are kept, to see later whether a line has become worse.

    Attributes:
        socket_ms: The median round trip to this service.
        room_ms: The round trip of media to the room server and back.
        mic_dbfs: The loudest tenth of a second of the microphone.
    """

    socket_ms: int | None = None
    room_ms: int | None = None
    mic_dbfs: int | None = None
    down_kbps: int | None = None
    up_kbps: int | None = None


@dataclass(frozen=True, slots=True)
class TechCheck:
    """One rehearsal, judged.

    Attributes:
        good_until: Until when it says something; a session with trouble ends it at once.
        thresholds: The version of the thresholds it was judged by.
        assisted_by: Who of the staff helped, or held the test session; empty when nobody.
    """

    at: Instant
    verdict: Verdict
    findings: tuple[Finding, ...]
    good_until: Instant
    device: Device = field(default_factory=Device)
    figures: Figures = field(default_factory=Figures)
    thresholds: str = ""
    assisted_by: str = ""
    had_trouble: bool = False

    def is_fresh(self, now: Instant) -> bool:
        """Whether it still says something; devices change."""
        return now < self.good_until

    def is_enough(self, now: Instant) -> bool:
        """Whether somebody is known to be able to take part by video now."""
        return self.is_fresh(now) and self.verdict.is_enough

    @property
    def troubles(self) -> tuple[Finding, ...]:
        """What did not go well, the gravest first."""
        wrong = [each for each in self.findings if each.grade in {Grade.WARN, Grade.FAIL}]
        return tuple(sorted(wrong, key=lambda each: each.grade is not Grade.FAIL))


Rule = tuple[bool, Grade, Reason]


def first_that_holds(part: Part, *rules: Rule) -> Finding:
    """The finding of the first rule that holds, the gravest first; it works when none does."""
    for holds, grade, reason in rules:
        if holds:
            return Finding(part, grade, reason)
    return Finding(part, Grade.PASS, Reason.OK)


_NEEDED = frozenset({Part.BROWSER, Part.PERMISSIONS, Part.MICROPHONE, Part.SPEAKER})
_LINE = frozenset({Part.DOWNLOAD, Part.UPLOAD, Part.SOCKET, Part.ROOM})
# Skipped because this service has nothing to try: no doubt is cast on the device.
_NO_DOUBT = frozenset({Reason.ROOM_ELSEWHERE, Reason.NO_RELAY, Reason.NO_PERMISSION})


def sum_up(findings: tuple[Finding, ...]) -> Verdict:
    """The verdict of a whole check.

    Sound both ways is needed to take part at all, and can be mended; a line that is too weak
    cannot, so the phone comes first. A camera is not needed.
    """
    failed = {each.part for each in findings if each.grade is Grade.FAIL}
    if failed & _NEEDED:
        return Verdict.NOT_READY
    if failed & _LINE:
        return Verdict.PHONE_FIRST
    doubtful = any(
        each.grade is not Grade.PASS and each.reason not in _NO_DOUBT for each in findings
    )
    return Verdict.READY_WITH_LIMITS if doubtful else Verdict.READY
