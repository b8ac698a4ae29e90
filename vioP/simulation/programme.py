"""A small program: one group that meets twice a week, and appointments for some of its people."""

from datetime import date, time, timedelta

from vioP.domain.availability import Hours
from vioP.domain.enrollment import Enrollment, ServicePlan
from vioP.domain.ids import CohortId, ParticipantId, ProgramId, StaffId, TrackId
from vioP.domain.people import Contact, Licence, Participant, Staff, StaffRole
from vioP.domain.program import Cohort, Policy, Program, Track
from vioP.domain.programme import Programme
from vioP.domain.session import Block

ZONE = "America/Denver"
COORDINATOR = StaffId("k1")
DAYS = (1, 3)  # Tuesday and Thursday
_HIGH_RISK = 4  # which of them
_GROUP = CohortId("group")


def small_programme(people: int, first: date, weeks: int) -> Programme:
    """So many participants in one group, enrolled from before a day to after some weeks."""
    names = [f"p{number}" for number in range(1, people + 1)]
    return Programme(
        program=Program(
            ProgramId("example"),
            "Example",
            "Example Health",
            ZONE,
            "+12125550100",
            Policy(group_min=1),
        ),
        tracks=(Track(TrackId("mood"), "Mood", minimum_weekly_minutes=60),),
        staff=(_clinician(StaffId("c1")), _clinician(StaffId("c2")), _coordinator()),
        cohorts=(_cohort(),),
        participants=tuple(_participant(name, at) for at, name in enumerate(names)),
        enrollments=tuple(
            Enrollment(
                f"{name}-enrolled",
                ParticipantId(name),
                _GROUP,
                first - timedelta(weeks=1),
                first + timedelta(weeks=weeks + 1),
            )
            for name in names
        ),
        service_plans=tuple(
            ServicePlan(
                f"{name}-single", ParticipantId(name), "individual", 30, 1, StaffId("c2")
            )
            for name in names[::4]
        ),
    )


def address_of(person: str) -> str:
    """Where a participant reads mail."""
    return f"{person}@participants.example"


def _participant(name: str, at: int) -> Participant:
    return Participant(
        id=ParticipantId(name),
        name=f"{name.upper()} A.",
        birth_year=1990,
        city="Denver",
        state="CO",
        zone=ZONE,
        contact=Contact(address_of(name), f"+130355501{at:02}", sms=True),
        high_risk=at == _HIGH_RISK,
    )


def _clinician(name: StaffId) -> Staff:
    return Staff(
        id=name,
        name=f"Doctor {name.upper()}",
        role=StaffRole.THERAPIST,
        zone=ZONE,
        hours=tuple(Hours(day, time(8, 45), time(9, 55)) for day in DAYS),
        email=f"{name}@staff.example",
        licences=(Licence("CO"),),
    )


def _coordinator() -> Staff:
    return Staff(
        id=COORDINATOR,
        name="Kim K.",
        role=StaffRole.COORDINATOR,
        zone=ZONE,
        hours=tuple(Hours(day, time(8), time(18)) for day in range(5)),
        email="k1@staff.example",
    )


def _cohort() -> Cohort:
    return Cohort(
        id=_GROUP,
        track_id=TrackId("mood"),
        zone=ZONE,
        days=DAYS,
        at=time(9),
        blocks=(Block("skills", 40),),
        facilitators=(StaffId("c1"),),
        capacity=12,
        coordinator_id=COORDINATOR,
    )
