"""Workers and sweepers that die, run at the same time, or have a wrong clock."""

from __future__ import annotations

import os
import signal
import subprocess
from functools import partial

import pytest

from officeflow.local import processes
from tests.faults.breakable_office import PROJECT, UNCOUNTED_KILLS
from tests.faults.drill.case import NOTIFICATION_LOST, WORKER_KILLED, WORKERS_GONE, Case
from tests.faults.drill.office import ATTEMPTS, CLOCK_AHEAD, LEASE, Office
from tests.faults.failing.apps import KILLS

APPLIES = "sweep.applies_itself"
SWEEPER_STARTS = 3.0  # seconds until its first sweep
WHEN = {
    "after the claim": "after_claim",
    "in the middle of applying": "before_commit",
    "after applying": "after_commit",
}


@pytest.mark.parametrize("when", WHEN)
def test_worker_killed(case: Case, when: str) -> None:
    """A worker process killed -9 {when}"""
    office, point = case.office, WHEN[when]
    case.start_load()
    case.wait_for_acknowledged(5)
    case.during(5, lambda: office.arm_point("worker", point), every=1.0)
    case.fired(office.fired_at("worker", point), "processes killed")
    case.heal()
    case.check(bound=WORKER_KILLED)


def kill_workers(case: Case, rounds: int = 3) -> int:
    """Kills all workers several times and deletes their notifications; returns the number of these.

    The last time the load stops first, so that no later notification replaces the deleted ones.
    """
    office, lost = case.office, 0
    case.start_load(rate=12, max_operations=50)
    for number in range(rounds):
        office.until(office.has_worker, "the workers are ready", timeout=20)
        goal = case.acknowledged() + case.random.randint(5, 9)
        case.wait_for_acknowledged(goal)
        if number == rounds - 1:
            case.stop_load()
            office.signal("worker", signal.SIGSTOP)
            # Operations while no worker can apply.
            case.start_load(rate=12, max_operations=10)
            case.wait_for_acknowledged(case.acknowledged() + 10)
            case.stop_load()
        office.kill("worker")
        lost += office.queued()
        office.broker().flushall()
        office.start_part("worker")
    case.fired(rounds, "times the group killed")
    return lost


def test_worker_group_killed(case: Case) -> None:
    """The whole worker group killed -9 every few seconds, its notifications lost"""
    lost = kill_workers(case)
    case.heal()
    case.note(f"{lost} notifications lost")
    case.check(bound=WORKERS_GONE + WORKER_KILLED)


def test_control_without_sweeper(case: Case) -> None:
    """Control: the same without a sweeper, which must lose hand-offs"""
    office = case.office
    office.kill("sweeper")
    lost = kill_workers(case)
    office.until(office.has_worker, "the workers are ready")
    processes.wait_until(lambda: case.waiting() == 0, WORKER_KILLED + 3)
    left = case.waiting()
    case.note(f"{lost} notifications lost; {left} hand-offs were stuck without a sweeper")
    problems = (
        [] if left else ["no hand-off was stuck without a sweeper, so the drill cannot see a loss"]
    )
    case.heal()
    office.start_part("sweeper")
    case.check(bound=SWEEPER_STARTS + NOTIFICATION_LOST, problems=problems)


def test_sweeper_killed(case: Case) -> None:
    """The sweeper and its child killed -9 with a lease taken"""
    office = case.office
    office.kill("worker")  # so that the sweeper's child applies
    case.start_load(rate=6, max_operations=40)
    for number in range(2):
        case.wait_for_acknowledged(case.acknowledged() + 6)
        office.arm_point("sweeper", "after_claim")
        office.until(
            lambda number=number: office.fired_at("sweeper", "after_claim") > number,
            "the child dies",
        )
        office.kill("sweeper")
        office.start_part("sweeper")
    case.fired(office.fired_at("sweeper", "after_claim"), "leases taken")
    office.start_part("worker")
    office.until(office.ready, "the office is ready again")
    case.heal()
    case.check(bound=WORKER_KILLED)


def test_crowd(case: Case) -> None:
    """Two sweepers that apply whatever is due, and the workers, at once on one backlog"""
    office = case.office
    eager = {"HANDOFF_FALLBACK_SECONDS": "0"}
    office.more["sweeper2"] |= eager
    crowd = ("worker", "sweeper", "sweeper2")
    with office.with_environment("sweeper", **eager), office.second_process("sweeper"):
        before = sum(office.count_in_log(part, APPLIES) for part in crowd)
        case.start_load(rate=12)
        for _ in range(2):
            for part in crowd:
                office.signal(part, signal.SIGSTOP)
            case.wait_for_acknowledged(case.acknowledged() + 20)
            for part in reversed(crowd):
                before_signal = office.count_in_log(part, APPLIES)
                office.signal(part, signal.SIGCONT)
                if part != "worker":  # the next part continues while this one applies
                    processes.wait_until(
                        partial(applies_again, office, part, before_signal), 3, pause=0.01
                    )
            case.wait_for_acknowledged(case.acknowledged() + 5)
        case.heal()
        case.drain()
        after = sum(office.count_in_log(part, APPLIES) for part in crowd)
    case.fired(after - before, "times a sweeper applied too")
    case.check(bound=NOTIFICATION_LOST)


