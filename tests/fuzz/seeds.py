"""Where making things up begins: one honest example for each reader."""

from collections.abc import Mapping

from tests.replies import answer, calendar, report

_ZOOM = (
    b'{"event":"meeting.participant_joined","event_ts":1773154800000,"payload":{"object":'
    b'{"id":"1","host_id":"h","participant":{"id":"h","user_id":"2","registrant_id":"r",'
    b'"join_time":"2026-03-10T15:00:00Z","participant_uuid":"u"}}}}'
)
_CHALLENGE = b'{"event":"endpoint.url_validation","payload":{"plainToken":"q"}}'
_LIVEKIT = (
    b'{"event":"track_published","id":"EV_1","createdAt":"1773154800","room":{"name":"r"},'
    b'"participant":{"sid":"PA_1","identity":"sea_1"},"track":{"type":"VIDEO"}}'
)
_JITSI = (
    b'{"event_name":"muc-room-destroyed","room_name":"r","destroyed_at":1773154800,'
    b'"all_occupants":[{"id":"sea_1","occupant_jid":"j","joined_at":1773154800}]}'
)
_JAAS = (
    b'{"eventType":"PARTICIPANT_JOINED","timestamp":1773154800000,"fqn":"a/r",'
    b'"idempotencyKey":"i","data":{"id":"sea_1","participantJid":"j"}}'
)
_TWILIO = (
    b"AccountSid=AC1&CallSid=CA1&CallStatus=completed&Digits=1&MessageSid=SM1&From=%2B1303&"
    b"Body=STOP&MessageStatus=failed&ErrorCode=30007&AnsweredBy=machine_start"
)
_CLAIMS = b'{"iss":"key","nbf":1,"exp":1773154860,"sha256":"x"}'

SEEDS: Mapping[str, tuple[bytes, ...]] = {
    "mail": (answer(), report("p1@participants.example")),
    "calendar": (calendar().encode(),),
    "zoom": (
        _ZOOM,
        _CHALLENGE,
        _ZOOM.replace(b"join_time", b"x").replace(b"000,", b"0" * 12 + b","),
    ),
    "livekit": (_LIVEKIT,),
    "jitsi": (_JITSI,),
    "jaas": (_JAAS,),
    "twilio": (_TWILIO,),
    "signatures": (b"v1,AAAA", "é".encode()),
    "tokens": (b"sea_1.AAAA", b'{"alg":"HS256"}.{"iss":"key","exp":9}.x'),
    "claims": (_CLAIMS,),
    "addresses": (b"p1@participants.example", b"+1 (303) 555-0101", b"mailto: <a%40b.c>"),
    "strict_json": (_ZOOM, b'["\\"\\u00e9", -1.5e3, null]'),
}
