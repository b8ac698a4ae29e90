"""How a row of PARTICIPANTS.csv says somebody is reached, and who supports them."""

from dataclasses import replace

from vioP.domain.address import is_mail_address
from vioP.domain.people import Contact, Supporter
from vioP.domain.program import Track
from vioP.files.rows import Row

_E164 = range(8, 16)
_DIGITS = frozenset("0123456789")


def number_in(name: str) -> int:
    """The number a name such as p07 carries, or 0."""
    digits = "".join(each for each in name if each in _DIGITS)
    return int(digits[:9] or 0)


def read_contact(row: Row, name: str, track: Track | None, *, invent: bool) -> Contact:
    """How somebody may be reached; what is wrong is noted."""
    email, phone = row.text("email"), row.text("phone").replace(" ", "")
    if invent and not email and not phone:
        email = f"{name}@participants.example"
        phone = f"+1212555{100 + number_in(name) % 100:04d}"
    if not email and not phone:
        row.note(
            "email",
            f"{name} cannot be reached: there is neither email nor phone.",
            "Fill in one of the columns email and phone, or, for people who are not real, "
            "use --invent-contacts.",
        )
    return Contact(
        email=_mail_address(row, "email", email),
        phone=_number(row, "phone", phone),
        sms=row.yes("sms_ok"),
        call=row.yes("call_ok", default=True),
        voicemail=row.yes("voicemail_ok") and not (track and track.part2),
    )


def _mail_address(row: Row, column: str, email: str) -> str:
    if email and not is_mail_address(email):
        row.note(column, "is not a mail address.", "Write it as name@example.org.")
    return email


def _number(row: Row, column: str, phone: str) -> str:
    if phone and not (
        phone[0] == "+"
        and phone.isascii()
        and phone[1:].isdigit()
        and len(phone[1:]) in _E164
    ):
        row.note(column, "is not in international form.", "Write it as +12125550101.")
    return phone


def read_supporters(
    row: Row, name: str, track: Track | None, *, invent: bool
) -> tuple[Supporter, ...]:
    """Who supports somebody: whom they need, who answers for them, whom to call in danger."""
    need, _, language = row.text("accommodation").partition(":")
    found = []
    if need == "interpreter":
        found.append(Supporter("interpreter", language))
    if need == "captions":
        found.append(Supporter("captioner"))
    guardian = _relative(row, "guardian")
    if track is not None and track.guardian and invent and not guardian.phone:
        digits = 100 + (50 + number_in(name)) % 100
        guardian = replace(
            guardian,
            email=f"guardian-{name}@participants.example",
            phone=f"+1212555{digits:04d}",
        )
    if guardian != Supporter("guardian") or (track is not None and track.guardian):
        found.append(guardian)
    emergency = _relative(row, "emergency")
    if emergency != Supporter("emergency"):
        found.append(emergency)
    return tuple(found)


def _relative(row: Row, kind: str) -> Supporter:
    """Who answers for somebody, or is called when somebody may be in danger."""
    email = row.text(f"{kind}_email") if kind == "guardian" else ""
    phone = row.text(f"{kind}_phone").replace(" ", "")
    return Supporter(
        kind,
        name=row.text(f"{kind}_name"),
        email=_mail_address(row, f"{kind}_email", email),
        phone=_number(row, f"{kind}_phone", phone),
    )
