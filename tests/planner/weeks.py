"""Ready-made weeks: one clinician, one participant and one need, until a test says more."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from hypothesis import strategies as st

from vioP.planner.problem import (
    Coverage,
    Licence,
    Meeting,
    Need,
    ProblemClinician,
    ProblemParticipant,
    Role,
    Rule,
    Solution,
    Stay,
    Unplaced,
    WeekProblem,
)

Part = TypeVar("Part")

DAY = 1440
NINE, TEN, ELEVEN, NOON, FIVE = 540, 600, 660, 720, 1020
WEEK = (0, 7 * DAY)
DAYS = tuple((day * DAY, day * DAY + DAY) for day in range(7))
OFFICE = tuple((day * DAY + NINE, day * DAY + FIVE) for day in range(5))
TEXAS = Licence("TX", WEEK)

CLINICIAN = ProblemClinician(
    id="c1",
    role=Role.THERAPIST,
    languages=("en",),
    licences=(TEXAS,),
    available=OFFICE,
    days=DAYS,
    max_day=480,
    max_week=2400,
)
PARTICIPANT = ProblemParticipant(
    id="p1",
    state="TX",
    language="en",
    interpreter=False,
    available=OFFICE,
    days=DAYS,
    max_day=330,
)
NEED = Need(
    id="n1",
    participant="p1",
    kind="individual",
    minutes=50,
    role=Role.THERAPIST,
    clinicians=("c1",),
    within=(WEEK,),
)
MEETING = Meeting(
    id="m1", start=NINE, end=NOON, hosts=("c1",), attendees=("p1",), capacity=10, minimum=1
)


def clinician(**changes: Any) -> ProblemClinician:
    return replace(CLINICIAN, **changes)


def participant(**changes: Any) -> ProblemParticipant:
    return replace(PARTICIPANT, **changes)


def need(**changes: Any) -> Need:
    return replace(NEED, **changes)


def meeting(**changes: Any) -> Meeting:
    return replace(MEETING, **changes)


def week(**changes: Any) -> WeekProblem:
    """A week with one need and no meeting."""
    plain = WeekProblem((CLINICIAN,), (PARTICIPANT,), (), (NEED,))
    return replace(plain, **changes)


def group_week(**changes: Any) -> WeekProblem:
    """A week with one meeting and no need."""
    return week(**{"needs": (), "meetings": (MEETING,), **changes})


def nothing_placed(problem: WeekProblem) -> Solution:
    """The solution that leaves everything undone; whatever it breaks, nobody can mend."""
    left = [each.id for each in problem.needs]
    left += [f"{each.id}/{who}" for each in problem.meetings for who in each.attendees]
    return Solution((), (), tuple(Unplaced(each, ()) for each in left))


# Problems are small and cramped, so that every rule bites: two days of four hours, few
# people, short maxima. Parts are chosen from lists rather than made up, because choosing
# is fast.

TWO_DAYS = ((0, 240), (240, 480))
MOSTLY_OPEN = [((0, 480),)] * 4
SOME_HOURS = st.sampled_from(
    [*MOSTLY_OPEN, ((0, 200), (260, 480)), ((35, 110), (300, 415)), ((90, 200),), ()]
)
SOME_LANGUAGES = st.sampled_from([("en", "es"), ("en", "es"), ("en",), ("es",)])
SOME_LICENCES = st.sampled_from(
    [
        *[(TEXAS, Licence("CA", (0, 480)))] * 3,
        (TEXAS,),
        (Licence("TX", (0, 240)), Licence("TX", (200, 480))),
        (Licence("CA", (100, 480)),),
    ]
)
SOME_CLINICIANS = st.sampled_from(
    [("c1", "c2"), ("c2",), (), ("c2", "nobody", "c1"), ("c1",), ("c2", "c1")]
)
SOME_ATTENDEES = st.sampled_from([("p1", "p2", "p3"), ("p2", "nobody"), ("p3", "p1")])


def _clinicians(name: str) -> st.SearchStrategy[ProblemClinician]:
    return st.builds(
        ProblemClinician,
        id=st.just(name),
        role=st.sampled_from(
            [Role.THERAPIST, Role.THERAPIST, Role.PRESCRIBER, Role.THERAPIST]
        ),
        languages=SOME_LANGUAGES,
        licences=SOME_LICENCES,
        available=SOME_HOURS,
        days=st.just(TWO_DAYS),
        max_day=st.sampled_from([240, 120, 60]),
        max_week=st.sampled_from([480, 100]),
    )


def _participants(name: str) -> st.SearchStrategy[ProblemParticipant]:
    return st.builds(
        ProblemParticipant,
        id=st.just(name),
        state=st.sampled_from(["TX", "TX", "CA"]),
        language=st.sampled_from(["en", "es"]),
        interpreter=st.booleans(),
        available=SOME_HOURS,
        days=st.just(TWO_DAYS),
        max_day=st.sampled_from([240, 120, 60]),
        travels=st.sampled_from(
            [
                (),
                (),
                (),
                (Stay("CA", (0, 240)),),
                (Stay("TX", (60, 120)), Stay("CA", (200, 300))),
            ]
        ),
        wished=st.sampled_from([(), ((30, 200),), ((250, 300), (400, 480))]),
    )


def _meetings(name: str) -> st.SearchStrategy[Meeting]:
    return st.builds(
        lambda span, hosts, attendees, capacity, barred: Meeting(
            name, span[0], span[1], hosts, attendees, capacity, minimum=1, barred=barred
        ),
        st.sampled_from([(0, 60), (55, 115), (210, 270), (305, 335)]),
        SOME_CLINICIANS,
        SOME_ATTENDEES,
        st.sampled_from([3, 2, 1, 0]),
        st.sampled_from(
            [(), (), (), (("p1", Rule.PHASE),), (("p2", Rule.WINDOW), ("p3", Rule.UNITS))]
        ),
    )


def _needs(name: str) -> st.SearchStrategy[Need]:
    return st.builds(
        Need,
        id=st.just(name),
        participant=st.sampled_from(["p1", "p2", "p3"]),
        kind=st.just("individual"),
        minutes=st.sampled_from([25, 45, 60]),
        role=st.just(Role.THERAPIST),
        clinicians=SOME_CLINICIANS,
        within=st.sampled_from([*MOSTLY_OPEN, ((240, 480),), ()]),
        previous=st.sampled_from([None, 0, 60, 62, 290, 450]),
        previous_clinician=st.sampled_from([None, "c1", "c2"]),
        pinned=st.sampled_from([None, None, None, None, 60, 315, 301]),
        moves=st.sampled_from([0, 0, 2]),
    )


def _several(
    part: Callable[[str], st.SearchStrategy[Part]], names: str, at_least: int
) -> st.SearchStrategy[tuple[Part, ...]]:
    known = [part(each) for each in names.split()]
    return st.integers(at_least, len(known)).flatmap(lambda many: st.tuples(*known[:many]))


def problems() -> st.SearchStrategy[WeekProblem]:
    """Any small week, cramped and full of mistakes."""
    return st.builds(
        WeekProblem,
        clinicians=st.tuples(_clinicians("c1"), _clinicians("c2")),
        participants=st.tuples(*map(_participants, ("p1", "p2", "p3"))),
        meetings=_several(_meetings, "m1 m2", 0),
        needs=_several(_needs, "n1 n2 n3 n4 n5", 2),
        grid=st.sampled_from([5, 15]),
        clinician_buffer=st.sampled_from([0, 10]),
        participant_buffer=st.sampled_from([0, 5]),
        rooms=st.sampled_from([40, 40, 2, 1, 0]),
        coverage=st.sampled_from(Coverage),
        apart=st.sampled_from([(), (), (("p1", "p2"),), (("p3", "p2"), ("p3", "p1"))]),
    )
