"""Getting set up, for coordinators: how far people are, links, and what is waived."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid
from vioP.domain.ids import ParticipantId, StaffId
from vioP.domain.onboarding import TITLES, Who
from vioP.domain.setup_link import LinkPurpose, SetupLink
from vioP.domain.time import Instant
from vioP.flows.send_setup_link import revoke_setup_links, send_setup_link
from vioP.flows.show import who_works
from vioP.flows.show_onboarding import Progress, show_onboarding
from vioP.flows.show_staff import staff_names
from vioP.flows.waive_piece import waive_piece
from vioP.web.access import action, person_of
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import clock, long_day, render
from vioP.web.paging import Pager, paged

routes = web.RouteTableDef()

_WHOSE = {Who.PARTICIPANT: "", Who.GUARDIAN: " (guardian)"}
_LINKS = {LinkPurpose.PARTICIPANT: "Link", LinkPurpose.GUARDIAN: "Guardian's link"}


@dataclass(frozen=True, slots=True)
class PersonLine:
    """How far one person is.

    Attributes:
        owes: What is missing without which nothing leaves, in words.
        helps: What is missing besides.
        links: When each link was sent, and whether it still works.
        waivable: Pieces that can be let go, each with its name.
        starts: Their first day, where it is still to come; empty otherwise.
    """

    id: str
    name: str
    done: int
    total: int
    owes: tuple[str, ...]
    helps: tuple[str, ...]
    links: tuple[str, ...]
    waivers: tuple[str, ...]
    waivable: tuple[tuple[str, str], ...]
    is_minor: bool
    starts: str


@dataclass(frozen=True, slots=True)
class OnboardingPage:
    """Everybody, by how far they are."""

    waiting: tuple[PersonLine, ...]
    never: tuple[PersonLine, ...]
    ready: tuple[PersonLine, ...]
    sent: str
    pager: Pager


@routes.get("/onboarding", name="onboarding")
@action(Action.HELP_SET_UP)
async def onboarding(request: web.Request) -> web.Response:
    """How far everybody is, worst first."""
    ports = request.app[PORTS]
    _, zone = await who_works(ports, StaffId(person_of(request).id))
    now = ports.clock.now()
    found = await show_onboarding(ports)
    names = {each.person.id: each.person.name for each in found}
    asked = [each for each in found if each.of.invited_at is not None]
    staff = await staff_names(ports)
    lines = [(each, _line(each, staff, zone, now)) for each in asked]
    never, pager = paged(request, [each for each in found if each.of.invited_at is None])
    page = OnboardingPage(
        waiting=tuple(line for p, line in lines if p.owes),
        never=tuple(_line(each, staff, zone, now) for each in never),
        ready=tuple(line for p, line in lines if not p.owes),
        sent=names.get(ParticipantId(request.query.get("sent", "")), ""),
        pager=pager,
    )
    return render(request, "onboarding", page)


@routes.post("/participants/{participant}/set-up-link", name="onboarding.send")
@action(Action.HELP_SET_UP)
async def send(request: web.Request) -> web.Response:
    """Send a link, or end those that were sent."""
    person = ParticipantId(request.match_info["participant"])
    wanted, by = field(await request.post(), "link"), person_of(request).id
    ports = request.app[PORTS]
    if wanted == "end":
        await revoke_setup_links(ports, person, by)
        raise web.HTTPSeeOther("/onboarding")
    if wanted not in set(_LINKS):
        raise Invalid(f"A link is for {' or '.join(_LINKS)}, or to be ended: end.")
    await send_setup_link(ports, person, LinkPurpose(wanted), by)
    raise web.HTTPSeeOther(f"/onboarding?sent={person}")


@routes.post("/participants/{participant}/waivers", name="onboarding.waive")
@action(Action.HELP_SET_UP)
async def waive(request: web.Request) -> web.Response:
    """Let a piece go, by name and for a reason."""
    form = await request.post()
    person = ParticipantId(request.match_info["participant"])
    piece, reason = field(form, "piece"), field(form, "reason")
    await waive_piece(request.app[PORTS], person, piece, person_of(request).id, reason)
    raise web.HTTPSeeOther("/onboarding")


def _line(
    progress: Progress, staff: Mapping[str, str], zone: str, now: Instant
) -> PersonLine:
    lacks = progress.lacks
    return PersonLine(
        id=progress.person.id,
        name=progress.person.name,
        done=progress.total - len(lacks),
        total=progress.total,
        owes=tuple(f"{each.title}{_WHOSE[each.who]}" for each in progress.owes),
        helps=tuple(
            f"{each.title}{_WHOSE[each.who]}" for each in lacks if not each.required
        ),
        links=tuple(
            f"{_LINKS[purpose]} {_sent(link, zone, now)}"
            for purpose, link in progress.links.items()
        ),
        waivers=tuple(
            f"{TITLES[each.piece]}: {each.reason} ({staff.get(each.by, each.by)})"
            for each in progress.waivers
        ),
        waivable=tuple((each.piece.value, each.title) for each in lacks),
        is_minor=progress.of.is_minor,
        starts=f"{progress.first:%A} {progress.first.day} {progress.first:%B}"
        if progress.first
        else "",
    )


def _sent(link: SetupLink, zone: str, now: Instant) -> str:
    sent = f"sent {long_day(link.made_at, zone)}, {clock(link.made_at, zone)}"
    return sent if link.is_open(now) else f"{sent}, has ended"
