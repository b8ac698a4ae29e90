"""Who gets in how: the settings of access."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from vioP.oidc_settings import OidcSettings


class AccessSettings(BaseModel):
    """How staff show who they are, and where a request comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    second_factor: Literal["required", "offered"] = "required"
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    oidc: OidcSettings = OidcSettings()
