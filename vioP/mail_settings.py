"""How mail leaves: the settings of the mail server."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from vioP.mail.server import Limits, MailServer, Security


class MailSettings(BaseModel):
    """How mail leaves. Without a host it is kept in a folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    username: str = ""
    password: SecretStr = SecretStr("")
    security: Security = "starttls"
    authorities: str = ""
    connections: int = Field(default=4, ge=1, le=32)
    per_domain: int = Field(default=2, ge=1, le=32)
    pace: int = Field(default=600, ge=0)

    @model_validator(mode="after")
    def mail_travels_encrypted(self) -> Self:
        """Refuse to send mail readable anywhere but on this machine."""
        if self.host:
            self.as_server()
        return self

    def as_server(self) -> MailServer:
        """Where mail is handed over.

        Raises:
            ValueError: It would travel unencrypted, or the file of authorities is missing.
        """
        password = self.password.get_secret_value()
        return MailServer(
            self.host, self.port, self.username, password, self.security, self.authorities
        )

    def as_limits(self) -> Limits:
        """How much is asked of the mail server at once."""
        return Limits(self.connections, self.per_domain, self.pace)
