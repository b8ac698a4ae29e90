"""Who would hear of it if a week were published as it is supposed: foreseen, not done."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from vioP.domain.following import Place, Tracks, following, group_places
from vioP.domain.session import PlannedSession
from vioP.domain.time import Instant


@dataclass(frozen=True, slots=True)
class ToldIf:
    """What decides who is told if a week is published at a moment.

    Attributes:
        now: The moment; nothing where the whole week is looked at. What is over is not told.
        doors: Of what begins before it, no place goes over to another group.
        tracks: The track of each cohort. Places go over within one.
        left: Places people had and have no more: back there they are invited anew.
    """

    now: Instant | None
    doors: Instant
    tracks: Tracks
    left: Collection[Place]

    def over(self, sessions: Iterable[PlannedSession]) -> frozenset[str]:
        """The keys of those sessions that are over."""
        now = self.now
        return frozenset(e.key for e in sessions if now is not None and e.ends <= now)


def told_of(
    before: Sequence[PlannedSession], after: Sequence[PlannedSession], at: ToldIf
) -> set[str]:
    """The participants for whom some session comes, goes, or is at another time.

    Args:
        before: The sessions as people know them.
        after: The sessions as they would be.
        at: When, and what counts then.
    """
    over = at.over((*before, *after))
    was, will = (
        [each for each in sessions if each.key not in over] for sessions in (before, after)
    )
    then, now = (
        {
            (each.key, who): (each.starts, each.ends)
            for each in sessions
            for who in each.participants
        }
        for sessions in (was, will)
    )
    groups, other_groups = group_places(was), group_places(will)
    begun = {each.key for each in was if each.starts < at.doors}
    lost = {each for each in groups - other_groups if each.key not in begun}
    gained = {each for each in other_groups - groups if each.place not in at.left}
    for place, became in following(lost, gained, at.tracks).items():
        then[became] = then.pop(place)
    return {
        who
        for key, who in then.keys() | now.keys()
        if then.get((key, who)) != now.get((key, who))
    }
