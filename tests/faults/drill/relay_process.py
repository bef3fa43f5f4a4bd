"""The relay process: TCP ports in front of the engines' sockets, which can lose replies.

    python -m tests.faults.drill.relay_process NAME:PORT:SOCKET …

Reads commands as lines of JSON from its standard input and ends with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from dataclasses import dataclass, field

CHUNK = 65536


@dataclass(eq=False)
class Connection:
    """One connection through a relay."""

    relay: Relay
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    is_frozen: bool = False
    loses_reply: bool = False

    def end(self) -> None:
        """Closes both ends."""
        self.relay.connections.discard(self)
        for writer in self.writers:
            writer.transport.abort()

    async def carry_requests(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Forwards data from the office to the engine."""
        while data := await reader.read(CHUNK):
            if self.is_frozen:
                continue
            if self.relay.replies_to_lose and self.relay.text in data:
                self.relay.replies_to_lose -= 1
                self.loses_reply = True
            writer.write(data)
            await writer.drain()
        if not self.is_frozen:
            self.end()

    async def carry_replies(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Forwards data from the engine to the office; closes instead when the reply is lost."""
        while data := await reader.read(CHUNK):
            if self.is_frozen:
                continue
            if self.loses_reply:
                self.relay.lost += 1
                break
            writer.write(data)
            await writer.drain()
        if not self.is_frozen:
            self.end()


@dataclass
class Relay:
    """The relay to one engine. Replies to requests that contain `text` are lost."""

    socket: str
    connections: set[Connection] = field(default_factory=set)
    text: bytes = b""
    replies_to_lose: int = 0
    lost: int = 0

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forwards a new connection; closes it when the engine does not run."""
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(self.socket)
        except OSError:
            writer.transport.abort()
            return
        connection = Connection(self, writers=[writer, far_writer])
        self.connections.add(connection)
        with contextlib.suppress(OSError):
            await asyncio.gather(
                connection.carry_requests(reader, far_writer),
                connection.carry_replies(far_reader, writer),
            )
        if not connection.is_frozen:
            connection.end()

    def do(self, do: str, to: str = "", times: int = 0) -> int:
        """Runs a command of `Relays`; returns how many connections or replies it affected."""
        if do == "freeze":
            for connection in self.connections:
                connection.is_frozen = True
            return len(self.connections)
        if do == "thaw":
            frozen = [connection for connection in self.connections if connection.is_frozen]
            for connection in frozen:
                connection.end()
            return len(frozen)
        if do == "lose":
            self.text, self.replies_to_lose, self.lost = to.encode(), times, 0
            return times
        if do == "lost":
            self.replies_to_lose = 0
        return self.lost


async def main() -> None:
    """Runs until the input ends."""
    relays: dict[str, Relay] = {}
    for words in sys.argv[1:]:
        name, port, socket = words.split(":", 2)
        relays[name] = Relay(socket)
        await asyncio.start_server(relays[name].accept, "127.0.0.1", int(port))
    print(json.dumps({"open": len(relays)}), flush=True)
    loop = asyncio.get_running_loop()
    commands = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        command = json.loads(line)
        print(json.dumps({"count": relays[command.pop("relay")].do(**command)}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
