"""Several machines for one office, each of which can be cut off from the others and healed.

Network namespaces where the kernel lets us make them: each host has its own wire to a switch, and
a host that is cut off has it pulled out at the switch's end, so that packets vanish without a word.
Elsewhere each host reaches the engines over relays of its own on a loopback address, which are
stopped and go on: connections stay open and nobody answers.
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
from tests.faults.drill.wires import Wires

NETWORK = "10.77.0"
ESTABLISHED = "01"  # as the kernel writes it
# Ends with the switch, whatever ended that.
HOST = "unshare --net tail --pid=$$ -f /dev/null </dev/null >/dev/null 2>&1 & host=$!"
WAIT = 'until [ "$(readlink /proc/$host/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do :; done'


class Hosts(Protocol):
    """What both ways can do. Hosts have names; `cellar` is where the engines are."""

    kind: str

    def open(self) -> None:
        """Makes the hosts, before the engines start."""

    def close(self) -> None:
        """Takes them away."""

    def engines(self, room: Path) -> tuple[PostgresEngine, ValkeyEngine]:
        """Engines that the hosts can reach, not started."""

    def connect(self) -> None:
        """Lets the hosts reach the engines, which run."""

    def words(self, host: str) -> list[str]:
        """What stands before a command that is to run there."""

    def environment(self, host: str) -> dict[str, str]:
        """Where the engines are, seen from there."""

    def cut(self, host: str) -> None:
        """Nothing leaves it or comes to it any more."""

    def heal(self, host: str) -> None:
        """As before."""

    def open_connections(self, host: str) -> int | None:
        """How many it believes to have to the engines; None when that cannot be told."""


class Namespaces:
    """Each host is a network namespace; a switch in one more namespace joins them."""

    kind = "network namespaces"

    def __init__(self, names: list[str]) -> None:
        self.names = ["cellar", *names]
        self.pids: dict[str, int] = {}
        self.switch: subprocess.Popen[str] | None = None
        # Whoever is not root becomes so in a namespace of users, for the network alone.
        self.user = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]

    @staticmethod
    def impossible() -> str:
        """Why namespaces cannot be made here; empty when they can."""
        missing = [name for name in ("unshare", "nsenter", "ip") if not shutil.which(name)]
        if missing:
            return f"no {missing[0]} here"
        hosts = Namespaces(["probe"])
        try:
            hosts.open()
        except (AssertionError, OSError) as error:
            return f"namespaces cannot be made here: {error}"
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
            said = self._tell(
                f"{HOST}; {WAIT}; ip link add port{number} type veth peer name wire netns $host"
                f" && ip link set port{number} master bridge up"
                f" && {inside} address add {NETWORK}.{number}/24 dev wire"
                f" && {inside} link set wire up && {inside} link set lo up && echo $host"
            )
            self.pids[name] = int(said.split()[-1])

    def _tell(self, command: str) -> str:
        assert self.switch is not None
        assert self.switch.stdin is not None
        assert self.switch.stdout is not None
        self.switch.stdin.write(f"{{ {command}; }}; echo end $?\n")
        self.switch.stdin.flush()
        said = ""
        while not (line := self.switch.stdout.readline()).startswith("end "):
            assert line, f"the switch ended: {said}"
            said += line
        assert line == "end 0\n", said.strip()
        return said

    def close(self) -> None:
        if self.switch is None:
            return
        for pipe in (self.switch.stdin, self.switch.stdout):
            if pipe is not None:
                pipe.close()
        processes.signal_group(self.switch.pid, signal.SIGKILL)
        self.switch.wait()
        self.switch = None

    def engines(self, room: Path) -> tuple[PostgresEngine, ValkeyEngine]:
        words = self.words("cellar")
        return PostgresOn(room, words, self._address("cellar")), ValkeyOn(
            room, words, self._address("cellar")
        )

    def connect(self) -> None:
        """They are connected from the beginning."""

    def words(self, host: str) -> list[str]:
        own = ["--user", "--preserve-credentials"] if self.user else []
        return ["nsenter", "--target", str(self.pids[host]), *own, "--net", "--"]

    def environment(self, host: str) -> dict[str, str]:
        address = self._address("cellar")
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


class PostgresOn(PostgresEngine):
    """PostgreSQL on a host, reached over the network too."""

    def __init__(self, room: Path, words: list[str], address: str) -> None:
        # As on a server of one's own (docs/operations.md): a client that vanished is noticed.
        network = {"listen_addresses": address, "tcp_keepalives_idle": "5"}
        network |= {"tcp_keepalives_interval": "2", "tcp_keepalives_count": "3"}
        super().__init__(room / "postgres", room / "run", network)
        self.words = words

    def prepare(self) -> None:
        super().prepare()
        allowed = self.data_dir / "pg_hba.conf"
        allowed.write_text(f"{allowed.read_text()}host all all {NETWORK}.0/24 trust\n")

    def argv(self) -> list[str]:
        return [*self.words, *super().argv()]


class ValkeyOn(ValkeyEngine):
    """Valkey on a host, reached over the network too."""

    def __init__(self, room: Path, words: list[str], address: str) -> None:
        network = {"port": "6379", "bind": address, "protected-mode": "no", "appendonly": "no"}
        super().__init__(room / "valkey", room / "run", network)
        self.words = words

    def argv(self) -> list[str]:
        return [*self.words, *super().argv()]


class Relayed:
    """Each host has relays of its own to the engines' sockets; a cut stops them."""

    kind = "relays on loopback addresses"

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.wires: dict[str, Wires] = {}

    def open(self) -> None:
        """The relays come with the engines."""

    def close(self) -> None:
        for name, wires in self.wires.items():
            self.heal(name)
            wires.close()

    def engines(self, room: Path) -> tuple[PostgresEngine, ValkeyEngine]:
        self.postgres = PostgresEngine(room / "postgres", room / "run")
        self.valkey = ValkeyEngine(room / "valkey", room / "run", {"appendonly": "no"})
        return self.postgres, self.valkey

    def connect(self) -> None:
        for name in self.names:
            wires = Wires(self.postgres.socket_dir, self.valkey.socket_path)
            wires.open()
            self.wires[name] = wires

    def words(self, host: str) -> list[str]:
        return []

    def environment(self, host: str) -> dict[str, str]:
        wires = self.wires[host]
        return {
            "DATABASE_URL": f"postgres://{DATABASE}@127.0.0.1:{wires.postgres_port}/{DATABASE}",
            "REDIS_URL": f"redis://127.0.0.1:{wires.valkey_port}/0",
        }

    def cut(self, host: str) -> None:
        self._signal(host, signal.SIGSTOP)

    def heal(self, host: str) -> None:
        self._signal(host, signal.SIGCONT)

    def open_connections(self, host: str) -> int | None:
        return None  # the relays' ends stay open as long as these run

    def _signal(self, host: str, number: signal.Signals) -> None:
        process = self.wires[host].process
        assert process is not None
        process.send_signal(number)
