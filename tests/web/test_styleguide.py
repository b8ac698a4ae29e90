"""The style guide shows every part there is, and every state has a word and a shape of its own."""

import re

from aiohttp.web import Application
from pytest_aiohttp.plugin import AiohttpClient

from tests.web.conftest import OWN
from vioP.resources import folder
from vioP.web.states import STANDINGS
from vioP.web.static_files import FOLDER
from vioP.web.styleguide import COLOURS, STATES

MACRO = re.compile(r"{% macro (\w+)\(")


async def test_it_shows_every_part_and_state(
    demo_app: Application, aiohttp_client: AiohttpClient
):
    browser = await aiohttp_client(demo_app, headers=OWN)
    parts = MACRO.findall((folder("templates") / "web" / "_parts.html").read_text())

    page = await (await browser.get("/styleguide")).text()

    template = (folder("templates") / "web" / "styleguide.html").read_text()
    shown = re.findall(r"(?:{{ ?|{% call )(\w+)\(", template)
    assert set(parts) <= set(shown)
    assert all(word in page for _, word in STATES)
    assert 'aria-describedby="mail-problem"' in page


def test_every_state_of_a_board_has_a_shape_and_every_colour_is_a_token():
    style = (FOLDER / "style.css").read_text()
    shapes = re.findall(
        r'\[data-state="(\w+)"\] > \.state::before.*content: "(\S+?)\\00A0"', style
    )

    assert {state for state, _ in STANDINGS.values()} <= dict(shapes).keys()
    assert len(set(dict(shapes).values())) == len(dict(shapes))
    assert all(f"--{each}:" in style for each in COLOURS)
