"""Who invites, as people outside see it: the settings of the sender."""

from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from vioP.domain.address import is_mail_address
from vioP.domain.text import clean_name, clean_text


class SenderSettings(BaseModel):
    """Who invites, as people outside see it. Keep it neutral."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "Example Health"
    address: str = "appointments@example.org"
    phone: str = "+1 212 555 0100"
    dial_in: str = ""

    @model_validator(mode="after")
    def the_words_are_plain(self) -> Self:
        """Refuse what calendars and phones would show wrong, or read as syntax."""
        if self.name != clean_name(self.name) or not self.name:
            raise ValueError('sender.name must be one short line without @ : ; < > or "')
        if self.phone != clean_text(self.phone) or not self.phone:
            raise ValueError("sender.phone must be one short line")
        return self

    @model_validator(mode="after")
    def the_address_is_one(self) -> Self:
        """Refuse what mail cannot come from."""
        if not is_mail_address(self.address):
            raise ValueError("sender.address is no mail address")
        return self
