"""Our account at Twilio, and how texts leave: the settings of both."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from vioP.phone.twilio.line import API, TwilioLine

_STRICT = ConfigDict(frozen=True, extra="forbid")


class TextSettings(BaseModel):
    """How texts leave. In a folder they wait for somebody to send them."""

    model_config = _STRICT

    provider: Literal["folder", "twilio"] = "folder"


class TwilioSettings(BaseModel):
    """Our account at Twilio, for calls, for texts, or for both."""

    model_config = _STRICT

    account: str = Field(default="", pattern=r"^(AC[0-9a-fA-F]{32})?$")
    token: SecretStr = SecretStr("")
    number: str = Field(default="", pattern=r"^(\+[1-9]\d{6,14})?$")
    messaging_service: str = Field(default="", pattern=r"^(MG[0-9a-fA-F]{32})?$")
    shared_keys: dict[str, SecretStr] = Field(default_factory=dict)
    public_url: str = Field(default="", pattern=r"^(https://[^\s?#]+[^\s?#/])?$")
    screen_calls: bool = True
    api: str = Field(
        default=API,
        pattern=r"^(https://([a-z0-9-]+\.)+twilio\.com|http://127\.0\.0\.1:\d+)$",
    )

    def what_is_missing(self, *, calls: bool, texts: bool) -> str:
        """What must be set before Twilio can be used; empty when nothing is missing."""
        missing = []
        if not self.account:
            missing.append("twilio.account")
        if not self.token.get_secret_value():
            missing.append("twilio.token")
        if calls and not self.number:
            missing.append("twilio.number")
        if texts and not (self.number or self.messaging_service):
            missing.append("twilio.number or twilio.messaging_service")
        return ", ".join(missing)

    def as_line(self, base_url: str) -> TwilioLine:
        """Our line, which reaches this service at its public address.

        Args:
            base_url: Where this service is reached, when nothing else is said.
        """
        return TwilioLine(
            account=self.account,
            token=self.token.get_secret_value(),
            number=self.number,
            public_url=self.public_url or base_url,
            service=self.messaging_service,
            shared_keys={
                name: secret.get_secret_value() for name, secret in self.shared_keys.items()
            },
            screens=self.screen_calls,
            api=self.api,
        )
