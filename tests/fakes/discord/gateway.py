"""The gateway: a websocket with hello, identify, heartbeats and resume, and a log of each session to replay."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.discord import shapes
from tests.fakes.discord.shapes import BOT, Json

GUILDS, GUILD_MESSAGES, MESSAGE_CONTENT = 1, 1 << 9, 1 << 15
_DISPATCH, _HEARTBEAT, _IDENTIFY, _RESUME, _INVALID, _HELLO, _ACK = 0, 1, 2, 6, 9, 10, 11
_BAD_TOKEN, _DISALLOWED = 4004, 4014
# What Discord takes from a client in one frame.
_LARGEST_FRAME = 4096


@dataclass(slots=True)
class Session:
    """What a client has identified for: it outlives its connections."""

    id: str
    intents: int
    log: list[tuple[str, Json]] = field(default_factory=list)


class Connection:
    """One open websocket."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request, *, packed: bool) -> None:
        self.socket = socket
        self.request = request
        self.session: Session | None = None
        self._packer = zlib.compressobj() if packed else None

    async def send(self, op: int, data: Any = None, event: str | None = None, turn: int | None = None) -> None:
        """Send one message; on a line that is cut it is lost, and the session's log has it."""
        raw = json.dumps({"op": op, "d": data, "t": event, "s": turn})
        if self.socket.closed:
            return
        try:
            if self._packer is None:
                await self.socket.send_str(raw)
            else:
                packed = self._packer.compress(raw.encode()) + self._packer.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(packed)
        except ConnectionError:
            pass


class Gateway:
    """Every connection and session, and the events they get."""

    def __init__(self, token: str, threads: Mapping[str, Json]) -> None:
        self.token = token
        self._threads = threads
        self.url = ""
        self.heartbeat_seconds = 41.25
        self.allowed_intents = ~0
        self.shards = 1
        self.connections: list[Connection] = []
        self.sessions: dict[str, Session] = {}
        self.identified: list[Json] = []
        self.resumed: list[Json] = []
        self.heartbeats = 0

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=_LARGEST_FRAME, compress=False)
        await socket.prepare(request)
        connection = Connection(socket, request, packed=request.query.get("compress") == "zlib-stream")
        await connection.send(_HELLO, {"heartbeat_interval": int(self.heartbeat_seconds * 1000)})
        self.connections.append(connection)
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    await self._take(connection, json.loads(frame.data))
        finally:
            self.connections.remove(connection)
        return socket

    async def _take(self, connection: Connection, frame: Json) -> None:
        if frame["op"] == _HEARTBEAT:
            self.heartbeats += 1
            await connection.send(_ACK)
        elif frame["op"] == _IDENTIFY:
            await self._identify(connection, frame["d"])
        elif frame["op"] == _RESUME:
            await self._resume(connection, frame["d"])

    async def _identify(self, connection: Connection, told: Json) -> None:
        self.identified.append(told)
        if told["token"] != self.token:
            await connection.socket.close(code=_BAD_TOKEN, message=b"Authentication failed.")
            return
        if told["intents"] & ~self.allowed_intents:
            await connection.socket.close(code=_DISALLOWED, message=b"Disallowed intent(s).")
            return
        session = Session(shapes.snowflake(), told["intents"])
        self.sessions[session.id] = connection.session = session
        await self._log(session, "READY", self._ready(session, told))
        await self._log(session, "GUILD_CREATE", shapes.guild(list(self._threads.values())))

    def _ready(self, session: Session, told: Json) -> Json:
        return {
            "v": 10,
            "user": shapes.own_account(),
            "guilds": [{"id": str(shapes.GUILD), "unavailable": True}],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": str(shapes.APPLICATION), "flags": 0},
            "private_channels": [],
            "relationships": [],
            "shard": told.get("shard", [0, 1]),
        }

    async def _resume(self, connection: Connection, told: Json) -> None:
        self.resumed.append(told)
        session = self.sessions.get(told["session_id"])
        if session is None:
            await connection.send(_INVALID, data=False)
            return
        connection.session = session
        for turn, (event, data) in enumerate(session.log, start=1):
            if turn > (told["seq"] or 0):
                await connection.send(_DISPATCH, data, event, turn)
        await self._log(session, "RESUMED", {})

    async def dispatch(self, event: str, data: Json) -> None:
        """Send an event to every session that asked for its kind; one that is away gets it when it resumes."""
        for session in list(self.sessions.values()):
            if event.startswith("MESSAGE_") and not session.intents & GUILD_MESSAGES:
                continue
            if event.startswith("THREAD_") and not session.intents & GUILDS:
                continue
            await self._log(session, event, self._blanked(session, event, data))

    def _blanked(self, session: Session, event: str, data: Json) -> Json:
        """Return a message without what only the privileged intent shows: own messages and mentions are shown."""
        hidden = event.startswith("MESSAGE_") and "content" in data and not session.intents & MESSAGE_CONTENT
        own = str(BOT) in {data.get("author", {}).get("id"), *(user["id"] for user in data.get("mentions", []))}
        return (
            {**data, "content": "", "attachments": [], "embeds": [], "components": []} if hidden and not own else data
        )

    async def _log(self, session: Session, event: str, data: Json) -> None:
        session.log.append((event, data))
        turn = len(session.log)
        for connection in self.connections[::-1]:
            if connection.session is session:
                await connection.send(_DISPATCH, data, event, turn)
                return

    async def tell(self, op: int, data: Any = None) -> None:
        """Send a bare operation to every connection: 7 asks to reconnect, 9 declares the session invalid."""
        for connection in list(self.connections):
            await connection.send(op, data)

    async def cut(self, code: int | None = None) -> None:
        """Cut every connection: with a close code, or as when a cable is pulled."""
        for connection in list(self.connections):
            if code is not None:
                await connection.socket.close(code=code)
            elif connection.request.transport is not None:
                connection.request.transport.abort()
