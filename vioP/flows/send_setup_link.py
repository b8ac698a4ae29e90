"""Send a set-up link: ask somebody, or a minor's guardian, to set up, by one mailed link."""

from dataclasses import replace
from datetime import timedelta

from vioP.domain.contact import Reach, may_reach
from vioP.domain.contact_facts import Way
from vioP.domain.delivery import Channel, Delivery, DeliveryKind
from vioP.domain.errors import Conflict, Invalid, Missing, SetupLinkOver, SetupLinkUnknown
from vioP.domain.ids import ParticipantId, SeatId
from vioP.domain.onboarding import Onboarding
from vioP.domain.setup_link import LinkPurpose, SetupLink
from vioP.domain.time import Instant, later
from vioP.flows.jobs import deliver_job
from vioP.ports import Ports
from vioP.storage import Transaction
from vioP.storage.contacts import KnownPerson
from vioP.storage.seats import OwnSeat

_PAUSE = timedelta(minutes=5)
_DOOR_LASTS = timedelta(hours=2)


async def send_setup_link(
    ports: Ports, person: ParticipantId, purpose: LinkPurpose, by: str
) -> None:
    """Mail a link; an older one for the same purpose ends.

    From the first link on, what is required must be there before join links are issued.

    Raises:
        Missing: There is no such participant.
        Invalid: There is no address to send it to, or they are no minor.
        Conflict: Nothing may reach them any more.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        of = await tx.onboardings.of(person, now)
        known = await tx.contacts.of(person, now)
        if of is None or known is None:
            raise Missing
        if purpose is LinkPurpose.GUARDIAN and not of.is_minor:
            raise Invalid("They are no minor: there is no part for a guardian.")
        name, address = _addressee(known, of, purpose)
        if not isinstance(_may_mail(ports, known, now), Reach):
            raise Conflict("Nothing may reach this person any more.")
        await tx.onboardings.ask(person, now, by)
        link = await _make(ports, tx, person, purpose)
        account = await tx.accounts.of_person(person)
        message = _delivery(link, name, address, known.language)
        if account is not None and purpose is LinkPurpose.PARTICIPANT:
            message = replace(message, account_id=account.id)
        await tx.deliveries.add([message], now)
        told = {"purpose": purpose.value}
        await tx.audit.note(now, by, "onboarding.link_sent", person, told)
        await ports.jobs.defer(tx, [deliver_job(Channel.MAIL, now)])


async def renew_setup_link(ports: Ports, token: str) -> None:
    """Send whoever holds a link that is over a new one, to the address on file.

    It goes nowhere else, so an old link in strange hands is worth nothing. Asked twice
    within five minutes it is sent once.

    Raises:
        SetupLinkUnknown: The token is forged.
        SetupLinkOver: Somebody here has ended it, and has a reason: they must call.
    """
    now = ports.clock.now()
    async with ports.store.read() as tx:
        link = await tx.setup_links.by_digest(ports.secrets.digest(token))
        if link is None or link.purpose is LinkPurpose.DOOR:
            raise SetupLinkUnknown
        newest = await tx.setup_links.latest(link.participant_id, link.purpose)
    if newest is not None and newest.is_revoked:
        raise SetupLinkOver("Our office has ended this link. Please call us.")
    fresh = newest is not None and newest.is_open(now)
    if fresh and newest is not None and newest.made_at > later(now, -_PAUSE):
        return
    await send_setup_link(ports, link.participant_id, link.purpose, link.purpose.value)


async def make_door_link(ports: Ports, seat: OwnSeat) -> str:
    """A short-lived link for somebody who stands before a session's door; its token."""
    person = seat.participant_id
    async with ports.store.write() as tx:
        link = await _make(ports, tx, person, LinkPurpose.DOOR, seat.id)
        now = ports.clock.now()
        await tx.audit.note(now, person, "onboarding.begun_at_the_door", person)
    return ports.secrets.setup_token(link.id)


async def revoke_setup_links(ports: Ports, person: ParticipantId, by: str) -> None:
    """End every link by which somebody or their guardian can set up."""
    now = ports.clock.now()
    async with ports.store.write() as tx:
        for purpose in LinkPurpose:
            await tx.setup_links.revoke(person, purpose, now)
        await tx.audit.note(now, by, "onboarding.links_ended", person)


async def _make(
    ports: Ports,
    tx: Transaction,
    person: ParticipantId,
    purpose: LinkPurpose,
    seat_id: SeatId | None = None,
) -> SetupLink:
    now = ports.clock.now()
    lasts = _DOOR_LASTS if purpose is LinkPurpose.DOOR else ports.house.setup_lasts
    key, expires = ports.secrets.mint("sul", now), later(now, lasts)
    link = SetupLink(key, person, purpose, now, expires, seat_id=seat_id)
    await tx.setup_links.revoke(person, purpose, now)
    token = ports.secrets.setup_token(link.id)
    await tx.setup_links.make(link, ports.secrets.digest(token))
    return link


def _addressee(known: KnownPerson, of: Onboarding, purpose: LinkPurpose) -> tuple[str, str]:
    """The name and address a link is sent to."""
    if purpose is LinkPurpose.GUARDIAN:
        for each in known.supporters:
            if each.kind == "guardian" and each.email:
                return each.name, each.email
        raise Invalid(
            f"No mail address of a guardian of {of.participant_id} is on file. Fill in the "
            "column guardian_email and import again."
        )
    address = known.reachable.contact.email
    if not address:
        raise Invalid(
            f"No mail address of {of.participant_id} is on file. Fill in the column email "
            "and import again."
        )
    return known.name, address


def _may_mail(ports: Ports, known: KnownPerson, now: Instant) -> object:
    policy = ports.house.contact_policy(None)
    return may_reach(known.reachable, Way.MAIL, policy, now, safety=True)


def _delivery(link: SetupLink, name: str, address: str, language: str) -> Delivery:
    return Delivery(
        key=f"setup_link:{link.id}",
        kind=DeliveryKind.SETUP_LINK,
        channel=Channel.MAIL,
        due=link.made_at,
        deadline=link.expires,
        content={
            "link_id": link.id,
            "purpose": link.purpose.value,
            "name": name,
            "address": address,
            "language": language,
            "stamped": link.made_at.isoformat(),
        },
    )
