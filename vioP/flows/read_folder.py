"""Read a folder of mails: what each says, taken as one mailbox in order; nothing is kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from vioP.domain.errors import Missing, Unavailable
from vioP.domain.reply import (
    LARGEST_MAIL,
    Automatic,
    Bounce,
    Reading,
    Rsvp,
    Told,
    Unclear,
    is_outrun,
)
from vioP.flows.read_mail import read_mail


@dataclass(slots=True)
class _Mailbox:
    """The answers read so far, by uid and attendee."""

    answers: dict[tuple[str, str], Rsvp] = field(default_factory=dict)

    def say(self, told: Told, reading: Reading) -> dict[str, object]:
        """What would be done about one thing a mail tells."""
        match told:
            case Rsvp():
                return self._answer(told, reading)
            case Bounce(recipient, status, message_id):
                return {
                    "action": "bounce",
                    "status": status,
                    "recipient": recipient,
                    "message_id": message_id,
                }
            case Unclear(why, uid):
                named: dict[str, object] = {"uid": uid} if uid else {}
                return {"action": "manual", "why": why.value, **named}
            case Automatic():
                return {"action": "ignore"}

    def _answer(self, rsvp: Rsvp, reading: Reading) -> dict[str, object]:
        """An answer to somebody else's invite is ignored: its uid is of another house."""
        if rsvp.uid.lower().rpartition("@")[2] not in reading.domains:
            return {"action": "ignore"}
        place = (rsvp.uid.lower(), rsvp.attendee)
        before = self.answers.get(place)
        if before is not None and is_outrun(rsvp, before):
            return {"action": "stale", "uid": rsvp.uid}
        self.answers[place] = rsvp
        return {
            "action": "rsvp",
            "uid": rsvp.uid,
            "attendee": rsvp.attendee,
            "partstat": rsvp.answer.upper(),
        }


def read_folder(folder: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Each mail of a folder by name, and what it says; of several things, the rest as ``more``.

    Raises:
        Missing: There is no such folder.
        Unavailable: A file in it cannot be read.
    """
    if not folder.is_dir():
        raise Missing(f"There is no folder {folder}. Name one with .eml files in it.")
    mailbox = _Mailbox()
    for file in sorted(folder.glob("[!.]*.eml")):
        try:
            raw = file.read_bytes()
        except OSError as error:
            raise Unavailable(f"{file} cannot be read ({error.strerror}).") from error
        reading = read_mail(raw, whole=len(raw) <= LARGEST_MAIL)
        first, *rest = [mailbox.say(told, reading) for told in reading.told]
        yield file.stem, {**first, "more": rest} if rest else first
