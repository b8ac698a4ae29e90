"""Mail addresses: what every server takes, and nothing that could be taken for syntax.

Quoted local parts, comments and addresses in other scripts exist and are refused: hardly
anybody has one, and hardly any calendar gets them right.
Source: RFC 5321, section 4.1.2 (dot-string, domain) and 4.5.3.1 (lengths).
"""

import re

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+", re.ASCII)
_LONGEST = 254
_LONGEST_LOCAL = 64


def is_mail_address(text: str) -> bool:
    """Whether mail can be sent to it as it stands, without quoting anything."""
    local = text.partition("@")[0]
    return (
        len(text) <= _LONGEST
        and len(local) <= _LONGEST_LOCAL
        and _ADDRESS.fullmatch(text) is not None
    )
