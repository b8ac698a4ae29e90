"""What leaves by text message: one short line of neutral words and a link."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One text message.

    Attributes:
        key: Handing two texts over under one key sends one.
        to: A phone number in E.164.
    """

    key: str
    to: str
    body: str


def nudge_text(sender_name: str, join_url: str, phone: str) -> str:
    """What somebody who has not joined is told."""
    return (
        f"{sender_name}: your appointment has started. Join: {join_url} "
        f"Trouble? Call {phone}, or reply C and we call you, L for later. STOP opts out."
    )


def late_text(sender_name: str) -> str:
    """What everybody is told whose host is late."""
    return (
        f"{sender_name}: your appointment starts a little later than planned. "
        "Your link stays the same. STOP opts out."
    )


def room_text(sender_name: str, phone: str, pin: str = "") -> str:
    """What everybody is told whose room does not work; with a PIN where they dial in."""
    number = f"{phone}, PIN {pin}," if pin else phone
    return (
        f"{sender_name}: the video does not work just now. Call {number} to take part "
        "by phone. STOP opts out."
    )
