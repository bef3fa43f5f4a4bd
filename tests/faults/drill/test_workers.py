"""Workers and sweepers that die, crowd each other, or have the wrong clock."""

from __future__ import annotations

import os
import signal
import subprocess
from functools import partial

import pytest

from officeflow.local import processes
from tests.faults.breakable_office import PROJECT, UNCOUNTED_KILLS
from tests.faults.drill.office import AHEAD, ATTEMPTS, LEASE, Office
from tests.faults.drill.trial import NOTIFICATION_LOST, WORKER_KILLED, WORKERS_GONE, Trial
from tests.faults.failing.apps import KILLS

APPLIES = "sweep.applies_itself"
SWEEPER_STARTS = 3.0  # seconds, until it looks for the first time
WHEN = {
    "after the claim": "after_claim",
    "in the middle of applying": "before_commit",
    "after applying, before the acknowledgement": "after_commit",
}


@pytest.mark.parametrize("when", WHEN)
def test_worker_child_killed(trial: Trial, when: str) -> None:
    """A worker's child killed -9 {when}"""
    office, point = trial.office, WHEN[when]
    trial.open_counter()
    trial.until_asked(5)
    trial.during(5, lambda: office.arm_point("worker", point), every=1.0)
    trial.fired(office.fired_at("worker", point), "processes killed")
    trial.heal()
    trial.judge(bound=WORKER_KILLED)


def kill_workers(trial: Trial, rounds: int = 3) -> int:
    """The whole group is killed again and again, and each time its notifications are lost.

    The last time nothing is asked for any more before they go, so that none comes later that would
    do instead. Answers how many notifications were lost.
    """
    office, lost = trial.office, 0
    trial.open_counter(rate=12, most=50)
    for number in range(rounds):
        office.until(office.has_worker, "the workers live", patience=20)
        goal = trial.acknowledged() + trial.random.randint(5, 9)
        trial.until_asked(goal)
        if number == rounds - 1:
            trial.close_counter()
            office.signal("worker", signal.SIGSTOP)
            # What is asked for while nobody can apply, in the office's last moment.
            trial.open_counter(rate=12, most=10)
            trial.until_asked(trial.acknowledged() + 10)
            trial.close_counter()
        office.kill("worker")
        lost += office.queued()
        office.broker().flushall()
        office.start_part("worker")
    trial.fired(rounds, "times the group killed")
    return lost


def test_worker_group_killed(trial: Trial) -> None:
    """The whole worker group killed -9 every few seconds, its notifications lost"""
    lost = kill_workers(trial)
    trial.heal()
    trial.note(f"{lost} notifications lost")
    trial.judge(bound=WORKERS_GONE + WORKER_KILLED)


def test_control_without_sweeper(trial: Trial) -> None:
    """Control: the same without a sweeper, which must lose hand-offs"""
    office = trial.office
    office.kill("sweeper")
    lost = kill_workers(trial)
    office.until(office.has_worker, "the workers live")
    processes.wait_until(lambda: trial.waiting() == 0, WORKER_KILLED + 3)
    left = trial.waiting()
    trial.note(f"{lost} notifications lost; {left} hand-offs were lost until a sweeper came")
    problems = [] if left else ["nothing was lost without a sweeper: the drill would not notice"]
    trial.heal()
    office.start_part("sweeper")
    trial.judge(bound=SWEEPER_STARTS + NOTIFICATION_LOST, problems=problems)


def test_sweeper_killed(trial: Trial) -> None:
    """The sweeper and its child killed -9 with a lease taken"""
    office = trial.office
    office.kill("worker")  # so that it is the sweeper's child who applies
    trial.open_counter(rate=6, most=40)
    for number in range(2):
        trial.until_asked(trial.acknowledged() + 6)
        office.arm_point("sweeper", "after_claim")
        office.until(
            lambda number=number: office.fired_at("sweeper", "after_claim") > number,
            "the child dies",
        )
        office.kill("sweeper")
        office.start_part("sweeper")
    trial.fired(office.fired_at("sweeper", "after_claim"), "leases taken")
    office.start_part("worker")
    office.until(office.ready, "all is well again")
    trial.heal()
    trial.judge(bound=WORKER_KILLED)


