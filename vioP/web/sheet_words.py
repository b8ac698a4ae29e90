"""What is confirmed of attendance, in words, the same on the sheet and in a story."""

from vioP.domain.sheet import Confirmed, Reason, SheetLine

CONFIRMED = {
    Confirmed.PRESENT: "There",
    Confirmed.EXCUSED: "Excused",
    Confirmed.NO_SHOW: "No-show",
}
REASONS = {
    Reason.NONE: "–",  # noqa: RUF001 - a dash is what people read
    Reason.ILLNESS: "Ill",
    Reason.TECHNICAL: "Device or line",
    Reason.WORK_OR_SCHOOL: "Work or school",
    Reason.CARE_OF_OTHERS: "Care of others",
    Reason.NO_PRIVATE_PLACE: "No private place",
    Reason.LOCATION: "In another state",
    Reason.OTHER: "Other",
}


def sheet_words(line: SheetLine) -> str:
    """A line of a sheet: ``There, 45 minutes, Device or line``."""
    if line.attendance is None:
        return "Nothing is said"
    words = [CONFIRMED[line.attendance]]
    if line.attendance is Confirmed.PRESENT:
        words.append(f"{line.minutes} minutes")
    if line.reason is not Reason.NONE:
        words.append(REASONS[line.reason])
    return ", ".join(words)
