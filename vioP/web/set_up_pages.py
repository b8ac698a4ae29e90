"""What the pages of the set-up show: the way through it, and one piece at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from vioP.domain.consent import Wording
from vioP.domain.contact_facts import Way
from vioP.domain.onboarding import Piece, Step, Who
from vioP.domain.phone_check import HEARD
from vioP.domain.phone_number import spoken_number
from vioP.domain.time import Instant
from vioP.files.table import STATES
from vioP.flows.open_setup import SetUp
from vioP.flows.show_phone_check import ShownCheck
from vioP.web.agreed import ConsentLine, consent_lines, last_day
from vioP.web.set_up_forms import Problem
from vioP.web.set_up_values import OTHER_ZONES, US_ZONES

CALLS = {
    "no_answer": "Nobody picked up.",
    "busy": "The line was busy.",
    "declined": "The call was declined.",
    "no_key": "Somebody picked up, and no digit was pressed.",
    "failed": "The call could not be made. Is the number right?",
    "wrong_number": "Whoever picked up said that the number is not yours.",
    "stop": "Whoever picked up asked for no more calls.",
    "human": "You asked for a person. Somebody will call you.",
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One piece on the way.

    Attributes:
        again: The last day what was agreed to holds, where it is asked for again.
    """

    address: str
    title: str
    is_there: bool
    required: bool
    again: str


@dataclass(frozen=True, slots=True)
class WayPage:
    """The way through the set-up, and how far somebody is.

    Attributes:
        next: Where to go on; empty when nothing is left.
        can_look: Whether what was said may be opened again.
        waits: Who else must still do their part: ``guardian``, ``participant`` or nobody.
        enter: Where a link leads on to somebody's own week; empty where it does not.
        is_own: Whether they have signed in, and look at their own details.
        is_asked: Whether they were asked to set up; who never was owes nothing.
        door: The door they came from, which is open once all is there; empty otherwise.
        rest_by_mail: Whether something is asked behind the mailed link only.
        consents: What they agreed to; nothing where nothing of it may be shown.
    """

    who: str
    lines: tuple[StepLine, ...]
    done: int
    next: str
    is_begun: bool
    is_ready: bool
    can_look: bool
    waits: str
    enter: str
    phone: str
    is_own: bool
    is_asked: bool
    door: str
    rest_by_mail: bool
    consents: tuple[ConsentLine, ...]


@dataclass(frozen=True, slots=True)
class CheckShown:
    """A test of a phone under way.

    Attributes:
        trouble: Why it ended without success; empty while it goes on.
    """

    number: str
    digit: str
    is_text: bool
    is_open: bool
    trouble: str


@dataclass(frozen=True, slots=True)
class PiecePage:
    """One piece: its form as it stands, what is wrong with it, and the way back and on.

    Attributes:
        at: Which of the pieces it is, counted from 1.
        skip: Where somebody goes on who leaves it out; empty where they may not.
        next: Where they go on.
        clock: The time in the zone that was chosen, to be confirmed; empty before.
        detects: Whether the browser's own zone is proposed.
    """

    piece: str
    who: str
    title: str
    action: str
    at: int
    of: int
    back: str
    skip: str
    next: str
    values: Mapping[str, str]
    problems: tuple[Problem, ...]
    is_there: bool
    wording: Wording | None
    clock: str
    detects: bool
    states: tuple[str, ...]
    us_zones: tuple[tuple[str, str], ...]
    other_zones: tuple[tuple[str, str], ...]
    check: CheckShown | None
    can_ring: bool
    can_text: bool
    number: str
    phone: str


