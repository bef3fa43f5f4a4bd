"""A supervisor with two small programs, for the tests: ``two_programs.py VAR``.

Prints ``ready`` when both run. ``stubborn`` ignores SIGTERM and has a child process; ``meek`` ends.
"""

import os
import shutil
import sys
from pathlib import Path

from officeflow.local import orphans, postgres_user
from officeflow.local.office_run import new_state
from officeflow.local.output import Terminal
from officeflow.local.supervisor import Program, StopRequested, Supervisor
from officeflow.local.var_folder import Var

STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
open(sys.argv[1] + "/" + str(os.getpid()), "w").close()
while True:
    time.sleep(60)
"""
MEEK = """
import os, sys, time
open(sys.argv[1] + "/" + str(os.getpid()), "w").close()
print("hello from meek", flush=True)
time.sleep(600)
"""


def main(folder: Path) -> None:
    var = Var(folder)
    var.open()
    assert var.lock.acquire()
    print(f"cleared {orphans.clear(var)}", flush=True)
    state = new_state("office") | {"address": "nowhere"}
    supervisor = Supervisor(var, state, Terminal())
    environment = {**os.environ, orphans.RUN_ID_VARIABLE: str(state["run_id"])}
    for name, text in (("stubborn", STUBBORN), ("meek", MEEK)):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()
        argv = [*postgres_user.launcher(None, os.getpid(), 15), sys.executable, "-c", text]
        argv.append(str(folder / name))
        program = Program(name, lambda argv=argv: argv, environment, grace=1.0)
        child = supervisor.start(program)
        supervisor.wait_ready(child, lambda name=name: any((folder / name).iterdir()), 20)
    print("ready", flush=True)
    try:
        supervisor.run()
    except StopRequested:
        pass
    finally:
        supervisor.stop(["meek"], ["stubborn"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
