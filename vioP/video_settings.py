"""Whose rooms sessions meet in: the settings of video."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator


class VideoSettings(BaseModel):
    """Whose rooms sessions meet in, and how browsers reach them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: Literal["auto", "janus", "static", "livekit"] = "auto"
    fallback: Literal["static", "none"] = "static"
    public_address: str = Field(default="", pattern=r"^[0-9A-Fa-f.:]*$")
    udp_first: int = Field(default=20000, ge=1024, le=65535)
    udp_last: int = Field(default=20999, ge=1024, le=65535)
    waiting_room: bool = True
    silence: timedelta = timedelta(minutes=1)
    turn_urls: tuple[Annotated[str, Field(pattern=r"^turns?:\S+$")], ...] = ()
    turn_secret: SecretStr = SecretStr("")

    livekit_url: str = Field(default="", pattern=r"^(wss?://\S+)?$")
    livekit_key: str = ""
    livekit_secret: SecretStr = SecretStr("")
    livekit_page: str = "https://meet.livekit.io/custom?liveKitUrl={url}&token={token}"

    @property
    def may_be_ours(self) -> bool:
        """Whether sessions may meet in rooms of our own, which calls can be joined to."""
        return self.provider in {"auto", "janus"}

    @model_validator(mode="after")
    def livekit_is_whole(self) -> Self:
        """Refuse LiveKit without an address, a key or a secret."""
        known = self.livekit_url and self.livekit_key and self.livekit_secret
        if self.provider == "livekit" and not known:
            raise ValueError(
                "video.provider livekit needs video.livekit_url, livekit_key and livekit_secret"
            )
        return self

    @model_validator(mode="after")
    def ports_are_in_order(self) -> Self:
        """Refuse a range of ports that is empty."""
        if self.udp_last < self.udp_first:
            raise ValueError("video.udp_last is before video.udp_first")
        return self

    @model_validator(mode="after")
    def a_relay_has_a_secret(self) -> Self:
        """Refuse relays nobody could use."""
        if self.turn_urls and not self.turn_secret.get_secret_value():
            raise ValueError(
                "video.turn_urls needs video.turn_secret, which coturn knows too"
            )
        return self