def way_page(
    setup: SetUp,
    base: str,
    titles: Mapping[str, str],
    onward: tuple[str, str],
    phone: str,
    *,
    own: bool,
) -> WayPage:
    """The way through the set-up for a visitor.

    Args:
        setup: How far they are.
        base: Where their pages begin.
        titles: What each kind of consent is called.
        onward: Where they go in to their own week, and the door they came from; each empty
            where there is none.
        phone: Whom they call.
        own: Whether they have signed in.
    """
    open_ = {each.piece for each in setup.open}
    lines = tuple(
        StepLine(
            f"{base}/{each.piece}",
            each.title,
            each.piece not in open_,
            each.required,
            last_day(setup.renew.get(each.piece)),
        )
        for each in setup.steps
    )
    done = sum(each.is_there for each in lines)
    first = next((each for each in setup.open if each.required), None)
    first = first or next(iter(setup.open), None)
    return WayPage(
        who=setup.visitor.who.value,
        lines=lines,
        done=done,
        next=f"{base}/{first.piece}" if first else "",
        is_begun=done > 0,
        is_ready=not any(each.required for each in setup.open) and not setup.rest_by_mail,
        can_look=setup.visitor.sees_file,
        waits=setup.waits_for.value if setup.waits_for else "",
        enter=onward[0],
        door=onward[1],
        rest_by_mail=setup.rest_by_mail,
        phone=phone,
        is_own=own,
        is_asked=setup.of.invited_at is not None,
        consents=tuple(consent_lines(setup, base, titles))
        if setup.visitor.sees_file
        else (),
    )


def next_address(setup: SetUp, step: Step, base: str) -> str:
    """Where to go on after a piece: the next one that is missing, or the way itself."""
    after = setup.steps[setup.steps.index(step) + 1 :]
    left = next((each for each in after if each in setup.open), None)
    return f"{base}/{left.piece}" if left else base


def back_address(setup: SetUp, step: Step, base: str) -> str:
    """The piece before, if it may be opened, or the way itself."""
    at = setup.steps.index(step)
    if at == 0 or not setup.visitor.sees_file:
        return base
    return f"{base}/{setup.steps[at - 1].piece}"


def piece_page(  # noqa: PLR0913 - a page is made of all of these
    setup: SetUp,
    step: Step,
    base: str,
    values: Mapping[str, str],
    *,
    problems: tuple[Problem, ...] = (),
    wording: Wording | None = None,
    clock: str = "",
    check: ShownCheck | None = None,
    can_ring: bool = False,
    phone: str = "",
) -> PiecePage:
    """One piece of the way, with its form as it stands."""
    piece = step.piece
    there = step not in setup.open
    number = spoken_number(setup.of.number) if setup.visitor.sees_file else ""
    return PiecePage(
        piece=piece.value,
        who=setup.visitor.who.value,
        title=_title(step),
        action=f"{base}/{piece}",
        at=setup.steps.index(step) + 1,
        of=len(setup.steps),
        back=back_address(setup, step, base),
        skip="" if step.required or there else next_address(setup, step, base),
        next=next_address(setup, step, base),
        values=values,
        problems=problems,
        is_there=there,
        wording=wording,
        clock=clock,
        detects=piece is Piece.ZONE and not (there or problems or clock),
        states=tuple(sorted(STATES)),
        us_zones=US_ZONES,
        other_zones=OTHER_ZONES,
        check=_check_shown(check) if check else None,
        can_ring=can_ring
        and not setup.of.text_only
        and Way.MACHINE_CALL not in setup.refused,
        can_text=Way.TEXT not in setup.refused,
        number=number,
        phone=phone,
    )


def twelve_hours(now: Instant, zone: str) -> str:
    """A clock reading as it is said: ``2:14 PM``."""
    local = now.astimezone(ZoneInfo(zone))
    return f"{local.hour % 12 or 12}:{local:%M} {'AM' if local.hour < 12 else 'PM'}"  # noqa: PLR2004 - noon


def _title(step: Step) -> str:
    if step.who is Who.GUARDIAN and step.piece is Piece.PHONE_CHECK:
        return "A test of your own phone"
    return step.title


def _check_shown(shown: ShownCheck) -> CheckShown:
    check = shown.check
    trouble = ""
    if not shown.is_open and check.outcome != HEARD:
        reason = check.outcome or (shown.call.value if shown.call else "")
        reason = "failed" if shown.call_failed else reason
        trouble = CALLS.get(reason, "The test has ended. Try again.")
    return CheckShown(
        number=spoken_number(check.number),
        digit=shown.digit,
        is_text=check.way is Way.TEXT,
        is_open=shown.is_open,
        trouble=trouble,
    )
