"""A programme comes back as it went in, and only what differs is written."""

from dataclasses import replace
from datetime import date, time
from pathlib import Path

from tests.make import (
    NINE,
    clinician,
    cohort,
    enrollment,
    minutes_later,
    participant,
    programme,
)
from vioP.domain.availability import Hours, Leave
from vioP.domain.enrollment import Pause
from vioP.domain.ids import CohortId, StaffId, TrackId
from vioP.domain.people import Licence, LicenceKind, Supporter
from vioP.domain.program import Cadence, EnrollmentMode, Phase, Track
from vioP.domain.programme import ChangeKind, Programme, differences
from vioP.domain.rotation import ModuleTurn, Rotation
from vioP.files.read import load, read_programme
from vioP.storage import Store

DEMO = Path(__file__).parents[2] / "config" / "demo"


async def keep(store: Store, new: Programme) -> int:
    async with store.write() as tx:
        changes = differences(await tx.programme.read(), new)
        await tx.programme.apply(changes)
    return len(changes)


async def kept(store: Store) -> Programme | None:
    async with store.read() as tx:
        return await tx.programme.read()


def rich() -> Programme:
    """A programme that uses every part of every noun."""
    person = participant(
        "p1",
        accommodation="interpreter:es",
        language="es",
        supporters=(Supporter("interpreter", "es"), Supporter("guardian")),
        hours=(Hours(0, time(8), time(12)), Hours(2, time(9), time(10, 30))),
        high_risk=True,
        note="A note.",
    )
    licence = Licence("NY", LicenceKind.COMPACT, "123", date(2026, 1, 1), date(2026, 6, 30))
    small = programme([person])
    track = replace(
        small.tracks[0],
        modules=("a", "b"),
        phases=(Phase("first", 4, "clinician"),),
        part2=True,
        ages=(13, 17),
        guardian=True,
        cadence=(Cadence("family", 50, 2),),
        details=(("conditions", "x"),),
        rotation=(ModuleTurn("a", 2), ModuleTurn("b", 1)),
    )
    program = replace(
        small.program,
        holidays=(date(2026, 5, 25), date(2026, 7, 3)),
        cadence=(Cadence("individual", 50, 1),),
        crisis_lines=("988",),
    )
    return replace(
        small,
        program=program,
        cohorts=(
            replace(
                small.cohorts[0],
                first_day=date(2026, 3, 2),
                rotation=(ModuleTurn("b", 3), ModuleTurn("a", 1), ModuleTurn("b", 1)),
                mode=EnrollmentMode.MODULE_START,
                opens_at=("b",),
            ),
            cohort("zither"),
        ),
        tracks=(track, Track(TrackId("zeta"), "Zeta")),
        staff=(
            *small.staff[:2],
            clinician("c1", licences=(Licence("CO"), licence), languages=("en", "es")),
            clinician("c2", specialties=("family",), compacts=("PSYPACT",)),
            *small.staff[4:],
        ),
        enrollments=(
            enrollment(
                "p1",
                days=(1,),
                phase="first",
                pauses=(Pause(date(2026, 3, 5), date(2026, 3, 8)),),
            ),
        ),
    )


async def test_everything_comes_back_as_it_went_in(store: Store):
    assert await kept(store) is None
    new = rich()

    await keep(store, new)

    assert await kept(store) == new


async def test_rotations_follow_from_cohorts_and_tracks_and_are_kept_nowhere_else(
    store: Store,
):
    new = rich()
    await keep(store, new)

    async with store.read() as tx:
        found = await tx.rotations.known()

    own = new.cohorts[0]
    assert found == {own.id: Rotation(date(2026, 3, 2), own.rotation)}
    assert found == new.rotations()
    async with store.read() as tx:
        assert await tx.rotations.of(own.id) == (own.track_id, found[own.id])
        assert await tx.rotations.of(CohortId("zither")) == (own.track_id, None)
        assert await tx.rotations.of(CohortId("nowhere")) == ("", None)

    of_track = replace(own, rotation=())
    await keep(store, replace(new, cohorts=(of_track, new.cohorts[1])))
    async with store.read() as tx:
        assert (await tx.rotations.known())[own.id].turns == new.tracks[0].rotation


async def test_the_demo_comes_back_as_it_was_read(store: Store):
    files = [load(DEMO / name) for name in ("programme.toml", "participants.csv")]
    demo = read_programme(files[0], files[1], invent_contacts=True)

    await keep(store, demo)

    assert await kept(store) == demo
    assert await keep(store, demo) == 0


async def test_a_change_is_one_change_and_raises_the_version(store: Store):
    await keep(store, programme())
    async with store.read() as tx:
        before = await tx.programme.version()
    moved = replace(programme().participants[0], state="UT")

    count = await keep(
        store, replace(programme(), participants=(moved, *programme().participants[1:]))
    )

    async with store.read() as tx:
        after = await tx.programme.version()
    assert count == 1
    assert before != after


async def test_whoever_is_gone_is_retired_and_may_come_back(store: Store):
    everybody = programme()
    await keep(store, everybody)
    fewer = programme(everybody.participants[:3])

    await keep(store, fewer)
    without = await kept(store)
    await keep(store, everybody)

    assert without == fewer
    assert await kept(store) == everybody


async def test_leave_is_kept_by_person(store: Store):
    await keep(store, programme())
    away = Leave(NINE, minutes_later(60))
    async with store.write() as tx:
        await tx.programme.add_leave("lve_1", StaffId("c1"), away)

    async with store.read() as tx:
        assert await tx.programme.leave() == {"c1": [away]}


def test_a_difference_names_the_fields_that_differ():
    old = programme()
    new = replace(
        old, participants=(replace(old.participants[0], zone="UTC"), *old.participants[1:])
    )

    [change] = differences(old, new)

    assert (change.kind, change.noun, change.id) == (
        ChangeKind.CHANGED,
        "participants",
        "p1",
    )
    assert change.fields == ("zone",)
