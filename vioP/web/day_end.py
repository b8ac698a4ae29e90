"""The end of the day: what still wants confirming, following up or sending again."""

from dataclasses import dataclass
from datetime import date

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.ids import StaffId
from vioP.domain.live import LiveSeat, LiveSession
from vioP.flows.show import who_works
from vioP.flows.show_day_end import DayEnd, show_day_end
from vioP.web.access import action, person_of
from vioP.web.forms import day_field
from vioP.web.keys import PORTS
from vioP.web.pages import clock, render
from vioP.web.session_words import session_title
from vioP.web.states import ATTENDANCE
from vioP.web.words import outcome_word

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class EndedLine:
    """A session that is over."""

    id: str
    title: str
    starts: str
    host: str
    there: int
    places: int
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class MissedLine:
    """Somebody who did not come.

    Attributes:
        last: How the last attempt to reach them ended; empty where there was none.
    """

    seat: str
    name: str
    starts: str
    title: str
    attendance: str
    last: str
    high_risk: bool


@dataclass(frozen=True, slots=True)
class DayEndPage:
    """What a day still wants."""

    day: date
    zone: str
    running: int
    unconfirmed: int
    ended: tuple[EndedLine, ...]
    missed: tuple[MissedLine, ...]
    waiting: int
    undelivered: int

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return not (self.running or self.unconfirmed or self.waiting or self.undelivered)


@routes.get("/day-end", name="day_end")
@action(Action.SEE_CALL_LIST)
async def day_end(request: web.Request) -> web.Response:
    """What a day still wants before everybody goes home."""
    ports = request.app[PORTS]
    _, zone = await who_works(ports, StaffId(person_of(request).id))
    day = day_field(request.query, "day") if "day" in request.query else None
    found = await show_day_end(ports, zone, day)
    return render(request, "day_end", _page(found, zone))


def _page(found: DayEnd, zone: str) -> DayEndPage:
    titles = {each.id: session_title(each) for each in found.over}
    ended = tuple(
        EndedLine(
            each.id,
            titles[each.id],
            clock(each.starts, zone),
            each.lead_name,
            sum(seat.attendance(each) in _THERE for seat in each.seats),
            len(each.seats),
            each.id in found.confirmed,
        )
        for each in found.over
    )
    return DayEndPage(
        day=found.day,
        zone=zone,
        running=found.running,
        unconfirmed=sum(not each.is_confirmed for each in ended),
        ended=tuple(sorted(ended, key=lambda each: each.is_confirmed)),
        missed=tuple(_missed(*each, titles[each[0].id], zone) for each in found.missed),
        waiting=found.waiting,
        undelivered=found.undelivered,
    )


_THERE = {each for each in ATTENDANCE if each.value in {"present", "late", "left_early"}}


def _missed(session: LiveSession, seat: LiveSeat, title: str, zone: str) -> MissedLine:
    outcomes = [step.outcome for step in seat.steps if step.outcome]
    return MissedLine(
        seat=seat.id,
        name=seat.name,
        starts=clock(session.starts, zone),
        title=title,
        attendance=ATTENDANCE[seat.attendance(session)],
        last=outcome_word(outcomes[-1]) if outcomes else "",
        high_risk=seat.high_risk,
    )
