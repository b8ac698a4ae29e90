"""What the doctor says of calls and texts."""

from typing import Any

from pydantic import SecretStr

from tests.make import KEY
from tests.twilio_server import ACCOUNT, OURS, TOKEN, TwilioServer
from vioP.cli.phones import phones
from vioP.settings import Settings


def settings(**parts: Any) -> Settings:
    return Settings(link_key=SecretStr(KEY.decode()), **parts)


async def test_without_any_setting_people_make_all_calls_and_texts_are_kept():
    found = {each.check: each.detail for each in await phones(settings())}

    assert found["telephone"] == "people make all calls"
    assert found["texts"].endswith("texts; nobody receives them")


async def test_twilio_is_asked_whether_it_lets_us_in():
    async with TwilioServer().running() as server:
        parts: dict[str, Any] = {
            "phone": {"provider": "twilio"},
            "texts": {"provider": "twilio"},
            "twilio": {
                "account": ACCOUNT,
                "token": TOKEN,
                "number": OURS,
                "api": server.base,
            },
        }

        [telephone, texts, well] = await phones(settings(**parts))
        parts["twilio"]["token"] = "another"  # noqa: S105 - opens nothing
        refused = (await phones(settings(**parts)))[-1]

    assert (telephone.detail, texts.detail) == ("by twilio", "by twilio")
    assert well.ok
    assert (refused.ok, "Check the account, the token" in refused.detail) == (False, True)
    assert "VIOP_TWILIO__TOKEN" in refused.remedy
