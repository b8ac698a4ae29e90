"""Forecast approvals: which run out or want a review, and whose consent is missing."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from vioP.domain.care_taken import Kept, care_taken
from vioP.domain.enrollment import Authorization, first_unauthorized_day
from vioP.domain.errors import NoProgramme
from vioP.domain.ids import ParticipantId
from vioP.domain.onboarding import CONSENTS, Onboarding, Piece, missing, to_renew
from vioP.domain.payer_units import Counted, Standing, counted, next_review, standing
from vioP.domain.people import Participant
from vioP.domain.program import Payer
from vioP.domain.programme import Programme
from vioP.domain.time import Instant, instant
from vioP.planner.units import counted_days
from vioP.ports import Ports

AHEAD = timedelta(weeks=6)
REVIEWS_AHEAD = timedelta(weeks=2)


@dataclass(frozen=True, slots=True)
class ForeseenApproval:
    """One authorization, and when it will want somebody's work.

    Attributes:
        ends: The first day of care that no unit is left for; nothing where none comes.
        review: The next day the payer wants a review by; nothing where none comes.
    """

    person: Participant
    payer: Payer
    standing: Standing
    ends: date | None
    review: date | None

    @property
    def first_day(self) -> date:
        """When the first of both comes."""
        return min(self.ends or date.max, self.review or date.max)

    def is_near(self, today: date) -> bool:
        """Whether it wants work before long; a review is asked for shortly before it is due."""
        runs_out = self.ends is not None and self.ends <= today + AHEAD
        return runs_out or (self.review or date.max) <= today + REVIEWS_AHEAD


@dataclass(frozen=True, slots=True)
class MissingConsent:
    """Somebody who was asked, and has not agreed yet.

    Attributes:
        asked: The day they were asked.
        pieces: What they have not agreed to.
    """

    person: Participant
    asked: date
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class EndingConsent:
    """Somebody whose consent has run out, or will before long.

    Attributes:
        until: The first day on which it holds no more.
    """

    person: Participant
    piece: Piece
    until: date


@dataclass(frozen=True, slots=True)
class ForeseenApprovals:
    """What wants work before long.

    Attributes:
        until: The last day approvals are looked at for running out.
        reviews_until: The last day they are looked at for a review.
        approvals: Whose units run out, or whose payer wants a review; the first first.
        lasting: How many last beyond, by days of care as planned.
        uncounted: How many are counted by session, and still have units: when they end
            depends on appointments that are not planned yet.
        consents: Who was asked to agree and has not; the longest ago first.
        ending: Whose consents run out, the first first.
        never_asked: How many have consents missing here, and were never asked to set up.
    """

    until: date
    reviews_until: date
    approvals: tuple[ForeseenApproval, ...]
    lasting: int
    uncounted: int
    consents: tuple[MissingConsent, ...]
    ending: tuple[EndingConsent, ...]
    never_asked: int


@dataclass(frozen=True, slots=True)
class _Past:
    """What was attended until now.

    Attributes:
        lots: By person, as their payer counts it.
        known_from: The day of the first session that is known here; what was before is not.
    """

    lots: Mapping[ParticipantId, Sequence[Counted]]
    known_from: date
    today: date


async def forecast_approvals(ports: Ports) -> ForeseenApprovals:
    """Which approvals and consents of people in care want work before long.

    What is used is counted from what was attended, since the first day of the approvals.
    Days before the first session that is known here are taken to be used as planned.

    Raises:
        NoProgramme: None was imported yet.
    """
    now = ports.clock.now()
    async with ports.store.read() as tx:
        programme = await tx.programme.read()
        if programme is None:
            raise NoProgramme
        home = ZoneInfo(programme.program.zone)
        today = now.astimezone(home).date()
        held = _in_course(programme, today)
        since = _begin(min((each.first for each in held), default=today), home)
        sessions = await tx.live.between(since, now)
        kept = Kept(
            await tx.care.blocks(since, now), await tx.care.confirmed_minutes(since, now)
        )
        setting_up = await tx.onboardings.of_all(now)
    known_from = min((each.day for each in sessions), default=today)

    def foreseen() -> ForeseenApprovals:
        lots = counted(
            care_taken(sessions, kept, now), programme.authorizations, programme.payers
        )
        of = {
            who: tuple(own)
            for who, own in groupby(lots, key=lambda each: each.participant_id)
        }
        return _foreseen(programme, held, _Past(of, known_from, today), setting_up)

    return await asyncio.to_thread(foreseen)


def _in_course(programme: Programme, today: date) -> Sequence[Authorization]:
    """The newest authorization of everybody who is in care, or soon will be."""
    people = {each.participant_id for each in programme.enrollments if each.until > today}
    newest = {
        each.participant_id: each
        for each in sorted(programme.authorizations, key=lambda each: (each.first, each.id))
        if each.participant_id in people
    }
    return tuple(newest.values())


def _begin(day: date, home: ZoneInfo) -> Instant:
    """A day's first moment, and a day to spare for cohorts of zones further east."""
    return instant(datetime.combine(day - timedelta(days=1), time(), home))


