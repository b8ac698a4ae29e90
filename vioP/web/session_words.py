"""What staff call sessions and their parts: internal words, which never leave the house."""

from datetime import timedelta

from vioP.domain.live import LiveSession
from vioP.domain.rotation import Taught
from vioP.domain.session import Kind
from vioP.domain.time import later
from vioP.web.pages import clock

KINDS = {
    Kind.GROUP: "Group",
    Kind.INDIVIDUAL: "Individual",
    Kind.PSYCHIATRY: "Psychiatry check-in",
    Kind.FAMILY: "Family",
    Kind.ORIENTATION: "Orientation",
    Kind.TECH_TEST: "Tech test",
}


def session_title(session: LiveSession) -> str:
    """What staff call a session: whose group it is, or what is done in it."""
    title = KINDS[session.kind]
    return (
        f"{session.cohort_id.capitalize()} {title.lower()}" if session.cohort_id else title
    )


def module_line(taught: Taught | None) -> str:
    """The module of a day and how far it is; empty where that is not known."""
    if taught is None:
        return ""
    if taught.weeks == 1:
        return taught.module
    return f"{taught.module}, week {taught.week} of {taught.weeks}"


def parts_of(session: LiveSession, zone: str) -> tuple[str, ...]:
    """What is done when in a session of several parts, breaks left out."""
    found, at = [], session.starts
    for block in session.blocks:
        if block.is_care:
            found.append(f"{clock(at, zone)} {block.kind}")
        at = later(at, timedelta(minutes=block.minutes))
    return tuple(found) if len(found) > 1 else ()
