"""LiveKit's room service as it answers over HTTP, its tokens checked by LiveKit's own library."""

from typing import Any

from aiohttp import web
from livekit.api import TokenVerifier

KEY, SECRET = "key", "a secret of LiveKit's of more than 32 bytes"


class LiveKitServer:
    """Rooms and people in memory."""

    def __init__(self) -> None:
        self.rooms: dict[str, list[dict[str, Any]]] = {}
        self.status = 0

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/twirp/livekit.RoomService/{what}", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        grants = TokenVerifier(KEY, SECRET).verify(token).video
        assert grants is not None
        wish = await request.json()
        if self.status:
            return web.json_response({"code": "unavailable"}, status=self.status)
        what = request.match_info["what"]
        if what in {"CreateRoom", "DeleteRoom"}:
            assert grants.room_create
        else:
            assert (grants.room_admin, grants.room) == (True, wish["room"])
        match what:
            case "CreateRoom":
                self.rooms.setdefault(wish["name"], [])
                return web.json_response({"sid": "RM_1", "name": wish["name"]})
            case "ListParticipants":
                people = self.rooms.get(wish["room"], [])
                return web.json_response({"participants": people})
            case "DeleteRoom" if wish["room"] in self.rooms:
                del self.rooms[wish["room"]]
                return web.json_response({})
            case "RemoveParticipant":
                people = self.rooms.get(wish["room"], [])
                left = [each for each in people if each["identity"] != wish["identity"]]
                if len(left) < len(people):
                    self.rooms[wish["room"]] = left
                    return web.json_response({})
            case _:
                pass
        return web.json_response({"code": "not_found"}, status=404)
