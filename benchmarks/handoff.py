"""Times hand-offs from the desk's commit to the effect, compared with plain Celery.

    make bench ARGS='handoff [--count 5000] [--latencies 500] [--json FILE]'

Uses its own engines with the settings of `make run`, and one consumer process for each side. It
measures a consumer of one insert and the opening of an order's ticket. Plain Celery calls a task
with the same insert or action by `delay_on_commit`, without any guarantee; it is the baseline. Both
are measured in turns on the same engines, so that other load on the machine affects both; compare
the ratios. The figures are written to `benchmarks/results/handoff.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from officeflow.local.output import say  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "handoff.json"

OURS, PLAIN = "officeflow", "plain Celery"
INSERT, TICKET = "one insert", "order → ticket"
REQUEST, TRANSACTION = "orders, the request", "orders, the transaction"
ACTION = "orders, the action alone"
OUR_QUEUES = ["management", "fulfilment"]
COMMANDS = {
    OURS: ["manage.py", "work", "--processes", "1", "--queues", ",".join(OUR_QUEUES)],
    PLAIN: [
        *("-m", "celery", "--quiet", "-A", "officeflow", "worker", "-P", "prefork"),
        *("--concurrency", "1", "-Q", "bench", "-n", "plain@bench"),
        *("--without-gossip", "--without-mingle", "--loglevel", "ERROR"),
    ],
}
A_SECOND = 20
BUSY = 200  # a second: ten times the load
SILENT, SILENCES = 1.0, 30  # seconds before each on either side, and how often
TURN_SECONDS = 2.5
TIMEOUT = 180.0  # seconds


def main() -> None:
    """Measures, prints and writes the figures."""
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        with Bench(Path(folder)) as bench:
            figures = bench.measure(asked)
    print_table(figures)
    asked.json.parent.mkdir(exist_ok=True)
    asked.json.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")


def arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=5000, help="hand-offs in a burst or backlog")
    parser.add_argument("--latencies", type=int, default=500, help="hand-offs sent one by one")
    parser.add_argument("--orders", type=int, default=1000, help="orders placed to time the desk")
    parser.add_argument("--json", type=Path, default=RESULTS)
    return parser.parse_args()


@dataclass
class Bench:
    """Engines, a consumer process on either side, and this process as the desk."""

    folder: Path
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    committed: dict[str, float] = field(default_factory=dict)
    made: int = 0

    def __enter__(self) -> Bench:
        from officeflow.local.engines import PostgresEngine, ValkeyEngine

        self.notes = self.folder / "notes"
        self.postgres = PostgresEngine(self.folder / "postgres", self.folder / "run")
        self.valkey = ValkeyEngine(self.folder / "valkey", self.folder / "run")
        try:
            for engine in (self.postgres, self.valkey):
                engine.start()
            for engine in (self.postgres, self.valkey):
                engine.wait_ready()
            self._open()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self.workers):
            self.stop(name)
        for engine in (self.valkey, self.postgres):
            if engine.running:
                engine.kill()

    def _open(self) -> None:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "benchmarks.handoffs.settings",
            "OFFICEFLOW_MODE": "test",
            "OFFICEFLOW_VAR": str(self.folder / "var"),
            "SECRET_KEY": "only-for-benchmarks-" + "x" * 50,
            "ALLOWED_HOSTS": "localhost",
            "DATABASE_URL": self.postgres.superuser_url,
            "REDIS_URL": self.valkey.url,
            "BENCH_NOTES": str(self.notes),
        }
        (self.folder / "var" / "static").mkdir(parents=True)
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        from benchmarks.handoffs.effects import TABLES
        from benchmarks.handoffs.office import open_office
        from tests.people import employ

        call_command("migrate", verbosity=0)
        open_office()
        with connection.cursor() as cursor:
            cursor.execute(TABLES)
        self.clerk = employ("rita")

    def start(self, name: str) -> None:
        """Starts a consumer process."""
        self.workers[name] = subprocess.Popen(
            [sys.executable, "-W", "ignore", *COMMANDS[name]],
            cwd=ROOT,
            env=os.environ | ({"BENCH_PLAIN": "1"} if name == PLAIN else {}),
            start_new_session=True,
        )

    def stop(self, name: str) -> None:
        """Ends a consumer process after its present work."""
        worker = self.workers.pop(name)
        os.kill(worker.pid, signal.SIGTERM)
        try:
            worker.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()

    def send(self, name: str, kind: str) -> str:
        """Writes a fact and its hand-off or task in one transaction; returns its reference."""
        import msgspec
        from django.db import connection, transaction

        from benchmarks.handoffs import tasks
        from benchmarks.handoffs.office import bare_handoff, order_placed

        self.made += 1
        reference = f"SO-{self.made:07}"
        with transaction.atomic():
            transaction.on_commit(lambda: self._note(reference))
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO bench_fact (reference) VALUES (%s)", [reference])
            if name == OURS:
                self._post(kind, reference)
            elif kind == INSERT:
                tasks.insert.delay_on_commit(reference)
            else:
                contract = order_placed(reference)
                handoff = bare_handoff(self.made, reference)
                tasks.open_shipment.delay_on_commit(handoff, msgspec.to_builtins(contract))
        return reference

    def _note(self, reference: str) -> None:
        self.committed[reference] = time.monotonic()

    def _post(self, kind: str, reference: str) -> None:
        from benchmarks.handoffs.office import order_placed
        from officeflow.handoff.contracts import CONTRACTS
        from officeflow.handoff.models import Destination
        from officeflow.handoff.outbox import post

        if kind == INSERT:
            contract, to = CONTRACTS["Parcel"](reference=reference), Destination.MANAGEMENT
        else:
            contract, to = order_placed(reference), Destination.FULFILMENT
        post(contract, to=[to], subject=reference, actor=self.clerk)

    def effects_of(self, references: list[str]) -> dict[str, float]:
        """Waits until all have their effect; returns the time of each."""
        from benchmarks.handoffs.effects import read_notes

        deadline = time.monotonic() + TIMEOUT
        while True:
            # Before reading, which would keep the interpreter from the thread that notifies.
            time.sleep(0.05)
            noted = read_notes(self.notes)
            if all(reference in noted for reference in references):
                return {reference: noted[reference] for reference in references}
            if time.monotonic() > deadline:
                missing = sum(reference not in noted for reference in references)
                raise SystemExit(f"{missing} of {len(references)} had no effect in {TIMEOUT} s")

    def settle(self) -> None:
        """Waits until no hand-off waits."""
        from officeflow.handoff.models import Handoff, HandoffState

        waiting = Handoff.objects.filter(state=HandoffState.WAITING, destination__in=OUR_QUEUES)
        deadline = time.monotonic() + TIMEOUT
        while waiting.exists():
            if time.monotonic() > deadline:
                raise SystemExit(f"{waiting.count()} wait after {TIMEOUT} s")
            time.sleep(0.05)

    def measure(self, asked: argparse.Namespace) -> dict[str, Any]:
        """Measures everything; returns plain values for the table and the file."""
        figures: dict[str, Any] = {"machine": machine(), "asked": vars(asked) | {"json": ""}}
        for kind in (INSERT, TICKET):
            say(f"{kind}: one by one")
            for name in (OURS, PLAIN):
                self.start(name)
                self.effects_of([self.send(name, kind) for _ in range(20)])
            rows: dict[str, Any] = {name: {} for name in (OURS, PLAIN)}
            latencies = self.latencies(kind, asked.latencies, A_SECOND)
            for name in (OURS, PLAIN):
                rows[name] |= percentiles(latencies[name])
            if kind == INSERT:
                say(f"{kind}: {BUSY} a second")
                busy = self.latencies(kind, asked.latencies * 4, BUSY)
                for name in (OURS, PLAIN):
                    found = percentiles(busy[name]).items()
                    rows[name] |= {f"{key} at {BUSY} a second": ms for key, ms in found}
                say(f"{kind}: after some silence")
                for name, seconds in self.after_silence(kind).items():
                    rows[name]["p50 after silence"] = statistics.median(seconds) * 1000
            for name in (OURS, PLAIN):
                say(f"{kind}, {name}: {asked.count} at once")
                rows[name]["burst_per_second"] = self.burst(name, kind, asked.count)
            for name in (OURS, PLAIN):
                say(f"{kind}, {name}: a backlog of {asked.count}")
                self.stop(name)
                rows[name]["drain_per_second"] = self.drain(name, kind, asked.count)
                self.stop(name)
            figures[kind] = rows
        say("orders placed at the desk")
        figures["desk"] = self.desk(asked.orders)
        say("step by step")
        figures["steps"] = self.steps(asked.latencies)
        return figures

    def steps(self, count: int) -> dict[str, float]:
        """Returns the milliseconds of each step of a hand-off of one insert, at a steady rate."""
        from benchmarks.handoffs import steps

        noted = self.folder / "steps"
        os.environ["BENCH_STEPS"] = str(noted)
        steps.install()
        self.start(OURS)
        self.settle()  # applies the orders of the measurement before
        self.effects_of([self.send(OURS, INSERT) for _ in range(20)])
        references = [self.send(OURS, INSERT) for _each in paced(count, A_SECOND)]
        effects = self.effects_of(references)
        self.stop(OURS)
        return steps.profile(noted, self.committed, effects)

    def latencies(self, kind: str, count: int, a_second: int) -> dict[str, list[float]]:
        """Returns the seconds from commit to effect at a steady rate, measured in turns."""
        found: dict[str, list[float]] = {OURS: [], PLAIN: []}
        a_turn = int(TURN_SECONDS * a_second)
        for turn in range(max(1, count // a_turn)):
            for name in (OURS, PLAIN) if turn % 2 else (PLAIN, OURS):
                references = []
                for _each in paced(min(a_turn, count), a_second):
                    references.append(self.send(name, kind))
                effects = self.effects_of(references)
                found[name] += [effects[each] - self.committed[each] for each in references]
        return found

    def after_silence(self, kind: str) -> dict[str, list[float]]:
        """Returns the same seconds for single hand-offs after a pause."""
        found: dict[str, list[float]] = {OURS: [], PLAIN: []}
        for _each in range(SILENCES):
            for name, seconds in found.items():
                time.sleep(SILENT)
                reference = self.send(name, kind)
                seconds.append(self.effects_of([reference])[reference] - self.committed[reference])
        return found

    def burst(self, name: str, kind: str, count: int) -> float:
        """Returns the effects a second while the desk posts as fast as it can."""
        references = [self.send(name, kind) for _ in range(count)]
        effects = self.effects_of(references)
        return count / (max(effects.values()) - self.committed[references[0]])

    def drain(self, name: str, kind: str, count: int) -> float:
        """Returns the effects a second of a backlog, from the first effect on."""
        references = [self.send(name, kind) for _ in range(count)]
        self.start(name)
        effects = self.effects_of(references)
        return (count - 1) / (max(effects.values()) - min(effects.values()))

    def desk(self, count: int) -> dict[str, Any]:
        """Returns the orders placed a second with and without hand-offs; no consumer runs."""
        from benchmarks.handoffs import office

        alone = partial(office.place_order, self.clerk)
        with office.Desk(self.clerk) as desk:
            clocks = {REQUEST: time.perf_counter, TRANSACTION: lambda: desk.in_transaction}
            figures = office.in_turns(desk.place_order, clocks, count)
        return figures | office.in_turns(alone, {ACTION: time.perf_counter}, count)


def paced(count: int, a_second: int) -> Iterator[int]:
    """Yields `count` numbers at a steady rate."""
    began = time.monotonic()
    for number in range(count):
        time.sleep(max(0.0, began + number / a_second - time.monotonic()))
        yield number


def percentiles(seconds: list[float]) -> dict[str, float]:
    """Returns p50, p95 and p99 in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return {name: cuts[at - 1] * 1000 for name, at in (("p50", 50), ("p95", 95), ("p99", 99))}


