"""The statements of ``vioP.storage.programme``: what is read, saved and taken away."""

PROGRAM = """
SELECT id, name, invite_name, zone, callback_phone, policy, cadence, crisis_lines FROM program
"""
# Every change of what weeks are built from counts; a plan remembers the count.
VERSION = "SELECT version FROM program"
LOCK = "SELECT version FROM program FOR UPDATE"
TOUCH = "UPDATE program SET version = version + 1"
# Whom invites go to, retired people included: their cancellations still leave.
ADDRESSES = (
    "SELECT id, OPENED(participant.name), OPENED(participant.email), zone FROM participant"
)
CLOSURES = "SELECT day FROM closure ORDER BY day"
TRACKS = """
SELECT id, name, modules, phases, part2, ages, minimum_weekly_minutes, guardian, cadence,
  details, rotation
FROM track ORDER BY id
"""
PAYERS = """
SELECT id, code, unit, min_day_minutes, min_week_minutes, max_week_minutes, days_a_week,
  longest_gap, details
FROM payer ORDER BY id
"""
STAFF = """
SELECT id, name, role, zone, credential, email, phone, languages, specialties, compacts
FROM staff WHERE NOT retired ORDER BY id
"""
WHO_WORKS = "SELECT name, zone FROM staff WHERE id = :id AND NOT retired"
LICENCES = """
SELECT staff_id, state, kind, number, first, last FROM licence ORDER BY staff_id, position
"""
HOURS = "SELECT owner_id, weekday, opens, closes FROM hours ORDER BY owner_id, position"
PREFERRED = """
SELECT owner_id, weekday, opens, closes FROM preferred_hours ORDER BY owner_id, position
"""
# Whoever was closed out is away for good.
GONE = """
SELECT account.person_id AS staff_id, account.closed_at FROM account
JOIN staff ON staff.id = account.person_id WHERE account.closed_at IS NOT NULL
"""
LEAVE = "SELECT id, staff_id, starts, ends FROM leave ORDER BY starts, id"
COHORTS = """
SELECT id, track_id, zone, days, at, blocks, facilitators, capacity, coordinator_id, phases,
  first_day, rotation, mode, opens_at
FROM cohort ORDER BY id
"""
PARTICIPANTS = """
SELECT id, OPENED(participant.name), birth_year, OPENED(participant.city), state, zone,
  OPENED(participant.email), OPENED(participant.phone), sms, call, voicemail, language,
  OPENED(participant.accommodation), high_risk, OPENED(participant.note), calendar
FROM participant WHERE NOT retired ORDER BY id
"""
SUPPORTERS = """
SELECT participant_id, kind, language, OPENED(supporter.name), OPENED(supporter.email),
  OPENED(supporter.phone)
FROM supporter
ORDER BY participant_id, position
"""
ENROLLMENTS = """
SELECT id, participant_id, cohort_id, first, until, days, phase, pauses
FROM enrollment ORDER BY id
"""
SERVICE_PLANS = """
SELECT id, participant_id, kind, minutes, every_weeks, staff_id, offset_weeks AS "offset",
  begins, early_weeks, early_every
FROM service_plan ORDER BY id
"""
AUTHORIZATIONS = """
SELECT id, participant_id, payer_id, code, units, first FROM authorization_ ORDER BY id
"""
TRACKS_OF_COHORTS = "SELECT id, track_id FROM cohort"
CALENDAR = "SELECT calendar FROM participant WHERE id = :id"
ZONE = "SELECT zone FROM program"
ADD_LEAVE = """
INSERT INTO leave (id, staff_id, starts, ends) VALUES (:id, :staff_id, :starts, :ends)
"""

LEAVE_OF_ID = "SELECT id FROM leave WHERE id = :id"
REMOVE_LEAVE = "DELETE FROM leave WHERE id = :id"

