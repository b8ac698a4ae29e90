"""From where on a rehearsal passes: numbers an operator may change, under a version."""

from dataclasses import dataclass
from datetime import timedelta

from vioP.domain.device import Device, Family, Kind

_NEVER_OLD = 0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What is good, and what is the least or most that still works.

    Between the two a part passes with a warning. A kilobit is a thousand bits.

    Attributes:
        version: Written down with every check; change it with the numbers.
        good_for: How long a check says something.
        mic_silent_dbfs: Up to here nothing is heard.
        mic_quiet_dbfs: Up to here it is hard to understand.
        mic_noisy_dbfs: Above this even the quietest moment is loud.
        browsers: The oldest version that is known to work, by family.
        ios_least: The oldest iOS; every browser there is Safari inside.
    """

    version: str = "2026-11"
    good_for: timedelta = timedelta(days=30)
    down_good_kbps: float = 1500
    down_least_kbps: float = 500
    up_good_kbps: float = 1000
    up_least_kbps: float = 300
    rtt_good_ms: float = 300
    rtt_most_ms: float = 600
    loss_good_percent: float = 3
    loss_most_percent: float = 8
    jitter_good_ms: float = 30
    jitter_most_ms: float = 100
    connect_good_ms: float = 5000
    mic_silent_dbfs: float = -50
    mic_quiet_dbfs: float = -40
    mic_noisy_dbfs: float = -25
    clipped_most_percent: float = 1
    luma_least: float = 8
    fps_least: float = 10
    clock_most: timedelta = timedelta(minutes=2)
    browsers: tuple[tuple[Family, int], ...] = (
        (Family.CHROME, 100),
        (Family.EDGE, 100),
        (Family.FIREFOX, 100),
        (Family.SAFARI, 15),
        (Family.SAMSUNG, 18),
    )
    ios_least: int = 15

    def oldest_of(self, device: Device) -> int:
        """The oldest version of a device's browser that is known to work."""
        if device.kind in {Kind.IPHONE, Kind.IPAD}:
            return self.ios_least
        return dict(self.browsers).get(device.family, _NEVER_OLD)
