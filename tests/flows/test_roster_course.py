"""A roster says how far people are, who is new, who comes along, and who hosts beside."""

from dataclasses import replace
from datetime import date

from tests.make import FixedClock, enrollment, make_ports, participant, published_programme
from vioP.domain.ids import StaffId
from vioP.domain.live import LiveSeat
from vioP.domain.people import Supporter
from vioP.flows.show import show_roster
from vioP.web.course_words import course_line, other_needs
from vioP.web.session_words import parts_of

TUESDAY, THURSDAY = date(2026, 3, 10), date(2026, 3, 12)


async def test_the_roster_knows_who_is_new_how_far_everybody_is_and_who_comes_along(
    store, clock: FixedClock
):
    ports = make_ports(store, clock)
    helpers = (
        Supporter("interpreter", "es"),
        Supporter("captioner"),
        Supporter("guardian"),
    )
    people = [participant("p1"), participant("p2"), participant("p3")]
    people[0] = replace(people[0], supporters=helpers)
    begun = [enrollment("p1"), enrollment("p2", first=date(2026, 3, 9)), enrollment("p3")]
    await published_programme(ports, people=people, enrollments=tuple(begun))

    found = await show_roster(ports, StaffId("c1"), TUESDAY, "America/Denver")
    later = await show_roster(ports, StaffId("c1"), THURSDAY, "America/Denver")

    [group] = [each for each in found if each.cohort_id]
    lines = {str(seat.participant_id): course_line(seat.course) for seat in group.seats}
    assert group.others == ("Doctor C2",)
    assert lines["p1"].helpers == ("Captioner", "Interpreter (Spanish)")
    assert other_needs("interpreter:es relay", lines["p1"]) == "relay service"
    assert other_needs("captions", lines["p3"]) == "captions"
    assert (lines["p1"].week, lines["p1"].is_new) == ("Week 2 of 9", False)
    assert (lines["p2"].week, lines["p2"].is_new) == ("Week 1 of 8", True)
    assert not any(course_line(seat.course).is_new for seat in seats_of(later))
    assert len({seat.id for seat in group.seats}) == 3


def seats_of(sessions) -> list[LiveSeat]:
    """The seats of the groups of a day."""
    return [seat for each in sessions if each.cohort_id for seat in each.seats]


async def test_whoever_hosts_sees_what_is_done_when_and_breaks_are_left_out(
    store, clock: FixedClock
):
    ports = make_ports(store, clock)
    await published_programme(ports)

    found = await show_roster(ports, StaffId("c1"), TUESDAY, "America/Denver")

    [group] = [each for each in found if each.cohort_id]
    [single] = [each for each in found if not each.cohort_id][:1]
    assert parts_of(group, "America/Denver") == ("09:00 skills", "10:10 process")
    assert parts_of(group, "America/New_York") == ("11:00 skills", "12:10 process")
    assert parts_of(single, "America/Denver") == ()  # its title says it
