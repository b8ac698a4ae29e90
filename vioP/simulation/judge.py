"""The judge: what must hold in every life, by what truly happened.

Each sentence names the invariant it breaks (``design``: I1 to I13) and whom it is about.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from vioP.domain.attendance import ARRIVALS
from vioP.domain.time import instant
from vioP.simulation.judge_calendars import calendars_differ
from vioP.simulation.judge_ladder import (
    calls_on_the_present,
    late_on_a_calm_day,
    stale_nudges,
    unreached,
)
from vioP.simulation.programme import address_of
from vioP.simulation.remains import Remains
from vioP.simulation.truth import Trouble, Truth
from vioP.simulation.world import MINUTE, World

_FINAL = {"sent", "skipped", "dead"}
_IN_HAND = 2 * MINUTE
_AROUND = 30.0


def judge(world: World, remains: Remains) -> list[str]:
    """Everything that broke, in words; empty when all held."""
    truth = world.truth
    found = [
        *_damage(truth),
        *_unfinished(world, remains),
        *_joins_lost(truth, remains),
        *_made_up(truth, remains),
        *_taken_for_gone(world, remains),
        *_rung_twice(truth),
        *_reached_after_goodbye(truth),
        *unreached(truth),
        *calls_on_the_present(truth),
        *stale_nudges(truth),
        *late_on_a_calm_day(truth),
        *calendars_differ(truth, remains),
    ]
    return sorted(set(found))


def _damage(truth: Truth) -> Iterator[str]:
    if truth.counts["damaged"]:
        yield "I0 the database was damaged after a death"


def _unfinished(world: World, remains: Remains) -> Iterator[str]:
    """Nothing waits for ever, and nothing is skipped without saying why."""
    now: datetime = world.true_instant()
    for each in remains.deliveries:
        overdue = (now - each.due).total_seconds()
        if each.state not in _FINAL and overdue > 10 * MINUTE:
            yield f"I5 {each.key} is still {each.state}, {overdue:.0f} s after it was due"
        if each.state == "skipped" and not each.reason:
            yield f"I5 {each.key} was skipped and nobody said why"
    for key, due in remains.jobs.items():
        overdue = (now - due).total_seconds()
        if overdue > 10 * MINUTE:
            yield f"I5 the job {key} waits {overdue:.0f} s after it was due"


def _joins_lost(truth: Truth, remains: Remains) -> Iterator[str]:
    """Whatever was answered as kept is there."""
    kept = Counter(
        each.seat for each in remains.evidence.values() if each.fact == "join_pressed"
    )
    seats = set()
    for _, place in truth.places():
        seats.add(place.seat)
        if kept[place.seat] < len(place.pressed):
            yield f"I2 a join of {place.seat} was acknowledged and is lost"
    for event, guest in truth.hooks:
        if guest in seats and f"livekit:{event}" not in remains.evidence:
            yield f"I2 {event} about {guest} was acknowledged and is lost"


def _made_up(truth: Truth, remains: Remains) -> Iterator[str]:
    """Nobody counts as there who never came: not by a scanner's visit, nor a forged message."""
    never = {place.seat for _, place in truth.places() if not place.came}
    arrived = {fact.value for fact in ARRIVALS}
    for key, each in remains.evidence.items():
        if each.seat in never and each.fact in arrived:
            yield f"I7 {key} says {each.fact} of {each.seat}, who never came"


def _taken_for_gone(world: World, remains: Remains) -> Iterator[str]:
    """Unknown is not absent: a look says that nobody left who was inside all the time."""
    places = {str(place.seat): place for _, place in world.truth.places()}
    for key, each in remains.evidence.items():
        place = places.get(each.seat)
        if place is None or (each.source, each.fact) != ("look", "left"):
            continue
        at = world.seconds(instant(each.at))
        if world.truth.was(Trouble.CLOCK, at - 3 * MINUTE, at + 3 * MINUTE):
            continue
        inside = (
            stay.since <= at - _AROUND
            and (stay.until is None or stay.until >= at + _AROUND)
            for stay in place.stays
            if not stay.by_phone
        )
        if any(inside):
            yield f"I7 {key} says that {each.seat} left, who was in the room"


def _rung_twice(truth: Truth) -> Iterator[str]:
    """For one step of a ladder a phone rings once; and never two for one person at once."""
    for key, times in Counter(each.key for each in truth.rings).items():
        if times > 1:
            yield f"I6 {key} rang {times} times"
    for number, ring in enumerate(truth.rings):
        for other in truth.rings[number + 1 :]:
            rang = ring.until if ring.until is not None else ring.at + 2 * MINUTE
            if other.to == ring.to and other.at < rang:
                yield f"I6 {other.key} rang while {ring.key} still rang"


def _reached_after_goodbye(truth: Truth) -> Iterator[str]:
    """Nothing reaches whoever has left the program, but what was already in hand."""
    people = {address_of(person): at for person, at in truth.silenced.items()}
    for post, _ in truth.letters:
        said = people.get(post.to)
        if said is not None and post.at > said + _IN_HAND:
            yield f"I3 {post.to} was written to {post.at - said:.0f} s after they had left"
