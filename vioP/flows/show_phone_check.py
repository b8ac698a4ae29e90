"""What somebody sees while their phone is tested: the digit to press, and how it went."""

from dataclasses import dataclass

from vioP.domain.call import CallState
from vioP.domain.contact_facts import Way
from vioP.domain.phone_check import PhoneCheck, digit_of
from vioP.domain.setup_link import Visitor
from vioP.ports import Ports


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """The newest check of a phone.

    Attributes:
        digit: What is to be pressed; empty for a text.
        is_open: Whether it can still be proven.
        call: How far the call got; nothing while it was not placed yet, or for a text.
        call_failed: Whether the call could not be placed at all.
    """

    check: PhoneCheck
    digit: str
    is_open: bool
    call: CallState | None
    call_failed: bool


async def show_phone_check(ports: Ports, visitor: Visitor) -> ShownCheck | None:
    """The newest check a visitor asked for, or nothing when they asked for none."""
    now = ports.clock.now()
    async with ports.store.read() as tx:
        check = await tx.phone_checks.latest(visitor.person, visitor.who.value)
        if check is None:
            return None
        call = await tx.calls.find(check.id)
    is_call = check.way is Way.MACHINE_CALL
    state = call.state if call is not None and is_call else None
    failed = call is not None and call.outcome == CallState.FAILED
    over = failed or (state is not None and state.is_over)
    return ShownCheck(
        check,
        digit_of(ports.secrets.code(check.id)) if is_call else "",
        check.is_open(now) and not over,
        state,
        failed,
    )
