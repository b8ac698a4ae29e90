"""A passkey made and used in a real browser, with a device it believes in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import furnished

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def demo(place: Path) -> Iterator[str]:
    """Passkeys are tied to a name, so the demo has one."""
    with furnished(place, "localhost") as url:
        yield url


@pytest.mark.parametrize(
    ("who", "first"), [("Dana Whitfield", "/roster"), ("Eli W.", "/me")]
)
def test_somebody_adds_a_passkey_and_signs_in_with_it_alone(
    page: Page, who: str, first: str
):
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto("/demo")
    page.get_by_role("button", name=who).first.click()
    page.goto("/passkeys")

    page.get_by_label("What you call it").fill("My laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("button", name="Remove My laptop")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.wait_for_url(f"**{first}")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
