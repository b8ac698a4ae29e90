"""PARTICIPANTS.csv: who takes part, one row per enrollment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from vioP.domain.enrollment import Authorization, Enrollment, ServicePlan
from vioP.domain.ids import CohortId, ParticipantId, StaffId
from vioP.domain.people import CalendarChoice, Participant, Staff, StaffRole
from vioP.domain.program import Cohort, Track, cadence_of
from vioP.files.contacts import number_in, read_contact, read_supporters
from vioP.files.problems import nearest
from vioP.files.programme import Offer
from vioP.files.rows import Row
from vioP.files.stretches import stretches
from vioP.files.table import STATES, WEEKDAYS, ZONES

_MOST_WEEKS = 52
_EARLIEST_BIRTH = 1900


@dataclass(frozen=True, slots=True)
class Member:
    """What one row stands for."""

    row: Row
    participant: Participant
    enrollment: Enrollment
    plans: tuple[ServicePlan, ...]
    authorization: Authorization | None


def read_member(row: Row, offer: Offer, *, invent_contacts: bool) -> Member | None:
    """What a row stands for, or nothing when it cannot stand for anybody."""
    staff = {each.id: each for each in offer.staff}
    cohorts = {each.id: each for each in offer.cohorts}
    cohort = cohorts.get(CohortId(row.known("cohort", cohorts, "cohort")))
    therapist = _clinician(row, "therapist", StaffRole.THERAPIST, staff)
    prescriber = _clinician(row, "prescriber", StaffRole.PRESCRIBER, staff)
    payers = {each.id: each for each in offer.payers}
    payer = payers.get(row.known("payer", payers, "payer"))
    first = row.day("start_date")
    weeks = row.whole("planned_weeks", 1, _MOST_WEEKS)
    units = row.whole("units_authorised", 0, 10_000)
    track = next(
        (each for each in offer.tracks if cohort and each.id == cohort.track_id), None
    )
    participant = _participant(row, track, first, invent=invent_contacts)
    if cohort is None or track is None or first is None or not participant.id:
        return None
    enrollment = Enrollment(
        id=f"{participant.id}-{cohort.id}",
        participant_id=participant.id,
        cohort_id=cohort.id,
        first=first,
        until=first + timedelta(weeks=weeks),
        days=_days(row, cohort),
        phase=_phase(row, track),
    )
    plans = _plans(row, offer, track, (participant, therapist, prescriber), first)
    authorization = None
    if payer is not None:
        authorization = Authorization(
            f"{participant.id}-{payer.id}",
            participant.id,
            payer.id,
            payer.code,
            units,
            first,
        )
    return Member(row, participant, enrollment, plans, authorization)


def _clinician(
    row: Row, column: str, role: StaffRole, staff: Mapping[StaffId, Staff]
) -> Staff | None:
    found = staff.get(StaffId(row.known(column, staff, "member of staff")))
    if found is None:
        return None
    if found.role is not role:
        row.note(column, f"{found.id} is a {found.role}.", f"Name a {role}.")
    state = row.values.get("state", "")
    if found.licences and state not in {each.state for each in found.licences}:
        licensed = [
            each.id
            for each in staff.values()
            if each.role is role and state in {licence.state for licence in each.licences}
        ]
        row.note(
            column,
            f"{found.id} holds no licence for {state}.",
            f"Name one who does: {', '.join(licensed)}."
            if licensed
            else "Add the licence.",
        )
    return found


def _participant(
    row: Row, track: Track | None, first: date | None, *, invent: bool
) -> Participant:
    name = row.needed("id")
    state, zone = row.text("state"), row.text("timezone")
    if state not in STATES:
        remedy = nearest(state.upper(), sorted(STATES), "Write a postal code, such as NY.")
        row.note("state", f"“{state}” is not a state.", remedy)
    if zone not in ZONES:
        cities = [each for each in ZONES if "/" in each]
        remedy = nearest(zone, cities, "Write an IANA name, such as America/New_York.")
        row.note("timezone", f"“{zone}” is not a time zone.", remedy)
        zone = "UTC"
    participant = Participant(
        id=ParticipantId(name),
        name=row.needed("display_name"),
        birth_year=row.whole("birth_year", _EARLIEST_BIRTH, 2100),
        city=row.text("city"),
        state=state,
        zone=zone,
        contact=read_contact(row, name, track, invent=invent),
        language=row.text("language") or "en",
        accommodation=row.text("accommodation"),
        supporters=read_supporters(row, name, track, invent=invent),
        hours=stretches(row, "hours"),
        high_risk=row.yes("high_risk"),
        note=row.text("story"),
        prefers=stretches(row, "prefers"),
        calendar=_calendar(row),
    )
    if track is not None and first is not None:
        _check_age(row, participant, track, first)
    return participant


def _calendar(row: Row) -> CalendarChoice:
    """How they want their appointments; by invite when nothing is said."""
    value = row.text("calendar") or CalendarChoice.INVITES
    if value not in set(CalendarChoice):
        remedy = nearest(value, list(CalendarChoice), "Write invites, feed or both.")
        row.note("calendar", f"“{value}” is no way to be told.", remedy)
        return CalendarChoice.INVITES
    return CalendarChoice(value)


def _check_age(row: Row, participant: Participant, track: Track, first: date) -> None:
    """Only what is certain is refused: the year of birth allows two ages."""
    if participant.birth_year <= _EARLIEST_BIRTH:
        return  # no year at all, which was said already
    youngest, oldest = participant.ages_in(first.year)
    if oldest < track.ages[0] or youngest > track.ages[1]:
        row.note(
            "birth_year",
            f"{participant.id} is {youngest} or {oldest}; {track.id} takes "
            f"{track.ages[0]} to {track.ages[1]}.",
            "Choose another cohort, or correct the year.",
        )


def _phase(row: Row, track: Track) -> str:
    """The phase somebody enters in; empty for the track's first."""
    value = row.text("phase")
    names = [each.name for each in track.phases]
    if value and value not in names:
        remedy = nearest(value, names, f"{track.id} has no phases: leave it empty.")
        row.note("phase", f"“{value}” is no phase of {track.id}.", remedy)
    return value


