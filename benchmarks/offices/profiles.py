"""Where the CPU time of a piece of work goes in Python, from cProfile.

The clock is the thread's CPU, so that neither other work on the machine nor PostgreSQL counts.
"""

from __future__ import annotations

import cProfile
import pstats
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = tuple(str(ROOT / name) for name in ("officeflow", "frontdesk", "backoffice", "templates"))
SURROUNDING = ("__call__", "inner", "guarded", "execute", "_fetch_all")  # what holds all the rest


def new_profiler() -> cProfile.Profile:
    """Returns a profiler of CPU time."""
    return cProfile.Profile(time.thread_time)


def profile(work: Callable[[], object], times: int) -> pstats.Stats:
    """Runs the work some times under the profiler."""
    profiler = new_profiler()
    for _ in range(times):
        profiler.runcall(work)
    return pstats.Stats(profiler)


def own_functions(stats: pstats.Stats, times: int, most: int = 12) -> list[str]:
    """Returns our functions that cost most, with what they call, in milliseconds for one time."""
    found = []
    for (path, _line, name), figures in stats.stats.items():  # type: ignore[attr-defined]
        calls, own, cumulative = figures[1], figures[2], figures[3]
        if path.startswith(OURS) and name not in SURROUNDING:
            where = path.removeprefix(f"{ROOT}/").removesuffix(".py").replace("/", ".")
            found.append((cumulative, own, calls, f"{where}.{name}"))
    return [
        f"{cumulative / times * 1000:8.2f} {own / times * 1000:7.2f} {calls / times:7.1f}  {name}"
        for cumulative, own, calls, name in sorted(found, reverse=True)[:most]
    ]


def libraries(stats: pstats.Stats, times: int) -> list[str]:
    """Returns the milliseconds in the code of each library itself, for one time, the most first."""
    spent: dict[str, float] = {}
    for (path, _line, name), figures in stats.stats.items():  # type: ignore[attr-defined]
        _, _, package = path.rpartition("site-packages/")
        if path == "~":
            key = "psycopg2" if "psycopg2" in name else "built-in functions"
        elif path.startswith(str(ROOT)):
            key = path.removeprefix(f"{ROOT}/").split("/")[0]
            key = key if not key.startswith(".venv") else ".".join(package.split("/")[:3])
        else:
            key = ".".join(package.split("/")[:3]) if package != path else "standard library"
        spent[key.removesuffix(".py")] = spent.get(key.removesuffix(".py"), 0) + figures[2]
    most = sorted(spent.items(), key=lambda each: -each[1])[:10]
    return [f"{seconds / times * 1000:8.2f}  {name}" for name, seconds in most]


def print_profile(title: str, work: Callable[[], object], times: int) -> None:
    """Profiles the work and prints where its time goes."""
    work()
    print_stats(title, profile(work, times), times)


def print_stats(title: str, stats: pstats.Stats, times: int) -> None:
    """Prints our functions and the libraries that cost most, for one time."""
    total = stats.total_tt * 1000 / times  # type: ignore[attr-defined]
    print(f"\n{title}: {total:.1f} ms of CPU in Python, under the profiler, which makes it slower")
    print("   cumul.     own   calls  function of ours")
    print("\n".join(own_functions(stats, times)))
    print("      own  library")
    print("\n".join(libraries(stats, times)), flush=True)
