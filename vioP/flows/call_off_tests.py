"""Call off: a booked test that cannot be any more is taken back, and its person is not left alone.

A week that is published later may put care in its place, and whoever would be there may be
away. Its person is told by a cancellation, and somebody of the house finds another time.
"""

from collections.abc import Sequence

from vioP.domain.ids import SeatId
from vioP.domain.pacing import Span
from vioP.flows.jobs import put_out_job
from vioP.flows.tell_seats import tell_seats
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.attempts import Task
from vioP.storage.booked_tests import BookedTest

_WHY = "Their test session was called off: another appointment, or leave, is in its place."


async def call_off_impossible_tests(ports: Ports, tx: Transaction, by: str) -> int:
    """Call off every test ahead that meets its person's care, or the leave of who is there.

    So are those of people who have left; nobody looks for another time for them.

    Returns:
        How many there were.
    """
    now = ports.clock.now()
    tests = await tx.booked_tests.impossible(now)
    if not tests:
        return 0
    before = await take_back_tests(ports, tx, tests)
    weeks = sorted((each.week for each in tests), key=lambda each: each.monday)
    await tell_seats(ports, tx, weeks[0], weeks[-1], before)
    silenced = await tx.contacts.silenced()
    for each in tests:
        if each.is_wanted and each.participant_id not in silenced:
            key, person = f"tech_test_off:{each.session_id}", each.participant_id
            await tx.attempts.ask(Task(key, "tech_help", person, said=_WHY), now)
        await tx.audit.note(now, by, "tech_test.called_off", each.session_id)
    return len(tests)


async def take_back_tests(
    ports: Ports, tx: Transaction, tests: Sequence[BookedTest]
) -> dict[SeatId, Span | None]:
    """Take tests back and end what is open in their rooms; telling is for who calls this.

    Returns:
        Each seat with the span it had.
    """
    now = ports.clock.now()
    await tx.weeks.cancel_sessions([each.session_id for each in tests])
    await tx.booked_tests.release([each.seat_id for each in tests])
    await ports.jobs.defer(tx, [put_out_job(each.session_id, now) for each in tests])
    return {each.seat_id: (each.starts, each.ends) for each in tests}
