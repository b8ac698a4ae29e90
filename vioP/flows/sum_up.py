"""Sum up: one mail in plain words for somebody who gets many messages, or none of them by mail."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from vioP.domain.delivery import Channel, Delivery, DeliveryKind
from vioP.domain.ids import ParticipantId, SeatId
from vioP.domain.invite import Method
from vioP.domain.pacing import Span
from vioP.domain.telling import Message
from vioP.domain.time import Instant, Week, later
from vioP.flows.telling_turn import Turn
from vioP.i18n import reading, say
from vioP.mail.words import day_words, span_words, zone_words
from vioP.storage.tellings import SeatStanding

# A calendar that is fetched a few times a day is not to be relied on for changes this near.
_NEAR = timedelta(hours=24)
# Somebody reads at a glance what is about to come.
_BEFORE_THE_REST = timedelta(milliseconds=1)
# What each seat was before it was changed just now; nothing when it is new.
Changed = Mapping[SeatId, Span | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One appointment of a summary.

    Attributes:
        starts: What it is sorted by.
        was: The span before, if it moved.
    """

    seat: SeatStanding
    starts: Instant
    ends: Instant
    is_gone: bool = False
    was: Span | None = None


def summaries(
    turn: Turn, since: Week, held: Iterable[str]
) -> tuple[list[Delivery], list[str]]:
    """The summaries that go with a turn, and those that waited and are now outdated.

    Args:
        turn: What is told.
        since: The first week it is told of. Each such week has its own summaries.
        held: The keys of what has not left.
    """
    lines: defaultdict[ParticipantId, list[Line]] = defaultdict(list)
    for told in turn.told:
        lines[told.seat.participant_id].append(
            Line(
                told.seat,
                told.tell.starts,
                told.tell.ends,
                told.tell.method is Method.CANCEL,
                told.tell.moved_from,
            )
        )
    for seat, sent in turn.kept:
        lines[seat.participant_id].append(_kept(seat, sent.message))
    concerned = turn.concerned
    whose = {_whose(person, since) for person in concerned}
    outdated = [key for key in held if key.rpartition(":")[0] in whose]
    least = turn.ports.house.telling.overview_from
    written = [
        _summary(turn, _whose(person, since), found)
        for person, found in lines.items()
        if person in concerned and len(found) >= least and found[0].seat.address
    ]
    return written, outdated


def near_changes(
    turn: Turn, seats: Iterable[SeatStanding], changed: Changed
) -> list[Delivery]:
    """A mail to everybody who is not invited by mail, and whose next day was changed just now."""
    until = later(turn.now, _NEAR)
    lines: defaultdict[ParticipantId, list[Line]] = defaultdict(list)
    for seat in seats:
        if seat.id not in changed or seat.calendar.by_mail or seat.left is not None:
            continue
        was = changed[seat.id]
        if was is None and not seat.is_theirs:
            continue
        spans = [(seat.starts, seat.ends), *([was] if was else [])]
        if seat.address and any(turn.now < start < until for start, _ in spans):
            moved = was if was and seat.is_theirs else None
            lines[seat.participant_id].append(
                Line(seat, seat.starts, seat.ends, not seat.is_theirs, moved)
            )
    return [
        _summary(turn, f"overview:{person}:near", found) for person, found in lines.items()
    ]


def _kept(seat: SeatStanding, message: Message) -> Line:
    """A message that was decided before and waits still."""
    left, was = seat.left, None
    if left is not None and left.message.method is Method.REQUEST:
        was = (left.message.starts, left.message.ends)
    gone = message.method is Method.CANCEL
    return Line(seat, message.starts, message.ends, gone, None if gone else was)


def _whose(person: ParticipantId, since: Week) -> str:
    return f"overview:{person}:{since.monday}"


def _summary(turn: Turn, whose: str, lines: Sequence[Line]) -> Delivery:
    """The mail, its words decided now."""
    ordered = sorted(lines, key=lambda each: each.starts)
    first = ordered[0]
    starts = [each.starts for each in ordered]
    return Delivery(
        key=f"{whose}:{turn.now:%Y%m%dT%H%M%S%f}",
        kind=DeliveryKind.OVERVIEW,
        channel=Channel.MAIL,
        due=later(turn.ports.house.telling.due(turn.now, *starts), -_BEFORE_THE_REST),
        deadline=max(each.ends for each in ordered),
        content={
            "name": first.seat.name,
            "address": first.seat.address,
            "language": first.seat.language,
            "stamped": turn.now.isoformat(),
            **_listed(first.seat, ordered),
        },
    )


def _listed(seat: SeatStanding, lines: Sequence[Line]) -> dict[str, str]:
    """What is planned and what is gone, in the language and on the clock of its person."""
    zone = ZoneInfo(seat.zone)
    with reading(seat.language):
        return {
            "zone": zone_words(lines[0].starts.astimezone(zone), seat.zone),
            "lines": "\n".join(_words(each, zone) for each in lines if not each.is_gone),
            "gone": "\n".join(_words(each, zone) for each in lines if each.is_gone),
        }


def _words(line: Line, zone: ZoneInfo) -> str:
    starts, ends = line.starts.astimezone(zone), line.ends.astimezone(zone)
    words = f"{day_words(starts.date())}, {span_words(starts, ends)}"
    if line.was is None or line.was == (line.starts, line.ends):
        return words
    before = line.was[0].astimezone(zone)
    was = {"day": day_words(before.date()), "at": f"{before:%H:%M}"}
    return f"{words} {say('(moved from %(day)s, %(at)s)') % was}"
