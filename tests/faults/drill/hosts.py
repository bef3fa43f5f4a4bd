"""Several hosts for one office, each of which can be cut off from the others and reconnected.

Uses network namespaces where the kernel allows them: each host has a link to a bridge, and cutting
it off detaches the link, so that packets are lost silently. Elsewhere each host reaches the engines
through its own relays on a loopback address; cutting it off pauses the relays, so that connections
stay open and nothing answers.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Protocol

from officeflow.local import postgres_user, processes
from officeflow.local.engines import DATABASE, PostgresEngine, ValkeyEngine
from tests.faults.drill.relays import Relays

NETWORK = "10.77.0"
ESTABLISHED = "01"  # in /proc/net/tcp
# Ends when the shell that runs the bridge ends.
HOST = "unshare --net tail --pid=$$ -f /dev/null </dev/null >/dev/null 2>&1 & host=$!"
WAIT = 'until [ "$(readlink /proc/$host/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do :; done'


class Hosts(Protocol):
    """The hosts of an office, by name; the engines run on `engines_host`."""

    kind: str

    def open(self) -> None:
        """Creates the hosts, before the engines start."""

    def close(self) -> None:
        """Removes the hosts."""

    def engines(self, folder: Path) -> tuple[PostgresEngine, ValkeyEngine]:
        """Returns engines that the hosts can reach, not started."""

    def connect(self) -> None:
        """Connects the hosts to the running engines."""

    def command_prefix(self, host: str) -> list[str]:
        """Returns the words before a command that run it on the host."""

    def environment(self, host: str) -> dict[str, str]:
        """Returns the variables with the engines' addresses as the host reaches them."""

    def cut(self, host: str) -> None:
        """Cuts the host off from all others."""

    def heal(self, host: str) -> None:
        """Reconnects the host."""

    def open_connections(self, host: str) -> int | None:
        """Returns the number of connections that the host holds open; None when unknown."""


