"""Times orders placed over the API, and says what one costs in CPU at each step.

    make bench ARGS='desk [--seconds 20] [--orders 10000] [--samples 200]'

In an office of ten thousand orders, one client and eight place orders of two lines over HTTP, first
without workers and then beside the workers of `make run`. Prints the orders placed a second, those
with all effects (every hand-off applied, those that consumers post too), p50 and p95 of placing,
and the CPU that each program used for an order. Then this process places orders and applies their
hand-offs itself: it prints the CPU of the request and of each consumer, in Python and in
PostgreSQL, their SQL statements, and the functions that cost most, by cProfile. Writes
`benchmarks/results/desk.json`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from officeflow.local.output import say  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "desk.json"
CLIENTS = (1, 8)
ORDERS_TOGETHER = 8  # are placed before their hand-offs are applied, as by eight clients
SKUS = ("LAMP-DESK", "NOTE-A5", "MUG-SWIFT", "CANDLE", "PEN-FOUNT", "TEAPOT", "BOOK-BIRDS")
REQUEST = "the request"
SETTLE_SECONDS = 900.0


def main() -> None:
    """Measures, prints and writes the figures."""
    asked = arguments()
    from benchmarks.offices.filling import forget_messages, found_and_fill, prepare
    from benchmarks.offices.running import RunningOffice
    from benchmarks.pages import machine

    figures: dict[str, Any] = {"machine": machine()}
    with RunningOffice() as office:
        say(f"filling {asked.orders:,} orders")
        prepare(office)
        found_and_fill(office).to(asked.orders)
        office.set_engine({})  # those of `make run`
        if asked.seconds:
            figures["rates"] = rates(office, asked.seconds)
            print_rates(figures["rates"])
            forget_messages(office)
        say("step by step")
        figures["steps"] = steps(asked.samples)
        print_steps(figures["steps"])
        profiles(asked.samples // 2)
    asked.json.parent.mkdir(exist_ok=True)
    asked.json.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")


def arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20, help="of placing, four times; 0: none")
    parser.add_argument("--orders", type=int, default=10_000, help="in the office before")
    parser.add_argument("--samples", type=int, default=200, help="orders step by step")
    parser.add_argument("--json", type=Path, default=RESULTS)
    return parser.parse_args()


# --- rates ----------------------------------------------------------------------------------------


def rates(office: Any, seconds: float) -> list[dict[str, Any]]:
    """Returns the rates with each number of clients, without and with workers."""
    found = []
    office.start("web")
    for clients in CLIENTS:
        say(f"{clients} at a time, without workers")
        found.append(rate(office, clients, seconds))
        office.start("worker", "sweeper")
        office.wait_until_ready()
        settle()
        office.stop("sweeper", "worker")
    office.start("worker", "sweeper")
    office.wait_until_ready()
    for clients in CLIENTS:
        say(f"{clients} at a time, beside workers")
        found.append(rate(office, clients, seconds))
    office.stop("sweeper", "worker", "web")
    return found


def rate(office: Any, clients: int, seconds: float) -> dict[str, Any]:
    """Places orders for some seconds; returns rates, times and the CPU of each program."""
    from benchmarks.offices.http import program_of
    from benchmarks.offices.running import cpu_seconds

    programs = [program_of(office.port, name) for name in receptionists(clients)]
    customers = customer_numbers()
    before, began = cpu_seconds(office), time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        placing = partial(place_until, deadline=began + seconds, customers=customers)
        times = [each for spent in pool.map(placing, programs) for each in spent]
    placed = time.monotonic() - began
    has_workers = "worker" in office.programs
    if has_workers:
        settle()
    applied = time.monotonic() - began
    spent = {name: total - before.get(name, 0) for name, total in cpu_seconds(office).items()}
    for program in programs:
        program.close()
    return {
        "clients": clients,
        "workers": has_workers,
        "orders": len(times),
        "placed a second": len(times) / placed,
        "with all effects a second": len(times) / applied if has_workers else None,
        "p50": statistics.median(times) * 1000,
        "p95": statistics.quantiles(times, n=20, method="inclusive")[-1] * 1000,
        "cpu ms an order": {name: total * 1000 / len(times) for name, total in spent.items()},
    }


def receptionists(count: int) -> list[str]:
    """Returns the user names of colleagues, one for each client; calls are limited for each."""
    from officeflow.permissions import Role
    from officeflow.staff.actions import add_person
    from officeflow.staff.models import User

    names = [f"desk{place}" for place in range(count)]
    known = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    for name in names:
        if name not in known:
            add_person(
                actor=None,
                username=name,
                full_name=f"Desk {name[4:]}",
                email=f"{name}@lantern.example",
                password=None,
                roles=[Role.RECEPTIONIST],
            )
    return names


def place_until(program: Any, *, deadline: float, customers: list[str]) -> list[float]:
    """Places orders until the deadline; returns the seconds of each."""
    spent: list[float] = []
    while time.monotonic() < deadline:
        answer = program.post(
            "/api/v1/orders/",
            an_order(len(spent), customers),
            **{"Idempotency-Key": str(uuid.uuid4())},
        )
        if answer.status != 201:
            raise SystemExit(f"an order was answered with {answer.status}: {answer.body!r}")
        spent.append(answer.seconds)
    return spent


def an_order(place: int, customers: list[str]) -> dict[str, Any]:
    """Returns the body of an order of two lines."""
    skus = (SKUS[place % len(SKUS)], SKUS[(place + 3) % len(SKUS)])
    return {
        "customer": customers[place % len(customers)],
        "lines": [{"sku": sku, "quantity": "1"} for sku in skus],
    }


def customer_numbers() -> list[str]:
    """Returns the numbers of some customers, of whom three quarters get messages."""
    from benchmarks.offices.growth import spread
    from frontdesk.customers.models import Customer

    return spread(Customer.objects, "number", 40)


def settle() -> None:
    """Waits until no hand-off waits."""
    from officeflow.handoff.models import Handoff

    waiting = Handoff.objects.filter(delivered_at__isnull=True)
    deadline = time.monotonic() + SETTLE_SECONDS
    while waiting.exists():
        if time.monotonic() > deadline:
            raise SystemExit(f"{waiting.count()} wait after {SETTLE_SECONDS:.0f} s")
        time.sleep(0.1)


# --- step by step ---------------------------------------------------------------------------------


@dataclass
class Step:
    """What a step has cost in seconds, and its SQL statements."""

    python: float = 0.0
    postgres: float = 0.0
    elapsed: float = 0.0
    statements: int = 0
    handoffs: int = 0


@dataclass
class Steps:
    """Measures steps in this process and in its PostgreSQL backend."""

    found: dict[str, Step] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.backend = cursor.fetchone()[0]

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Measures the block."""
        from django.db import connection

        from benchmarks.offices.running import cpu_of

        one = self.found.setdefault(name, Step())

        def counted(execute: Callable[..., Any], *given: Any) -> Any:
            one.statements += 1
            return execute(*given)

        backend, began, python = cpu_of(self.backend), time.perf_counter(), time.thread_time()
        with connection.execute_wrapper(counted):
            yield one
        one.python += time.thread_time() - python
        one.elapsed += time.perf_counter() - began
        one.postgres += cpu_of(self.backend) - backend


