"""Check a phone: ring it, or text it a code, and note that its owner was heard there."""

import hmac

from vioP.domain.call import CallState
from vioP.domain.contact import ContactPolicy, Reach, Refusal, may_reach
from vioP.domain.contact_facts import ContactFact, ContactKind, Way
from vioP.domain.delivery import Channel, Delivery, DeliveryKind
from vioP.domain.errors import Conflict, Missing, NoTelephone, TooManyChecks
from vioP.domain.keyword import Wish, wish_of_key
from vioP.domain.onboarding import Piece
from vioP.domain.phone_check import (
    AT_MOST,
    HEARD,
    LASTS,
    PREFIX,
    THANKS,
    TRIES,
    WITHIN,
    PhoneCheck,
    check_prompt,
    digit_of,
)
from vioP.domain.setup_link import Visitor
from vioP.domain.time import Instant, later
from vioP.flows.answer_piece import step_of
from vioP.flows.heed import Asked, heed
from vioP.flows.jobs import deliver_job
from vioP.i18n import language
from vioP.ports import Ports
from vioP.storage import Transaction

_HEEDED = {Wish.WRONG_NUMBER, Wish.STOP, Wish.HUMAN}
_WHY = {
    Refusal.NO_ADDRESS: "No phone is on file. Go back and type one.",
    Refusal.GUARDIAN_UNKNOWN: "No phone is on file. Go back and type one.",
    Refusal.WRONG_NUMBER: "Somebody told us that this number is not yours. Type another one.",
    Refusal.OPTED_OUT: "You told us not to reach you this way. Change that first.",
    Refusal.NO_CONSENT: "You have not agreed to be reached this way. Change that first.",
    Refusal.TEXT_ONLY: "You told us that a voice is no use to you. Take a text instead.",
    Refusal.HIGH_RISK: "A person from our office will call you to test this phone.",
}


async def check_phone(ports: Ports, visitor: Visitor, way: Way) -> PhoneCheck:
    """Ring somebody's phone, or text it a code, because they ask for it just now.

    It takes the way a call of the fallback takes. They are awake and waiting, so no quiet
    hours apply; everything else they have said does.

    Raises:
        Missing: It is not asked of them.
        NoTelephone: Nothing here calls by itself.
        Conflict: The gate refuses; the message says why.
        TooManyChecks: It was tried too often within a day.
    """
    now = ports.clock.now()
    if way is Way.MACHINE_CALL and ports.telephone is None:
        raise NoTelephone
    async with ports.store.write() as tx:
        of = await tx.onboardings.of(visitor.person, now)
        known = await tx.contacts.of(visitor.person, now)
        if of is None or known is None:
            raise Missing
        step_of(of, visitor, Piece.PHONE_CHECK)
        policy = ContactPolicy(verified_only=False)
        answer = may_reach(known.reachable, way, policy, now, safety=True)
        if not isinstance(answer, Reach):
            raise Conflict(_WHY.get(answer, "This phone cannot be reached this way now."))
        if await tx.phone_checks.count(visitor.person, later(now, -WITHIN)) >= AT_MOST:
            raise TooManyChecks
        check = PhoneCheck(
            id=ports.secrets.mint(PREFIX, now),
            participant_id=visitor.person,
            number=answer.to,
            way=way,
            asked_by=visitor.who.value,
            begun_at=now,
            expires=later(now, LASTS),
        )
        await tx.phone_checks.begin(check)
        message = _message(ports, check)
        await tx.deliveries.add([message], now)
        told = {"way": way.value}
        await tx.audit.note(
            now, visitor.who.value, "phone.check_begun", visitor.person, told
        )
        await ports.jobs.defer(tx, [deliver_job(message.channel, now)])
    return check


async def take_code(ports: Ports, visitor: Visitor, typed: str) -> bool:
    """Note the code somebody read in a text; says whether it is the right one.

    Raises:
        Conflict: There is no code to type, or it was tried too often.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        check = await tx.phone_checks.latest(visitor.person, visitor.who.value)
        if check is None or check.way is not Way.TEXT or not check.is_open(now):
            raise Conflict("This code does not work any more. Ask for a new one.")
        if not await tx.phone_checks.try_once(check.id, now, TRIES):
            raise Conflict("This code was tried too often. Ask for a new one.")
        code = ports.secrets.code(check.id)
        if not hmac.compare_digest(code.encode(), "".join(typed.split()).encode()):
            return False
        await tx.phone_checks.settle(check.id, HEARD, now)
        await _prove(tx, check, now)
    return True


async def hear_check(ports: Ports, key: str, pressed: str) -> Wish:
    """Note a key that was pressed in a call that tests a phone, and end it when it is done.

    Returns:
        What the key asks for; a right digit asks for nothing more.

    Raises:
        Missing: There is no call of this key.
        Unavailable: It is noted, but the call could not be ended.
    """
    now = ports.clock.now()
    wish = wish_of_key(pressed)
    async with ports.store.write() as tx:
        check, call = await tx.phone_checks.find(key), await tx.calls.find(key)
        if check is None or call is None:
            raise Missing("There is no call of this key.")
        if not check.is_open(now):
            return Wish.UNCLEAR
        if wish in _HEEDED:
            await _end(tx, check, wish.value, now)
            asked = Asked(
                key=f"call:{key}:{wish}",
                person=check.participant_id,
                way=Way.MACHINE_CALL,
                number=check.number,
                at=now,
                source="keys",
            )
            await heed(ports, tx, asked, wish)
            return wish
        right = pressed == digit_of(ports.secrets.code(key))
        if not await tx.phone_checks.try_once(key, now, TRIES) or not right:
            return Wish.UNCLEAR
        await _end(tx, check, HEARD, now)
        await _prove(tx, check, now)
    if ports.telephone is not None and call.reference:
        await ports.telephone.end(call.reference, THANKS)
    return Wish.UNCLEAR


async def _end(tx: Transaction, check: PhoneCheck, outcome: str, now: Instant) -> None:
    await tx.phone_checks.settle(check.id, outcome, now)
    await tx.calls.note(check.id, CallState.CANCELLED)
    await tx.attempts.settle(check.id, outcome, now, "phone")


async def _prove(tx: Transaction, check: PhoneCheck, now: Instant) -> None:
    source = "text" if check.way is Way.TEXT else "keys"
    fact = ContactFact(ContactKind.VERIFIED, now, source, number=check.number)
    await tx.contacts.add(f"check:{check.id}", check.participant_id, fact)
    told = {"way": check.way.value}
    by = check.asked_by
    await tx.audit.note(now, by, "phone.verified", check.participant_id, told)


def _message(ports: Ports, check: PhoneCheck) -> Delivery:
    """The call or the text; the digit and the code are made when they are needed."""
    is_text = check.way is Way.TEXT
    content = {"phone": check.number, "language": language()}  # of the page they look at
    if not is_text:
        content["prompt"] = check_prompt(ports.house.sender.name)
    return Delivery(
        key=check.id,
        kind=DeliveryKind.PHONE_CODE if is_text else DeliveryKind.PHONE_CHECK,
        channel=Channel.SMS if is_text else Channel.PHONE,
        due=check.begun_at,
        deadline=check.expires,
        content=content,
    )
