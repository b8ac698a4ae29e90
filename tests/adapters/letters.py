"""Letters and invites for the adapters' tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.make import SENDER, TEMPLATES
from vioP.calendars.ics import render
from vioP.domain.invite import Invite, Method
from vioP.domain.time import Instant, instant, later
from vioP.mail.compose import Letter, MailTemplates, compose_invite

MAILS = MailTemplates(TEMPLATES / "mail")
START = instant(datetime(2027, 3, 16, 17, tzinfo=UTC))
LINK = "https://join.example/j/" + "t" * 43


def an_invite(**facts) -> Invite:
    """An invite to an hour in New York."""
    plain = Invite(
        uid="ab" * 20,
        sequence=0,
        method=Method.REQUEST,
        stamped=instant(datetime(2027, 3, 8, 12, tzinfo=UTC)),
        starts=START,
        ends=later(START, timedelta(minutes=50)),
        zone="America/New_York",
        name="Ada R.",
        address="p01@participants.example",
        join_url=LINK,
    )
    return replace(plain, **facts)


def letter_of(invite: Invite) -> Letter:
    """The letter that carries an invite."""
    return compose_invite(invite, SENDER, render(invite, SENDER), MAILS)


def a_letter(**facts) -> Letter:
    """The letter of an invite."""
    return letter_of(an_invite(**facts))


def story(zone: str, number: int, name: str) -> list[Letter]:
    """An invite, a move and a cancellation, as one person in a zone gets them."""
    first = an_invite(
        uid=f"{number:040x}",
        zone=zone,
        name=name,
        address=f"p{number}@participants.example",
    )
    moved = replace(
        first,
        sequence=1,
        stamped=_next(first.stamped),
        starts=later(first.starts, timedelta(hours=2)),
        ends=later(first.ends, timedelta(hours=2)),
        moved_from=(first.starts, first.ends),
        is_first=False,
    )
    gone = replace(
        moved,
        sequence=2,
        method=Method.CANCEL,
        stamped=_next(moved.stamped),
        moved_from=None,
    )
    return [letter_of(each) for each in (first, moved, gone)]


def _next(moment: Instant) -> Instant:
    return later(moment, timedelta(minutes=1))
