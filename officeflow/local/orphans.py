"""Processes that a killed office left behind, found by who they are and never by their name alone.

Three marks tell an orphan: its identity (id, start, boot) was written down in ``var/run.json``; it
carries the word that its office put into its environment; or it is an engine whose own folder is
this office's data folder. Whoever calls this holds the lock, so no living office can be meant.
"""

import signal

from officeflow.local import processes
from officeflow.local.places import Var
from officeflow.local.processes import Identity

MARK = "OFFICEFLOW_OFFICE"
GRACE = 4.0  # seconds


def clear(var: Var) -> int:
    """End what the last holder of the lock left behind, and say how many processes that was."""
    state = var.noted()
    engines = engine_leaders(var)
    recorded = [Identity.read(child) for child in state.get("children", [])]
    found = {one for one in recorded if one is not None and one.lives()} - set(engines)
    if mark := state.get("mark"):
        found |= identities(processes.carrying(MARK, str(mark)))
    count = processes.end_all(found, signal.SIGTERM, GRACE)
    # PostgreSQL last, and by its fast shutdown, as in an orderly stop.
    return count + processes.end_all(engines, signal.SIGINT, GRACE)


def engine_leaders(var: Var) -> list[Identity]:
    """The engines that work in this office's folders, without their own children."""
    pids = processes.working_in("postgres", var.postgres)
    pids += processes.working_in("valkey-server", var.valkey)
    leaders = []
    for pid in pids:
        fields = processes.stat_fields(pid)
        if fields is not None and int(fields[1]) not in pids:
            leaders.append(pid)
    return sorted(identities(leaders), key=lambda one: one.pid)


def identities(pids: list[int]) -> set[Identity]:
    """The identities of those of ``pids`` that still live."""
    return {one for one in map(Identity.of, pids) if one is not None}