def test_crowd(trial: Trial) -> None:
    """Two sweepers that apply whatever is due, and the workers, at once on one backlog"""
    office = trial.office
    eager = {"HANDOFF_FALLBACK_SECONDS": "0"}
    office.more["sweeper2"] |= eager
    crowd = ("worker", "sweeper", "sweeper2")
    with office.different("sweeper", **eager), office.second("sweeper"):
        before = sum(office.said(part, APPLIES) for part in crowd)
        trial.open_counter(rate=12)
        for _ in range(2):
            for part in crowd:
                office.signal(part, signal.SIGSTOP)
            trial.until_asked(trial.acknowledged() + 20)
            for part in reversed(crowd):
                said = office.said(part, APPLIES)
                office.signal(part, signal.SIGCONT)
                if part != "worker":  # the next one comes while this one is at it
                    processes.wait_until(partial(has_begun, office, part, said), 3, pause=0.01)
            trial.until_asked(trial.acknowledged() + 5)
        trial.heal()
        trial.drain()
        after = sum(office.said(part, APPLIES) for part in crowd)
    trial.fired(after - before, "times a sweeper applied too")
    trial.judge(bound=NOTIFICATION_LOST)


def has_begun(office: Office, sweeper: str, said: int) -> bool:
    """Whether a sweeper applies itself once more than it had said."""
    return office.said(sweeper, APPLIES) > said


def test_poison(trial: Trial) -> None:
    """A poison hand-off that kills its worker: dead after its attempts, others flow"""
    office = trial.office
    trial.open_counter(rate=5, failures={KILLS: 0.1})
    office.until(lambda: office.failures(KILLS) > 0, "the poison works")
    trial.until_asked(trial.acknowledged() + 10)
    trial.close_counter()
    poison = trial.poisoned(KILLS)
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
    most = (ATTEMPTS + UNCOUNTED_KILLS) * len(poison)
    if not least <= kills <= most:
        problems.append(f"{len(poison)} poisonous ones killed {kills} workers")
    trial.fired(kills, "processes killed")
    others = trial.waiting_beside(poison)
    processes.wait_until(lambda: trial.waiting_beside(poison) == 0, WORKER_KILLED + 10)
    if trial.waiting_beside(poison):
        problems.append(f"{others} hand-offs of others waited for the dead")
    trial.note(f"{len(poison)} dead, mended and replayed")
    office.mended_file.touch()
    for pk in poison:
        trial.replay(pk)
    trial.heal()
    trial.judge(bound=NOTIFICATION_LOST, problems=problems)


def test_sigterm_rolling(trial: Trial) -> None:
    """SIGTERM to each process in turn under load"""
    office = trial.office
    trial.open_counter()
    trial.until_asked(5)
    killed = []
    for part in ("worker", "sweeper", "web"):
        ended = office.running.pop(part)
        # As a service manager does: the first process is told, and ends its own.
        os.kill(ended.pid, signal.SIGTERM)
        trial.fired(1, "processes ended")
        if not processes.wait_until(partial(has_ended, ended), 15):
            processes.signal_group(ended.pid, signal.SIGKILL)
            killed.append(f"{part} did not end within 15 s of SIGTERM")
        office.start_part(part)
        office.until(office.ready, f"the {part} is back")
    office.valkey.stop(15)
    trial.fired(1)
    office.valkey.start()
    office.valkey.wait_ready()
    office.until(office.ready, "the broker is back")
    trial.heal()
    trial.judge(bound=NOTIFICATION_LOST, problems=killed)


def has_ended(part: subprocess.Popen[str]) -> bool:
    """Whether its first process is gone."""
    return part.poll() is not None


def test_clock_ahead(trial: Trial) -> None:
    """A worker whose clock is five minutes ahead"""
    office = trial.office
    with office.different("worker", PYTHONPATH=f"{AHEAD}:{PROJECT}"):
        # Beside it one that tells the time, so that the two would see it if clocks mattered.
        with office.second("worker"):
            trial.open_counter(rate=10)
            trial.until_asked(10)
            office.arm_point("worker", "before_commit")  # a lease taken by the wrong clock
            trial.until_asked(45)
            trial.close_counter()
            trial.heal()
            trial.drain()
        trial.fired(count_by_wrong_clock(office, trial), "tickets it opened")
        early = office.sql(
            """SELECT h.id FROM handoff_handoff h WHERE h.id > %s AND
            (h.delivered_at > clock_timestamp() OR h.due_at > clock_timestamp() + interval '60 s')
            AND h.state = 'waiting'""",
            trial.mark.last["handoff"],
        )
    problems = [f"hand-off {pk} has a time of the wrong clock" for (pk,) in early]
    trial.judge(bound=LEASE + WORKER_KILLED, problems=problems)


def count_by_wrong_clock(office: Office, trial: Trial) -> int:
    """Tickets that say they were opened minutes after their hand-off was applied."""
    return int(
        office.one(
            """SELECT count(*) FROM tickets_ticket t JOIN handoff_handoff h ON h.id = t.handoff_id
            WHERE h.id > %s AND t.created_at > h.delivered_at + interval '200 s'""",
            trial.mark.last["handoff"],
        )
    )