def _foreseen(
    programme: Programme,
    held: Sequence[Authorization],
    past: _Past,
    setting_up: Mapping[ParticipantId, Onboarding],
) -> ForeseenApprovals:
    today = past.today
    people = {each.id: each for each in programme.participants}
    payers = {each.id: each for each in programme.payers}
    found = [
        _approval(programme, people[each.participant_id], payers[each.payer_id], each, past)
        for each in held
        if each.payer_id in payers and each.participant_id in people
    ]
    near = [each for each in found if each.is_near(today)]
    rest = [each for each in found if not each.is_near(today)]
    by_session = [each for each in rest if each.payer.unit != "day"]
    in_care = {each.participant_id for each in programme.enrollments if each.until > today}
    of_known = [
        (people[who], of)
        for who, of in setting_up.items()
        if who in in_care and who in people
    ]
    consents, never_asked = _consents(programme, of_known)
    return ForeseenApprovals(
        until=today + AHEAD,
        reviews_until=today + REVIEWS_AHEAD,
        approvals=tuple(sorted(near, key=lambda each: (each.first_day, each.person.name))),
        lasting=len(rest) - len(by_session),
        uncounted=len(by_session),
        consents=consents,
        ending=_ending(of_known),
        never_asked=never_asked,
    )


def _approval(
    programme: Programme,
    person: Participant,
    payer: Payer,
    authorization: Authorization,
    past: _Past,
) -> ForeseenApproval:
    own = past.lots.get(person.id, ())
    used = standing(authorization, own)
    if payer.unit != "day":
        ends = past.today if used.left == 0 else None
        return ForeseenApproval(person, payer, used, ends, None)
    planned = counted_days(authorization, payer, past.today + AHEAD, programme)
    unseen = {each for each in planned if each < min(past.known_from, past.today)}
    used = replace(used, unknown=used.unknown + len(unseen))
    done = {each.day for each in own}
    ahead = sorted({each for each in planned if each >= past.today and each not in done})
    ends = first_unauthorized_day(used.left, ahead)
    return ForeseenApproval(person, payer, used, ends, next_review(used, payer, ahead))


def _consents(
    programme: Programme, setting_up: Sequence[tuple[Participant, Onboarding]]
) -> tuple[tuple[MissingConsent, ...], int]:
    home = ZoneInfo(programme.program.zone)
    lines, never_asked = [], 0
    for person, of in setting_up:
        pieces = tuple(each.piece for each in missing(of) if each.piece in CONSENTS)
        if not pieces:
            continue
        if of.invited_at is None:
            never_asked += 1
        else:
            asked = of.invited_at.astimezone(home).date()
            lines.append(MissingConsent(person, asked, pieces))
    return tuple(
        sorted(lines, key=lambda each: (each.asked, each.person.name))
    ), never_asked


def _ending(
    setting_up: Sequence[tuple[Participant, Onboarding]],
) -> tuple[EndingConsent, ...]:
    lines = [
        EndingConsent(person, piece, until)
        for person, of in setting_up
        for piece, until in to_renew(of).items()
    ]
    return tuple(sorted(lines, key=lambda each: (each.until, each.person.name)))
