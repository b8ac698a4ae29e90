"""Mail addresses at the border."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vioP.domain.address import is_mail_address


@pytest.mark.parametrize(
    "right",
    [
        "p01@participants.example",
        "a.b+c@x-y.co.uk",
        "O'Neil_7@clinic.org",
        "x@a.b",
        "1@2.example",
    ],
)
def test_addresses_people_have(right: str):
    assert is_mail_address(right)


@pytest.mark.parametrize(
    "wrong",
    [
        "", "@", "a", "a@", "@b.example", "a@b", "a b@c.example", "a@b..example", ".a@b.example",
        "a.@b.example", "a@-b.example", "a@b-.example", "a@b@c.example", '"a b"@c.example',
        "Ada <a@b.example>", "a@b.example,c@d.example", "a@b.example;", "mailto:a@b.example",
        "a@b.example\r\nBcc: c@d.example", "a@b.example\n", "a\u2028@b.example", "ä@b.example",
        "a@bücher.example", "a@[127.0.0.1]", "a" * 65 + "@b.example", "a@" + "b." * 130 + "example",
        "a(comment)@b.example", "a\\@b.example", "a\x00@b.example",
    ],
)  # fmt: skip
def test_what_is_no_address_or_more_than_one(wrong: str):
    assert not is_mail_address(wrong)


@given(st.text(max_size=40))
def test_nothing_that_passes_has_room_for_syntax(text: str):
    address = f"{text}@b.example"

    if is_mail_address(address):
        assert address.isascii()
        assert not set(address) & set('\r\n\t "<>(),:;[]\\')
        assert address.count("@") == 1
