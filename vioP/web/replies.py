"""What came in and wants a decision, for coordinators."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.ids import StaffId
from vioP.domain.reply import Why
from vioP.domain.time import Instant
from vioP.flows.decide_matter import Decision, choices, decide_matter, show_matters
from vioP.flows.show import who_works
from vioP.storage.matters import ListedMatter
from vioP.web.access import action, person_of
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render

routes = web.RouteTableDef()

WHYS = {
    Why.DECLINED: "Can't come",
    Why.COUNTER: "Asks for another time",
    Why.OLD_TIME: "Can't come: answered the old time",
    Why.COMES_AFTER_ALL: "Comes after all, and is marked excused",
    Why.DELEGATED: "Wants to send somebody else",
    Why.ODD_ANSWER: "Answered in a way we do not know",
    Why.STRANGER: "Somebody else answered: the invite was passed on",
    Why.UNKNOWN_SEAT: "Answered an appointment we do not know",
    Why.FREE_TEXT: "Wrote to us",
    Why.UNREADABLE: "A mail that cannot be read",
    Why.FAULT: "A mail that vioP could not take in: a fault of its own",
    Why.TOO_BIG: "A mail that is too big to read",
    Why.BOUNCE: "Mail does not reach this person",
    Why.HOST_GONE: "Somebody who hosts sessions works here no longer",
    Why.ODD_BOUNCE: "Mail came back, and it is not clear whose",
}
DECISIONS = {
    Decision.KEEP: "Keep the session",
    Decision.ABSENT: "They will be absent",
    Decision.DONE: "Done",
}
_DECIDED = {
    **{decision.value: word for decision, word in DECISIONS.items()},
    "overtaken": "Answered again since",
}


@dataclass(frozen=True, slots=True)
class MatterLine:
    """One thing that wants a decision, or had one."""

    id: str
    title: str
    since: str
    name: str
    phone: str
    high_risk: bool
    session: str
    session_id: str
    sender: str
    subject: str
    said: str
    choices: tuple[tuple[str, str], ...]
    decision: str


@dataclass(frozen=True, slots=True)
class RepliesPage:
    """What is open, and what was decided lately."""

    open: tuple[MatterLine, ...]
    decided: tuple[MatterLine, ...]
    zone: str


@routes.get("/replies", name="replies")
@action(Action.SEE_REPLIES)
async def replies(request: web.Request) -> web.Response:
    """What came in and wants a decision: people to look for first, then the oldest."""
    ports = request.app[PORTS]
    _, zone = await who_works(ports, StaffId(person_of(request).id))
    listed = await show_matters(ports)
    page = RepliesPage(
        open=tuple(_line(each, zone) for each in listed if each.decision is None),
        decided=tuple(_line(each, zone) for each in listed if each.decision is not None),
        zone=zone,
    )
    return render(request, "replies", page)


@routes.post("/replies/{matter}", name="replies.decide")
@action(Action.DECIDE_REPLY)
async def decide(request: web.Request) -> web.Response:
    """Write a decision down, and do what it says."""
    form = await request.post()
    matter = request.match_info["matter"]
    by = person_of(request).id
    await decide_matter(request.app[PORTS], matter, field(form, "decision"), by)
    raise web.HTTPSeeOther("/replies")


def _line(listed: ListedMatter, zone: str) -> MatterLine:
    matter = listed.matter
    about_seat = matter.seat_id is not None
    fitting = choices(matter.why, about_seat=about_seat, is_outdated=listed.is_outdated)
    return MatterLine(
        id=matter.id,
        title=WHYS[matter.why],
        since=_moment(matter.opened_at, zone),
        name=listed.name,
        phone=listed.phone,
        high_risk=listed.high_risk,
        session=_session(listed, zone),
        session_id=listed.session_id or "",
        sender=matter.sender,
        subject=matter.subject,
        said=matter.said,
        choices=tuple((each.value, DECISIONS[each]) for each in fitting),
        decision=_DECIDED.get(listed.decision or "", ""),
    )


def _session(listed: ListedMatter, zone: str) -> str:
    if listed.starts is None or listed.ends is None:
        return ""
    what = (listed.cohort_id or "appointment").capitalize()
    when = f"{_moment(listed.starts, zone)}–{clock(listed.ends, zone)}"  # noqa: RUF001
    return f"{what}, {when}" + (", at another time now" if listed.is_outdated else "")


def _moment(at: Instant, zone: str) -> str:
    day = at.astimezone(ZoneInfo(zone))
    return f"{long_day(at, zone)} {day:%H:%M}"