# Saved in this order, so that whatever is referred to is there.
SAVE = {
    "program": """
INSERT INTO program
  (id, name, invite_name, zone, callback_phone, policy, cadence, crisis_lines)
VALUES
  (:id, :name, :invite_name, :zone, :callback_phone, :policy, :cadence, :crisis_lines)
ON CONFLICT (id) DO UPDATE SET
  name = excluded.name, invite_name = excluded.invite_name, zone = excluded.zone,
  callback_phone = excluded.callback_phone, policy = excluded.policy,
  cadence = excluded.cadence, crisis_lines = excluded.crisis_lines
""",
    "tracks": """
INSERT INTO track
  (id, name, modules, phases, part2, ages, minimum_weekly_minutes, guardian, cadence, details,
   rotation)
VALUES
  (:id, :name, :modules, :phases, :part2, :ages, :minimum_weekly_minutes, :guardian, :cadence,
   :details, :rotation)
ON CONFLICT (id) DO UPDATE SET
  name = excluded.name, modules = excluded.modules, phases = excluded.phases,
  part2 = excluded.part2, ages = excluded.ages,
  minimum_weekly_minutes = excluded.minimum_weekly_minutes, guardian = excluded.guardian,
  cadence = excluded.cadence, details = excluded.details, rotation = excluded.rotation
""",
    "payers": """
INSERT INTO payer
  (id, code, unit, min_day_minutes, min_week_minutes, max_week_minutes, days_a_week,
   longest_gap, details)
VALUES
  (:id, :code, :unit, :min_day_minutes, :min_week_minutes, :max_week_minutes, :days_a_week,
   :longest_gap, :details)
ON CONFLICT (id) DO UPDATE SET
  code = excluded.code, unit = excluded.unit, min_day_minutes = excluded.min_day_minutes,
  min_week_minutes = excluded.min_week_minutes,
  max_week_minutes = excluded.max_week_minutes, days_a_week = excluded.days_a_week,
  longest_gap = excluded.longest_gap, details = excluded.details
""",
    "staff": """
INSERT INTO staff
  (id, name, role, zone, credential, email, phone, languages, specialties, compacts)
VALUES
  (:id, :name, :role, :zone, :credential, :email, :phone, :languages, :specialties, :compacts)
ON CONFLICT (id) DO UPDATE SET
  name = excluded.name, role = excluded.role, zone = excluded.zone,
  credential = excluded.credential, email = excluded.email, phone = excluded.phone,
  languages = excluded.languages, specialties = excluded.specialties,
  compacts = excluded.compacts, retired = excluded.retired
""",
    "cohorts": """
INSERT INTO cohort
  (id, track_id, zone, days, at, blocks, facilitators, capacity, coordinator_id, phases,
   first_day, rotation, mode, opens_at)
VALUES
  (:id, :track_id, :zone, :days, :at, :blocks, :facilitators, :capacity, :coordinator_id,
   :phases, :first_day, :rotation, :mode, :opens_at)
ON CONFLICT (id) DO UPDATE SET
  track_id = excluded.track_id, zone = excluded.zone, days = excluded.days,
  at = excluded.at, blocks = excluded.blocks, facilitators = excluded.facilitators,
  capacity = excluded.capacity, coordinator_id = excluded.coordinator_id,
  phases = excluded.phases, first_day = excluded.first_day, rotation = excluded.rotation,
  mode = excluded.mode, opens_at = excluded.opens_at
""",
    "participants": """
INSERT INTO participant
  (id, name, birth_year, city, state, zone, email, email_index, phone, phone_index, sms, call,
   voicemail, language, accommodation, high_risk, note, calendar)
VALUES
  (:id, SEALED(:name, participant.name, :id), :birth_year,
   SEALED(:city, participant.city, :id), :state, :zone,
   SEALED(:email, participant.email, :id), BLIND(:email),
   SEALED(:phone, participant.phone, :id), BLIND(:phone), :sms, :call, :voicemail,
   :language, SEALED(:accommodation, participant.accommodation, :id), :high_risk,
   SEALED(:note, participant.note, :id), :calendar)
ON CONFLICT (id) DO UPDATE SET
  name = excluded.name, birth_year = excluded.birth_year, city = excluded.city,
  state = excluded.state, zone = excluded.zone, email = excluded.email,
  email_index = excluded.email_index, phone = excluded.phone,
  phone_index = excluded.phone_index, sms = excluded.sms, call = excluded.call,
  voicemail = excluded.voicemail, language = excluded.language,
  accommodation = excluded.accommodation, high_risk = excluded.high_risk,
  note = excluded.note, calendar = excluded.calendar, retired = excluded.retired
""",
    "enrollments": """
INSERT INTO enrollment (id, participant_id, cohort_id, first, until, days, phase, pauses)
VALUES (:id, :participant_id, :cohort_id, :first, :until, :days, :phase, :pauses)
ON CONFLICT (id) DO UPDATE SET
  participant_id = excluded.participant_id, cohort_id = excluded.cohort_id,
  first = excluded.first, until = excluded.until, days = excluded.days,
  phase = excluded.phase, pauses = excluded.pauses
""",
    "service_plans": """
INSERT INTO service_plan
  (id, participant_id, kind, minutes, every_weeks, staff_id, offset_weeks, begins,
   early_weeks, early_every)
VALUES
  (:id, :participant_id, :kind, :minutes, :every_weeks, :staff_id, :offset, :begins,
   :early_weeks, :early_every)
ON CONFLICT (id) DO UPDATE SET
  participant_id = excluded.participant_id, kind = excluded.kind,
  minutes = excluded.minutes, every_weeks = excluded.every_weeks,
  staff_id = excluded.staff_id, offset_weeks = excluded.offset_weeks,
  begins = excluded.begins, early_weeks = excluded.early_weeks,
  early_every = excluded.early_every
""",
    "authorizations": """
INSERT INTO authorization_ (id, participant_id, payer_id, code, units, first)
VALUES (:id, :participant_id, :payer_id, :code, :units, :first)
ON CONFLICT (id) DO UPDATE SET
  participant_id = excluded.participant_id, payer_id = excluded.payer_id,
  code = excluded.code, units = excluded.units, first = excluded.first
""",
}

