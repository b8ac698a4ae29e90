"""Whether a cohort is for people of somebody's age."""

from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.programme import Programme


def wrong_age(
    programme: Programme, who: ParticipantId, cohort: CohortId, year: int
) -> tuple[str, ...]:
    """That a cohort's track is for people of other ages, in words; nothing if it may not be."""
    tracks = {each.id: each for each in programme.tracks}
    [person] = [each for each in programme.participants if each.id == who]
    [track_id] = [each.track_id for each in programme.cohorts if each.id == cohort]
    (youngest, oldest), (least, most) = person.ages_in(year), tracks[track_id].ages
    if oldest >= least and youngest <= most:
        return ()
    name = cohort.capitalize()
    return (f"{name} takes people of {least} to {most}; {who} is {youngest} or {oldest}.",)
