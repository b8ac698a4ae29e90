"""The waiting list of a cohort: put on it, offered a place, enrolled, taken off."""

from collections.abc import Mapping

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid, WaitingSettled
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.program import WEEKDAYS
from vioP.domain.waiting import Entry, Offer
from vioP.flows.enroll_from_list import enroll_from_list
from vioP.flows.offer_place import offer_place, take_offer_back
from vioP.flows.put_on_list import Asking, put_on_list
from vioP.flows.show_waiting import show_entry
from vioP.flows.take_off_list import take_off_list
from vioP.web.access import action, person_of
from vioP.web.cohort_forms import Form, Tried, typed_into
from vioP.web.cohort_page import cohort_page
from vioP.web.forms import day_field, field
from vioP.web.keys import PORTS

routes = web.RouteTableDef()

_LONGEST = 300


@routes.post("/cohorts/{cohort}/waiting", name="waiting.put")
@action(Action.ENROLL)
async def put(request: web.Request) -> web.Response:
    """Put somebody on the waiting list, unless the cohort could not take them anyway."""
    form, cohort = await request.post(), request.match_info["cohort"]
    try:
        asking = _asking(cohort, form)
        entry = await put_on_list(request.app[PORTS], asking, person_of(request).id)
    except Invalid as error:
        tried = Tried(error, Form.WAIT, typed_into(form))
        return await cohort_page(request, cohort, {}, tried)
    raise _to_the_list(entry)


@routes.post("/waiting/{entry}/offer", name="waiting.offer")
@action(Action.ENROLL)
async def offer(request: web.Request) -> web.Response:
    """Hold a place for somebody until a day."""
    form = await request.post()
    entry, by = request.match_info["entry"], person_of(request).id
    try:
        days = Offer(day_field(form, "first"), day_field(form, "until"))
        offered = await offer_place(request.app[PORTS], entry, days, by)
    except (Invalid, WaitingSettled) as error:
        return await _again(request, Tried(error, Form.OFFER, typed_into(form), entry))
    raise _to_the_list(offered)


@routes.post("/waiting/{entry}/take-back", name="waiting.take_back")
@action(Action.ENROLL)
async def take_back(request: web.Request) -> web.Response:
    """Hold the place no longer; they keep their turn."""
    entry, by = request.match_info["entry"], person_of(request).id
    try:
        waits = await take_offer_back(request.app[PORTS], entry, by)
    except WaitingSettled as error:
        return await _again(request, Tried(error, Form.TAKE_BACK, {}, entry))
    raise _to_the_list(waits)


@routes.post("/waiting/{entry}/enroll", name="waiting.enroll")
@action(Action.ENROLL)
async def enroll(request: web.Request) -> web.Response:
    """Enroll whoever waits; that closes their entry."""
    form = await request.post()
    entry, by = request.match_info["entry"], person_of(request).id
    try:
        first, until = day_field(form, "first"), day_field(form, "until")
        waited = await enroll_from_list(request.app[PORTS], entry, first, until, by)
    except (Invalid, WaitingSettled) as error:
        tried = Tried(error, Form.ENROLL_ENTRY, typed_into(form), entry)
        return await _again(request, tried)
    raise web.HTTPSeeOther(f"/cohorts/{waited.cohort_id}?joined={waited.participant_id}")


@routes.post("/waiting/{entry}/take-off", name="waiting.take_off")
@action(Action.ENROLL)
async def take_off(request: web.Request) -> web.Response:
    """Take somebody off the list, and say why."""
    form = await request.post()
    entry, by = request.match_info["entry"], person_of(request).id
    try:
        reason = field(form, "reason", _LONGEST)
        waited = await take_off_list(request.app[PORTS], entry, reason, by)
    except (Invalid, WaitingSettled) as error:
        return await _again(request, Tried(error, Form.TAKE_OFF, typed_into(form), entry))
    raise _to_the_list(waited)


def _asking(cohort: str, form: Mapping[str, object]) -> Asking:
    """What a form asks for; no weekday chosen means all of them."""
    return Asking(
        ParticipantId(field(form, "participant")),
        CohortId(cohort),
        day_field(form, "asked_on"),
        day_field(form, "earliest"),
        tuple(each for each in range(len(WEEKDAYS)) if f"on-{each}" in form),
        field(form, "note", _LONGEST) if "note" in form else "",
    )


async def _again(request: web.Request, tried: Tried) -> web.Response:
    """The page of the cohort whose list it is, with why nothing was done.

    Raises:
        Missing: There is no such entry.
    """
    entry = await show_entry(request.app[PORTS], tried.whose)
    return await cohort_page(request, entry.cohort_id, {}, tried)


def _to_the_list(entry: Entry) -> web.HTTPSeeOther:
    return web.HTTPSeeOther(f"/cohorts/{entry.cohort_id}#waiting")