class NamespaceHosts:
    """Each host is a network namespace; a bridge in another namespace joins them."""

    kind = "network namespaces"

    def __init__(self, names: list[str]) -> None:
        self.names = ["engines_host", *names]
        self.pids: dict[str, int] = {}
        self.switch: subprocess.Popen[str] | None = None
        # A user other than root needs a user namespace to create network namespaces.
        self.user = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]

    @staticmethod
    def unavailable_reason() -> str:
        """Returns why namespaces cannot be created on this machine; empty when they can."""
        missing = [name for name in ("unshare", "nsenter", "ip") if not shutil.which(name)]
        if missing:
            return f"{missing[0]} is not installed"
        hosts = NamespaceHosts(["probe"])
        try:
            hosts.open()
        except (AssertionError, OSError) as error:
            return f"namespaces cannot be created: {error}"
        finally:
            hosts.close()
        return ""

    def open(self) -> None:
        self.switch = subprocess.Popen(
            [
                *postgres_user.launcher(None, os.getpid(), signal.SIGKILL),
                *("unshare", *self.user, "--net", "sh"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._tell("ip link add bridge type bridge && ip link set bridge up")
        for number, name in enumerate(self.names, 1):
            inside = "nsenter --target $host --net ip"
            output = self._tell(
                f"{HOST}; {WAIT}; ip link add port{number} type veth peer name wire netns $host"
                f" && ip link set port{number} master bridge up"
                f" && {inside} address add {NETWORK}.{number}/24 dev wire"
                f" && {inside} link set wire up && {inside} link set lo up && echo $host"
            )
            self.pids[name] = int(output.split()[-1])

    def _tell(self, command: str) -> str:
        assert self.switch is not None
        assert self.switch.stdin is not None
        assert self.switch.stdout is not None
        self.switch.stdin.write(f"{{ {command}; }}; echo end $?\n")
        self.switch.stdin.flush()
        output = ""
        while not (line := self.switch.stdout.readline()).startswith("end "):
            assert line, f"the switch ended: {output}"
            output += line
        assert line == "end 0\n", output.strip()
        return output

    def close(self) -> None:
        if self.switch is None:
            return
        for pipe in (self.switch.stdin, self.switch.stdout):
            if pipe is not None:
                pipe.close()
        processes.signal_group(self.switch.pid, signal.SIGKILL)
        self.switch.wait()
        self.switch = None

    def engines(self, folder: Path) -> tuple[PostgresEngine, ValkeyEngine]:
        command_prefix = self.command_prefix("engines_host")
        return NetworkPostgres(
            folder, command_prefix, self._address("engines_host")
        ), NetworkValkey(folder, command_prefix, self._address("engines_host"))

    def connect(self) -> None:
        """Does nothing: the hosts are connected from the start."""

    def command_prefix(self, host: str) -> list[str]:
        own = ["--user", "--preserve-credentials"] if self.user else []
        return ["nsenter", "--target", str(self.pids[host]), *own, "--net", "--"]

    def environment(self, host: str) -> dict[str, str]:
        address = self._address("engines_host")
        return {
            "DATABASE_URL": f"postgres://{DATABASE}@{address}:5432/{DATABASE}",
            "REDIS_URL": f"redis://{address}:6379/0",
        }

    def _address(self, host: str) -> str:
        return f"{NETWORK}.{self.names.index(host) + 1}"

    def cut(self, host: str) -> None:
        self._tell(f"ip link set port{self.names.index(host) + 1} nomaster")

    def heal(self, host: str) -> None:
        self._tell(f"ip link set port{self.names.index(host) + 1} master bridge")

    def open_connections(self, host: str) -> int | None:
        table = Path(f"/proc/{self.pids[host]}/net/tcp").read_text().splitlines()[1:]
        rows = [line.split() for line in table]
        return sum(state == ESTABLISHED for _number, _local, _remote, state, *_rest in rows)


class NetworkPostgres(PostgresEngine):
    """PostgreSQL on a host, which listens on the network too."""

    def __init__(self, folder: Path, command_prefix: list[str], address: str) -> None:
        # As docs/operations.md advises: the server notices clients that are gone.
        network = {"listen_addresses": address, "tcp_keepalives_idle": "5"}
        network |= {"tcp_keepalives_interval": "2", "tcp_keepalives_count": "3"}
        super().__init__(folder / "postgres", folder / "run", network)
        self.command_prefix = command_prefix

    def prepare(self) -> None:
        super().prepare()
        allowed = self.data_dir / "pg_hba.conf"
        allowed.write_text(f"{allowed.read_text()}host all all {NETWORK}.0/24 trust\n")

    def argv(self) -> list[str]:
        return [*self.command_prefix, *super().argv()]


class NetworkValkey(ValkeyEngine):
    """Valkey on a host, which listens on the network too."""

    def __init__(self, folder: Path, command_prefix: list[str], address: str) -> None:
        network = {"port": "6379", "bind": address, "protected-mode": "no", "appendonly": "no"}
        super().__init__(folder / "valkey", folder / "run", network)
        self.command_prefix = command_prefix

    def argv(self) -> list[str]:
        return [*self.command_prefix, *super().argv()]


class RelayedHosts:
    """Each host has its own relays to the engines' sockets; cutting it off pauses them."""

    kind = "relays on loopback addresses"

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.relays: dict[str, Relays] = {}

    def open(self) -> None:
        """Does nothing: `connect` starts the relays."""

    def close(self) -> None:
        for name, relays in self.relays.items():
            self.heal(name)
            relays.close()

    def engines(self, folder: Path) -> tuple[PostgresEngine, ValkeyEngine]:
        self.postgres = PostgresEngine(folder / "postgres", folder / "run")
        self.valkey = ValkeyEngine(folder / "valkey", folder / "run", {"appendonly": "no"})
        return self.postgres, self.valkey

    def connect(self) -> None:
        for name in self.names:
            relays = Relays(self.postgres.socket_dir, self.valkey.socket_path)
            relays.open()
            self.relays[name] = relays

    def command_prefix(self, host: str) -> list[str]:
        return []

    def environment(self, host: str) -> dict[str, str]:
        relays = self.relays[host]
        return {
            "DATABASE_URL": f"postgres://{DATABASE}@127.0.0.1:{relays.postgres_port}/{DATABASE}",
            "REDIS_URL": f"redis://127.0.0.1:{relays.valkey_port}/0",
        }

    def cut(self, host: str) -> None:
        self._signal(host, signal.SIGSTOP)

    def heal(self, host: str) -> None:
        self._signal(host, signal.SIGCONT)

    def open_connections(self, host: str) -> int | None:
        return None  # the relays keep their ends open

    def _signal(self, host: str, number: signal.Signals) -> None:
        process = self.relays[host].process
        assert process is not None
        process.send_signal(number)
