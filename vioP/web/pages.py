"""Templates to responses. Each template gets one frozen ``page`` and computes nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import jinja2
from aiohttp import web

from vioP.domain.access import Person
from vioP.domain.people import StaffRole
from vioP.domain.phone_number import spoken_number
from vioP.i18n import language, place_words, say, say_many
from vioP.i18n import long_day as day_in_words
from vioP.web.access import OPENED, PERSON
from vioP.web.keys import CHOICES, PORTS, TEMPLATES
from vioP.web.languages import other_languages
from vioP.web.script_words import script_words
from vioP.web.stay import Stay, stay_of


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds every page: who is signed in, where they can go, and the demo's bar.

    Attributes:
        links: Where they go most, as address and name.
        more: Where else they can go.
        section: Which of those addresses this page belongs to; empty where none.
        lang: The language of the page, as a code.
        others: Other languages it can be read in, as code and name.
        opened: Whose record is open in an emergency, and until when; empty where none is.
        stay: What it must know to warn whoever is idle, and to keep what they type.
    """

    role: str
    links: tuple[tuple[str, str], ...]
    more: tuple[tuple[str, str], ...]
    here: str
    section: str
    demo_time: str
    sender_name: str
    sender_phone: str
    lang: str
    others: tuple[tuple[str, str], ...]
    opened: str
    stay: Stay

    @property
    def script_words(self) -> str:
        """What its scripts say in its language, for pages that have any."""
        return script_words(self.lang)


_SHOWN = 5  # so many pages are named at the top; the others are behind one word
_LINKS: dict[str, tuple[tuple[str, str], ...]] = {
    "participant": (
        ("/me", "My week"),
        ("/me/tech-check", "Device check"),
        ("/me/details", "My details"),
    ),
    StaffRole.COORDINATOR: (
        ("/board", "Today"),
        ("/calls", "Call list"),
        ("/replies", "Replies"),
        ("/cohorts", "Cohorts"),
        ("/week", "Plan a week"),
        ("/search", "Search"),
        ("/day-end", "End of the day"),
        ("/undelivered", "Not delivered"),
        ("/onboarding", "Getting set up"),
        ("/readiness", "Devices"),
        ("/sick-call", "Somebody is out"),
        ("/leave", "Away"),
        ("/arrangements", "Arrangements"),
        ("/reports", "Reports"),
        ("/account", "Your account"),
    ),
    StaffRole.THERAPIST: (
        ("/roster", "My day"),
        ("/roster/week", "My week"),
        ("/search", "Search"),
        ("/phases", "Phases"),
        ("/break-glass", "In an emergency"),
        ("/account", "Your account"),
    ),
    StaffRole.PRESCRIBER: (
        ("/roster", "My day"),
        ("/roster/week", "My week"),
        ("/search", "Search"),
        ("/phases", "Phases"),
        ("/break-glass", "In an emergency"),
        ("/account", "Your account"),
    ),
    StaffRole.TECH_SUPPORT: (
        ("/board", "Today"),
        ("/roster", "My day"),
        ("/readiness", "Devices"),
        ("/calls", "Call list"),
        ("/undelivered", "Not delivered"),
        ("/health", "Health"),
        ("/account", "Your account"),
    ),
    StaffRole.COMPLIANCE: (
        ("/audit", "Audit"),
        ("/records", "Records"),
        ("/emergency-access", "Emergency access"),
        ("/disclosures", "Disclosures"),
        ("/reports", "Reports"),
        ("/health", "Health"),
        ("/settings", "Settings"),
        ("/wording", "Wording"),
        ("/account", "Your account"),
    ),
    StaffRole.ADMIN: (
        ("/staff", "Staff"),
        ("/settings", "Settings"),
        ("/wording", "Wording"),
        ("/health", "Health"),
        ("/account", "Your account"),
    ),
}

# What no address tells: behind which page others are found. The first that somebody has counts.
_BEHIND = (
    ("/weeks/", "/week"),
    ("/forecast", "/week"),
    ("/template", "/cohorts"),
    ("/participants/", "/cohorts"),
    ("/waiting/", "/cohorts"),
    ("/roster/time-off", "/roster/week"),
    ("/sessions/", "/board"),
    ("/sessions/", "/roster"),
    ("/seats/", "/board"),
    ("/seats/", "/roster"),
    ("/passkeys", "/account"),
    ("/passkeys", "/me/details"),
)


def environment(path: Path) -> jinja2.Environment:
    """Load templates that escape everything and tolerate no missing name."""
    made = jinja2.Environment(
        extensions=["jinja2.ext.i18n"],
        loader=jinja2.FileSystemLoader(path),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["ext.i18n.trimmed"] = True
    # What ``_`` gives is taken for safe, so it is for words that stand in a template. Words from
    # the program may hold what somebody typed: this translates them, and they are escaped.
    made.filters["said"] = say
    made.filters["phone"] = spoken_number
    made.filters["zone"] = place_words
    made.filters["day"] = day_in_words
    made.filters["dated"] = dated
    made.install_gettext_callables(say, say_many, newstyle=True)  # type: ignore[attr-defined]
    return made


def render(
    request: web.Request, name: str, page: object = None, *, status: int = 200
) -> web.Response:
    """Render a page; a page that names a missing value fails loudly."""
    text = rendered(request, name, page, status=status)
    return web.Response(text=text, status=status, content_type="text/html")


def rendered(
    request: web.Request, name: str, page: object = None, *, status: int = 200
) -> str:
    """A page as text."""
    template = request.app[TEMPLATES].get_template(f"web/{name}.html")
    return template.render(page=page, frame=frame(request, status))


def frame(request: web.Request, status: int = 200) -> Frame:
    """What surrounds the page that answers a request."""
    person: Person | None = request.get(PERSON)
    ports = request.app[PORTS]
    role = person.role if person else ""
    demo_time = ""
    sender = ports.house.sender
    if request.app[CHOICES].demo:
        now = ports.clock.now().astimezone(ZoneInfo("America/New_York"))
        demo_time = f"{now:%A} {now.day} {now:%B %Y, %H:%M} in New York"
    links = _LINKS.get(role, ())
    first = len(links) if len(links) <= _SHOWN + 1 else _SHOWN
    return Frame(
        role,
        links[:first],
        links[first:],
        request.path,
        _section(request.path, links),
        demo_time,
        sender.name,
        sender.phone,
        language(),
        other_languages(request)
        if role in ("", "participant")
        else (),  # staff read English
        _opened(request),
        stay_of(request, status),
    )


def _section(path: str, links: tuple[tuple[str, str], ...]) -> str:
    """The page of the menu that a page is behind."""
    known = [address for address, _ in links]
    at = next((to for start, to in _BEHIND if path.startswith(start) and to in known), path)
    return max(
        (each for each in known if f"{at}/".startswith(f"{each}/")), key=len, default=""
    )


def _opened(request: web.Request) -> str:
    record = request.get(OPENED)
    if record is None:
        return ""
    left = record.until - request.app[PORTS].clock.now()
    minutes = max(1, round(left.total_seconds() / 60))
    return f"{record.participant_name}, for {minutes} more minutes"


def dated(day: date) -> str:
    """A day by its date: ``8 March 2027``."""
    return f"{day.day} {day:%B %Y}"


def clock(moment: datetime, zone: str) -> str:
    """A clock reading in a zone."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


def long_day(moment: datetime, zone: str) -> str:
    """A day in words, in a zone."""
    return day_in_words(moment.astimezone(ZoneInfo(zone)))
