"""The tech check: what was tried on a device, and whether that is enough to join."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from vioP.domain.time import Instant, later

GOOD_FOR = timedelta(days=14)
SLOW_MS = 400


class Part(StrEnum):
    """What is tried."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SPEAKER = "speaker"
    CONNECTION = "connection"


class Verdict(StrEnum):
    """What the check says about joining by video."""

    READY = "ready"
    AUDIO_ONLY = "audio_only"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Probe:
    """What a browser reports: which parts worked, and how long an answer took.

    Attributes:
        round_trip_ms: The median of several small requests; nothing when none came back.
    """

    camera: bool
    microphone: bool
    speaker: bool
    round_trip_ms: int | None


@dataclass(frozen=True, slots=True)
class TechCheck:
    """One rehearsal, judged."""

    at: Instant
    verdict: Verdict
    failed: tuple[Part, ...]

    def is_fresh(self, now: Instant) -> bool:
        """Whether it still says something; devices change."""
        return now < later(self.at, GOOD_FOR)


def judge(probe: Probe, at: Instant) -> TechCheck:
    """What a probe means for joining.

    Sound both ways and a connection are needed to take part at all; a camera is not.
    """
    connected = probe.round_trip_ms is not None and probe.round_trip_ms <= SLOW_MS
    works = {
        Part.CAMERA: probe.camera,
        Part.MICROPHONE: probe.microphone,
        Part.SPEAKER: probe.speaker,
        Part.CONNECTION: connected,
    }
    failed = tuple(part for part, ok in works.items() if not ok)
    if not failed:
        return TechCheck(at, Verdict.READY, ())
    audio = Part.MICROPHONE not in failed and Part.SPEAKER not in failed
    return TechCheck(at, Verdict.AUDIO_ONLY if audio else Verdict.FAILED, failed)
