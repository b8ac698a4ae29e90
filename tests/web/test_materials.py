"""What is to be read at home, on My week."""

from dataclasses import replace

import pytest

from tests.web.conftest import Browser, SignIn
from vioP.domain.material import Material
from vioP.ports import Ports

CALM = Material("Calm <minute>", "https://files.example.org/calm", track_id="mood")
ELSEWHERE = Material("Other people's", "https://files.example.org/x", cohort_id="other")


@pytest.fixture
def ports(ports: Ports) -> Ports:
    """A house with a link for the group's track, and one for another cohort."""
    return replace(ports, house=replace(ports.house, materials=(CALM, ELSEWHERE)))


async def test_my_week_links_what_is_for_ones_own_sessions_only(
    browser: Browser, sign_in: SignIn
):
    await sign_in("p1")

    page = await (await browser.get("/me")).text()

    assert (
        'href="https://files.example.org/calm" rel="noreferrer">Calm &lt;minute&gt;<'
        in page
    )
    assert "Other people" not in page
