"""Which care people took part in, session by session: breaks are no care.

What a host confirmed counts before what machines saw. A host confirms minutes of the whole
session, so what somebody missed is taken to be care they missed, and never a break.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from vioP.domain.attendance import CAME, taken_part
from vioP.domain.ids import ParticipantId, SeatId, SessionId
from vioP.domain.live import LiveSeat, LiveSession
from vioP.domain.session import Block, Kind
from vioP.domain.time import Instant, later

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept about sessions beside who came.

    Attributes:
        blocks: What each session is made of.
        minutes: For how long a host confirmed that somebody was there.
    """

    blocks: Mapping[SessionId, Sequence[Block]]
    minutes: Mapping[SeatId, int]


@dataclass(frozen=True, slots=True)
class CareTaken:
    """The care one person took part in, of one session.

    Attributes:
        day: The promised day.
        video: Minutes with their picture; minutes a host confirmed count here, unless
            they were seen to be by sound alone.
        sound: Minutes by sound alone.
        is_known: Whether anything says for how long; somebody may have come unseen.
    """

    participant_id: ParticipantId
    session_id: SessionId
    day: date
    video: int
    sound: int
    is_known: bool


def care_taken(
    sessions: Iterable[LiveSession], kept: Kept, now: Instant
) -> tuple[CareTaken, ...]:
    """The care of everybody who came to a session that is over; tests of devices are none."""
    return tuple(
        _taken(session, seat, kept)
        for session in sessions
        if session.ends <= now and session.kind is not Kind.TECH_TEST
        for seat in session.seats
        if seat.attendance(session) in CAME
    )


def _taken(session: LiveSession, seat: LiveSeat, kept: Kept) -> CareTaken:
    spans = tuple(_care(session, kept.blocks.get(session.id, ())))
    video, sound = _seen(seat, spans)
    is_known = bool(video or sound)
    confirmed = kept.minutes.get(seat.id, 0)
    if confirmed:
        missed = max((session.ends - session.starts) // _MINUTE - confirmed, 0)
        whole = sum((ends - starts) // _MINUTE for starts, ends in spans)
        care = max(whole - missed, 0)
        sound = min(sound, care)
        video, is_known = care - sound, True
    return CareTaken(
        seat.participant_id, session.id, session.day, video, sound, is_known=is_known
    )


def _seen(seat: LiveSeat, spans: Iterable[tuple[Instant, Instant]]) -> tuple[int, int]:
    """Minutes with a picture, and by sound alone, as machines saw them."""
    video, sound = timedelta(), timedelta()
    for starts, ends in spans:
        taken = taken_part(seat.evidence, starts, ends, ends)
        video, sound = video + taken.video, sound + taken.sound
    return video // _MINUTE, sound // _MINUTE


def _care(
    session: LiveSession, blocks: Sequence[Block]
) -> Iterator[tuple[Instant, Instant]]:
    """From when to when a session is care; all of it where nothing says what it is made of."""
    if not blocks:
        yield session.starts, session.ends
    starts = session.starts
    for block in blocks:
        ends = min(later(starts, timedelta(minutes=block.minutes)), session.ends)
        if block.is_care and ends > starts:
            yield starts, ends
        starts = max(starts, ends)
