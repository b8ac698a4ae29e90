"""Import: make the database hold what a programme's files say, whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from vioP.domain.errors import Invalid
from vioP.domain.ids import AccountId
from vioP.domain.kept_staff import with_kept_staff
from vioP.domain.own_words import with_own_words
from vioP.domain.people import Participant, Staff
from vioP.domain.programme import Change, ChangeKind, Programme, differences
from vioP.flows.close_day import with_closed_days
from vioP.flows.close_waiting import close_waiting
from vioP.flows.end_consents import end_consents
from vioP.ports import Ports
from vioP.storage import Transaction


async def compare_programme(ports: Ports, programme: Programme) -> tuple[Change, ...]:
    """What an import would change; nothing when the database already holds it."""
    async with ports.store.read() as tx:
        known = await tx.programme.read()
        return differences(known, await _as_said_here(tx, programme, known))


async def import_programme(
    ports: Ports, programme: Programme, by: str
) -> tuple[Change, ...]:
    """Make the database hold a programme, in one transaction.

    Importing the same programme twice changes nothing. What people have said about
    themselves beats what the files say of them, and so does what was decided here about the
    roles, licences and accounts of staff; days that were closed here stay closed. People who
    are no longer in it are retired: what happened with them stays.

    Returns:
        What was changed.

    Raises:
        Invalid: Somebody in it was erased.
    """
    now = ports.clock.now()
    async with ports.store.write() as tx:
        known = await tx.programme.read()
        changes = differences(known, await _as_said_here(tx, programme, known))
        if not changes:
            return ()
        await _refuse_the_erased(tx, changes)
        await end_consents(tx, changes, now)
        await tx.programme.apply(changes)
        await close_waiting(tx, changes, by, now)
        await _open_accounts(ports, tx, changes)
        await tx.audit.note(
            now, by, "programme.imported", programme.program.id, _summary(changes)
        )
    return changes


async def _refuse_the_erased(tx: Transaction, changes: Sequence[Change]) -> None:
    """Let no file bring somebody back who asked to be forgotten.

    Raises:
        Invalid: One of them is in it.
    """
    erased = await tx.erasures.all()
    back = sorted(
        each.id for each in changes if each.noun == "participants" and each.id in erased
    )
    if back:
        raise Invalid(
            f"{', '.join(back)} was erased on request. Take the line out of the file."
        )


async def _as_said_here(
    tx: Transaction, programme: Programme, known: Programme | None
) -> Programme:
    """A programme in which people are as they describe themselves, and staff as decided here."""
    said = await tx.onboardings.said_by_all()
    people = tuple(
        with_own_words(each, said.get(each.id, {})) for each in programme.participants
    )
    laid = with_kept_staff(programme, known, await tx.staff.kept())
    return await with_closed_days(tx, replace(laid, participants=people))


async def _open_accounts(ports: Ports, tx: Transaction, changes: Sequence[Change]) -> None:
    now = ports.clock.now()
    accounts = []
    for change in changes:
        person = change.value
        if not isinstance(person, Staff | Participant):
            continue
        if change.kind is ChangeKind.REMOVED:
            await tx.accounts.disable(person.id, now)
        elif address := _address(person):
            accounts.append(
                {
                    "id": AccountId(ports.secrets.mint("acc", now)),
                    "person_id": person.id,
                    "role": person.role if isinstance(person, Staff) else "participant",
                    "email": address.strip().lower(),
                }
            )
    await _require_own_addresses(tx, accounts)
    await tx.accounts.save(accounts)


async def _require_own_addresses(
    tx: Transaction, accounts: Sequence[Mapping[str, str]]
) -> None:
    """Refuse an address that somebody else signs in by, or would.

    Raises:
        Invalid: There is one; both people are named by their identifiers.
    """
    owners = {
        each.account.email: each.account.person.id for each in await tx.accounts.everybody()
    }
    for each in accounts:
        owner = owners.setdefault(each["email"], each["person_id"])
        if owner != each["person_id"]:
            raise Invalid(
                f"{each['person_id']} has the mail address of {owner}. Each signs in by their "
                "own: change one of them; where an address moves to somebody else, import that "
                "its owner has another one first. Nothing was imported."
            )


def _address(person: Staff | Participant) -> str:
    return person.email if isinstance(person, Staff) else person.contact.email


def _summary(changes: Sequence[Change]) -> dict[str, str]:
    counts: dict[str, int] = {}
    for change in changes:
        name = f"{change.noun} {change.kind}"
        counts[name] = counts.get(name, 0) + 1
    return {name: str(count) for name, count in counts.items()}
