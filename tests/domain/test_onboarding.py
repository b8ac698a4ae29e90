"""Onboarding: what is asked of whom, in which order, and what opens the door."""

from dataclasses import replace

from tests.make import NINE
from vioP.domain.consent import ConsentKind
from vioP.domain.ids import ParticipantId
from vioP.domain.onboarding import (
    REQUIRED,
    TITLES,
    Onboarding,
    Piece,
    Who,
    is_ready,
    missing,
    required,
    steps,
)

P1 = ParticipantId("p1")
ASKED = Onboarding(P1, invited_at=NINE, number="+13035550101")
AGREED = frozenset({ConsentKind.TELEHEALTH, ConsentKind.GROUP_CONFIDENTIALITY})


def pieces(of: Onboarding, who: Who | None = None) -> list[Piece]:
    return [each.piece for each in missing(of, who)]


def test_every_piece_has_a_plain_name():
    assert set(TITLES) == set(Piece)


def test_who_was_never_asked_owes_nothing_though_the_gaps_are_named():
    never = Onboarding(P1)

    assert is_ready(never)
    assert Piece.TELEHEALTH in pieces(never)


def test_an_adult_does_everything_themselves():
    assert pieces(ASKED, Who.GUARDIAN) == []
    assert pieces(ASKED)[:3] == [Piece.NAME, Piece.ZONE, Piece.PLACE]
    assert Piece.GUARDIAN not in pieces(ASKED)
    assert Piece.PART2 not in pieces(ASKED)
    assert Piece.PART2 in pieces(replace(ASKED, part2=True))


def test_a_minors_guardian_consents_and_is_the_one_who_is_reached():
    minor = replace(ASKED, is_minor=True, part2=True)

    guardians = pieces(minor, Who.GUARDIAN)
    assert guardians == [
        Piece.GUARDIAN,
        Piece.CONTACT,
        Piece.EMERGENCY,
        Piece.TELEHEALTH,
        Piece.PHONE_CHECK,
    ]
    own = pieces(minor, Who.PARTICIPANT)
    assert Piece.PHONE not in own
    assert Piece.GROUP in own
    assert Piece.PART2 in own  # nothing of the guardian's tells which program it is
    assert not set(own) & set(guardians)


def test_the_door_opens_when_all_that_is_required_is_there_or_waived():
    said = frozenset(REQUIRED)
    almost = replace(ASKED, answered=said, agreed=frozenset({ConsentKind.TELEHEALTH}))
    assert not is_ready(almost)
    assert [each.piece for each in required(missing(almost))] == [Piece.GROUP]

    assert is_ready(replace(almost, agreed=AGREED))
    assert is_ready(replace(almost, waived=frozenset({Piece.GROUP})))


def test_what_only_helps_holds_nobody_up():
    ready = replace(ASKED, answered=frozenset(REQUIRED), agreed=AGREED)

    assert is_ready(ready)
    assert pieces(ready) == [
        Piece.SAFE_PLACES,
        Piece.NEEDS,
        Piece.CALENDAR,
        Piece.PHONE_CHECK,
    ]


def test_a_consent_that_was_answered_is_not_yet_given():
    asked = replace(ASKED, answered=frozenset(Piece))

    assert Piece.TELEHEALTH in pieces(asked)


def test_the_calendar_is_proven_only_once_an_invite_has_left():
    assert Piece.CALENDAR_CHECK not in pieces(ASKED)
    assert Piece.CALENDAR_CHECK in pieces(replace(ASKED, has_invite=True))
    assert Piece.CALENDAR_CHECK not in pieces(replace(ASKED, is_proven=True))


def test_nobody_without_a_phone_is_asked_to_test_it():
    silent = replace(ASKED, number="")

    assert Piece.PHONE_CHECK not in [each.piece for each in steps(silent)]
