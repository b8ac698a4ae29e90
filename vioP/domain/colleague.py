"""Somebody who works here, as those see them who keep accounts: no care, no participants."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from vioP.domain.ids import AccountId, StaffId
from vioP.domain.people import Licence, StaffRole
from vioP.domain.time import Instant

WARNED_BEFORE = timedelta(days=60)


class LicenceState(StrEnum):
    """How a licence stands on a day, the gravest first."""

    EXPIRED = "expired"
    ENDS_SOON = "ends_soon"
    NOT_YET = "not_yet"
    HOLDS = "holds"


def licence_state(licence: Licence, today: date) -> LicenceState:
    """How a licence stands; sixty days before its end somebody should renew it."""
    if licence.last is not None and licence.last < today:
        return LicenceState.EXPIRED
    if licence.last is not None and licence.last - today <= WARNED_BEFORE:
        return LicenceState.ENDS_SOON
    if licence.first is not None and licence.first > today:
        return LicenceState.NOT_YET
    return LicenceState.HOLDS


@dataclass(frozen=True, slots=True)
class Colleague:
    """One member of staff with their account.

    Attributes:
        email: Where they sign in with; empty without an account.
        is_closed: Whether somebody closed the account by hand.
        is_disabled: Whether they cannot sign in, whatever the reason.
        has_password: Whether they have chosen a password.
        signed_in_at: When they signed in last; nothing when they never did.
        has_second_factor: Whether an authenticator has shown a code, or there is a passkey.
        kept_here: Whether role and licences were changed here, and imports leave them alone.
    """

    id: StaffId
    name: str
    role: StaffRole
    zone: str
    account_id: AccountId | None
    email: str
    is_closed: bool
    is_disabled: bool
    has_password: bool
    signed_in_at: Instant | None
    has_second_factor: bool
    kept_here: bool
    licences: tuple[Licence, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether they can sign in, and have shown it or chosen a password."""
        knows = self.has_password or self.signed_in_at is not None
        return self.account_id is not None and not self.is_disabled and knows


@dataclass(frozen=True, slots=True)
class HostedAhead:
    """A session that people were told of, and that somebody hosts."""

    starts: Instant
    ends: Instant


@dataclass(frozen=True, slots=True)
class Departure:
    """What it leaves behind that somebody does not sign in, or not in their role, any more.

    Attributes:
        hosts: What they host of what people were told, by time.
        is_last_admin: Whether nobody else could keep accounts.
        is_last_coordinator: Whether nobody else would see the call list.
    """

    who: Colleague
    hosts: tuple[HostedAhead, ...] = ()
    is_last_admin: bool = False
    is_last_coordinator: bool = False

    @property
    def wants_thought(self) -> bool:
        """Whether somebody would be missed."""
        return bool(self.hosts) or self.is_last_coordinator


def departure(
    who: Colleague, everybody: Iterable[Colleague], hosts: Iterable[HostedAhead]
) -> Departure:
    """What is left behind when somebody goes."""
    others = {each.role for each in everybody if each.is_active and each.id != who.id}
    return Departure(
        who,
        tuple(hosts),
        who.role is StaffRole.ADMIN and StaffRole.ADMIN not in others,
        who.role is StaffRole.COORDINATOR and StaffRole.COORDINATOR not in others,
    )
