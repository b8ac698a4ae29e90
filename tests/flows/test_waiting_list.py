"""A waiting list: put on, offered, enrolled, taken off; and closed by what else happens."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.flows.test_retention import rows
from tests.make import FixedClock, cohort, enrollment, participant
from tests.waiting import MONDAY, P4, P5, TIDEWATER, TODAY, full_programme, waits, without
from vioP.domain.errors import (
    CohortFull,
    CohortNotOpen,
    CohortsOverlap,
    Invalid,
    Missing,
    NoProgramme,
    WaitingSettled,
)
from vioP.domain.ids import CohortId, ParticipantId
from vioP.domain.program import EnrollmentMode
from vioP.domain.retention import Kind
from vioP.domain.rotation import ModuleTurn
from vioP.domain.time import week_of
from vioP.domain.waiting import Decision, Entry, Offer, WaitingState
from vioP.flows.apply_retention import apply_retention, count_aged
from vioP.flows.enroll import Joining, discharge, enroll
from vioP.flows.enroll_from_list import enroll_from_list
from vioP.flows.erase_person import erase_person
from vioP.flows.export_person import export_person
from vioP.flows.import_programme import import_programme
from vioP.flows.offer_place import offer_place, take_offer_back
from vioP.flows.put_on_list import Asking, put_on_list
from vioP.flows.show import show_week
from vioP.flows.show_waiting import show_waiting
from vioP.flows.take_off_list import take_off_list
from vioP.ports import Ports

FIRST, UNTIL = date(2026, 3, 24), date(2026, 5, 1)
OFFER = Offer(FIRST, date(2026, 3, 13))
ASKING = Asking(P4, TIDEWATER, date(2026, 3, 2), MONDAY, (1,), "Mother in hospital.")


@pytest.fixture
async def full(ports: Ports) -> Ports:
    """Three in three places."""
    await import_programme(ports, full_programme(), "test")
    return ports


@pytest.fixture
async def freed(full: Ports) -> Ports:
    """One of the three leaves on Sunday the 22nd."""
    await discharge(full, ParticipantId("p1"), date(2026, 3, 22), "k1")
    return full


async def entry_of(ports: Ports, entry: Entry) -> Entry:
    async with ports.store.read() as tx:
        found = await tx.waiting.of_id(entry.id)
    assert found is not None
    return found


async def audited(ports: Ports) -> list[tuple[str, str, str]]:
    async with ports.store.read() as tx:
        return [
            (each.actor, each.action, each.object)
            for each in reversed(await tx.audit.latest(20))
            if each.action.startswith(("waiting.", "participant."))
        ]


async def test_somebody_is_put_on_the_list_with_everything_that_was_said(full: Ports):
    before = await show_week(full, week_of(TODAY))

    entry = await put_on_list(full, ASKING, "k1")

    [found] = await show_waiting(full)
    [turn] = found.turns
    assert turn.entry == replace(entry, name="P4 A.")
    assert (turn.entry.asked_on, turn.entry.days) == (ASKING.asked_on, (1,))
    assert turn.entry.note == "Mother in hospital."
    assert turn.place == date(2026, 5, 5)
    assert await audited(full) == [("k1", "waiting.put_on", "p4")]
    async with full.store.read() as tx:
        [row] = await tx.audit.latest(1)
    assert row.details == {"entry": entry.id, "cohort": "tidewater"}
    assert (await show_week(full, week_of(TODAY))).is_stale == before.is_stale


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"participant_id": ParticipantId("p1")}, "p1 is enrolled in tidewater from"),
        ({"participant_id": P5}, "p5 is on the waiting list of tidewater since 2026-03-01"),
        ({"asked_on": TODAY + timedelta(days=1)}, "Say since when they ask"),
        ({"days": (1, 4)}, "tidewater does not meet on Fri"),
    ],
)
async def test_who_cannot_wait_for_it_is_refused_in_words(full: Ports, change, why: str):
    await waits(full, P5)

    with pytest.raises(Invalid, match=why):
        await put_on_list(full, replace(ASKING, **change), "k1")

    assert await audited(full) == []


@pytest.mark.parametrize(
    "change", [{"participant_id": ParticipantId("p9")}, {"cohort_id": CohortId("nowhere")}]
)
async def test_nobody_waits_whom_or_for_what_nobody_knows(full: Ports, change):
    with pytest.raises(Missing):
        await put_on_list(full, replace(ASKING, **change), "k1")


# Coping in the two weeks from the ninth of March, again from the thirtieth.
AT_MODULES: dict[str, Any] = {
    "capacity": 3,
    "first_day": date(2026, 3, 9),
    "rotation": (ModuleTurn("Coping", 2), ModuleTurn("Sleep", 1)),
    "mode": EnrollmentMode.MODULE_START,
    "opens_at": ("Coping",),
}


async def test_where_people_join_at_modules_a_place_waits_for_such_a_day(ports: Ports):
    await import_programme(ports, full_programme(cohorts=(cohort(**AT_MODULES),)), "test")
    await discharge(ports, ParticipantId("p1"), date(2026, 3, 22), "k1")

    entry = await put_on_list(ports, replace(ASKING, days=()), "k1")

    [found] = await show_waiting(ports)
    opens = date(2026, 3, 31)
    assert [each.place for each in found.turns] == [opens]
    with pytest.raises(CohortNotOpen, match=f"The next day to begin is {opens}"):
        await offer_place(ports, entry.id, OFFER, "k1")
    await offer_place(ports, entry.id, replace(OFFER, first=opens), "k1")
    with pytest.raises(CohortNotOpen):
        await enroll_from_list(ports, entry.id, FIRST, UNTIL, "k1")
    await enroll_from_list(ports, entry.id, opens, UNTIL, "k1")
    assert (await entry_of(ports, entry)).state is WaitingState.ENROLLED


async def test_nobody_waits_for_a_cohort_that_takes_nobody_any_more(ports: Ports):
    shut = cohort(capacity=3, first_day=date(2026, 3, 2), mode=EnrollmentMode.CLOSED)
    await import_programme(ports, full_programme(cohorts=(shut,)), "test")

    with pytest.raises(Invalid, match="closed: nobody joins after its start"):
        await put_on_list(ports, ASKING, "k1")


async def test_before_an_import_there_is_nothing_to_wait_for(ports: Ports):
    with pytest.raises(NoProgramme):
        await put_on_list(ports, ASKING, "k1")


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"state": "TX"}, "holds a licence for TX"),
        ({"birth_year": 2012}, "Tidewater takes people of 18 to 120; p4 is 13 or 14"),
    ],
)
async def test_who_would_not_be_taken_with_a_place_is_told_what_the_fit_says(
    ports: Ports, facts, why: str
):
    full = full_programme()
    people = tuple(
        participant("p4", **facts) if each.id == "p4" else each
        for each in full.participants
    )
    await import_programme(ports, replace(full, participants=people), "test")

    with pytest.raises(Invalid, match=why):
        await put_on_list(ports, ASKING, "k1")


async def test_an_offer_holds_a_place_until_it_is_taken_back(freed: Ports):
    entry = await waits(freed)
    other = await waits(freed, P5, asked_on=date(2026, 3, 5))

    await offer_place(freed, entry.id, OFFER, "k1")

    [found] = await show_waiting(freed)
    assert [each.place for each in found.turns] == [FIRST, date(2026, 5, 5)]
    assert (await entry_of(freed, entry)).offer == OFFER
    with pytest.raises(CohortFull, match="free for p5 from 2026-05-05 on"):
        await offer_place(freed, other.id, OFFER, "k1")

    await take_offer_back(freed, entry.id, "k1")

    assert (await entry_of(freed, entry)).state is WaitingState.WAITING
    await offer_place(freed, other.id, OFFER, "k1")
    assert [each[1] for each in await audited(freed)] == [
        "participant.discharged",
        "waiting.offered",
        "waiting.offer_taken_back",
        "waiting.offered",
    ]


@pytest.mark.parametrize(
    ("offer", "why"),
    [
        (Offer(FIRST, date(2026, 3, 9)), "which is over"),
        (Offer(date(2026, 3, 17), date(2026, 3, 13)), "from 2026-03-24 on"),
    ],
)
async def test_what_is_not_there_is_not_offered(freed: Ports, offer: Offer, why: str):
    entry = await waits(freed)

    with pytest.raises(Invalid, match=why):
        await offer_place(freed, entry.id, offer, "k1")

    assert not (await entry_of(freed, entry)).is_offered


async def test_no_place_is_offered_where_none_is_known_to_come_free(ports: Ports):
    everybody_stays = tuple(
        replace(each, until=date.max) for each in full_programme().enrollments
    )
    await import_programme(ports, full_programme(enrollments=everybody_stays), "test")
    entry = await waits(ports)

    with pytest.raises(CohortFull, match="No place in tidewater is known"):
        await offer_place(ports, entry.id, OFFER, "k1")


async def test_what_an_offer_wants_is_said_from_its_last_day_on(
    freed: Ports, clock: FixedClock
):
    async def wants() -> list[Decision]:
        return [each.what for found in await show_waiting(freed) for each in found.wants]

    entry = await waits(freed)
    assert await wants() == [Decision.PLACE_FREE]
    await offer_place(freed, entry.id, Offer(FIRST, TODAY), "k1")
    assert await wants() == [Decision.RUNS_OUT_TODAY]

    clock.forward(24 * 60)

    assert await wants() == [Decision.RUN_OUT]


async def test_enrolling_from_the_list_closes_the_entry_in_one_act(freed: Ports):
    entry = await waits(freed, days=(1,))
    await offer_place(freed, entry.id, OFFER, "k1")

    await enroll_from_list(freed, entry.id, FIRST, UNTIL, "k1")

    assert (await entry_of(freed, entry)).state is WaitingState.ENROLLED
    async with freed.store.read() as tx:
        programme = await tx.programme.read()
    assert programme is not None
    assert enrollment("p4", first=FIRST, until=UNTIL, days=(1,)) in programme.enrollments
    assert await show_waiting(freed) == ()
    assert (await audited(freed))[-2:] == [
        ("k1", "participant.enrolled", "p4-tidewater"),
        ("k1", "waiting.enrolled", "p4"),
    ]
    with pytest.raises(WaitingSettled):
        await enroll_from_list(freed, entry.id, FIRST, UNTIL, "k1")


async def test_an_enrollment_that_is_over_before_the_wanted_day_closes_the_entry_too(
    freed: Ports,
):
    entry = await waits(freed, earliest=date(2026, 4, 20))

    await enroll_from_list(freed, entry.id, FIRST, date(2026, 4, 10), "k1")

    assert (await entry_of(freed, entry)).state is WaitingState.ENROLLED


async def test_a_refused_enrollment_leaves_the_entry_open(full: Ports):
    entry = await waits(full)

    with pytest.raises(CohortFull, match="no place on 2026-03-24: 3 of 3 are taken"):
        await enroll_from_list(full, entry.id, FIRST, UNTIL, "k1")
    with pytest.raises(Invalid, match="before it begins"):
        await enroll_from_list(full, entry.id, UNTIL, FIRST, "k1")

    assert (await entry_of(full, entry)).is_open
    assert await audited(full) == []


async def test_a_full_cohort_says_so_and_takes_one_more_only_when_told(full: Ports):
    joining = Joining(P4, TIDEWATER, FIRST, UNTIL)
    with pytest.raises(CohortFull, match="no place on 2026-03-24: 3 of 3 are taken"):
        await enroll(full, joining, "k1")

    await enroll(full, replace(joining, above=True), "k1")

    async with full.store.read() as tx:
        [row] = await tx.audit.latest(1)
    assert (row.action, row.details) == (
        "participant.enrolled",
        {"first": f"{FIRST}", "until": f"{UNTIL}", "above_maximum": "yes"},
    )


async def test_a_place_that_is_offered_is_not_given_to_somebody_else(freed: Ports):
    entry = await waits(freed)
    await offer_place(freed, entry.id, OFFER, "k1")

    with pytest.raises(CohortFull, match="3 of 3 are taken, 1 of them held by an offer"):
        await enroll(freed, Joining(P5, TIDEWATER, FIRST, UNTIL), "k1")

    await enroll(freed, Joining(P4, TIDEWATER, FIRST, UNTIL), "k1")


async def test_enrolling_in_any_other_way_closes_the_entry(freed: Ports):
    entry = await waits(freed)
    await enroll(freed, Joining(P4, TIDEWATER, FIRST, UNTIL), "k1")
    assert (await entry_of(freed, entry)).state is WaitingState.ENROLLED

    imported = await waits(freed, P5)
    more = full_programme(
        cohorts=(cohort(capacity=8),),
        enrollments=tuple(enrollment(f"p{number}") for number in range(1, 6)),
    )
    await import_programme(freed, more, "operator")
    assert (await entry_of(freed, imported)).state is WaitingState.ENROLLED
    assert (await audited(freed))[-1] == ("operator", "waiting.enrolled", "p5")


async def test_an_enrollment_in_another_cohort_closes_nothing(ports: Ports):
    harbor = cohort("harbor", days=(4,))
    await import_programme(
        ports, full_programme(cohorts=(cohort(capacity=3), harbor)), "test"
    )
    entry = await waits(ports)

    await enroll(ports, Joining(P4, harbor.id, FIRST, UNTIL), "k1")

    assert (await entry_of(ports, entry)).is_open


async def test_two_cohorts_at_once_are_refused_from_the_list_too(ports: Ports):
    harbor = cohort("harbor")
    inside = (*full_programme().enrollments, enrollment("p4", to="harbor"))
    await import_programme(
        ports, full_programme(cohorts=(cohort(), harbor), enrollments=inside), "test"
    )
    entry = await waits(ports)

    with pytest.raises(CohortsOverlap):
        await enroll_from_list(ports, entry.id, FIRST, UNTIL, "k1")


async def test_who_is_discharged_waits_for_no_other_place(ports: Ports):
    harbor = cohort("harbor", days=(4,))
    inside = (*full_programme().enrollments, enrollment("p4", to="harbor"))
    await import_programme(
        ports,
        full_programme(cohorts=(cohort(capacity=3), harbor), enrollments=inside),
        "test",
    )
    entry, other = await waits(ports), await waits(ports, P5)

    await discharge(ports, P4, TODAY, "k1")

    found = await entry_of(ports, entry)
    assert (found.state, found.reason) == (
        WaitingState.WITHDRAWN,
        "Discharged after 2026-03-10.",
    )
    assert (await entry_of(ports, other)).is_open
    assert (await audited(ports))[-2:] == [
        ("k1", "participant.discharged", "p4"),
        ("k1", "waiting.taken_off", "p4"),
    ]


@pytest.mark.parametrize("what", ["somebody", "the cohort"])
async def test_who_or_what_an_import_takes_away_is_waited_for_no_longer(
    full: Ports, what: str
):
    entry = await waits(full)
    plain = full_programme()
    if what == "somebody":
        fewer = replace(
            plain,
            participants=tuple(each for each in plain.participants if each.id != "p4"),
            service_plans=tuple(
                each for each in plain.service_plans if each.participant_id != "p4"
            ),
        )
    else:
        fewer = full_programme(
            cohorts=(cohort("harbor"),),
            enrollments=tuple(enrollment(f"p{each}", to="harbor") for each in (1, 2, 3)),
        )

    await import_programme(full, fewer, "operator")

    found = await entry_of(full, entry)
    assert found.state is WaitingState.WITHDRAWN
    assert found.reason in {
        "No longer in the programme.",
        "The cohort is no longer offered.",
    }
    assert await show_waiting(full) == ()


async def test_an_import_that_changes_nothing_about_them_leaves_them_on_the_list(
    full: Ports,
):
    entry = await waits(full)

    await import_programme(full, without(full_programme(), "p1", MONDAY), "operator")

    assert (await entry_of(full, entry)).is_open


async def test_somebody_is_taken_off_for_a_reason(full: Ports):
    entry = await waits(full)
    with pytest.raises(Invalid, match="Say why"):
        await take_off_list(full, entry.id, "", "k1")

    await take_off_list(full, entry.id, "Found a place elsewhere.", "k1")

    found = await entry_of(full, entry)
    assert (found.state, found.reason) == (
        WaitingState.WITHDRAWN,
        "Found a place elsewhere.",
    )
    for again in (
        take_off_list(full, entry.id, "Twice.", "k1"),
        take_offer_back(full, entry.id, "k1"),
        offer_place(full, entry.id, OFFER, "k1"),
    ):
        with pytest.raises(WaitingSettled):
            await again
    with pytest.raises(Missing):
        await take_off_list(full, "wai_nothing", "Why not.", "k1")
    # They may ask again.
    assert (await waits(full, id="wai_again")).is_open


async def test_nothing_is_taken_back_that_was_not_offered(full: Ports):
    entry = await waits(full)

    with pytest.raises(WaitingSettled):
        await take_offer_back(full, entry.id, "k1")


async def test_an_export_holds_the_entry_and_erasing_closes_and_empties_it(full: Ports):
    await waits(full, note="Mother in hospital.")
    record = await export_person(full, P4, "a1")
    [line] = record.tables["waiting"]
    assert (line["note"], line["state"]) == ("Mother in hospital.", "waiting")

    await erase_person(full, P4, "operator", "asked in writing")

    [row] = await rows(full.store, "waiting")
    assert (row["note"], row["reason"], row["state"]) == ("", "", "withdrawn")
    assert row["closed_at"] is not None
    assert await show_waiting(full) == ()


async def test_words_about_a_closed_entry_go_after_their_time(
    full: Ports, clock: FixedClock
):
    closed = await waits(full, note="Mother in hospital.")
    still = await waits(full, P5, note="Still here.")
    await take_off_list(full, closed.id, "Found a place elsewhere.", "k1")

    clock.forward(91 * 24 * 60)
    assert (await count_aged(full))[Kind.WAITING] == 1
    await apply_retention(full, "operator")

    found = await entry_of(full, closed)
    assert (found.note, found.reason) == ("", "")
    assert (await entry_of(full, still)).note == "Still here."


async def test_where_nobody_waits_it_costs_one_statement(full: Ports, statements):
    statements.clear()

    assert await show_waiting(full) == ()

    assert len(statements) == 1


async def test_a_list_costs_the_same_however_long_it_is(full: Ports, statements):
    await waits(full)
    await waits(full, P5)
    statements.clear()

    await show_waiting(full)

    assert len(statements) == 6
