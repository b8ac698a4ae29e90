"""The words that leave the house: every mail, text and spoken sentence, to be read beforehand."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from vioP.domain.access import Action
from vioP.domain.neutral import heard
from vioP.flows.show_wording import MailWording, preview_mail, show_mails, show_texts
from vioP.i18n import LANGUAGES
from vioP.phone.scripts import read_scripts
from vioP.ports import Ports
from vioP.resources import folder
from vioP.web.access import action
from vioP.web.keys import PORTS
from vioP.web.pages import render
from vioP.web.security import MAIL_POLICY
from vioP.web.staff_page import Mark

routes = web.RouteTableDef()

NAMES: Mapping[str, str] = {
    "invite": "Invite",
    "update": "Change of an appointment",
    "cancel": "Appointment called off",
    "nudge": "Not joined yet",
    "host_late": "Starts a little later",
    "room_down": "The video does not work",
    "code": "Sign-in code",
    "clocks": "Clocks change",
    "overview": "Overview of many changes",
    "feed_link": "Address of a calendar",
    "reminder": "Reminder",
    "setup": "Set up my visits",
    "setup_guardian": "Set up, for a guardian",
    "welcome": "Account for somebody new",
    "new_password": "New password",
    "record_opened": "A record was opened in an emergency",
    "day_before": "Reminder",
    "door_open": "The room is open",
    "phone_code": "Code for a phone",
}


@dataclass(frozen=True, slots=True)
class MailLine:
    """One kind of mail, in words."""

    kind: str
    name: str
    languages: tuple[tuple[str, str], ...]
    files: str
    mark: Mark
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A text, or what is said on the phone."""

    name: str
    language: str
    lang: str
    body: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class WordingPage:
    """Everything there is."""

    mails: tuple[MailLine, ...]
    texts: tuple[Said, ...]
    spoken: tuple[Said, ...]
    problems: int


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """One mail with invented facts."""

    kind: str
    name: str
    lang: str
    language: str
    subject: str
    text: str
    mark: Mark


@routes.get("/wording", name="wording")
@action(Action.SEE_WORDING)
async def wording(request: web.Request) -> web.Response:
    """Every mail, text and spoken sentence, and whether it is neutral."""
    ports = request.app[PORTS]
    mails = tuple(map(_mail, await show_mails(ports)))
    texts = tuple(
        _said(_name(each.kind), each.language, each.body, each.heard)
        for each in show_texts(ports)
    )
    spoken = await asyncio.to_thread(_spoken, ports)
    marks = [each.mark for each in mails] + [each.mark for each in (*texts, *spoken)]
    problems = sum(each.kind == "missing" for each in marks)
    return render(request, "wording", WordingPage(mails, texts, spoken, problems))


@routes.get("/wording/{kind}/{language}", name="wording.mail")
@action(Action.SEE_WORDING)
async def mail(request: web.Request) -> web.Response:
    """One mail as somebody would read it; nobody in it is real."""
    kind, language = request.match_info["kind"], request.match_info["language"]
    shown = preview_mail(request.app[PORTS], kind, language)
    page = PreviewPage(
        kind,
        _name(kind),
        language,
        LANGUAGES.get(language, language),
        shown.subject,
        shown.text,
        _mark(shown.heard),
    )
    return render(request, "wording_mail", page)


@routes.get("/wording/{kind}/{language}/html", name="wording.mail.html")
@action(Action.SEE_WORDING)
async def html(request: web.Request) -> web.Response:
    """The HTML of that mail, for a frame of our own, shut in."""
    kind, language = request.match_info["kind"], request.match_info["language"]
    shown = preview_mail(request.app[PORTS], kind, language)
    answer = web.Response(text=shown.html, content_type="text/html")
    answer.headers["Content-Security-Policy"] = MAIL_POLICY
    return answer


def _name(kind: str) -> str:
    return NAMES.get(kind, kind.replace("_", " ").capitalize())


def _mail(wording: MailWording) -> MailLine:
    mark = Mark("present", "Neutral")
    if wording.problems:
        mark = Mark("missing", "Not as it should be")
    return MailLine(
        wording.kind,
        _name(wording.kind),
        tuple((code, LANGUAGES.get(code, code)) for code in wording.languages),
        ", ".join(wording.files),
        mark,
        wording.problems,
    )


def _spoken(ports: Ports) -> tuple[Said, ...]:
    scripts = read_scripts(
        folder("templates") / "phone", ports.house.sender.name, ports.house.minutes_alone
    )
    every = {"en": scripts.english, **scripts.others}
    return tuple(
        _said(
            _name(name),
            language,
            words,
            tuple(each.word for each in heard(words)),
        )
        for language, said in every.items()
        for name, words in said.items()
    )


def _said(name: str, language: str, body: str, heard: tuple[str, ...]) -> Said:
    return Said(name, LANGUAGES.get(language, language), language, body, _mark(heard))


def _mark(heard: tuple[str, ...]) -> Mark:
    if heard:
        return Mark("missing", "Says what kind of care it is", ", ".join(heard))
    return Mark("present", "Neutral")
