"""The statements of ``vioP.storage.weeks``: drafts, publications, sessions and seats."""

SAVE_DRAFT = """
INSERT INTO week_plan (monday, revision, basis, plan, found, created_at, created_by)
SELECT :monday, COALESCE(MAX(revision), 0) + 1, :basis, :plan, :found, :at, :by
FROM week_plan WHERE monday = :monday
RETURNING revision
"""
# One newest draft is kept beside those that were published.
FORGET_DRAFTS = """
DELETE FROM week_plan
WHERE monday = :monday AND revision < :revision AND revision NOT IN (
  SELECT revision FROM publication WHERE monday = :monday
)
"""
DRAFT = """
SELECT revision, plan, found FROM week_plan WHERE monday = :monday
ORDER BY revision DESC LIMIT 1
"""
PUBLISHED = """
SELECT publication.number, publication.revision, publication.published_at, week_plan.plan,
  week_plan.found
FROM publication JOIN week_plan
  ON week_plan.monday = publication.monday AND week_plan.revision = publication.revision
WHERE publication.monday = :monday ORDER BY publication.number DESC LIMIT 1
"""
PUBLISHED_REVISION = """
SELECT revision FROM publication WHERE monday = :monday ORDER BY number DESC LIMIT 1
"""
PUBLISH = """
INSERT INTO publication (monday, number, revision, published_at, published_by, counts)
SELECT :monday, COALESCE(MAX(number), 0) + 1, :revision, :at, :by, :counts
FROM publication WHERE monday = :monday
RETURNING number
"""

# Every session a week's plan has made, and who has ever had a seat in it. Test sessions are
# booked beside the plan: publishing it must not call them off.
TOLD = """
SELECT session.id AS session_id, session.key, session.state AS session_state,
  seat.id, seat.participant_id, seat.uid, seat.sequence, seat.stamped, seat.starts, seat.ends,
  seat.zone, seat.state, session.kind
FROM session LEFT JOIN seat ON seat.session_id = session.id
WHERE session.monday = :monday AND session.kind <> 'tech_test'
ORDER BY session.key, seat.id
"""

# The last time each participant had each kind of appointment, on whose clock and with whom.
# What was promised for the week itself counts most: planning it again must not move it.
PREVIOUS = """
SELECT seat.participant_id, session.kind, session.monday, session.day, session.wall_time,
  session.zone, session_staff.staff_id, session.starts
FROM session
JOIN seat ON seat.session_id = session.id AND seat.state = 'active'
JOIN session_staff ON session_staff.session_id = session.id AND session_staff.position = 0
WHERE session.monday <= :monday AND session.monday >= :since AND session.state = 'planned'
  AND session.kind NOT IN ('group', 'tech_test')
ORDER BY session.starts
"""
# A session at another time, or one that stands again, is begun by its host anew.
SAVE_SESSIONS = """
INSERT INTO session
  (id, key, monday, kind, cohort_id, day, wall_time, zone, starts, ends, blocks, state)
VALUES
  (:id, :key, :monday, :kind, :cohort_id, :day, :wall_time, :zone, :starts, :ends, :blocks,
   'planned')
ON CONFLICT (key) DO UPDATE SET
  day = excluded.day, wall_time = excluded.wall_time, zone = excluded.zone,
  starts = excluded.starts, ends = excluded.ends, blocks = excluded.blocks, state = 'planned',
  host_started_at = CASE WHEN session.starts = excluded.starts AND session.state = 'planned'
    THEN session.host_started_at END,
  closed_at = CASE WHEN session.starts = excluded.starts AND session.state = 'planned'
    THEN session.closed_at END
"""
FORGET_STAFF = "DELETE FROM session_staff WHERE session_id = :session_id"
SAVE_STAFF = """
INSERT INTO session_staff (session_id, position, staff_id)
VALUES (:session_id, :position, :staff_id)
"""
CANCEL_SESSION = "UPDATE session SET state = 'cancelled' WHERE id = :session_id"
SAVE_SEATS = """
INSERT INTO seat
  (id, session_id, participant_id, uid, sequence, stamped, starts, ends, zone, state,
   link_hash)
VALUES
  (:id, :session_id, :participant_id, :uid, :sequence, :stamped, :starts, :ends, :zone,
   :state, :link_hash)
ON CONFLICT (id) DO UPDATE SET session_id = excluded.session_id,
  sequence = excluded.sequence, stamped = excluded.stamped, starts = excluded.starts,
  ends = excluded.ends, zone = excluded.zone, state = excluded.state
"""
