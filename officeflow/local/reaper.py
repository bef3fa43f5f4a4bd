"""Kills the office's programs that still run some seconds after the supervisor was killed.

Every program gets a signal from the kernel when the supervisor dies, and then stops in an orderly
way. The reaper kills those that do not: a program that hangs, or the child of one that was killed
too. It reads the list of programs from its standard input, one JSON line for each change; when the
input ends without the line ``"done"``, it waits and kills what still runs.

Started by path with ``-I -S``, so it uses the standard library alone.
"""

import importlib.util
import json
import signal
import sys
from pathlib import Path
from types import ModuleType

GRACE = 6.0  # seconds; an orderly stop takes less


def load(name: str) -> ModuleType:
    """Import a module of this folder without the package around it."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def main(variable: str, run_id: str) -> None:
    """Read the list of programs until the input ends, then kill what still runs.

    Processes whose environment variable ``variable`` is ``run_id`` belong to the office too.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    processes = load("processes")
    children: list[object] = []
    for line in sys.stdin:
        message = json.loads(line)
        if message == "done":
            return
        children = message
    programs = [one for one in map(processes.Identity.read, children) if one is not None]

    def running() -> list[object]:
        others = map(processes.Identity.of, processes.pids_with_variable(variable, run_id))
        return [one for one in {*programs, *others} if one is not None and one.is_alive()]

    if not processes.wait_until(lambda: not running(), GRACE, pause=0.25):
        processes.terminate_all(running(), signal.SIGKILL, 5)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
