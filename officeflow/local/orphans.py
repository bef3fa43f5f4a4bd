"""Ends processes that a killed office left behind.

Such a process is recorded in ``var/run.json`` with its identity (id, start, boot), has the id of
the killed run in its environment, or is an engine that works in this office's data folder. The
caller holds the lock of ``var/``, so the process cannot belong to a running office.
"""

import signal

from officeflow.local import processes
from officeflow.local.processes import Identity
from officeflow.local.var_folder import Var

RUN_ID_VARIABLE = "OFFICEFLOW_OFFICE"
GRACE = 4.0  # seconds


def clear(var: Var) -> int:
    """End the processes that the last holder of the lock left and return their number."""
    state = var.read_state()
    engines = engine_leaders(var)
    recorded = [Identity.read(child) for child in state.get("children", [])]
    found = {one for one in recorded if one is not None and one.is_alive()} - set(engines)
    if run_id := state.get("run_id"):
        found |= identities(processes.pids_with_variable(RUN_ID_VARIABLE, str(run_id)))
    count = processes.terminate_all(found, signal.SIGTERM, GRACE)
    # PostgreSQL last and with SIGINT, its fast shutdown, as in an orderly stop.
    return count + processes.terminate_all(engines, signal.SIGINT, GRACE)


def engine_leaders(var: Var) -> list[Identity]:
    """Return the engines that work in this office's data folders, without their child processes."""
    pids = processes.pids_in_folder("postgres", var.postgres)
    pids += processes.pids_in_folder("valkey-server", var.valkey)
    leaders = []
    for pid in pids:
        fields = processes.stat_fields(pid)
        if fields is not None and int(fields[1]) not in pids:
            leaders.append(pid)
    return sorted(identities(leaders), key=lambda one: one.pid)


def identities(pids: list[int]) -> set[Identity]:
    """Return the identities of those processes that still exist."""
    return {one for one in map(Identity.of, pids) if one is not None}
