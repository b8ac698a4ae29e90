"""One visit to the set-up: who is there, what they see, and what is kept of what they typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from vioP.domain.consent import Consent, ConsentKind
from vioP.domain.contact_facts import Way
from vioP.domain.errors import Conflict, Missing, NoTelephone, SetupLinkOver
from vioP.domain.ids import ParticipantId
from vioP.domain.onboarding import CONSENTS, Piece, Step, Who
from vioP.domain.own_words import YES
from vioP.domain.setup_link import Visitor
from vioP.domain.time import Instant
from vioP.flows.agree import Signature, agree, withdraw
from vioP.flows.answer_piece import answer_piece
from vioP.flows.check_phone import check_phone, take_code
from vioP.flows.open_setup import SetUp, open_setup, show_setup, wording_of, words_of
from vioP.flows.prove_calendar import prove_by_word
from vioP.flows.show_phone_check import show_phone_check
from vioP.i18n import say, short_day
from vioP.web.access import person_of
from vioP.web.forms import field
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.problems import status_of
from vioP.web.set_up_forms import Filled, Problem, read_form
from vioP.web.set_up_pages import next_address, piece_page, twelve_hours, way_page
from vioP.web.set_up_values import values_of

_OWN = "/me/details"
_WAYS = {"call": Way.MACHINE_CALL, "text": Way.TEXT}


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to the set-up: who is there, where their pages begin, how far they are."""

    request: web.Request
    visitor: Visitor
    base: str
    setup: SetUp

    def step(self) -> Step:
        """The step the address names.

        Whoever sees nothing of what is on file is led past what was answered already, and
        can overwrite nothing of it.

        Raises:
            Missing: It is not asked of this visitor.
        """
        step = self.setup.step(self.request.match_info["piece"])
        if step not in self.setup.open and not self.visitor.sees_file:
            raise web.HTTPSeeOther(self.base)
        return step


async def visit_of(request: web.Request) -> Visit:
    """Who is there: by the link they hold, or by whom they signed in as.

    Raises:
        SetupLinkUnknown: The link is forged.
        SetupLinkOver: It has ended, and its first page is asked for; others lead there.
    """
    ports, token = request.app[PORTS], request.match_info.get("token")
    if token is None:
        visitor = Visitor(ParticipantId(person_of(request).id), Who.PARTICIPANT)
        return Visit(request, visitor, _OWN, await show_setup(ports, visitor))
    base = f"/set-up/{token}"
    try:
        visitor = await open_setup(ports, token)
    except SetupLinkOver:
        if request.path == base:
            raise
        raise web.HTTPSeeOther(base) from None  # where a new one can be had
    return Visit(request, visitor, base, await show_setup(ports, visitor))


def show_way(visit: Visit, enter_at: str) -> web.Response:
    """The way through the set-up; for somebody who has signed in, their details."""
    request = visit.request
    phone = request.app[PORTS].house.sender.phone
    titles = request.app[PORTS].consent_texts.titles()
    own = visit.base == _OWN
    seat_id = visit.visitor.seat_id
    door = f"/j/{request.app[PORTS].secrets.link_token(seat_id)}" if seat_id else ""
    page = way_page(visit.setup, visit.base, titles, (enter_at, door), phone, own=own)
    return render(request, "set_up/way", page)


async def show_piece(
    visit: Visit, filled: Filled | None = None, *, confirm: bool = False, status: int = 200
) -> web.Response:
    """One piece as it stands, or as it was just filled in."""
    step, request = visit.step(), visit.request
    ports, piece = request.app[PORTS], step.piece
    values = filled.values if filled else values_of(visit.setup, piece)
    kind = ConsentKind.MESSAGES if piece is Piece.CONTACT else CONSENTS.get(piece)
    is_check = piece is Piece.PHONE_CHECK
    page = piece_page(
        visit.setup,
        step,
        visit.base,
        values,
        problems=filled.problems if filled else (),
        wording=wording_of(ports, kind) if kind else None,
        clock=twelve_hours(ports.clock.now(), values["zone"]) if confirm else "",
        check=await show_phone_check(ports, visit.visitor) if is_check else None,
        can_ring=ports.telephone is not None,
        phone=ports.house.sender.phone,
    )
    return render(request, f"set_up/{piece}", page, status=status)