def applies_again(office: Office, sweeper: str, times: int) -> bool:
    """Returns whether the sweeper has applied more than `times` times."""
    return office.count_in_log(sweeper, APPLIES) > times


def test_poison(case: Case) -> None:
    """A poison hand-off that kills its worker: dead after its attempts, others flow"""
    office = case.office
    case.start_load(rate=5, failures={KILLS: 0.1})
    office.until(lambda: office.failures(KILLS) > 0, "a poison hand-off kills")
    case.wait_for_acknowledged(case.acknowledged() + 10)
    case.stop_load()
    poison = case.poisoned(KILLS)
    dead = "SELECT count(*) FROM handoff_handoff WHERE id = ANY(%s) AND state = 'dead'"
    office.until(lambda: office.one(dead, poison) == len(poison), "the poison is dead")
    problems = [
        f"hand-off {pk} died after {attempts} counted attempts, {ATTEMPTS} are allowed"
        for pk, attempts in office.sql(
            "SELECT id, attempts - attempts_forgiven FROM handoff_handoff WHERE id = ANY(%s)",
            poison,
        )
        if attempts != ATTEMPTS
    ]
    kills = office.failures(KILLS)
    least = ATTEMPTS * len(poison)
    max_operations = (ATTEMPTS + UNCOUNTED_KILLS) * len(poison)
    if not least <= kills <= max_operations:
        problems.append(f"{len(poison)} poisonous ones killed {kills} workers")
    case.fired(kills, "processes killed")
    others = case.waiting_in_other_streams(poison)
    processes.wait_until(lambda: case.waiting_in_other_streams(poison) == 0, WORKER_KILLED + 10)
    if case.waiting_in_other_streams(poison):
        problems.append(f"{others} other hand-offs waited for the dead ones")
    case.note(f"{len(poison)} dead, repaired and replayed")
    office.repaired_file.touch()
    for pk in poison:
        case.replay(pk)
    case.heal()
    case.check(bound=NOTIFICATION_LOST, problems=problems)


def test_sigterm_rolling(case: Case) -> None:
    """SIGTERM to each process in turn under load"""
    office = case.office
    case.start_load()
    case.wait_for_acknowledged(5)
    killed = []
    for part in ("worker", "sweeper", "web"):
        ended = office.running.pop(part)
        # As a service manager does: the first process gets the signal and ends its children.
        os.kill(ended.pid, signal.SIGTERM)
        case.fired(1, "processes ended")
        if not processes.wait_until(partial(has_ended, ended), 15):
            processes.signal_group(ended.pid, signal.SIGKILL)
            killed.append(f"{part} did not end within 15 s of SIGTERM")
        office.start_part(part)
        office.until(office.ready, f"the {part} is back")
    office.valkey.stop(15)
    case.fired(1)
    office.valkey.start()
    office.valkey.wait_ready()
    office.until(office.ready, "the broker is back")
    case.heal()
    case.check(bound=NOTIFICATION_LOST, problems=killed)


def has_ended(part: subprocess.Popen[str]) -> bool:
    """Returns whether the first process of a part has ended."""
    return part.poll() is not None


def test_clock_ahead(case: Case) -> None:
    """A worker whose clock is five minutes ahead"""
    office = case.office
    with office.with_environment("worker", PYTHONPATH=f"{CLOCK_AHEAD}:{PROJECT}"):
        # A worker with the right time runs too.
        with office.second_process("worker"):
            case.start_load(rate=10)
            case.wait_for_acknowledged(10)
            office.arm_point("worker", "before_commit")  # a lease taken by the wrong clock
            case.wait_for_acknowledged(45)
            case.stop_load()
            case.heal()
            case.drain()
        case.fired(count_by_wrong_clock(office, case), "tickets it opened")
        early = office.sql(
            """SELECT h.id FROM handoff_handoff h WHERE h.id > %s AND
            (h.delivered_at > clock_timestamp() OR h.due_at > clock_timestamp() + interval '60 s')
            AND h.state = 'waiting'""",
            case.mark.last["handoff"],
        )
    problems = [f"hand-off {pk} has a time of the wrong clock" for (pk,) in early]
    case.check(bound=LEASE + WORKER_KILLED, problems=problems)


def count_by_wrong_clock(office: Office, case: Case) -> int:
    """Returns the number of tickets that seem opened minutes after their hand-off was applied."""
    return int(
        office.one(
            """SELECT count(*) FROM tickets_ticket t JOIN handoff_handoff h ON h.id = t.handoff_id
            WHERE h.id > %s AND t.created_at > h.delivered_at + interval '200 s'""",
            case.mark.last["handoff"],
        )
    )
