"""From settings to ports: which clock, which mail, which rooms."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from vioP.clock import MovableClock, SystemClock
from vioP.domain.time import Instant
from vioP.jobs.queue import RowQueue, nobody
from vioP.keys import Keys
from vioP.mail.compose import MailTemplates
from vioP.mail.outbox import FolderMail
from vioP.mail.smtp import SmtpMail
from vioP.passwords import Argon2
from vioP.phone.folder import FolderPhone
from vioP.phone.outbox import FolderTexts
from vioP.ports import Clock, House, MailOut, Ports
from vioP.resources import folder
from vioP.settings import Settings
from vioP.storage import Store
from vioP.video.static import StaticRooms


def clock_of(settings: Settings) -> SystemClock | MovableClock:
    """The real clock, or the demo's own."""
    return MovableClock(settings.data / "clock.json") if settings.demo else SystemClock()


def house_of(settings: Settings) -> House:
    """What the operator has decided about links and doors."""
    joining = settings.joining
    return House(
        base_url=settings.link_url(),
        sender=settings.as_sender(),
        ladder=joining.ladder(),
        opens_before=joining.opens_before,
        closes_after=joining.closes_after,
        no_show_after=joining.no_show_after,
        later_for=joining.later_for,
    )


@asynccontextmanager
async def _mail(settings: Settings) -> AsyncIterator[MailOut]:
    """A mail server when one is named, a folder otherwise; the demo sends nothing away."""
    mail = settings.mail
    if not mail.host or settings.demo:
        yield FolderMail(settings.data / "mail")
        return
    smtp = SmtpMail(
        mail.host, mail.port, mail.username, mail.password.get_secret_value(), mail.security
    )
    try:
        yield smtp
    finally:
        await smtp.close()


@asynccontextmanager
async def open_ports(
    settings: Settings, clock: Clock, wake: Callable[[Instant], None] = nobody
) -> AsyncIterator[Ports]:
    """The program's surroundings, open for as long as the block lasts."""
    key = settings.link_key.get_secret_value().encode()
    async with Store.open(settings.database) as store, _mail(settings) as mail:
        yield Ports(
            store=store,
            jobs=RowQueue(wake),
            clock=clock,
            secrets=Keys(key),
            passwords=Argon2(),
            mail=mail,
            texts=FolderTexts(settings.data / "texts"),
            video=StaticRooms(settings.video_rooms, key),
            mails=MailTemplates(folder("templates") / "mail"),
            house=house_of(settings),
            telephone=FolderPhone(settings.data / "calls") if settings.demo else None,
        )
