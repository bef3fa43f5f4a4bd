"""PostgreSQL crashes, has no place left, or somebody holds a lock."""

from __future__ import annotations

import contextlib
import time

import psycopg2

from tests.faults.drill.load import ask
from tests.faults.drill.office import Office
from tests.faults.drill.trial import WORKER_KILLED, Trial
from tests.faults.failing.apps import TAKES_LONG

LOCKED_SECONDS = 10.0


def test_postgres_crashes_idle(trial: Trial) -> None:
    """PostgreSQL restarted in immediate mode while idle"""
    office = trial.office
    surprised = office.said("worker", "raised unexpected")
    trial.open_counter()
    trial.until_asked(5)
    for _ in range(2):
        trial.drain()
        time.sleep(0.5)
        office.crash_postgres()
        trial.fired(1, "times restarted")
        began = time.time()
        trial.open_counter()
        trial.until_asked(trial.acknowledged() + 10)
    problems = [
        f"{times} answers were {status or 'none'} once it was back"
        for status, times in trial.history.statuses(began).items()
        if status == 0 or status >= 500
    ]
    if office.said("worker", "raised unexpected") > surprised:
        problems.append("a worker took the restart for a fault of its own")
    trial.heal()
    trial.judge(bound=WORKER_KILLED, problems=problems)


def test_postgres_crashes_in_an_apply(trial: Trial) -> None:
    """PostgreSQL restarted in immediate mode in an apply"""
    office = trial.office
    trial.open_counter(failures={TAKES_LONG: 0.4})
    for number in range(2):
        office.until(
            lambda number=number: office.failures(TAKES_LONG) > number, "an apply takes long"
        )
        time.sleep(0.3)
        hit = office.one(
            """SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'
            AND xact_start < clock_timestamp() - interval '0.2 s'"""
        )
        office.crash_postgres()
        trial.fired(hit, "applies cut off")
    office.mended_file.touch()
    trial.heal()
    trial.until_asked(trial.acknowledged() + 5)
    trial.judge(bound=WORKER_KILLED + 2)


def test_connections_exhausted(trial: Trial) -> None:
    """PostgreSQL's connections exhausted"""
    office = trial.office
    trial.open_counter()
    trial.until_asked(5)
    began = time.time()
    end = time.monotonic() + 6
    while time.monotonic() < end:
        take_every_place(office)
        time.sleep(0.05)
    refused = trial.history.statuses(began)[503]
    office.release_connections()
    trial.heal()
    trial.fired(refused, "requests answered 503")
    problems = silences(trial, began)
    trial.judge(bound=WORKER_KILLED, problems=problems)


def take_every_place(office: Office) -> None:
    """Ends everybody else's session and takes its place, until there is none left."""
    with contextlib.suppress(psycopg2.OperationalError):
        if not office.held:
            office.held.append(office.connect())
        with office.held[0].cursor() as cursor:
            cursor.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE backend_type = 'client backend' AND pid <> ALL(%s) AND state = 'idle'""",
                ([each.get_backend_pid() for each in office.held],),
            )
        while True:
            office.held.append(office.connect())


def test_lock_held(trial: Trial) -> None:
    """A lock held on the orders for 10 s"""
    office = trial.office
    trial.open_counter()
    trial.until_asked(5)
    began = time.time()
    with contextlib.closing(office.connect()) as holder:
        holder.autocommit = False
        with holder.cursor() as cursor:
            cursor.execute("LOCK TABLE frontdesk_order IN ACCESS EXCLUSIVE MODE")
            time.sleep(LOCKED_SECONDS)
        holder.rollback()
    until = time.time()
    trial.heal()
    trial.fired(trial.history.statuses(began)[503], "requests answered 503")
    problems = silences(trial, began)
    slowest = max(trial.history.seconds(began, until), default=0.0)
    if slowest > LOCKED_SECONDS - 1:
        problems.append(f"somebody waited {slowest:.1f} s for an answer")
    trial.judge(bound=WORKER_KILLED + 2, problems=problems)


def silences(trial: Trial, since: float) -> list[str]:
    """What was answered with nothing at all, where nobody died."""
    times = trial.history.statuses(since)[0]
    return [f"{times} requests were not answered"] if times else []


def test_page_while_locked(trial: Trial) -> None:
    """A page asked for while a lock is held"""
    office = trial.office
    with contextlib.closing(office.connect()) as holder:
        holder.autocommit = False
        with holder.cursor() as cursor:
            cursor.execute("LOCK TABLE company_office IN ACCESS EXCLUSIVE MODE")
            status, page = office.get("/sign-in/")
            answer = ask(office.port, office.tokens["rita"], "GET", "/api/v1/orders/")
        holder.rollback()
    trial.fired(int(status == 503) + int(answer.status == 503), "answers 503")
    problems = [] if status == 503 and page else [f"the page was answered {status}"]
    trial.heal()
    trial.judge(problems=problems)
