"""What somebody agreed to, in words: since when, until when, and whether it was taken back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from vioP.flows.open_setup import SetUp
from vioP.i18n import full_day, say
from vioP.web.pages import long_day


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One consent, in words.

    Attributes:
        taken_back: The day it was taken back; empty where it was not.
        ends: The last day it holds; empty where no day ends it.
        with_care: Whether it ends with their care.
        address: Where a copy is; empty where none may be shown.
        may_withdraw: Whether it is in force and can be taken back here.
    """

    kind: str
    title: str
    given: str
    taken_back: str
    ends: str
    with_care: bool
    address: str
    may_withdraw: bool


def consent_lines(
    setup: SetUp, base: str, titles: Mapping[str, str]
) -> Iterator[ConsentLine]:
    """The newest of each kind somebody gave themselves."""
    own = [each for each in setup.consents if each.given_by == setup.visitor.who]
    zone = setup.on_file.zone if setup.on_file else "UTC"
    for kind, each in {each.kind: each for each in own}.items():
        back = each.withdrawn_at
        yield ConsentLine(
            kind=kind.value,
            title=titles.get(kind, kind.replace("_", " ").capitalize()),
            given=say("Agreed on %(day)s") % {"day": long_day(each.given_at, zone)},
            taken_back=long_day(back, zone) if back else "",
            ends=last_day(each.until) if each.stands else "",
            with_care=each.with_care and each.stands,
            address=f"{base}/consents/{kind}",
            may_withdraw=each.stands,
        )


def last_day(until: date | None) -> str:
    """The last day something holds that ends with a day; empty where none does."""
    return full_day(until - timedelta(days=1)) if until else ""