async def keep_piece(visit: Visit) -> web.Response:
    """Keep a piece and go on; what is wrong is said, and nothing typed is lost."""
    step, request = visit.step(), visit.request
    form = await request.post()
    filled = read_form(step.piece, form)
    if filled.problems:
        return await show_piece(visit, filled, status=422)
    if step.piece is Piece.ZONE and form.get("confirm") != YES:
        return await show_piece(visit, filled, confirm=True)
    ports, visitor, values = request.app[PORTS], visit.visitor, filled.values
    try:
        match step.piece:
            case Piece.PHONE_CHECK:
                return await _test_phone(visit, form)
            case Piece.CALENDAR_CHECK:
                if not await prove_by_word(ports, visitor, values["word"]):
                    text = "This is not the word of your invite. It stands below the link."
                    return await _wrong(visit, filled, "word", text)
            case Piece.TELEHEALTH | Piece.GROUP | Piece.PART2:
                agreed = values["agreed"] == YES
                signed = Signature(agreed, values["name"], values["version"])
                await agree(ports, visitor, step.piece, signed)
            case piece:
                await answer_piece(ports, visitor, piece, values)
    except (Conflict, NoTelephone) as error:
        return await _wrong(visit, filled, "", str(error), status_of(error))
    after = await show_setup(ports, visitor)  # an answer may have brought another question
    raise web.HTTPSeeOther(next_address(after, step, visit.base))


async def _test_phone(visit: Visit, posted: Mapping[str, object]) -> web.Response:
    """Ring or text somebody's phone, or take the code they read in a text."""
    ports = visit.request.app[PORTS]
    here = f"{visit.base}/{Piece.PHONE_CHECK}"
    wanted = field(posted, "do")
    if wanted == "code":
        if await take_code(ports, visit.visitor, field(posted, "code")):
            raise web.HTTPSeeOther(here)
        filled = Filled({})
        return await _wrong(visit, filled, "code", "This is not the code of the last text.")
    if wanted not in _WAYS:
        raise Missing
    await check_phone(ports, visit.visitor, _WAYS[wanted])
    raise web.HTTPSeeOther(here)


async def _wrong(
    visit: Visit, filled: Filled, name: str, text: str, status: int = 422
) -> web.Response:
    """The same form again, with what is wrong."""
    return await show_piece(
        visit, Filled(filled.values, (Problem(name, text),)), status=status
    )


async def take_back_consent(visit: Visit) -> web.Response:
    """Take back what a visitor gave themselves; nothing else is theirs to take."""
    kind = _kind(visit.request)
    own = {e.kind for e in visit.setup.consents if e.given_by == visit.visitor.who}
    if kind not in own or not visit.visitor.sees_file:
        raise Missing
    await withdraw(visit.request.app[PORTS], visit.visitor, kind)
    raise web.HTTPSeeOther(visit.base)


def _kind(request: web.Request) -> ConsentKind:
    try:
        return ConsentKind(request.match_info["kind"])
    except ValueError as error:
        raise Missing from error


async def show_consent(visit: Visit) -> web.Response:
    """A consent as a file of plain text: the words, who agreed, when, and whether it holds."""
    kind = _kind(visit.request)
    given = [each for each in visit.setup.consents if each.kind is kind]
    theirs = [each for each in given if each.given_by == visit.visitor.who.value]
    if not theirs or not visit.visitor.sees_file:
        raise Missing
    newest = theirs[-1]
    words = await words_of(visit.request.app[PORTS], newest)
    answer = web.Response(
        text=_as_text(newest, words), content_type="text/plain", charset="utf-8"
    )
    name = f"{kind.value.replace('_', '-')}.txt"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _as_text(consent: Consent, words: str) -> str:
    lines = [words, say("Version %(version)s") % {"version": consent.version}]
    lines.append(say("Agreed on %(day)s") % {"day": _moment(consent.given_at)})
    if consent.signed:
        lines.append(say("Signed: %(name)s") % {"name": consent.signed})
    if consent.until is not None:
        last = short_day(consent.until - timedelta(days=1))
        lines.append(say("Holds until %(day)s") % {"day": last})
    if consent.with_care:
        lines.append(say("Ends when care here ends"))
    if consent.withdrawn_at is not None:
        lines.append(say("Taken back on %(day)s") % {"day": _moment(consent.withdrawn_at)})
    return "\n\n".join(lines) + "\n"


def _moment(at: Instant) -> str:
    return f"{short_day(at.date())}, {at:%H:%M} UTC"
