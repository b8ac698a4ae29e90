"""Note a disclosure: what of somebody's record left the house; and show them what has."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from vioP.domain.consent import ConsentKind, in_force
from vioP.domain.disclosure import KEPT_YEARS, Disclosure, Shared, Told
from vioP.domain.errors import Invalid, Missing
from vioP.domain.ids import ParticipantId
from vioP.domain.time import Instant
from vioP.ports import Ports
from vioP.storage import Transaction

LISTED = 100


async def note_disclosure(ports: Ports, told: Told, by: str) -> Disclosure:
    """Put a disclosure on record, with whether the person had agreed to it at that moment.

    It is noted whether it was right or not: the record says what happened.

    Raises:
        Invalid: It names nobody, nothing, no purpose, or a day to come.
        Missing: There is no such participant.
    """
    now = ports.clock.now()
    for name, words in (
        ("whom", told.recipient),
        ("what", told.what),
        ("why", told.purpose),
    ):
        if not words.strip():
            raise Invalid(f"Say {name}: the person may ask.")
    if told.on > now.date():
        raise Invalid("This day is still to come. Note what has left.")
    async with ports.store.write() as tx:
        if not await tx.disclosures.is_participant(told.participant_id):
            raise Missing(f"There is no participant {told.participant_id}.")
        noted = Disclosure(
            ports.secrets.mint("dis", now),
            told,
            "",
            await _shared(tx, told.participant_id, now),
            by,
            now,
        )
        await tx.disclosures.add(noted)
        details = {"basis": told.basis.value, "disclosure": noted.id}
        await tx.audit.note(now, by, "disclosure.noted", told.participant_id, details)
    return noted


async def account_of_disclosures(
    ports: Ports, person: ParticipantId, by: str
) -> Sequence[Disclosure]:
    """What of somebody's record left within six years; that it was read is written down.

    Raises:
        Missing: There is no such participant.
    """
    now = ports.clock.now()
    since = _years_before(now)
    async with ports.store.write() as tx:
        if not await tx.disclosures.is_participant(person):
            raise Missing(f"There is no participant {person}.")
        found = await tx.disclosures.of(person, since.date())
        await tx.audit.note(now, by, "disclosures.read", person, {"rows": str(len(found))})
    return found


async def newest_disclosures(ports: Ports) -> Sequence[Disclosure]:
    """What was noted last, of everybody."""
    async with ports.store.read() as tx:
        return await tx.disclosures.newest(LISTED)


async def _shared(tx: Transaction, person: ParticipantId, now: Instant) -> Shared:
    if not await tx.holdings.is_part2(person):
        return Shared.NOT_PART2
    today = now.astimezone(ZoneInfo(await tx.programme.zone() or "UTC")).date()
    stretches = await tx.consents.stretches(person)
    agreed = in_force(await tx.consents.of(person), today, stretches)
    return Shared.AGREED if ConsentKind.PART2_DISCLOSURE in agreed else Shared.NOT_AGREED


def _years_before(now: Instant) -> Instant:
    """The same day six years before; the day after for 29 February."""
    try:
        return Instant(now.replace(year=now.year - KEPT_YEARS))
    except ValueError:
        return Instant(now.replace(year=now.year - KEPT_YEARS, month=3, day=1))
