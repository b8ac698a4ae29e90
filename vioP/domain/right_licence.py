"""Whether the hosts of a cohort may treat somebody where they are."""

from datetime import date

from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.programme import Programme
from vioP.domain.whereabouts import is_covered


def lacks_licence(
    programme: Programme, who: ParticipantId, cohort: CohortId, day: date
) -> str:
    """For which state the hosts of a cohort lack a licence on a day; empty if they have it.

    It depends on the program's ``coverage`` whether one of them, the first or all must hold it.
    Where somebody is meanwhile is the week's to look at: this is about where they live.
    """
    [person] = [each for each in programme.participants if each.id == who]
    [hosts] = [each.facilitators for each in programme.cohorts if each.id == cohort]
    licences = {each.id: each.licences for each in programme.staff}
    held = [is_covered(licences.get(each, ()), person.state, day) for each in hosts]
    match programme.program.policy.coverage:
        case "all":
            is_right = all(held)
        case "lead":
            is_right = bool(held) and held[0]
        case _:
            is_right = any(held)
    return "" if is_right else person.state
