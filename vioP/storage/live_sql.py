"""The statements of running sessions."""

from vioP.storage import rotations
from vioP.storage.tech_checks import COLUMNS

# Evidence and steps multiply each other here; both are few, and one round trip is one view.
LIVE = """
SELECT session.id AS session_id, session.key, session.kind, session.cohort_id, session.day,
  session.zone, session.starts, session.ends, session.host_started_at,
  host.position, host.staff_id, staff.name AS staff_name,
  seat.id AS seat_id, participant.id AS participant_id, OPENED(participant.name),
  participant.zone AS participant_zone, participant.state, OPENED(participant.email),
  OPENED(participant.phone), participant.sms, participant.call, participant.voicemail,
  participant.high_risk, OPENED(participant.accommodation), participant.language, track.part2,
  evidence.id AS evidence_id, evidence.fact, evidence.at, evidence.source,
  evidence.leg, evidence.connection,
  delivery.key AS delivery_key, delivery.kind AS delivery_kind,
  delivery.seat_id AS delivery_seat_id, delivery.revision,
  delivery.channel AS delivery_channel, delivery.state AS delivery_state,
  delivery.reason AS delivery_reason, delivery.due AS delivery_due,
  delivery.done_at AS delivery_done_at, attempt.outcome AS attempt_outcome,
  attempt.state AS attempt_state, attempt.settled_at AS attempt_settled_at, (
    SELECT newest.mark FROM session_mark AS newest
    WHERE newest.session_id = session.id AND newest.mark IN ('room_down', 'room_up')
    ORDER BY newest.at DESC, newest.id DESC LIMIT 1) AS room_mark,
  (SELECT MAX(ended.at) FROM session_mark AS ended WHERE ended.session_id = session.id
    AND ended.mark IN ('room_up', 'incident_over')) AS incident_over_at,
  (SELECT alone.until FROM contact_fact AS alone
   WHERE alone.participant_id = participant.id AND alone.kind = 'not_safe'
   ORDER BY alone.until DESC LIMIT 1) AS alone_until,
  (SELECT late.until FROM contact_fact AS late
   WHERE late.participant_id = participant.id AND late.kind = 'late'
   ORDER BY late.at DESC LIMIT 1) AS late_until,
  {more}{taught}{check},
  reply.answer AS reply_answer, reply.received_at AS reply_received_at,
  reply.starts AS reply_starts, reply.ends AS reply_ends, reply.is_sure AS reply_is_sure,
  OPENED(reply.comment) AS reply_comment, (
    SELECT COUNT(*) FROM matter WHERE matter.reply_id = reply.id AND matter.decision = 'keep'
  ) AS reply_kept, dead_address.address AS dead_address
FROM session
LEFT JOIN session_staff AS host ON host.session_id = session.id
LEFT JOIN staff ON staff.id = host.staff_id
LEFT JOIN seat ON seat.session_id = session.id AND seat.state = 'active'
LEFT JOIN participant ON participant.id = seat.participant_id
LEFT JOIN cohort ON cohort.id = session.cohort_id
LEFT JOIN track ON track.id = cohort.track_id
LEFT JOIN evidence ON evidence.seat_id = seat.id
LEFT JOIN delivery ON delivery.session_id = session.id
  AND (delivery.seat_id = seat.id OR delivery.seat_id IS NULL)
  AND delivery.kind IN (
    'nudge', 'call', 'second_call', 'coordinator', 'clinician', 'host_absent', 'incident')
LEFT JOIN attempt ON attempt.id = delivery.key
{joined}LEFT JOIN tech_check ON tech_check.id = (
  SELECT latest.id FROM tech_check AS latest
  WHERE latest.participant_id = participant.id AND latest.steps IS NOT NULL
  ORDER BY latest.at DESC, latest.id DESC LIMIT 1)
LEFT JOIN reply ON reply.id = (
  SELECT newest.id FROM reply AS newest WHERE newest.seat_id = seat.id
  ORDER BY newest.sequence DESC, newest.stamped DESC, newest.received_at DESC, newest.id DESC
  LIMIT 1)
LEFT JOIN dead_address ON dead_address.address = participant.email_index
WHERE session.state = 'planned' AND {which}
ORDER BY session.starts, session.key, seat.id, host.position, evidence.at
"""
# The program's policy comes along where one session is decided about.
ONE = LIVE.format(
    which="session.id = :session_id",
    more="program.policy, ",
    taught="",
    joined="LEFT JOIN program ON TRUE\n",
    check=COLUMNS,
)
BETWEEN = LIVE.format(
    which="session.ends > :since AND session.starts < :until",
    more="",
    taught="",
    joined="",
    check=COLUMNS,
)
# How far people are, and who comes along.
COURSE = """enrollment.first AS course_first, enrollment.until AS course_until,
  enrollment.cohort_id AS course_cohort, EXISTS (
    SELECT 1 FROM seat AS before JOIN session AS past ON past.id = before.session_id
    WHERE before.participant_id = seat.participant_id AND before.state = 'active'
      AND past.state = 'planned' AND past.cohort_id = enrollment.cohort_id
      AND past.starts < session.starts) AS has_met,
  helper.kind AS helper_kind, helper.language AS helper_language, """
COURSE_FROM = """LEFT JOIN enrollment ON enrollment.participant_id = seat.participant_id
  AND enrollment.first <= session.day AND enrollment.until > session.day
  AND (session.cohort_id IS NULL OR enrollment.cohort_id IN (
    SELECT alike.id FROM cohort AS alike WHERE alike.track_id = cohort.track_id))
LEFT JOIN supporter AS helper ON helper.participant_id = seat.participant_id
  AND helper.kind IN ('interpreter', 'captioner')
"""
# One session, for whoever hosts it.
SHOWN = LIVE.format(
    which="session.id = :session_id",
    more=f"program.policy, {COURSE}",
    taught="",
    joined=f"LEFT JOIN program ON TRUE\n{COURSE_FROM}",
    check=COLUMNS,
)
# Somebody's own sessions, with what is taught and done when.
OF_STAFF = LIVE.format(
    more=f"session.blocks, {COURSE}",
    taught=f"{rotations.COLUMNS}, ",
    joined=COURSE_FROM,
    check=COLUMNS,
    which="""session.ends > :since AND session.starts < :until AND EXISTS (
  SELECT 1 FROM session_staff AS own
  WHERE own.session_id = session.id AND own.staff_id = :staff_id)""",
)

# Whose ladders must be looked at: what starts before long, and what had no last look yet.
WATCHABLE = """
SELECT id, starts FROM session
WHERE state = 'planned' AND closed_at IS NULL AND ends > :since AND starts <= :until
ORDER BY starts
"""
START = """
UPDATE session SET host_started_at = :at WHERE id = :session_id AND host_started_at IS NULL
RETURNING id
"""
SEEN = """
SELECT evidence.seat_id, evidence.fact FROM evidence
JOIN seat ON seat.id = evidence.seat_id JOIN session ON session.id = seat.session_id
WHERE session.monday = :monday
ORDER BY evidence.at, evidence.id
"""
SAVE_EVIDENCE = """
INSERT INTO evidence (id, seat_id, fact, source, at, recorded_at, leg, connection)
VALUES (:id, :seat_id, :fact, :source, :at, :recorded_at, :leg, :connection)
ON CONFLICT (id) DO NOTHING
"""
