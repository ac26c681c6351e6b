"""The single-process room server of the seed guide: rooms in memory, a broadcast loop, POST /publish. Keeps nothing."""
import sys
from collections import defaultdict
from datetime import datetime, timezone
from typing import Dict, Set

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from pydantic import BaseModel

app = FastAPI()


class ConnectionManager:
    """room_id -> connections, and back."""

    def __init__(self) -> None:
        self.rooms: Dict[str, Set[WebSocket]] = defaultdict(set)
        self.connection_rooms: Dict[WebSocket, Set[str]] = {}

    async def connect(self, websocket: WebSocket) -> None:
        await websocket.accept()
        self.connection_rooms[websocket] = set()

    def disconnect(self, websocket: WebSocket) -> None:
        for room_id in self.connection_rooms.pop(websocket, set()):
            self.rooms[room_id].discard(websocket)

    def join(self, websocket: WebSocket, room_id: str) -> int:
        self.rooms[room_id].add(websocket)
        self.connection_rooms[websocket].add(room_id)
        return len(self.rooms[room_id])

    async def broadcast(self, room_id: str, message: dict) -> None:
        for connection in list(self.rooms[room_id]):
            try:
                await connection.send_json(message)
            except Exception:
                self.disconnect(connection)


manager = ConnectionManager()


class Publish(BaseModel):
    room_id: str
    content: str
    sender: str


@app.post("/publish")
async def publish(message: Publish):
    await manager.broadcast(
        message.room_id,
        {
            "room_id": message.room_id,
            "room_name": "Bench",
            "content": message.content,
            "sender": message.sender,
            "timestamp": datetime.now(timezone.utc).isoformat(),
        },
    )
    return {"status": "success", "room": "Bench"}


@app.websocket("/ws")
async def endpoint(websocket: WebSocket):
    await manager.connect(websocket)
    try:
        while True:
            said = await websocket.receive_json()
            if said.get("action") == "join":
                count = manager.join(websocket, said["room_id"])
                await websocket.send_json({"type": "room_joined", "member_count": count})
    except WebSocketDisconnect:
        manager.disconnect(websocket)


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False, ws="websockets")
