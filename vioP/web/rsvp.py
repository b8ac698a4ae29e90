"""The link that asks whether somebody will come. Opening it shows; pressing a button answers.

Mail scanners open every link they carry, so a plain GET must never count as an answer.
"""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.reply import Answer
from vioP.flows.answer_invite import LONGEST_REASON, answer_invite, open_question
from vioP.web.access import action
from vioP.web.forms import field, whole_field
from vioP.web.join import When, when
from vioP.web.keys import PORTS
from vioP.web.pages import render

routes = web.RouteTableDef()

SAID = {
    Answer.ACCEPTED: "You said that you will come.",
    Answer.TENTATIVE: "You said that you might come.",
    Answer.DECLINED: "You said that you can't come. We will be in touch.",
    Answer.COUNTER: "You asked for another time. We will be in touch.",
}


@dataclass(frozen=True, slots=True)
class RsvpPage:
    """What somebody is asked behind their link."""

    token: str
    sequence: int
    when: When
    said: str
    is_old: bool
    is_over: bool
    longest_reason: int
    join_url: str
    phone: str


@routes.get("/r/{token}", name="rsvp.page")
@action(Action.USE_LINK)
async def rsvp_page(request: web.Request) -> web.Response:
    """The question with its two buttons. It changes nothing."""
    ports = request.app[PORTS]
    token = request.match_info["token"]
    question = await open_question(ports, token)
    seat = question.seat
    page = RsvpPage(
        token=token,
        sequence=seat.sequence,
        when=when(seat.starts, seat.ends, seat.zone),
        said=SAID[question.said] if question.said else "",
        is_old=question.is_old,
        is_over=question.is_over,
        longest_reason=LONGEST_REASON,
        join_url=f"/j/{ports.secrets.link_token(seat.id)}",
        phone=ports.house.sender.phone,
    )
    return render(request, "rsvp", page, status=410 if question.is_over else 200)


@routes.post("/r/{token}", name="rsvp.answer")
@action(Action.USE_LINK)
async def rsvp_answer(request: web.Request) -> web.Response:
    """Keep the answer, and show it."""
    form = await request.post()
    token = request.match_info["token"]
    reason = field(form, "reason") if "reason" in form else ""
    answer, sequence = field(form, "answer"), whole_field(form, "sequence")
    await answer_invite(request.app[PORTS], token, answer, reason, sequence)
    raise web.HTTPSeeOther(f"/r/{token}")
