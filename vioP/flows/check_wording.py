"""Check the wording: whether what leaves would say what kind of care it is."""

import asyncio

from vioP.domain.errors import WrongSettings
from vioP.domain.neutral import vocabulary
from vioP.mail.wording import read_wording, spoken
from vioP.ports import Ports


async def check_wording(ports: Ports) -> None:
    """Refuse to go on when a mail that was rewritten uses words of the programme.

    Raises:
        WrongSettings: One does, or cannot be used at all; each place is named.
    """
    found = await not_neutral(ports)
    if found:
        raise WrongSettings("\n".join(f"messages.wording: {each}" for each in found))


async def not_neutral(ports: Ports) -> tuple[str, ...]:
    """Every place where mails in a clinic's own words are not neutral.

    Mails as they come with vioP say the same for every clinic, so a cohort that happens to be
    called like one of their words gives nothing away.

    Raises:
        WrongSettings: A file cannot be used at all.
    """
    edited = await asyncio.to_thread(read_wording, ports.mails, ports.house.sender)
    if not edited:
        return ()
    async with ports.store.read() as tx:
        programme = await tx.programme.read()
    words = vocabulary(programme) if programme else ()
    return tuple(place for each in edited for place in spoken(each, words))
