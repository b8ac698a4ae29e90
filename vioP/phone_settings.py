"""What calls people by itself: the settings of the phone."""

from datetime import timedelta
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

_HOST = r"^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?$"


class PhoneSettings(BaseModel):
    """What calls people by itself. ``manual`` leaves all calls to people.

    Everything from ``account`` on is about ``sip``: any trunk or telephone exchange.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: Literal["manual", "sip", "twilio"] = "manual"
    number: str = Field(default="", pattern=r"^(\+[1-9]\d{6,14})?$")
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")
    recordings: str = ""
    ring: timedelta = Field(default=timedelta(seconds=25), ge=timedelta(seconds=5))
    talk: timedelta = Field(default=timedelta(hours=4), ge=timedelta(minutes=1))
    calls: int = Field(default=40, ge=1, le=500)

    account: str = Field(default="", pattern=r'^[^\s@:;<>"?\\]*$')
    server: str = Field(default="", pattern=f"{_HOST}|^$")
    login: str = Field(default="", pattern=r'^[^\s;<>"\\]*$')
    password: SecretStr = SecretStr("")
    proxy: str = Field(default="", pattern=f"{_HOST}|^$")
    register_account: bool = True
    transport: Literal["udp", "tcp", "tls"] = "tls"
    srtp: bool = True
    authorities: str = ""
    listen: str = Field(default="", pattern=f"{_HOST}|^$")
    udp_first: int = Field(default=22000, ge=1024, le=65535)
    udp_last: int = Field(default=22999, ge=1024, le=65535)

    @model_validator(mode="after")
    def sip_is_whole(self) -> Self:
        """Refuse SIP without an account, a server or a number to call from."""
        if self.provider == "sip" and not (self.account and self.server and self.number):
            raise ValueError(
                "phone.provider sip needs phone.account, phone.server and phone.number"
            )
        return self

    @model_validator(mode="after")
    def the_password_can_be_sent(self) -> Self:
        """Refuse a password that SIP would misread."""
        if set(self.password.get_secret_value()) & set('"\\\r\n'):
            raise ValueError('phone.password must not contain " or \\ or a line break')
        return self

    @model_validator(mode="after")
    def talk_is_not_overheard(self) -> Self:
        """Refuse keys of encrypted sound that travel readable themselves."""
        if self.provider == "sip" and self.srtp and self.transport != "tls":
            raise ValueError(
                "phone.srtp needs phone.transport tls, or its keys travel readable; "
                "set phone.srtp to false for an exchange that cannot encrypt"
            )
        return self

    @model_validator(mode="after")
    def the_authorities_are_there(self) -> Self:
        """Refuse a file of authorities that is not there, in use or not."""
        if self.authorities and not Path(self.authorities).is_file():
            raise ValueError(f"phone.authorities: there is no file {self.authorities}")
        return self

    @model_validator(mode="after")
    def ports_are_in_order(self) -> Self:
        """Refuse a range of ports that is empty."""
        if self.udp_last < self.udp_first:
            raise ValueError("phone.udp_last is before phone.udp_first")
        return self
