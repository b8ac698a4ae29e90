"""What ``viop doctor`` says of calls and texts."""

import aiohttp

from vioP.cli.finding import Finding
from vioP.domain.errors import Unavailable
from vioP.phone.twilio.api import TwilioApi
from vioP.settings import Settings


async def phones(settings: Settings) -> list[Finding]:
    """What calls and texts people, and whether Twilio lets us in where it does."""
    if settings.demo:
        return [Finding("telephone", True, "rings on the demo's own page, texts too")]
    calls, texts = settings.phone.provider, settings.texts.provider
    found = [
        Finding(
            "telephone",
            True,
            "people make all calls" if calls == "manual" else f"by {calls}",
        ),
        Finding(
            "texts",
            True,
            "by twilio"
            if texts == "twilio"
            else f"kept in {settings.data / 'texts'}; nobody receives them",
        ),
    ]
    if "twilio" in {calls, texts}:
        found.append(await _twilio(settings))
    return found


async def _twilio(settings: Settings) -> Finding:
    line = settings.twilio.as_line(settings.public_url())
    async with aiohttp.ClientSession() as http:
        try:
            await TwilioApi(line, http).listed("Calls", From=line.number)
        except Unavailable as error:
            return Finding(
                "twilio",
                False,
                str(error),
                "Check twilio.account and VIOP_TWILIO__TOKEN, and that this machine reaches "
                f"{line.api}.",
            )
    return Finding("twilio", True, f"lets us in; it tells us at {line.public_url}")