# People stay, retired: what happened with them is kept.
REMOVE = {
    "program": "DELETE FROM program WHERE id = :id",
    "tracks": "DELETE FROM track WHERE id = :id",
    "payers": "DELETE FROM payer WHERE id = :id",
    "staff": "UPDATE staff SET retired = TRUE WHERE id = :id",
    "cohorts": "DELETE FROM cohort WHERE id = :id",
    "participants": "UPDATE participant SET retired = TRUE WHERE id = :id",
    "enrollments": "DELETE FROM enrollment WHERE id = :id",
    "service_plans": "DELETE FROM service_plan WHERE id = :id",
    "authorizations": "DELETE FROM authorization_ WHERE id = :id",
}

# What belongs to one thing alone, and is written anew with it.
PARTS: dict[str, tuple[str, ...]] = {
    "program": ("holidays",),
    "staff": ("licences", "hours"),
    "participants": ("supporters", "hours", "prefers"),
}
SAVE_PART = {
    "holidays": "INSERT INTO closure (program_id, day) VALUES (:owner_id, :day)",
    "licences": """
INSERT INTO licence (staff_id, position, state, kind, number, first, last)
VALUES (:owner_id, :position, :state, :kind, :number, :first, :last)
""",
    "hours": """
INSERT INTO hours (owner_id, position, weekday, opens, closes)
VALUES (:owner_id, :position, :weekday, :opens, :closes)
""",
    "prefers": """
INSERT INTO preferred_hours (owner_id, position, weekday, opens, closes)
VALUES (:owner_id, :position, :weekday, :opens, :closes)
""",
    "supporters": """
INSERT INTO supporter
  (participant_id, position, kind, language, name, email, phone, phone_index)
VALUES (:owner_id, :position, :kind, :language,
  SEALED(:name, supporter.name, :owner_id, :position),
  SEALED(:email, supporter.email, :owner_id, :position),
  SEALED(:phone, supporter.phone, :owner_id, :position), BLIND(:phone))
""",
}
FORGET_PART = {
    "holidays": "DELETE FROM closure WHERE program_id = :id",
    "licences": "DELETE FROM licence WHERE staff_id = :id",
    "hours": "DELETE FROM hours WHERE owner_id = :id",
    "prefers": "DELETE FROM preferred_hours WHERE owner_id = :id",
    "supporters": "DELETE FROM supporter WHERE participant_id = :id",
}
