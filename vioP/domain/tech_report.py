"""What a browser reports of its rehearsal: numbers and a few fixed words, each within bounds.

A browser may claim anything about itself; whatever it claims, it says nothing that names a
device, and is judged here and not there.
"""

import re
from dataclasses import dataclass, field, fields
from enum import StrEnum
from math import isfinite

from vioP.domain.device import Network

_MOST = 10_000_000.0
_ZONE = re.compile(r"[A-Za-z0-9_+/-]{0,64}")
_HEARD = re.compile(r"[0-9]{0,6}")


class Trouble(StrEnum):
    """Why a browser gave no camera or microphone."""

    DENIED = "denied"
    DISMISSED = "dismissed"
    MISSING = "missing"
    BUSY = "busy"
    FAILED = "failed"


class Echo(StrEnum):
    """How a call to the room server and back ended."""

    CONNECTED = "connected"
    ELSEWHERE = "elsewhere"
    BUSY = "busy"
    DOWN = "down"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Features:
    """What the browser can do at all."""

    secure: bool = False
    webrtc: bool = False
    devices: bool = False
    vp8: bool = False
    opus: bool = False


@dataclass(frozen=True, slots=True)
class CameraReport:
    """What came from the camera.

    Attributes:
        luma: The mean brightness of a picture, 0 to 255.
        motion: How much two pictures differ at a point, on the mean.
        fps: Pictures a second.
    """

    trouble: Trouble | None = None
    luma: float | None = None
    motion: float | None = None
    fps: float | None = None

    def __post_init__(self) -> None:
        _require_bounds(self)


@dataclass(frozen=True, slots=True)
class MicrophoneReport:
    """What came from the microphone, in dBFS.

    Attributes:
        peak: The loudest tenth of a second.
        floor: The quietest.
        clipped: The share of samples at the limit, 0 to 1.
    """

    trouble: Trouble | None = None
    peak: float | None = None
    floor: float | None = None
    clipped: float | None = None

    def __post_init__(self) -> None:
        _require_bounds(self)


@dataclass(frozen=True, slots=True)
class EchoReport:
    """A call through the room server and back.

    Attributes:
        received: Packets that came back.
        loss: The share of packets lost on the way out or back, in percent.
    """

    outcome: Echo = Echo.FAILED
    connect_ms: float | None = None
    rtt_ms: float | None = None
    jitter_ms: float | None = None
    loss: float | None = None
    received: float | None = None

    def __post_init__(self) -> None:
        _require_bounds(self)


@dataclass(frozen=True, slots=True)
class Report:
    """A whole rehearsal. What is missing was not measured.

    Attributes:
        heard: The digits the person typed; nothing when they did not answer.
        unheard: Whether they say that they heard nothing.
        socket_ms: The median round trip of a small message.
        clock_ms: How far the device's clock is ahead of the service's.
        zone: The zone the browser is set to.
    """

    features: Features = field(default_factory=Features)
    camera: CameraReport | None = None
    microphone: MicrophoneReport | None = None
    heard: str = ""
    unheard: bool = False
    down_kbps: float | None = None
    up_kbps: float | None = None
    socket_ms: float | None = None
    room: EchoReport | None = None
    relay_udp: EchoReport | None = None
    relay_tcp: EchoReport | None = None
    clock_ms: float | None = None
    zone: str = ""
    network: Network = Network.UNKNOWN

    def __post_init__(self) -> None:
        _require_bounds(self)
        if not _ZONE.fullmatch(self.zone):
            raise ValueError("zone is no name of a time zone")
        if not _HEARD.fullmatch(self.heard):
            raise ValueError("heard is at most six digits")


def _require_bounds(report: object) -> None:
    """Refuse numbers that no device measures.

    Raises:
        ValueError: A number is not finite, or far too large.
    """
    for each in fields(report):  # type: ignore[arg-type]  # a dataclass, as its callers are
        value = getattr(report, each.name)
        if isinstance(value, float) and not (isfinite(value) and abs(value) <= _MOST):
            raise ValueError(f"{each.name} is out of bounds")
