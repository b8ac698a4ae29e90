"""An address opens one account: whoever signs in by it is nobody else."""

from dataclasses import replace

import pytest

from tests.make import deliveries, participant, programme
from vioP.domain.errors import Invalid
from vioP.domain.people import Contact
from vioP.domain.programme import Programme
from vioP.flows.import_programme import import_programme
from vioP.ports import Ports
from vioP.storage.accounts import SAVE


def with_address(number: str, address: str) -> Programme:
    """The small program, in which one person has a certain address."""
    people = [participant(f"p{each}") for each in range(1, 5)]
    return programme(
        tuple(
            replace(each, contact=Contact(address)) if each.id == number else each
            for each in people
        )
    )


@pytest.mark.parametrize(
    "address",
    ["p1@participants.example", "P1@Participants.Example", " p1@participants.example "],
)
async def test_two_people_with_one_address_are_refused_and_nothing_is_imported(
    ports: Ports, address: str
):
    with pytest.raises(Invalid, match="p2 has the mail address of p1"):
        await import_programme(ports, with_address("p2", address), "k1")

    async with ports.store.read() as tx:
        assert await tx.programme.read() is None
    assert await deliveries(ports.store) == []


async def test_an_address_somebody_has_already_is_refused(ports: Ports):
    await import_programme(ports, programme(), "k1")

    with pytest.raises(Invalid, match="p3 has the mail address of p2"):
        await import_programme(ports, with_address("p3", "p2@participants.example"), "k1")

    async with ports.store.read() as tx:
        account = await tx.accounts.by_email("p2@participants.example")
    assert account is not None
    assert account.person.id == "p2"


async def test_the_database_itself_keeps_two_accounts_from_one_address(ports: Ports):
    await import_programme(ports, programme(), "k1")
    row = {"id": "acc_x", "person_id": "x", "role": "participant"}

    with pytest.raises(Exception, match=r"(?i)unique"):
        async with ports.store.write() as tx:
            await tx.connection.execute(SAVE, **row, email="p2@participants.example")
