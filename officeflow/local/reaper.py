"""Stays behind the office for a moment when its supervisor is killed, so that nothing else does.

Every program of the office gets a signal from the kernel when the supervisor dies, and ends in
good order. The reaper is for what does not: a program that hangs, or a child of one that was killed
at the same moment. It reads the supervisor's notes from its standard input, one JSON line at a
time; when the input ends without the line ``"done"``, it waits and then kills what still lives.

Called by path with ``-I -S``: it is small, and only the standard library is used.
"""

import importlib.util
import json
import signal
import sys
from pathlib import Path
from types import ModuleType

GRACE = 6.0  # seconds: an orderly stop takes less


def load(name: str) -> ModuleType:
    """A module of this folder, without importing the package around it."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def main(variable: str, mark: str) -> None:
    """Keep watch until the input ends."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    processes = load("processes")
    children: list[object] = []
    for line in sys.stdin:
        note = json.loads(line)
        if note == "done":
            return
        children = note
    watched = [one for one in map(processes.Identity.read, children) if one is not None]

    def left() -> list[object]:
        carrying = map(processes.Identity.of, processes.carrying(variable, mark))
        return [one for one in {*watched, *carrying} if one is not None and one.lives()]

    if not processes.wait_until(lambda: not left(), GRACE, pause=0.25):
        processes.end_all(left(), signal.SIGKILL, 5)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
