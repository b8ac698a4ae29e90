"""What leaves by text message: one short line of neutral words and a link.

Each comes in English and in Spanish; the first wording that is one part is the one that leaves.
"""

from dataclasses import dataclass

from vioP.domain.gsm import fit


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


def nudge_text(sender_name: str, join_url: str, phone: str, language: str = "en") -> str:
    """What somebody who has not joined is told."""
    if _is_spanish(language):
        begins = f"{sender_name}: su cita ya ha empezado."
        return fit(
            f"{begins} Entre: {join_url} Problemas? Llame al {phone}, o responda C y le "
            "llamamos, L para luego. STOP: no textos.",
            f"{begins} {join_url} Responda C y le llamamos, L para luego, STOP: no textos.",
            f"{begins} {join_url} Responda C: llamamos, STOP: no textos.",
            f"Su cita ya ha empezado. {join_url} Responda C: le llamamos.",
            f"{join_url} Responda C: le llamamos.",
        )
    begins = f"{sender_name}: your appointment has started."
    return fit(
        f"{begins} Join: {join_url} Trouble? Call {phone}, or reply C and we call you, "
        "L for later. STOP opts out.",
        f"{begins} {join_url} Reply C and we call you, L for later, STOP: no texts.",
        f"{begins} {join_url} Reply C: we call, STOP: no texts.",
        f"Your appointment has started. {join_url} Reply C: we call.",
        f"{join_url} Reply C: we call.",
    )


def late_text(sender_name: str, language: str = "en") -> str:
    """What everybody is told whose host is late."""
    if _is_spanish(language):
        return fit(
            f"{sender_name}: su cita empieza un poco más tarde. Su enlace es el mismo. "
            "STOP: no textos.",
            "Su cita empieza un poco más tarde. Su enlace es el mismo.",
        )
    return fit(
        f"{sender_name}: your appointment starts a little later than planned. "
        "Your link stays the same. STOP opts out.",
        "Your appointment starts a little later than planned. Your link stays the same.",
    )


def room_text(sender_name: str, phone: str, pin: str = "", language: str = "en") -> str:
    """What everybody is told whose room does not work; with a PIN where they dial in."""
    number = f"{phone}, PIN {pin}," if pin else phone
    if _is_spanish(language):
        return fit(
            f"{sender_name}: el video no funciona ahora. Llame al {number} para participar "
            "por teléfono. STOP: no textos.",
            f"El video no funciona ahora. Llame al {number} para participar por teléfono.",
        )
    return fit(
        f"{sender_name}: the video does not work just now. Call {number} to take part "
        "by phone. STOP opts out.",
        f"The video does not work just now. Call {number} to take part by phone.",
    )


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a reminder says, in words of its reader's language.

    Attributes:
        when: Such as ``tomorrow 09:00, 13:30``.
        zone: Whose clock that is, such as ``Denver time``.
        link: The way in, or to the check of their device.
        check: Whether the link leads to the check, because the device is not ready.
    """

    when: str
    zone: str
    link: str
    check: bool = False


def reminder_text(sender_name: str, told: Reminded, language: str = "en") -> str:
    """What somebody is reminded of: when, by what link, and how a person helps."""
    when, zone, link, check = told.when, told.zone, told.link, told.check
    if _is_spanish(language):
        does = "Primero pruebe su equipo" if check else "Entre"
        does_shortly = "Pruebe: " if check else ""
        return fit(
            f"{sender_name}: cita {when}, {zone}. {does}: {link} "
            "Responda H para una persona, STOP: no textos.",
            f"{sender_name}: {when}, {zone}. {does}: {link} Responda H para una persona.",
            f"{sender_name}: {when}, {zone}. {does_shortly}{link} H: una persona.",
            f"{sender_name}: {when}. {does_shortly}{link} H: una persona.",
            f"{when}. {does_shortly}{link} H: una persona.",
            f"{link} H: una persona.",
        )
    does = "Check your device first" if check else "Join"
    does_shortly = "Check: " if check else ""
    return fit(
        f"{sender_name}: appointment {when}, {zone}. {does}: {link} "
        "Reply H for a person, STOP to end texts.",
        f"{sender_name}: {when}, {zone}. {does}: {link} Reply H for a person, STOP: no texts.",
        f"{sender_name}: {when}, {zone}. {does_shortly}{link} Reply H for a person.",
        f"{sender_name}: {when}. {does_shortly}{link} Reply H for a person.",
        f"{when}. {does_shortly}{link} Reply H for a person.",
        f"{link} Reply H for a person.",
    )


def door_text(sender_name: str, join_url: str, language: str = "en") -> str:
    """What somebody is told when their room opens."""
    if _is_spanish(language):
        begins = f"{sender_name}: su sala ya abrió."
        return fit(
            f"{begins} Entre: {join_url} Responda H para una persona, C y le llamamos, "
            "STOP: no textos.",
            f"{begins} {join_url} Responda H para una persona, C: le llamamos.",
            f"{begins} {join_url} H: una persona.",
            f"Su sala ya abrió. {join_url} H: una persona.",
            f"{join_url} H: una persona.",
        )
    return fit(
        f"{sender_name}: your room is open. Join: {join_url} "
        "Reply H for a person, C and we call you, STOP to end texts.",
        f"{sender_name}: your room is open. {join_url} Reply H for a person, C: we call you.",
        f"{sender_name}: room open. {join_url} Reply H for a person.",
        f"Your room is open. {join_url} Reply H for a person.",
        f"{join_url} Reply H for a person.",
    )


def _is_spanish(language: str) -> bool:
    return language.partition("-")[0] == "es"
