"""Faults of all kinds, in an order that the seed determines."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

from tests.faults.drill.case import WORKER_KILLED, WORKERS_GONE, Case
from tests.faults.drill.office import LEASE, WEB_POINTS, WORKER_POINTS, Office

FAULTS = 14


def pause(office: Office, part: str, seconds: float) -> None:
    """Pauses a part for so many seconds."""
    office.signal(part, signal.SIGSTOP)
    time.sleep(seconds)
    office.signal(part, signal.SIGCONT)


def restart(office: Office, part: str) -> None:
    """Kills a part with all its processes and starts it again."""
    office.kill(part)
    office.start_part(part)


def hang_valkey(office: Office) -> None:
    """Pauses Redis for 1.5 s."""
    office.valkey.pause()
    time.sleep(1.5)
    office.valkey.resume()


def test_mix(case: Case) -> None:
    """A seeded mix of all of these"""
    office, rng = case.office, case.random
    faults: dict[str, Callable[[], object]] = {
        "a worker process killed": lambda: office.arm_point("worker", rng.choice(WORKER_POINTS)),
        "a web process killed": lambda: office.arm_point("web", rng.choice(WEB_POINTS)),
        "the sweeper's child killed": lambda: office.arm_point("sweeper", "before_commit"),
        "the workers killed": lambda: restart(office, "worker"),
        "the sweeper killed": lambda: restart(office, "sweeper"),
        "the workers hang": lambda: pause(office, "worker", 1.5),
        "Redis hangs": lambda: hang_valkey(office),
        "Redis flushed": lambda: office.broker().flushall(),
        "Redis restarted empty": office.crash_valkey,
        "PostgreSQL restarted": office.crash_postgres,
    }
    order = [*faults, *rng.choices([*faults], k=FAULTS - len(faults))]
    rng.shuffle(order)
    with office.with_environment("web", **office.web_points):
        case.start_load()
        for name in order:
            faults[name]()
            case.fired(not name.endswith(("process killed", "child killed")))
            office.start_what_ended()
            time.sleep(rng.uniform(0.3, 1.5))
        for path in office.faults.iterdir():  # not every point was reached
            if ".fired-" in path.name:
                case.fired(1)
            else:
                path.unlink(missing_ok=True)
        case.fired(0, "faults of ten kinds")
        office.until(office.ready, "the office is ready again")
        case.heal()
        case.drain()
    case.check(bound=LEASE + WORKERS_GONE + WORKER_KILLED)
