"""A broker with Sentinels: a master, a replica and three Sentinels."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import redis

from officeflow.local import postgres_user, processes
from officeflow.local.valkey import valkey_program
from tests.faults.breakable_office import free_port

MASTER = "office"
SERVERS = (0, 1)
SENTINELS = (2, 3, 4)
DOWN_AFTER = 700  # milliseconds without an answer until a master counts as down


class Sentinels:
    """The five processes, on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "sentinels"
        self.ports = [free_port() for _ in (*SERVERS, *SENTINELS)]
        self.running: dict[int, subprocess.Popen[bytes]] = {}

    @property
    def url(self) -> str:
        """The value for `REDIS_URL`."""
        hosts = ",".join(f"127.0.0.1:{self.ports[each]}" for each in SENTINELS)
        return f"sentinel://{hosts}/0?master={MASTER}"

    def open(self) -> None:
        """Starts all processes and waits until the Sentinels know each other and the replica."""
        for each in SERVERS:
            self.start(each)
        self.client(1).replicaof("127.0.0.1", self.ports[0])
        for each in SENTINELS:
            self.start(each)

        def know_each_other() -> bool:
            with contextlib.suppress(redis.RedisError):
                states = [self.client(each).sentinel_master(MASTER) for each in SENTINELS]
                others = {(state["num-other-sentinels"], state["num-slaves"]) for state in states}
                return others == {(len(SENTINELS) - 1, 1)}
            return False

        assert processes.wait_until(know_each_other, 20, pause=0.1), "no Sentinels"

    def start(self, each: int) -> None:
        """Starts a server or a Sentinel."""
        folder = self.folder / str(each)
        folder.mkdir(parents=True, exist_ok=True)
        words = ["port", self.ports[each], "bind", "127.0.0.1", "dir", folder, "loglevel", "notice"]
        if each in SENTINELS:
            file = folder / "sentinel.conf"
            file.write_text(
                f"sentinel monitor {MASTER} 127.0.0.1 {self.ports[0]} 2\n"
                f"sentinel down-after-milliseconds {MASTER} {DOWN_AFTER}\n"
                f"sentinel failover-timeout {MASTER} 3000\n"
            )
            arguments = [str(file), "--sentinel"]
        else:
            arguments = ["--save", "", "--appendonly", "no", "--repl-diskless-sync-delay", "0"]
        pairs = zip(words[::2], words[1::2], strict=True)
        arguments += [word for name, value in pairs for word in (f"--{name}", str(value))]
        with (folder / "log").open("ab") as log:
            self.running[each] = subprocess.Popen(
                [
                    *postgres_user.launcher(None, os.getpid(), signal.SIGKILL),
                    *(str(valkey_program()), *arguments),
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def client(self, each: int) -> redis.Redis:
        """Returns a client of a server or a Sentinel."""
        return redis.Redis(port=self.ports[each], socket_timeout=2, decode_responses=True)

    def master(self) -> int:
        """Returns the server that the Sentinels name as master."""
        _host, port = self.client(SENTINELS[0]).sentinel_get_master_addr_by_name(MASTER)
        return self.ports.index(int(port))

    def kill(self, each: int) -> None:
        """Kills a server or a Sentinel."""
        self.running[each].kill()
        self.running.pop(each).wait()

    def close(self) -> None:
        """Kills all running processes."""
        for each in list(self.running):
            self.kill(each)


@contextlib.contextmanager
def running_sentinels(folder: Path) -> Iterator[Sentinels]:
    """Runs a broker with Sentinels inside the context."""
    found = Sentinels(folder)
    try:
        found.open()
        yield found
    finally:
        found.close()
