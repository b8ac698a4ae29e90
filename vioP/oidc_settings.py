"""Signing in elsewhere: the settings of a service that speaks OpenID Connect."""

from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from vioP.mail.server import AT_HOME


class OidcSettings(BaseModel):
    """Where staff may sign in instead of here, and what we believe of it.

    Attributes:
        issuer: Its name, which is an address; empty: nowhere.
        verified_by: The claim that says that somebody's address is theirs.
        second_factor_amr: Ways of signing in there that stand for our second factor.
        second_factor_acr: Levels of signing in there that do; they are asked for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str = ""
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    name: str = Field(default="your organisation", min_length=1, max_length=60)
    verified_by: str = Field(default="email_verified", min_length=1)
    second_factor_amr: tuple[str, ...] = ()
    second_factor_acr: tuple[str, ...] = ()

    @property
    def is_chosen(self) -> bool:
        """Whether there is such a service."""
        return bool(self.issuer)

    @model_validator(mode="after")
    def it_is_whole(self) -> Self:
        """Refuse half of it, and a service that is reached in the open."""
        if self.is_chosen != bool(self.client_id):
            raise ValueError("access.oidc needs both issuer and client_id, or neither")
        where = urlsplit(self.issuer)
        if self.is_chosen and where.scheme != "https" and where.hostname not in AT_HOME:
            raise ValueError("access.oidc.issuer must be https away from this machine")
        return self
