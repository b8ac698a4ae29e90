"""The jobs that flows queue, by name and key. One of each key is ever waiting."""

from vioP.domain.delivery import Channel
from vioP.domain.foresight import Question
from vioP.domain.ids import SeatId, SessionId
from vioP.domain.job import Job
from vioP.domain.time import Instant, Week


def deliver_job(channel: Channel, due: Instant) -> Job:
    """The job that sends what is due on a channel."""
    return Job("deliver", {"channel": channel.value}, due, f"deliver:{channel}")


def watch_job(session_id: SessionId, due: Instant) -> Job:
    """The job that looks at a session."""
    return Job("watch_session", {"session_id": session_id}, due, f"watch:{session_id}")


def build_job(week: Week, due: Instant) -> Job:
    """The job that builds a large week."""
    monday = week.monday.isoformat()
    return Job("build_week", {"week": monday}, due, f"build:{monday}")


def work_out_job(question: Question, due: Instant) -> Job:
    """The job that works out what is asked of weeks ahead."""
    args = question.to_args()
    return Job("work_out", args, due, ":".join(("work_out", *args.values())))


def end_calls_job(session_id: SessionId, seat_id: SeatId, due: Instant) -> Job:
    """The job that ends calls which ring for somebody who is here."""
    args = {"session_id": session_id, "seat_id": seat_id}
    return Job("end_calls", args, due, f"end_calls:{seat_id}")


def hear_carrier_job(due: Instant) -> Job:
    """The job that heeds what a telephone company told us and could not be heeded at once."""
    return Job("hear_carrier", {}, due, "hear_carrier")


def put_out_job(session_id: SessionId, due: Instant) -> Job:
    """The job that ends what is open for people who lost their place in a session."""
    return Job("put_out", {"session_id": session_id}, due, f"put_out:{session_id}")


def sweep_job(due: Instant) -> Job:
    """The job that rebuilds lost jobs from rows."""
    return Job("sweep", {}, due, "sweep")


def retention_job(due: Instant) -> Job:
    """The job that forgets what is past its time."""
    return Job("retention", {}, due, "retention")


def remind_job(due: Instant) -> Job:
    """The job that reminds whoever is to be reminded now."""
    return Job("remind", {}, due, "remind")


def look_ahead_job(due: Instant) -> Job:
    """The job that tells what has come near."""
    return Job("look_ahead", {}, due, "look_ahead")