def _days(row: Row, cohort: Cohort) -> tuple[int, ...]:
    """The weekdays attended, where that is not all of them."""
    days = []
    for each in row.text("days").split():
        if each not in WEEKDAYS or WEEKDAYS.index(each) not in cohort.days:
            meets = " ".join(WEEKDAYS[day] for day in cohort.days)
            row.note(
                "days", f"“{each}” is no day of {cohort.id}.", f"Use some of: {meets}."
            )
        else:
            days.append(WEEKDAYS.index(each))
    return tuple(sorted(set(days)))


def _plans(
    row: Row,
    offer: Offer,
    track: Track,
    who: tuple[Participant, Staff | None, Staff | None],
    first: date,
) -> tuple[ServicePlan, ...]:
    """The appointments somebody is owed."""
    participant, therapist, prescriber = who
    with_whom = {"individual": therapist, "psychiatry": prescriber}
    if row.yes("family"):
        with_whom["family"] = _family_clinician(offer, track, participant) or therapist
    plans = []
    for kind, staff in with_whom.items():
        cadence = cadence_of(offer.program, track, kind)
        if staff is not None and cadence is not None:
            plans.append(
                ServicePlan(
                    id=f"{participant.id}-{kind}",
                    participant_id=participant.id,
                    kind=kind,
                    minutes=cadence.minutes,
                    every_weeks=cadence.every_weeks,
                    begins=first if cadence.early_weeks else None,
                    early_weeks=cadence.early_weeks,
                    early_every=cadence.early_every,
                    staff_id=staff.id,
                    offset=number_in(participant.id),
                )
            )
    return tuple(plans)


def _family_clinician(offer: Offer, track: Track, participant: Participant) -> Staff | None:
    """Whoever specializes in families, where a guardian takes part."""
    if not track.guardian:
        return None
    for each in offer.staff:
        licensed = participant.state in {licence.state for licence in each.licences}
        if "family" in each.specialties and licensed:
            return each
    return None
