"""The process of the wires: TCP in front of an engine's socket, with replies that can get lost.

    python -m tests.faults.drill.relay NAME:PORT:SOCKET …

Told what to do in lines of JSON on its input; ends with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from dataclasses import dataclass, field

CHUNK = 65536


@dataclass(eq=False)
class Strand:
    """One connection."""

    wire: Wire
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    is_frozen: bool = False
    loses_reply: bool = False

    def end(self) -> None:
        """Both ends learn that it is over."""
        self.wire.strands.discard(self)
        for writer in self.writers:
            writer.transport.abort()

    async def carry_requests(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """From the office to the engine."""
        while data := await reader.read(CHUNK):
            if self.is_frozen:
                continue
            if self.wire.to_lose and self.wire.text in data:
                self.wire.to_lose -= 1
                self.loses_reply = True
            writer.write(data)
            await writer.drain()
        if not self.is_frozen:
            self.end()

    async def carry_replies(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """From the engine to the office, unless this reply is to get lost."""
        while data := await reader.read(CHUNK):
            if self.is_frozen:
                continue
            if self.loses_reply:
                self.wire.lost += 1
                break
            writer.write(data)
            await writer.drain()
        if not self.is_frozen:
            self.end()


@dataclass
class Wire:
    """One engine's wire. `text` is what a request holds whose reply is to get lost."""

    socket: str
    strands: set[Strand] = field(default_factory=set)
    text: bytes = b""
    to_lose: int = 0
    lost: int = 0

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A new connection of the office's; refused while the engine is away."""
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(self.socket)
        except OSError:
            writer.transport.abort()
            return
        strand = Strand(self, writers=[writer, far_writer])
        self.strands.add(strand)
        with contextlib.suppress(OSError):
            await asyncio.gather(
                strand.carry_requests(reader, far_writer),
                strand.carry_replies(far_reader, writer),
            )
        if not strand.is_frozen:
            strand.end()

    def do(self, do: str, to: str = "", times: int = 0) -> int:
        """What the harness asks for."""
        if do == "freeze":
            for strand in self.strands:
                strand.is_frozen = True
            return len(self.strands)
        if do == "thaw":
            frozen = [strand for strand in self.strands if strand.is_frozen]
            for strand in frozen:
                strand.end()
            return len(frozen)
        if do == "lose":
            self.text, self.to_lose, self.lost = to.encode(), times, 0
            return times
        if do == "lost":
            self.to_lose = 0
        return self.lost


async def main() -> None:
    """Serves until the input ends."""
    wires: dict[str, Wire] = {}
    for words in sys.argv[1:]:
        name, port, socket = words.split(":", 2)
        wires[name] = Wire(socket)
        await asyncio.start_server(wires[name].accept, "127.0.0.1", int(port))
    print(json.dumps({"open": len(wires)}), flush=True)
    loop = asyncio.get_running_loop()
    commands = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        command = json.loads(line)
        print(json.dumps({"count": wires[command.pop("wire")].do(**command)}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