def steps(count: int) -> dict[str, dict[str, float]]:
    """Places orders in this process and applies their hand-offs; returns each step's costs."""
    from officeflow.handoff.applying.apply import apply_due

    measured, place = Steps(), placing_here()
    for name in (*destinations(), REQUEST):
        place() if name == REQUEST else apply_due(name)  # loads everything
    for _ in range(max(1, count // ORDERS_TOGETHER)):
        with measured.step(REQUEST):
            for _order in range(ORDERS_TOGETHER):
                place()
        for name in apply_in_turns():
            with measured.step(name) as step:
                step.handoffs += apply_due(name)
    orders = max(1, count // ORDERS_TOGETHER) * ORDERS_TOGETHER
    return {
        name: {
            "python": step.python / orders * 1000,
            "postgres": step.postgres / orders * 1000,
            "elapsed": step.elapsed / orders * 1000,
            "statements": step.statements / orders,
            "hand-offs": step.handoffs / orders,
        }
        for name, step in measured.found.items()
        if name == REQUEST or step.handoffs
    }


def destinations() -> list[str]:
    """Returns the destinations of hand-offs."""
    from officeflow.handoff.models import Destination

    return list(Destination.values)


def apply_in_turns() -> Iterator[str]:
    """Yields destinations with waiting hand-offs until there are none."""
    from officeflow.handoff.models import Handoff

    waiting = Handoff.objects.filter(delivered_at__isnull=True)
    while names := sorted(set(waiting.values_list("destination", flat=True))):
        yield from names


def placing_here() -> Callable[[], None]:
    """Returns a function that places an order over the API inside this process."""
    from django.test import Client

    from officeflow.staff.actions import issue_token
    from officeflow.staff.models import User

    _token, secret = issue_token(user=User.objects.get(username="rosa"))
    client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Token {secret}"})
    customers, placed = customer_numbers(), 0

    def place() -> None:
        nonlocal placed
        answer = client.post(
            "/api/v1/orders/",
            an_order(placed, customers),
            content_type="application/json",
            headers={"Idempotency-Key": str(uuid.uuid4())},
        )
        placed += 1
        if answer.status_code != 201:
            raise SystemExit(f"an order was answered with {answer.status_code}: {answer.content!r}")

    return place


def profiles(count: int) -> None:
    """Prints which functions of the request and of each consumer cost most."""
    import pstats

    from benchmarks.offices.profiles import new_profiler, print_stats
    from officeflow.handoff.applying.apply import apply_due

    place = placing_here()
    profilers = {name: new_profiler() for name in (REQUEST, *destinations())}
    rounds = max(1, count // ORDERS_TOGETHER)
    for _ in range(rounds):
        for _order in range(ORDERS_TOGETHER):
            profilers[REQUEST].runcall(place)
        for name in apply_in_turns():
            profilers[name].runcall(apply_due, name)
    for name, profiler in profilers.items():
        profiler.create_stats()
        if profiler.stats:
            print_stats(f"{name}, one order", pstats.Stats(profiler), rounds * ORDERS_TOGETHER)


# --- the tables -----------------------------------------------------------------------------------


def print_rates(found: list[dict[str, Any]]) -> None:
    """Prints a row for each number of clients, without and with workers."""
    programs = list(found[-1]["cpu ms an order"])
    print(
        f"\n{'':24}{'placed/s':>10}{'effects/s':>11}{'p50 ms':>8}{'p95 ms':>8}   CPU ms an order:",
        end="",
    )
    print("".join(f"{name:>13}" for name in programs))
    for row in found:
        label = f"{row['clients']} at a time, {'workers' if row['workers'] else 'no workers'}"
        effects = row["with all effects a second"]
        print(f"{label:24}{row['placed a second']:10.1f}", end="")
        print(f"{effects:11.1f}" if effects else f"{'':11}", end="")
        print(f"{row['p50']:8.1f}{row['p95']:8.1f}{'':20}", end="")
        print("".join(f"{row['cpu ms an order'].get(name, 0):13.2f}" for name in programs))


def print_steps(found: dict[str, dict[str, float]]) -> None:
    """Prints a row for each step of an order."""
    print(f"\n{'an order, step by step':24}{'Python ms':>10}{'PostgreSQL ms':>15}", end="")
    print(f"{'elapsed ms':>12}{'statements':>12}{'hand-offs':>11}")
    sums = {key: sum(row[key] for row in found.values()) for key in found[REQUEST]}
    for name, row in [*found.items(), ("all", sums)]:
        print(f"{name:24}{row['python']:10.2f}{row['postgres']:15.2f}", end="")
        print(f"{row['elapsed']:12.2f}{row['statements']:12.1f}{row['hand-offs']:11.2f}")


if __name__ == "__main__":
    main()
