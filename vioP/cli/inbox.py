"""What ``viop doctor`` says of mail that comes in."""

from datetime import timedelta

from vioP.cli.finding import Finding
from vioP.domain.time import Instant
from vioP.mail.imap import mailbox_name
from vioP.settings import Settings
from vioP.storage import Transaction

# A reader that is well says so every minute.
_QUIET = timedelta(minutes=5)


def mail_in(settings: Settings) -> Finding:
    """By which ways answers reach us."""
    given = settings.mail_in
    folder = f"folder {settings.data / 'inbox'}"
    if settings.demo:
        return Finding("mail in", True, folder)
    ways = [
        f"IMAP {given.host}:{given.port}" if given.host else "",
        f"LMTP {given.lmtp_host}:{given.lmtp_port}" if given.lmtp_port else "",
        "signed calls to /hooks/mail" if given.webhook_secrets else "",
        folder,
    ]
    detail = ", ".join(each for each in ways if each)
    if given.is_read:
        return Finding("mail in", True, detail)
    return Finding(
        "mail in",
        False,
        f"{detail} only; nobody reads what people answer",
        "Set mail_in.host to the server of the mailbox sender.address.",
    )


async def inbox(tx: Transaction, settings: Settings, now: Instant) -> list[Finding]:
    """What was taken, what waits for a decision, and whether the mailbox is being read."""
    taken, last = await tx.mail_in.counted()
    waiting = await tx.matters.open()
    when = f", the last on {last:%Y-%m-%d %H:%M} UTC" if last else ""
    found = [
        Finding("replies", True, f"{taken} mails taken{when}; {waiting} want a decision")
    ]
    given = settings.mail_in
    if given.host and not settings.demo:
        found.append(await _mailbox(tx, mailbox_name(given.host, given.folder), now))
    return found


async def _mailbox(tx: Transaction, name: str, now: Instant) -> Finding:
    state = await tx.mail_in.mailbox(name)
    remedy = "Start viop serve (on PostgreSQL: viop work); its log says more."
    if state is None:
        return Finding("mailbox", False, "never looked into", remedy)
    if state.trouble:
        return Finding("mailbox", False, state.trouble, remedy)
    seen = state.seen_at
    if seen is None or now - seen > _QUIET:
        since = f"since {seen:%Y-%m-%d %H:%M} UTC" if seen else "yet"
        return Finding("mailbox", False, f"not looked into {since}", remedy)
    return Finding("mailbox", True, f"read up to mail {state.cursor.uid}")
