"""Cohorts: who is in them, who joins, who leaves."""

from collections.abc import Mapping

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Invalid, Missing
from vioP.domain.ids import CohortId, ParticipantId
from vioP.flows.enroll import Joining, discharge, enroll
from vioP.flows.show import show_programme
from vioP.flows.show_waiting import show_waiting
from vioP.web.access import action, person_of
from vioP.web.cohort_forms import Form, Tried, typed_into
from vioP.web.cohort_page import cohort_lines, cohort_page
from vioP.web.forms import day_field, field
from vioP.web.keys import PORTS
from vioP.web.pages import render

routes = web.RouteTableDef()


@routes.get("/cohorts", name="cohorts")
@action(Action.SEE_COHORT)
async def cohorts(request: web.Request) -> web.Response:
    """Every cohort."""
    ports = request.app[PORTS]
    programme = await show_programme(ports)
    lines = cohort_lines(programme, await show_waiting(ports), ports.clock.now())
    return render(request, "cohorts", lines)


@routes.get("/cohorts/{cohort}", name="cohort")
@action(Action.SEE_COHORT)
async def one_cohort(request: web.Request) -> web.Response:
    """One cohort: its places week by week, the people in it, and its waiting list."""
    return await cohort_page(request, request.match_info["cohort"], request.query)


@routes.post("/cohorts/{cohort}/enrollments", name="cohort.enroll")
@action(Action.ENROLL)
async def enroll_in(request: web.Request) -> web.Response:
    """Enroll somebody, unless they would be in two places at once or there is no place."""
    form = await request.post()
    cohort = request.match_info["cohort"]
    try:
        joining = _joining(cohort, form)
        await enroll(request.app[PORTS], joining, person_of(request).id)
    except Invalid as error:
        tried = Tried(error, Form.ENROLL, typed_into(form))
        return await cohort_page(request, cohort, {}, tried)
    raise web.HTTPSeeOther(f"/cohorts/{cohort}?joined={joining.participant_id}")


@routes.post("/participants/{participant}/discharge", name="participant.discharge")
@action(Action.ENROLL)
async def discharge_participant(request: web.Request) -> web.Response:
    """End somebody's enrollments after a day: all, or the one in a cohort."""
    form = await request.post()
    participant = ParticipantId(request.match_info["participant"])
    only = field(form, "only") if "only" in form else ""
    try:
        last, by = day_field(form, "last"), person_of(request).id
        await discharge(
            request.app[PORTS], participant, last, by, CohortId(only) if only else None
        )
    except (Invalid, Missing) as error:
        if "cohort" not in form:
            raise
        tried = Tried(error, Form.DISCHARGE, typed_into(form), participant)
        asked = {"participant": participant}
        return await cohort_page(request, field(form, "cohort"), asked, tried)
    if "cohort" in form:
        where = f"/cohorts/{field(form, 'cohort')}"
        raise web.HTTPSeeOther(f"{where}?left={participant}&last={last}")
    raise web.HTTPSeeOther(f"/week?day={last}")


def _joining(cohort: str, form: Mapping[str, object]) -> Joining:
    return Joining(
        ParticipantId(field(form, "participant")),
        CohortId(cohort),
        day_field(form, "first"),
        day_field(form, "until"),
        above="above" in form,
    )
