"""Who may do what: deny by default, and other people's things look like nothing."""

import pytest

from vioP.domain.access import ALLOWED, FOR_EVERYBODY, Action, Person, may
from vioP.domain.people import StaffRole

COORDINATOR = Person("k01", StaffRole.COORDINATOR, "acc_k")
CLINICIAN = Person("c04", StaffRole.THERAPIST, "acc_c")
PARTICIPANT = Person("p01", "participant", "acc_p")


@pytest.mark.parametrize("action", sorted(set(Action) - FOR_EVERYBODY))
def test_a_stranger_may_do_nothing_but_knock(action):
    assert not may(None, action)


def test_every_role_is_named_and_an_unknown_one_may_do_nothing():
    assert set(ALLOWED) == {"participant", *StaffRole}
    assert not may(Person("x", "visitor", "acc"), Action.SEE_BOARD)


def test_a_participant_sees_their_own_week_and_no_roster():
    assert may(PARTICIPANT, Action.SEE_OWN_WEEK, frozenset({"p01"}))
    assert not may(PARTICIPANT, Action.SEE_OWN_WEEK, frozenset({"p02"}))
    assert not may(PARTICIPANT, Action.SEE_ROSTER)


def test_a_clinician_marks_their_own_sessions_only():
    assert may(CLINICIAN, Action.MARK_ATTENDANCE, frozenset({"c04", "c05"}))
    assert not may(CLINICIAN, Action.MARK_ATTENDANCE, frozenset({"c09"}))
    assert not may(CLINICIAN, Action.PUBLISH_WEEK)


def test_whoever_keeps_accounts_sees_nobody_who_receives_care():
    about_care = set().union(*(ALLOWED[each] for each in ("participant", *StaffRole)))
    accounts = {"see_staff", "change_staff", "see_settings", "see_wording", "see_health"}

    assert {*accounts, "change_account"} == ALLOWED[StaffRole.ADMIN] <= about_care


def test_coordinators_stand_in_for_each_other():
    assert may(COORDINATOR, Action.MARK_ATTENDANCE, frozenset({"c09"}))
    assert not may(COORDINATOR, Action.SEE_AUDIT)
