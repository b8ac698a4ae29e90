"""From settings to video services: those whose settings are whole, by name.

A program's file chooses among them; ``video.provider`` is for programs that choose none.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp

from vioP.meeting import VideoRooms
from vioP.ports import Clock
from vioP.settings import Settings
from vioP.storage import Store
from vioP.video.asking import Asking
from vioP.video.jaas import JaasChoices, JaasRooms, signer_of
from vioP.video.jitsi import JitsiRooms
from vioP.video.livekit import LiveKitChoices, LiveKitRooms
from vioP.video.notebook import Notebook
from vioP.video.static import StaticRooms
from vioP.video.zoom.rooms import ZoomRooms


@asynccontextmanager
async def open_services(
    settings: Settings, store: Store, clock: Clock
) -> AsyncIterator[Mapping[str, VideoRooms]]:
    """Every video service that is set up here, open for as long as the block lasts.

    Raises:
        WrongSettings: A key is none.
    """
    async with aiohttp.ClientSession() as http:
        found = [
            StaticRooms(settings.video_rooms, _key(settings)),
            *_livekit(settings, http, clock),
            *_zoom(settings, store, http, clock),
            *_jitsi(settings, http, clock),
            *_jaas(settings, http, clock),
        ]
        yield {each.name: each for each in found}


def _key(settings: Settings) -> bytes:
    return settings.link_key.get_secret_value().encode()


def _livekit(
    settings: Settings, http: aiohttp.ClientSession, clock: Clock
) -> list[VideoRooms]:
    video = settings.video
    if not video.has_livekit:
        return []
    secret = video.livekit_secret.get_secret_value().encode()
    choices = LiveKitChoices(
        video.livekit_url.rstrip("/"), video.livekit_key, secret, video.livekit_page
    )
    return [LiveKitRooms(choices, Asking("LiveKit", http), clock.now, _key(settings))]


def _zoom(
    settings: Settings, store: Store, http: aiohttp.ClientSession, clock: Clock
) -> list[VideoRooms]:
    if not settings.video.zoom.is_begun:
        return []
    waiting_room = settings.video.waiting_room
    choices = settings.video.zoom.choices(settings.as_sender(), waiting_room=waiting_room)
    notebook = Notebook(store, "zoom", clock.now)
    return [ZoomRooms(choices, http, notebook, clock.now, _key(settings))]


def _jitsi(
    settings: Settings, http: aiohttp.ClientSession, clock: Clock
) -> list[VideoRooms]:
    if not settings.video.jitsi.is_begun:
        return []
    asking = Asking("Jitsi", http)
    return [JitsiRooms(settings.video.jitsi.choices(), asking, clock.now, _key(settings))]


def _jaas(
    settings: Settings, http: aiohttp.ClientSession, clock: Clock
) -> list[VideoRooms]:
    jaas = settings.video.jaas
    if not jaas.is_begun:
        return []
    secrets = tuple(each.get_secret_value().encode() for each in jaas.hook_secrets)
    sign = signer_of(jaas.private_key.get_secret_value())
    choices = JaasChoices(jaas.app_id, jaas.key_id, sign, secrets)
    return [JaasRooms(choices, Asking("8x8", http), clock.now, _key(settings))]
