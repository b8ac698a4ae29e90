"""How mail comes in: the settings of the mailbox that answers go to."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

_AT_HOME = {"127.0.0.1", "localhost", "::1"}
_SHORTEST_SECRET = 24


class MailInSettings(BaseModel):
    """How answers to our mail reach us. Several ways may be open side by side."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = ""
    port: int = Field(default=993, ge=1, le=65535)
    username: str = ""
    password: SecretStr = SecretStr("")
    security: Literal["tls", "starttls", "none"] = "tls"
    folder: str = "INBOX"
    lmtp_host: str = "127.0.0.1"
    lmtp_port: int = Field(default=0, ge=0, le=65535)
    webhook_secrets: tuple[SecretStr, ...] = ()

    @model_validator(mode="after")
    def passwords_travel_encrypted(self) -> Self:
        """Refuse plain IMAP anywhere but on this machine."""
        if self.security == "none" and self.host not in {*_AT_HOME, ""}:
            raise ValueError(
                "mail_in.security must be tls or starttls away from this machine"
            )
        return self

    @model_validator(mode="after")
    def secrets_cannot_be_guessed(self) -> Self:
        """Refuse a short secret."""
        for each in self.webhook_secrets:
            if len(each.get_secret_value()) < _SHORTEST_SECRET:
                raise ValueError(
                    f"a webhook secret is shorter than {_SHORTEST_SECRET} characters. Make one: "
                    "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
                )
        return self

    @property
    def is_read(self) -> bool:
        """Whether any way but the folder is open."""
        return bool(self.host or self.lmtp_port or self.webhook_secrets)
