"""PostgreSQL crashes, has no connections left, or a lock is held."""

from __future__ import annotations

import contextlib
import time

import psycopg2

from tests.faults.drill.case import WORKER_KILLED, Case
from tests.faults.drill.load import ask
from tests.faults.drill.office import Office
from tests.faults.failing.apps import TAKES_LONG

LOCKED_SECONDS = 10.0


def test_postgres_crashes_idle(case: Case) -> None:
    """PostgreSQL restarted in immediate mode while idle"""
    office = case.office
    surprised = office.count_in_log("worker", "raised unexpected")
    case.start_load()
    case.wait_for_acknowledged(5)
    for _ in range(2):
        case.drain()
        time.sleep(0.5)
        office.crash_postgres()
        case.fired(1, "times restarted")
        began = time.time()
        case.start_load()
        case.wait_for_acknowledged(case.acknowledged() + 10)
    problems = [
        f"{times} answers were {status or 'none'} after the restart"
        for status, times in case.history.statuses(began).items()
        if status == 0 or status >= 500
    ]
    if office.count_in_log("worker", "raised unexpected") > surprised:
        problems.append("a worker raised an unexpected error")
    case.heal()
    case.check(bound=WORKER_KILLED, problems=problems)


def test_postgres_crashes_in_an_apply(case: Case) -> None:
    """PostgreSQL restarted in immediate mode in an apply"""
    office = case.office
    case.start_load(failures={TAKES_LONG: 0.4})
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
        case.fired(hit, "applies cut off")
    office.repaired_file.touch()
    case.heal()
    case.wait_for_acknowledged(case.acknowledged() + 5)
    case.check(bound=WORKER_KILLED + 2)


def test_connections_exhausted(case: Case) -> None:
    """PostgreSQL's connections exhausted"""
    office = case.office
    case.start_load()
    case.wait_for_acknowledged(5)
    began = time.time()
    end = time.monotonic() + 6
    while time.monotonic() < end:
        take_all_connections(office)
        time.sleep(0.05)
    refused = case.history.statuses(began)[503]
    office.release_connections()
    case.heal()
    case.fired(refused, "requests answered 503")
    problems = unanswered(case, began)
    case.check(bound=WORKER_KILLED, problems=problems)


def take_all_connections(office: Office) -> None:
    """Ends the idle sessions of others and opens connections until none is left."""
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


def test_lock_held(case: Case) -> None:
    """A lock held on the orders for 10 s"""
    office = case.office
    case.start_load()
    case.wait_for_acknowledged(5)
    began = time.time()
    with contextlib.closing(office.connect()) as holder:
        holder.autocommit = False
        with holder.cursor() as cursor:
            cursor.execute("LOCK TABLE frontdesk_order IN ACCESS EXCLUSIVE MODE")
            time.sleep(LOCKED_SECONDS)
        holder.rollback()
    until = time.time()
    case.heal()
    case.fired(case.history.statuses(began)[503], "requests answered 503")
    problems = unanswered(case, began)
    slowest = max(case.history.seconds(began, until), default=0.0)
    if slowest > LOCKED_SECONDS - 1:
        problems.append(f"an answer took {slowest:.1f} s")
    case.check(bound=WORKER_KILLED + 2, problems=problems)


def unanswered(case: Case, since: float) -> list[str]:
    """Returns a violation when requests got no answer though no process ended."""
    times = case.history.statuses(since)[0]
    return [f"{times} requests were not answered"] if times else []


def test_page_while_locked(case: Case) -> None:
    """A page asked for while a lock is held"""
    office = case.office
    with contextlib.closing(office.connect()) as holder:
        holder.autocommit = False
        with holder.cursor() as cursor:
            cursor.execute("LOCK TABLE company_office IN ACCESS EXCLUSIVE MODE")
            status, page = office.get("/sign-in/")
            answer = ask(office.port, office.tokens["rita"], "GET", "/api/v1/orders/")
        holder.rollback()
    case.fired(int(status == 503) + int(answer.status == 503), "answers 503")
    problems = [] if status == 503 and page else [f"the page was answered {status}"]
    case.heal()
    case.check(problems=problems)
