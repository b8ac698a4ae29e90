"""An anchor kept elsewhere shows what the chain alone cannot: that its end was cut off."""

from dataclasses import replace

from tests.make import FixedClock, make_ports, published_programme
from vioP.flows.anchor_audit import anchor_audit, check_anchor
from vioP.flows.verify_audit import verify_audit
from vioP.keys import Keys
from vioP.ports import Ports


async def test_a_whole_audit_fits_its_anchors_however_it_grows(
    ports: Ports, clock: FixedClock
):
    empty = await anchor_audit(ports)
    await published_programme(ports)
    early = await anchor_audit(ports)
    async with ports.store.write() as tx:
        await tx.audit.note(clock.now(), "k1", "more.done", "p1")
    late = await anchor_audit(ports)

    assert (empty.length, late.length) == (0, early.length + 1)
    for each in (empty, early, late):
        assert await check_anchor(ports, each) == ""


async def test_rows_cut_off_the_end_show_only_against_an_anchor(ports: Ports):
    await published_programme(ports)
    anchor = await anchor_audit(ports)
    async with ports.store.write() as tx:
        last = anchor.length
        await tx.connection.execute("DELETE FROM audit WHERE number = :last", last=last)
        digest = await tx.audit.digest_of(last - 1)
        await tx.connection.execute(
            "UPDATE audit_head SET digest = :digest, length = :length",
            digest=digest,
            length=last - 1,
        )

    assert await verify_audit(ports) is None
    assert "1 rows are gone" in await check_anchor(ports, anchor)


async def test_an_audit_written_anew_does_not_fit(ports: Ports, clock: FixedClock):
    await published_programme(ports)
    anchor = await anchor_audit(ports)
    async with ports.store.write() as tx:
        await tx.connection.execute("DELETE FROM audit")
        await tx.connection.execute("UPDATE audit_head SET digest = '', length = 0")
        for _ in range(anchor.length):
            await tx.audit.note(clock.now(), "k1", "nothing.done", "p1")

    assert await verify_audit(ports) is None
    assert "is not what it was" in await check_anchor(ports, anchor)


async def test_a_forged_anchor_is_refused(ports: Ports, clock: FixedClock):
    await published_programme(ports)
    anchor = await anchor_audit(ports)
    stranger = make_ports(
        ports.store, clock, secrets=Keys(b"another key, of thirty-two bytes!!")
    )

    assert "was changed" in await check_anchor(ports, replace(anchor, length=1))
    assert "not made here" in await check_anchor(ports, await anchor_audit(stranger))
