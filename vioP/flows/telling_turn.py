"""One telling under way: what was decided about each seat, and when each message leaves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from vioP.domain.delivery import Delivery
from vioP.domain.ids import ParticipantId, SeatId
from vioP.domain.invite import Method
from vioP.domain.pacing import Errand, in_order
from vioP.domain.telling import Tell
from vioP.domain.time import Instant, Week, later
from vioP.ports import Ports
from vioP.storage.tellings import Number, SeatStanding, Sent

# Messages that are due together leave in the order in which they were put.
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Told:
    """A message that is decided: about which seat, what it says, and its row."""

    seat: SeatStanding
    tell: Tell
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Turn:
    """What one telling does.

    Attributes:
        horizon: The last week that is told by invite.
        answers: What people have answered, by seat, in the words of RFC 5545 (PARTSTAT).
        withdrawn: The keys of messages that are taken back.
        kept: Seats with the message that was decided before and waits still.
        concerned: Whose messages this turn changes.
    """

    ports: Ports
    now: Instant
    horizon: Week
    answers: Mapping[SeatId, str]
    withdrawn: list[str] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    kept: list[tuple[SeatStanding, Sent]] = field(default_factory=list)
    concerned: set[ParticipantId] = field(default_factory=set)

    def deliveries(self) -> Sequence[Delivery]:
        """The messages, those of one person one after the other."""
        own: defaultdict[str, list[Told]] = defaultdict(list)
        for each in self.told:
            own[each.tell.address].append(each)
        return [message for person in own.values() for message in self._paced(person)]

    def _paced(self, own: Sequence[Told]) -> list[Delivery]:
        """One person's messages in order: what is due now at once, the rest at a pace."""
        urgent = [_errand(each) for each in own if each.delivery.due <= self.now]
        others = [_errand(each) for each in own if each.delivery.due > self.now]
        pace = self.ports.house.telling.pace
        return [*_spread(in_order(urgent), timedelta()), *_spread(in_order(others), pace)]


def _spread(messages: Sequence[Delivery], pace: timedelta) -> list[Delivery]:
    """Messages in their order; those that are due together differ by a hair, never late."""
    return [
        replace(each, due=later(each.due, number * pace - (len(messages) - number) * _TICK))
        for number, each in enumerate(messages)
    ]


def _errand(told: Told) -> Errand[Delivery]:
    tell = told.tell
    here = (tell.starts, tell.ends)
    if tell.method is Method.CANCEL:
        return Errand(told.delivery, here, None)
    was = None if tell.is_first else tell.moved_from or here
    return Errand(told.delivery, was, here)
