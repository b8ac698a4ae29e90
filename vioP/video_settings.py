"""Whose rooms sessions meet in: the settings of video."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from vioP.jitsi_settings import JaasSettings, JitsiSettings
from vioP.zoom_settings import ZoomSettings


class VideoSettings(BaseModel):
    """Whose rooms sessions meet in, and how browsers reach them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: Literal["auto", "janus", "static", "livekit", "zoom", "jitsi", "jaas"] = (
        "auto"
    )
    fallback: Literal["static", "none", "livekit", "zoom", "jitsi", "jaas"] = "static"
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

    zoom: ZoomSettings = ZoomSettings()
    jitsi: JitsiSettings = JitsiSettings()
    jaas: JaasSettings = JaasSettings()

    def set_up(self, *, has_janus: bool) -> set[str]:
        """The services a program may choose here.

        Args:
            has_janus: Whether Janus is installed.
        """
        known = {
            "static": True,
            "livekit": self.has_livekit,
            "zoom": self.zoom.is_begun,
            "jitsi": self.jitsi.is_begun,
            "jaas": self.jaas.is_begun,
            "janus": has_janus and self.provider in {"auto", "janus"},
        }
        return {name for name, is_there in known.items() if is_there}

    @property
    def has_livekit(self) -> bool:
        """Whether LiveKit's address, key and secret are known."""
        return bool(self.livekit_url and self.livekit_key and self.livekit_secret)

    @property
    def may_be_ours(self) -> bool:
        """Whether sessions may meet in rooms of our own, which calls can be joined to."""
        return self.provider in {"auto", "janus"}

    @model_validator(mode="after")
    def services_are_whole(self) -> Self:
        """Refuse a service that is chosen, or begun, and lacks something."""
        chosen = {self.provider, self.fallback}
        if "livekit" in chosen and not self.has_livekit:
            raise ValueError(
                "video.provider livekit needs video.livekit_url, livekit_key and livekit_secret"
            )
        for name, service in (
            ("zoom", self.zoom), ("jitsi", self.jitsi), ("jaas", self.jaas)
        ):  # fmt: skip
            missing = service.missing()
            if missing and (name in chosen or service.is_begun):
                raise ValueError(f"video.{name} needs {', '.join(missing)} too")
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
