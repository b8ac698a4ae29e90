"""Disclosures: what of people's records left the house, noted and accounted for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import structlog
from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.disclosure import PART2_NOTICE, Basis, Disclosure, Told
from vioP.domain.errors import Invalid, Missing, VioPError
from vioP.domain.ids import ParticipantId
from vioP.files.table_out import write_csv
from vioP.flows.note_disclosure import (
    account_of_disclosures,
    newest_disclosures,
    note_disclosure,
)
from vioP.web.access import action, person_of
from vioP.web.forms import day_field, field
from vioP.web.keys import PORTS
from vioP.web.pages import dated, render
from vioP.web.problems import status_of

log = structlog.get_logger()

routes = web.RouteTableDef()

BASES = {
    Basis.CONSENT: "They agreed to it",
    Basis.EMERGENCY: "A medical emergency",
    Basis.LAW: "A law or a court order asks for it",
    Basis.PUBLIC_HEALTH: "Public health",
    Basis.OVERSIGHT: "An audit or oversight",
    Basis.RESEARCH: "Research",
    Basis.OTHER: "Something else",
}
_FIELDS = ("participant", "on", "recipient", "what", "purpose", "basis")


@dataclass(frozen=True, slots=True)
class DisclosureLine:
    """One disclosure, in words."""

    on: date
    name: str
    participant_id: str
    recipient: str
    what: str
    purpose: str
    basis: str
    noted_by: str
    noted_by_name: str
    noted_on: str
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DisclosuresPage:
    """What was noted, of everybody or of one person, and a form with what was typed.

    Attributes:
        account: Whose account is shown; empty for the newest of everybody.
    """

    lines: tuple[DisclosureLine, ...]
    account: str
    bases: tuple[tuple[str, str], ...]
    notice: str
    typed: Mapping[str, str]
    with_notice: bool
    problem: str


@routes.get("/disclosures", name="disclosures")
@action(Action.KEEP_DISCLOSURES)
async def disclosures(request: web.Request) -> web.Response:
    """What was noted last, of everybody."""
    return await _page(request)


@routes.post("/disclosures", name="disclosures.note")
@action(Action.KEEP_DISCLOSURES)
async def note(request: web.Request) -> web.Response:
    """Note what of somebody's record has left."""
    form = await request.post()
    typed = {each: str(form.get(each, ""))[:500] for each in _FIELDS}
    with_notice = form.get("notice") == "yes"
    try:
        told = Told(
            ParticipantId(field(form, "participant")),
            day_field(form, "on"),
            field(form, "recipient"),
            field(form, "what"),
            field(form, "purpose"),
            _basis(field(form, "basis")),
            with_notice,
        )
        await note_disclosure(request.app[PORTS], told, person_of(request).id)
    except (Invalid, Missing) as error:
        return await _page(request, typed, error, with_notice=with_notice)
    raise web.HTTPSeeOther("/disclosures")


@routes.post("/disclosures/account", name="disclosures.account")
@action(Action.KEEP_DISCLOSURES)
async def account(request: web.Request) -> web.Response:
    """The account of one person: on the page, or as a table to hand out."""
    form = await request.post()
    person = ParticipantId(field(form, "person"))
    ports, by = request.app[PORTS], person_of(request).id
    try:
        found = await account_of_disclosures(ports, person, by)
    except Missing as error:
        return await _page(request, {"person": person}, error)
    if form.get("as") != "csv":
        return render(request, "disclosures", _filled(found, person))
    heads = ("Date", "To whom", "What", "Why", "Basis")
    rows = [
        (f"{each.on}", each.recipient, each.what, each.purpose, each.basis)
        for each in map(_line, found)
    ]
    return web.Response(
        body=write_csv(heads, rows),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": 'attachment; filename="disclosures.csv"'},
    )


async def _page(
    request: web.Request,
    typed: Mapping[str, str] | None = None,
    error: VioPError | None = None,
    *,
    with_notice: bool = False,
) -> web.Response:
    if error is not None:
        log.warning("disclosures.refused", code=error.code)
    found = await newest_disclosures(request.app[PORTS])
    page = _filled(found, "", typed, str(error or ""), with_notice=with_notice)
    status = 422 if isinstance(error, Missing) else 200
    if isinstance(error, Invalid):
        status = status_of(error)
    return render(request, "disclosures", page, status=status)


def _filled(
    found: Sequence[Disclosure],
    account_of: str,
    typed: Mapping[str, str] | None = None,
    problem: str = "",
    *,
    with_notice: bool = False,
) -> DisclosuresPage:
    return DisclosuresPage(
        tuple(map(_line, found)),
        account_of,
        tuple((each.value, word) for each, word in BASES.items()),
        PART2_NOTICE,
        dict.fromkeys((*_FIELDS, "person"), "") | dict(typed or {}),
        with_notice,
        problem,
    )


def _basis(said: str) -> Basis:
    try:
        return Basis(said)
    except ValueError as error:
        raise Invalid("Choose what allowed it.") from error


def _line(each: Disclosure) -> DisclosureLine:
    told = each.told
    return DisclosureLine(
        told.on,
        each.name,
        told.participant_id,
        told.recipient,
        told.what,
        told.purpose,
        BASES[told.basis],
        each.noted_by,
        each.noted_by_name,
        dated(each.noted_at),
        each.lacks,
    )