def machine() -> dict[str, Any]:
    """Describes this machine."""
    return {"cores": os.cpu_count(), "python": platform.python_version(), "at": time.strftime("%F")}


def print_table(figures: dict[str, Any]) -> None:
    """Prints the figures of both with their ratio."""
    print(f"{'':46}{OURS:>12}{PLAIN:>14}{'ratio':>8}")
    for kind in (INSERT, TICKET):
        for key in figures[kind][OURS]:
            ours, plain = figures[kind][OURS][key], figures[kind][PLAIN][key]
            unit = "a second" if key.endswith("_per_second") else "ms"
            label = f"{kind}, {key.removesuffix('_per_second')}"
            print(f"{label:36}{unit:>10}{ours:12.1f}{plain:14.1f}{ours / plain:8.2f}")
    print("and orders at the desk; the other column is without hand-offs")
    for what, rates in figures["desk"].items():
        for name, label in (("with hand-offs", ""), ("written, not notified", ", not notified")):
            ours, without = rates[name]["per_second"], rates["without"]["per_second"]
            row = f"{what + label:36}{'a second':>10}{ours:12.1f}{without:14.1f}"
            print(f"{row}{rates[name]['ratio']:9.3f}")
    print("a hand-off of one insert, step by step, ms:")
    print("  " + ", ".join(f"{name} {ms:.2f}" for name, ms in figures["steps"].items()))


if __name__ == "__main__":
    main()
