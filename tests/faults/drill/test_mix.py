"""All of it, one after the other, as the seed has it."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

from tests.faults.drill.office import LEASE, WEB_POINTS, WORKER_POINTS, Office
from tests.faults.drill.trial import WORKER_KILLED, WORKERS_GONE, Trial

FAULTS = 14


def pause(office: Office, part: str, seconds: float) -> None:
    """A part hangs for a while."""
    office.signal(part, signal.SIGSTOP)
    time.sleep(seconds)
    office.signal(part, signal.SIGCONT)


def restart(office: Office, part: str) -> None:
    """A part dies with all its processes, and is started again."""
    office.kill(part)
    office.start_part(part)


def hang_valkey(office: Office) -> None:
    """Redis hangs for a while."""
    office.valkey.pause()
    time.sleep(1.5)
    office.valkey.resume()


def test_mix(trial: Trial) -> None:
    """A seeded mix of all of these"""
    office, rng = trial.office, trial.random
    faults: dict[str, Callable[[], object]] = {
        "a worker's child killed": lambda: office.arm_point("worker", rng.choice(WORKER_POINTS)),
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
    with office.different("web", **office.web_points):
        trial.open_counter()
        for name in order:
            faults[name]()
            trial.fired(not name.endswith("child killed") and name != "a web process killed")
            office.start_what_ended()
            time.sleep(rng.uniform(0.3, 1.5))
        for path in office.faults.iterdir():  # not every point was come to
            if ".fired-" in path.name:
                trial.fired(1)
            else:
                path.unlink(missing_ok=True)
        trial.fired(0, "faults of ten kinds")
        office.until(office.ready, "all is well again")
        trial.heal()
        trial.drain()
    trial.judge(bound=LEASE + WORKERS_GONE + WORKER_KILLED)
