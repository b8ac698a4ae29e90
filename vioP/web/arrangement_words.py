"""What is arranged for single people and single days, in words."""

from collections.abc import Mapping

from vioP.domain.arrangement import (
    Arrangement,
    ClosedDay,
    Journey,
    KeptApart,
    MakeUp,
    MergedMeeting,
    MovedMeeting,
    OfCohort,
    OpenedPhase,
    Pin,
    StandIn,
)
from vioP.domain.ids import ParticipantId, StaffId
from vioP.domain.programme import Programme
from vioP.domain.session import Kind
from vioP.i18n import long_day, place_words
from vioP.web.pages import dated
from vioP.web.session_words import KINDS

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def arrangement_words(what: Arrangement, programme: Programme) -> tuple[str, str]:
    """A title and a sentence for an arrangement."""
    names = {each.id: each.name for each in programme.participants}
    staff = {each.id: each.name for each in programme.staff}

    def name(who: ParticipantId) -> str:
        return names.get(who, who)

    match what:
        case Pin():
            kind, days = KINDS[Kind(what.kind)].lower(), f"{WEEKDAYS[what.weekday]}s"
            text = f"{kind} on {days} at {what.at:%H:%M} on their own clock"
            text += f", with {staff.get(what.staff_id, '')}" if what.staff_id else ""
            until = f" until {dated(what.last)}" if what.last else ""
            return (
                "Pin",
                f"{name(what.participant_id)}: {text}, from {dated(what.first)}{until}",
            )
        case Journey():
            where = f"{what.city} ({what.state}, {place_words(what.zone)})"
            days = f"{long_day(what.first)} to {long_day(what.last)}"
            return "Elsewhere", f"{name(what.participant_id)}: {where}, {days}"
        case KeptApart():
            return "Kept apart", f"{name(what.one)} and {name(what.other)}"
        case ClosedDay():
            return "Closed", f"Nothing is held on {long_day(what.day)}"
        case OpenedPhase():
            text = f"{what.phase} from {dated(what.first)}"
            return "Phase opened", f"{name(what.participant_id)}: {text}"
        case StandIn() | MovedMeeting() | MakeUp() | MergedMeeting():
            return _of_cohort(what, {each.id: each.name for each in programme.staff})


def _of_cohort(what: OfCohort, staff: Mapping[StaffId, str]) -> tuple[str, str]:
    cohort = what.cohort_id.capitalize()
    match what:
        case StandIn():
            text = f"{staff.get(what.staff_id, what.staff_id)} on {long_day(what.day)}"
            return "Stands in", f"{cohort}: {text}"
        case MovedMeeting():
            text = f"{long_day(what.instead_of)} is held on {long_day(what.day)}"
            if what.is_lasting:
                text = f"every {what.instead_of:%A} is held on {what.day:%A}"
            text += f" at {what.at:%H:%M}"
            if what.is_lasting:
                text += f" from {dated(what.instead_of)} on"
            text += f", led by {staff.get(what.staff_id, '')}" if what.staff_id else ""
            return "Moved", f"{cohort}: {text}"
        case MakeUp():
            text = f"on {long_day(what.day)} at {what.at:%H:%M}, as long as "
            text += f"{long_day(what.instead_of)} is not held itself"
            return "Made up for", f"{cohort}: {text}"
        case MergedMeeting():
            text = f"with {what.into.capitalize()} on {long_day(what.day)}"
            return "Held together", f"{cohort}: {text}"
