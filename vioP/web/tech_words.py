"""What a tech check found, in words: one sentence and one remedy for each reason."""

from dataclasses import dataclass

from vioP.domain.device import Device, Family, Kind
from vioP.domain.techcheck import Finding, Grade, Part, Reason, TechCheck, Verdict
from vioP.web.tech_remedies import LIKE_ANYWHERE, PERMISSION, UPDATE

PARTS = {
    Part.BROWSER: "Browser",
    Part.PERMISSIONS: "Permission to use camera and microphone",
    Part.CAMERA: "Camera",
    Part.MICROPHONE: "Microphone",
    Part.SPEAKER: "Speaker",
    Part.DOWNLOAD: "Line to you",
    Part.UPLOAD: "Line from you",
    Part.SOCKET: "Answers from us",
    Part.ROOM: "Video room",
    Part.RELAY_UDP: "Way around (UDP)",
    Part.RELAY_TCP: "Way around (TCP)",
    Part.CLOCK: "Clock",
    Part.ZONE: "Time zone",
}
GRADES = {
    Grade.PASS: ("✓", "Works"),
    Grade.WARN: ("!", "Works, but"),
    Grade.FAIL: ("✗", "Does not work"),
    Grade.SKIPPED: ("-", "Not tried"),
}
# Icon, word for staff and participants, and what it means for the person.
VERDICTS = {
    Verdict.READY: ("✓", "Ready", "Everything works. You can join by video."),
    Verdict.READY_WITH_LIMITS: (
        "!",
        "Ready with limits",
        "You can join by video. Something does not work as well as it could: see below.",
    ),
    Verdict.PHONE_FIRST: (
        "☎",
        "Phone first",
        "Your line is too weak for video just now. Plan to join by phone; we help you with it.",
    ),
    Verdict.NOT_READY: (
        "✗",
        "Not ready",
        "Something must be mended before you can join by video. Begin with the first line below.",
    ),
}
NOT_CHECKED = ("?", "Not checked", "")
OLD = ("?", "Check is old", "")


@dataclass(frozen=True, slots=True)
class TechLine:
    """One part of a check, in words.

    Attributes:
        remedy: The one thing to do; empty when there is nothing to do.
    """

    part: str
    code: str
    grade: str
    icon: str
    word: str
    said: str
    remedy: str


def verdict_word(check: TechCheck | None) -> tuple[str, str, str]:
    """A state for styles, the word, and what it means; all empty when nothing was checked."""
    if check is None:
        return "", "", ""
    _, word, advice = VERDICTS[check.verdict]
    return check.verdict.value, word, advice


def icon_and_word(check: TechCheck | None, *, fresh: bool) -> str:
    """A verdict as staff see it on a roster: an icon and a word."""
    if check is None:
        icon, word, _ = NOT_CHECKED
    elif not fresh:
        icon, word, _ = OLD
    else:
        icon, word, _ = VERDICTS[check.verdict]
    return f"{icon} {word}"


def part_word(part: Part) -> str:
    """A part of a check within a sentence."""
    word = PARTS[part]
    return f"the {word[0].lower()}{word[1:]}"


def troubles(check: TechCheck | None) -> tuple[str, ...]:
    """What did not go well, the gravest first, each within a sentence."""
    return tuple(part_word(each.part) for each in check.troubles) if check else ()


def lines_of(check: TechCheck, device: Device) -> tuple[TechLine, ...]:
    """The parts of a check: what fails first, then what limits, then the rest."""
    turn = [Grade.FAIL, Grade.WARN, Grade.SKIPPED, Grade.PASS]
    ordered = sorted(check.findings, key=lambda each: turn.index(each.grade))
    return tuple(_line(each, device) for each in ordered)


def remedy(reason: Reason, device: Device) -> str:
    """The one thing to do about a reason, on this device and browser."""
    if reason in {Reason.PERMISSION_DENIED, Reason.PERMISSION_DISMISSED}:
        return _permission(device)
    if reason is Reason.BROWSER_OLD:
        return UPDATE.get(device.kind, UPDATE[Kind.OTHER])
    return LIKE_ANYWHERE[reason][1]


def words_of(reason: Reason, device: Device) -> str:
    """What a reason means and the one thing to do about it, in one breath."""
    said, _ = LIKE_ANYWHERE[reason]
    return f"{said} {remedy(reason, device)}".strip()


def _permission(device: Device) -> str:
    if device.kind in {Kind.IPHONE, Kind.IPAD}:
        return PERMISSION["ios"]
    if device.kind is Kind.ANDROID:
        return PERMISSION["android"]
    if device.family is Family.FIREFOX:
        return PERMISSION["firefox"]
    if device.family is Family.SAFARI:
        return PERMISSION["safari"]
    return PERMISSION["desktop"]


def _line(finding: Finding, device: Device) -> TechLine:
    icon, word = GRADES[finding.grade]
    said, _ = LIKE_ANYWHERE[finding.reason]
    return TechLine(
        part=PARTS[finding.part],
        code=finding.reason.value,
        grade=finding.grade.value,
        icon=icon,
        word=word,
        said=said,
        remedy=remedy(finding.reason, device),
    )
