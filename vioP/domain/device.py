"""What a device is, as far as help needs it: family of browser, its number, kind of device.

Nothing here tells one person's device from another's: no label, no address, no full version.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """Whose browser it is. On an iPhone every browser is Safari inside."""

    CHROME = "chrome"
    EDGE = "edge"
    FIREFOX = "firefox"
    SAFARI = "safari"
    SAMSUNG = "samsung"
    OTHER = "other"


class Kind(StrEnum):
    """What sort of device it is."""

    IPHONE = "iphone"
    IPAD = "ipad"
    ANDROID = "android"
    MAC = "mac"
    WINDOWS = "windows"
    CHROMEBOOK = "chromebook"
    LINUX = "linux"
    OTHER = "other"

    @property
    def is_handheld(self) -> bool:
        """Whether it is held in the hand."""
        return self in {Kind.IPHONE, Kind.IPAD, Kind.ANDROID}


class Network(StrEnum):
    """How it reaches the network, where the browser says."""

    WIFI = "wifi"
    CELLULAR = "cellular"
    WIRED = "wired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Device:
    """A browser on a kind of device in a kind of network."""

    family: Family = Family.OTHER
    major: int = 0
    kind: Kind = Kind.OTHER
    network: Network = Network.UNKNOWN

    def is_like(self, other: "Device") -> bool:
        """Whether what was found on one still holds on the other; unknown is no difference."""
        networks = {self.network, other.network} - {Network.UNKNOWN}
        same = (self.family, self.major, self.kind) == (
            other.family, other.major, other.kind,
        )  # fmt: skip
        return same and len(networks) <= 1


# In this order: an Edge also says Chrome, and everybody says Safari.
_FAMILIES = (
    (Family.EDGE, re.compile(r"Edg(?:A|iOS)?/(\d+)")),
    (Family.SAMSUNG, re.compile(r"SamsungBrowser/(\d+)")),
    (Family.FIREFOX, re.compile(r"(?:Firefox|FxiOS)/(\d+)")),
    (Family.CHROME, re.compile(r"(?:HeadlessChrome|Chrome|CriOS)/(\d+)")),
    (Family.SAFARI, re.compile(r"Version/(\d+)[\d.]* .*Safari/")),
)
_KINDS = (
    (Kind.IPHONE, "iPhone"),
    (Kind.IPAD, "iPad"),
    (Kind.ANDROID, "Android"),
    (Kind.CHROMEBOOK, "CrOS"),
    (Kind.WINDOWS, "Windows"),
    (Kind.MAC, "Macintosh"),
    (Kind.LINUX, "Linux"),
)
_IOS = re.compile(r"OS (\d+)_")
_LARGEST = 9999


def device_of(user_agent: str, network: Network = Network.UNKNOWN) -> Device:
    """What a browser's own description says, reduced to what help needs.

    On an iPhone or iPad the number that matters is the system's: every browser there is
    Safari inside.
    """
    kind = next((kind for kind, word in _KINDS if word in user_agent), Kind.OTHER)
    family, major = Family.OTHER, 0
    for each, pattern in _FAMILIES:
        found = pattern.search(user_agent)
        if found:
            family, major = each, int(found[1])
            break
    system = _IOS.search(user_agent)
    if kind in {Kind.IPHONE, Kind.IPAD} and system:
        major = int(system[1])
    return Device(family, min(major, _LARGEST), kind, network)
