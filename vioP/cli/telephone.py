"""What ``viop doctor`` says of a telephone of our own."""

import shutil

from vioP.cli.finding import Finding
from vioP.phone.sip.process import is_installed
from vioP.phone.sounds import VOICE
from vioP.settings import Settings
from vioP.video.janus.config import find_janus


def telephone(settings: Settings) -> Finding:
    """Whether calls through an exchange can be made here."""
    phone = settings.phone
    lacking = [
        ("the extra sip is missing", is_installed(), "Run: pip install 'viop[sip]'"),
        ("janus is missing", find_janus() is not None, "Install it: apt install janus"),
        (
            "nothing speaks",
            bool(phone.recordings) or shutil.which(VOICE) is not None,
            f"Install a voice: apt install {VOICE}. Or set phone.recordings.",
        ),
    ]
    for detail, is_there, remedy in lacking:
        if not is_there:
            return Finding("telephone", False, detail, remedy)
    how = "encrypted" if phone.srtp else "readable on the way"
    return Finding("telephone", True, f"by {phone.account} at {phone.server}, {how}")
