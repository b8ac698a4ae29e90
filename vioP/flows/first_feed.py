"""First feed: whoever wants their calendar as a feed is sent its address, once."""

from collections.abc import Sequence

from vioP.domain.delivery import Channel, Delivery, DeliveryKind
from vioP.flows.telling_turn import Turn
from vioP.storage import Transaction
from vioP.storage.tellings import SeatStanding


async def first_feeds(
    turn: Turn, tx: Transaction, seats: Sequence[SeatStanding]
) -> list[Delivery]:
    """The mails with an address, for whoever has an appointment ahead and was sent none yet.

    An address is made for whoever has none.
    """
    wanting = {
        each.participant_id: each
        for each in seats
        if each.calendar.by_feed
        and each.is_theirs
        and each.starts > turn.now
        and each.address
        and not each.is_held
    }
    if not wanting:
        return []
    secrets, versions = turn.ports.secrets, await tx.feeds.versions()
    made = {
        person: secrets.feed_token(person, 1)
        for person in wanting
        if person not in versions
    }
    await tx.feeds.make(
        {person: secrets.digest(token) for person, token in made.items()}, turn.now
    )
    return [
        Delivery(
            key=f"feed_link:{person}",
            kind=DeliveryKind.FEED_LINK,
            channel=Channel.MAIL,
            due=turn.now,
            content={
                "name": seat.name,
                "address": seat.address,
                "language": seat.language,
                "stamped": turn.now.isoformat(),
                "person_id": person,
                "version": str(versions.get(person, 1)),
            },
        )
        for person, seat in wanting.items()
    ]
