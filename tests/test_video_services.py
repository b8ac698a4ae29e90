"""Which video services there are follows from the settings, and a session can meet at any."""

from pathlib import Path
from typing import Any

import pytest

from tests.make import KEY, FixedClock
from vioP.domain.errors import WrongSettings
from vioP.furnish import open_ports, open_rooms
from vioP.settings import Settings, read_settings
from vioP.storage import Store
from vioP.video_services import open_services

ZOOM = {"account_id": "a", "client_id": "c", "client_secret": "s", "hook_secrets": ["h"]}
JITSI = {"url": "https://meet.test", "app_id": "a", "app_secret": "s", "hook_tokens": ["t"]}
JAAS = {"app_id": "a", "key_id": "k", "private_key": "no key", "hook_secrets": ["h"]}
LIVEKIT = {"livekit_url": "wss://l.test", "livekit_key": "k", "livekit_secret": "s" * 32}


def settings(tmp_path: Path, url: str, **video: Any) -> Settings:
    return read_settings(link_key=KEY.decode(), data=tmp_path, database=url, video=video)


async def test_whatever_is_set_up_can_be_chosen(
    store: Store, clock: FixedClock, tmp_path: Path, sqlite_url: str
):
    given = settings(tmp_path, sqlite_url, zoom=ZOOM, jitsi=JITSI, **LIVEKIT)

    async with open_services(given, store, clock) as services:
        assert set(services) == {"static", "livekit", "zoom", "jitsi"}
    async with open_services(settings(tmp_path, sqlite_url), store, clock) as services:
        assert set(services) == {"static"}


async def test_a_key_that_is_none_is_said_before_anybody_joins(
    store: Store, clock: FixedClock, tmp_path: Path, sqlite_url: str
):
    with pytest.raises(WrongSettings, match="jaas"):
        async with open_services(settings(tmp_path, sqlite_url, jaas=JAAS), store, clock):
            pass


@pytest.mark.parametrize(
    ("provider", "fallback", "spare"),
    [("zoom", "jitsi", "jitsi"), ("zoom", "none", "zoom"), ("static", "zoom", "zoom")],
)
async def test_the_house_has_its_own_choice_and_a_way_out(
    provider: str,
    fallback: str,
    spare: str,
    clock: FixedClock,
    tmp_path: Path,
    sqlite_url: str,
):
    chosen = {"provider": provider, "fallback": fallback}
    given = settings(tmp_path, sqlite_url, zoom=ZOOM, jitsi=JITSI, **chosen)

    async with (
        open_ports(given, clock) as ports,
        open_rooms(given, ports) as (ours, gateway),
    ):
        assert (ours.video.name, ours.spare_video.name) == (provider, spare)
        assert gateway is None
        assert ours.rooms_of("jitsi") is not None
        assert ours.rooms_of("livekit") is None
