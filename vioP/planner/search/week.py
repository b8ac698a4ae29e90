"""A week as the engine sees it: people and groups by number, time as bit masks.

Whatever concerns one placement alone (licence, language, role, hours, pins) is decided
here, once: what is not among the options is never tried, so no state breaks such a rule.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from vioP.planner.search.masks import around, starts_in

Day = tuple[int, int]
Start = tuple[int, int]
# The starts within one day of both people: offset, mask, and the number of each one's day.
Cell = tuple[int, int, int, int]
EVERY_SLOT = -1


@dataclass(frozen=True, slots=True)
class Price:
    """What a slot or a day costs; a *step* is what idle time is counted in.

    Attributes:
        step: Slots to a step.
        unplaced_seat: A missing place, far above everything that is wished.
        unplaced_appointment: A missing appointment.
        own_day: A participant's day with something in it.
        own_idle: A step between a participant's sessions.
        work_day: A clinician's day with something in it.
        work_idle: A step between a clinician's sessions, beyond the free ones.
        idle_free: Steps a day that cost a clinician nothing.
        under: A seat missing to a group's minimum.
        over: A step of a therapist above the fair share.
        outside: An appointment outside preferred hours.
        same_time: Another start than before.
        moved: Another clinician or start than people were told.
        away: Each step away from the start before.
    """

    step: int
    unplaced_seat: int
    unplaced_appointment: int
    own_day: int
    own_idle: int
    work_day: int
    work_idle: int
    idle_free: int
    under: int
    over: int
    outside: int
    same_time: int
    moved: int
    away: int = 0


@dataclass(slots=True)
class Person:
    """A participant.

    Attributes:
        free: When an appointment may lie.
        fixed: What stands whatever the plan says.
        days: Start and length of each local day, in slots.
        max_day: Most slots a day.
    """

    id: str
    free: int
    fixed: int
    days: tuple[Day, ...]
    max_day: int
    seats: list[int] = field(default_factory=list)
    appointments: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Worker:
    """A clinician.

    Attributes:
        free: Working hours.
        fixed: Their groups.
        fair: Slots above which the load is unfair, if they are counted at all.
    """

    id: str
    free: int
    fixed: int
    days: tuple[Day, ...]
    max_day: int
    max_week: int
    fair: int | None


@dataclass(slots=True)
class Circle:
    """A group, or whatever else has meetings, places and a minimum."""

    id: str
    mask: int
    capacity: int
    minimum: int


@dataclass(slots=True)
class SeatNeed:
    """A place in one of several groups.

    Attributes:
        options: Price, group and slots of each; the cheapest first.
        usual: The group they are in already, if it is among them.
    """

    id: str
    person: int
    options: tuple[tuple[int, int, int], ...]
    usual: int | None = None


@dataclass(frozen=True, slots=True)
class Hand:
    """A clinician who may give an appointment.

    Attributes:
        allowed: The starts permitted to them for it, beside their working hours.
    """

    worker: int
    allowed: int = EVERY_SLOT


@dataclass(slots=True)
class AppointmentNeed:
    """An appointment.

    Attributes:
        starts: The starts the participant's hours permit.
        liked: The starts inside preferred hours.
        pool: Everybody who may give it at some hour of the week; one list may serve many.
        usual: Who usually gives it, if they may.
        change: What anybody else costs.
        previous: Its start last time.
        told: The clinician and start people were told.
        scarce: Whether it goes first, because few can give it.
        pinned: Whether it has one start only, which is kept for it.
        weight: How much of it is missing when it is.
        stick: What another time than last week's costs beyond everybody's price.
        common: What everybody in the pool has in common, if that is known.
    """

    id: str
    person: int
    length: int
    starts: int
    liked: int
    pool: Sequence[Hand]
    usual: Hand | None
    change: int
    previous: int | None
    told: Start | None
    scarce: bool
    pinned: bool = False
    weight: int = 1
    common: Hashable = None
    stick: int = 0


@dataclass(slots=True)
class Week:
    """A whole week for the engine.

    Attributes:
        slot: Minutes to a slot.
        origin: The minute of slot 0.
        rooms: Most sessions at the same moment.
        own_buffer: Fewest slots between two sessions of a participant.
        work_buffer: Fewest slots between two sessions of a clinician.
        room_use: The sessions that stand anyway, at each slot.
        grid: The slots at which something may start.
    """

    slot: int
    origin: int
    slots: int
    rooms: int
    price: Price
    people: list[Person]
    workers: list[Worker]
    circles: list[Circle]
    seats: list[SeatNeed]
    appointments: list[AppointmentNeed]
    own_buffer: int = 0
    work_buffer: int = 0
    room_use: list[int] = field(default_factory=list)
    grid: int = EVERY_SLOT
    _hands: dict[int, tuple[Hand, ...]] = field(default_factory=dict)
    _starts: dict[tuple[int, int], int] = field(default_factory=dict)
    _cells: dict[tuple[tuple[Day, ...], tuple[Day, ...], int], tuple[Cell, ...]] = field(
        default_factory=dict
    )

    def hands(self, appointment: int) -> tuple[Hand, ...]:
        """Everybody who may give an appointment and meets the participant's hours."""
        found = self._hands.get(appointment)
        if found is None:
            need = self.appointments[appointment]
            found = self._hands[appointment] = tuple(
                each
                for each in need.pool
                if self.starts_of(each.worker, need.length) & need.starts & each.allowed
            )
        return found

    def starts_of(self, worker: int, length: int) -> int:
        """The starts a clinician's hours and groups permit."""
        key = (worker, length)
        found = self._starts.get(key)
        if found is None:
            who = self.workers[worker]
            free = who.free & ~around(who.fixed, self.work_buffer)
            found = self._starts[key] = starts_in(free, length) & self.grid
        return found

    def cells(
        self, own: tuple[Day, ...], work: tuple[Day, ...], length: int
    ) -> tuple[Cell, ...]:
        """The week cut wherever a day of either begins; nothing reaches over such a cut."""
        key = (own, work, length)
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = tuple(_cut(own, work, length))
        return found

    def forget_hands(self, appointments: Iterable[int]) -> None:
        """A participant's hours changed: find anew who meets them."""
        for each in appointments:
            self._hands.pop(each, None)

    def forget_hours(self) -> None:
        """Everybody's hours changed: work the starts out anew."""
        self._starts.clear()
        self._hands.clear()

    def forget_hours_of(self, worker: int) -> None:
        """One clinician's hours changed."""
        for key in [each for each in self._starts if each[0] == worker]:
            del self._starts[key]
        self._hands.clear()


def _cut(own: tuple[Day, ...], work: tuple[Day, ...], length: int) -> Iterator[Cell]:
    for mine, (first, slots) in enumerate(own):
        for theirs, (start, more) in enumerate(work):
            begin, end = max(first, start), min(first + slots, start + more)
            if end - begin >= length:
                yield begin, (1 << (end - begin - length + 1)) - 1, mine, theirs
