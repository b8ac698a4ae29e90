"""Records: compliance hands a participant everything that is kept about them."""

from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.errors import Missing
from vioP.domain.ids import ParticipantId
from vioP.files.record import write_record
from vioP.flows.export_person import export_person
from vioP.web.access import action, person_of
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.problems import status_of

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class RecordsPage:
    """A form that asks whose record, and what was wrong with the last answer."""

    participant: str
    problem: str


@routes.get("/records", name="records")
@action(Action.EXPORT_PERSON)
async def records(request: web.Request) -> web.Response:
    """Ask whose record is wanted."""
    return render(request, "records", RecordsPage("", ""))


@routes.post("/records/export", name="records.export")
@action(Action.EXPORT_PERSON)
async def export(request: web.Request) -> web.Response:
    """Everything kept about one participant, as a file; that it was taken is written down."""
    who = field(await request.post(), "participant")
    by = person_of(request).id
    try:
        record = await export_person(request.app[PORTS], ParticipantId(who), by)
    except Missing as error:
        page = RecordsPage(who, str(error))
        return render(request, "records", page, status=status_of(error))
    return web.Response(
        body=write_record(record),
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="record.zip"'},
    )
