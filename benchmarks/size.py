"""Times an office with few and with many applied hand-offs.

    make bench ARGS='size [--rows 10000000] [--few 10000] [--rounds 5]'

Two offices run on the same engine, one with few applied hand-offs and one with many: a thousand a
day up to now, checkpointed as by the sweeper. Both do the same in turns: a hand-off from its post
to its effect, the sweeper's search and balance checkpoint, the dashboard, its list, the metrics,
the hand-offs about one order. The medians and their ratios are printed and written to
`benchmarks/results/size.json`. Ten million rows take about 8 GB in the temporary folder and some
minutes to create.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from officeflow.local.output import say  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "size.json"
AT_A_TIME = 1_000_000
EACH = 20  # repetitions of each measurement in a round

FILL = """
WITH place AS (
    SELECT n, (ARRAY['fulfilment', 'accounting', 'hr', 'management', 'frontdesk'])[1 + n %% 5]
               AS destination,
           'SO-' || lpad((n / 5)::text, 8, '0') AS subject,
           now() - make_interval(secs => (%(rows)s - n) * 86.4) AS at
    FROM generate_series(%(first)s, %(last)s) n
), stream AS (
    INSERT INTO handoff_stream (id, destination, subject, posted, head, checkpointed, settled_at)
    SELECT n, destination, subject, 1, 2, 1, at FROM place
), handoff AS (
    INSERT INTO handoff_handoff (id, stream_id, sequence, destination, subject, contract,
        contract_version, payload, is_sealed, state, is_head, attempts, attempts_forgiven, due_at,
        posted_at, delivered_at, accepted_at, last_error)
    SELECT n, n, 1, destination, subject, 'OrderPlaced', 2, '{"order_number": "SO-00000001"}',
        false, 'applied', false, 1, 0, at, at, at + random() * interval '1 second',
        at + random() * interval '9 hours', ''
    FROM place
)
INSERT INTO handoff_receipt (handoff_id, attempt, applied_at) SELECT n, 1, at FROM place
"""
CHECKPOINT = """
INSERT INTO handoff_balance_checkpoint (destination, posted, applied, attempts)
SELECT destination, count(*), count(*), count(*) FROM handoff_handoff GROUP BY destination;
SELECT setval('handoff_stream_id_seq', %(rows)s + 1), setval('handoff_handoff_id_seq', %(rows)s + 1)
"""
# Statements that drop constraints and indexes before the rows are inserted, and recreate them.
CONSTRAINTS = """
SELECT format('ALTER TABLE %I DROP CONSTRAINT %I', conrelid::regclass, conname),
       format('ALTER TABLE %I ADD CONSTRAINT %I %s', conrelid::regclass, conname,
              pg_get_constraintdef(oid))
FROM pg_constraint
WHERE contype = 'u' AND conrelid IN ('handoff_handoff'::regclass, 'handoff_stream'::regclass)
UNION ALL
SELECT format('DROP INDEX %I', indexname), indexdef
FROM pg_indexes JOIN pg_class ON relname = indexname JOIN pg_index ON indexrelid = pg_class.oid
WHERE tablename IN ('handoff_handoff', 'handoff_stream', 'handoff_receipt') AND NOT indisunique
"""
# For filling and indexing many rows at once.
SETTINGS = {"max_wal_size": "16GB", "maintenance_work_mem": "1GB", "checkpoint_timeout": "1h"}


def main() -> None:
    """Fills both offices, measures, prints and writes the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000, help="of the large office")
    parser.add_argument("--few", type=int, default=10_000, help="of the small one")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, default=RESULTS)
    parser.add_argument("--office", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.office:
        Office(asked.office).serve()
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        Path(folder).chmod(0o711)
        figures = compare(Path(folder), {"few": asked.few, "many": asked.rows}, asked.rounds)
    print(f"{'median, ms':28}{asked.few:>12,}{asked.rows:>14,}{'ratio':>8}")
    for name, (few, many) in figures.items():
        print(f"{name:28}{few:12.2f}{many:14.2f}{many / few:8.2f}")
    asked.json.parent.mkdir(exist_ok=True)
    result = {"rows": [asked.few, asked.rows], "ms": figures, "at": time.strftime("%F")}
    asked.json.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")


def compare(folder: Path, rows: dict[str, int], rounds: int) -> dict[str, tuple[float, float]]:
    """Returns the medians of both offices in milliseconds, by the name of the measurement."""
    from officeflow.local.engines import PostgresEngine, ValkeyEngine

    postgres = PostgresEngine(folder / "postgres", folder / "run", SETTINGS)
    valkey = ValkeyEngine(folder / "valkey", folder / "run")
    offices: dict[str, subprocess.Popen[str]] = {}
    found: dict[str, dict[str, list[float]]] = {name: {} for name in rows}
    try:
        for engine in (postgres, valkey):
            engine.start()
        for engine in (postgres, valkey):
            engine.wait_ready()
        for name, count in rows.items():
            say(f"an office of {count:,} hand-offs")
            offices[name] = open_office(folder, name, count, postgres.superuser_url, valkey.url)
        for turn in range(rounds):
            for name in rows if turn % 2 else reversed(rows):
                for what, seconds in ask(offices[name]).items():
                    found[name].setdefault(what, []).extend(seconds)
    finally:
        for office in offices.values():
            with suppress(OSError):
                office.communicate(timeout=20)
        for engine in (valkey, postgres):
            if engine.running:
                engine.kill()
    few, many = (found[name] for name in rows)
    return {
        what: (statistics.median(few[what]) * 1000, statistics.median(many[what]) * 1000)
        for what in few
    }


def open_office(
    folder: Path, name: str, rows: int, database: str, broker: str
) -> subprocess.Popen[str]:
    """Starts a process with its own database; returns it when the database is filled."""
    import psycopg2

    connection = psycopg2.connect(database)
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE {name}")
    connection.close()
    head, _, query = database.partition("?")
    office = subprocess.Popen(
        [sys.executable, "-W", "ignore", __file__, "--office", str(rows)],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "benchmarks.handoffs.settings",
            "OFFICEFLOW_MODE": "test",
            "OFFICEFLOW_VAR": str(folder / name),
            "SECRET_KEY": "only-for-benchmarks-" + "x" * 50,
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
            "DATABASE_URL": f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else ""),
            "REDIS_URL": broker,
            "BENCH_NOTES": str(folder / f"notes-{name}"),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    answer(office)
    return office


def ask(office: subprocess.Popen[str]) -> dict[str, list[float]]:
    """Runs one round; returns the seconds of each repetition by the name of the measurement."""
    assert office.stdin is not None
    office.stdin.write("again\n")
    office.stdin.flush()
    return dict(answer(office))


def answer(office: subprocess.Popen[str]) -> Any:
    """Returns the next answer of the process."""
    assert office.stdout is not None
    line = office.stdout.readline()
    if not line:
        raise SystemExit("the office ended: its error stands above")
    return json.loads(line)


class Office:
    """The process of one office: fills its database and runs rounds of measurements."""

    def __init__(self, rows: int) -> None:
        import django

        django.setup()
        from django.core.management import call_command
        from django.test import Client

        from benchmarks.handoffs.effects import TABLES
        from benchmarks.handoffs.office import open_office as open_shop
        from tests.people import employ

        call_command("migrate", verbosity=0)
        open_shop()
        self.rows = rows
        self.made = 0
        self.maya = employ("maya")
        self.browser = Client()
        self.browser.force_login(self.maya, backend="django.contrib.auth.backends.ModelBackend")
        self.fill(TABLES)

    def fill(self, tables: str) -> None:
        """Inserts the rows without triggers; most indexes are created afterwards."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(tables)
            cursor.execute(CONSTRAINTS)
            constraints = cursor.fetchall()
            for drop, _create in constraints:
                cursor.execute(drop)
            cursor.execute("SET session_replication_role = replica")
            for first in range(1, self.rows + 1, AT_A_TIME):
                last = min(first + AT_A_TIME - 1, self.rows)
                cursor.execute(FILL, {"rows": self.rows, "first": first, "last": last})
            cursor.execute(CHECKPOINT, {"rows": self.rows})
            cursor.execute("SET session_replication_role = DEFAULT")
            for _drop, create in constraints:
                cursor.execute(create)
            cursor.execute("VACUUM ANALYZE")  # as autovacuum does over years

    def serve(self) -> None:
        """Answers each line on standard input with one round of timings."""
        measurements: dict[str, Callable[[], object]] = {
            "post to effect": self.hand_over,
            "sweeper's look": self.look,
            "sweeper's checkpoint": self.checkpoint,
            "dashboard, today": lambda: self.page("/dashboards/handoffs/?range=today"),
            "dashboard, 7 days": lambda: self.page("/dashboards/handoffs/?range=7"),
            "list, all": lambda: self.page("/dashboards/handoffs/all/"),
            "list, one destination": lambda: self.page("/dashboards/handoffs/all/?destination=hr"),
            "list, applied": lambda: self.page("/dashboards/handoffs/all/?state=applied"),
            "list, dead": lambda: self.page("/dashboards/handoffs/dead/"),
            "monitor's figures": self.metrics,
            "all about one order": self.receipts,
        }
        for work in measurements.values():
            work()
        print(json.dumps("ready"), flush=True)
        for _line in sys.stdin:
            print(
                json.dumps({name: timed(work) for name, work in measurements.items()}), flush=True
            )

    def hand_over(self) -> None:
        """Posts a hand-off and applies it as a worker does."""
        from django.db import transaction

        from officeflow.handoff.applying.apply import apply_due
        from officeflow.handoff.contracts import CONTRACTS
        from officeflow.handoff.models import Destination
        from officeflow.handoff.outbox import post

        self.made += 1
        reference = f"NEW-{self.made:07}"
        with transaction.atomic():
            contract = CONTRACTS["Parcel"](reference=reference)
            post(contract, to=[Destination.MANAGEMENT], subject=reference, actor=self.maya)
        if apply_due("management") != 1:
            raise SystemExit("a hand-off had no effect")

    def look(self) -> None:
        """Runs the sweeper's search of every second."""
        from officeflow.handoff.maintenance.sweeper import find_overdue

        find_overdue()

    def checkpoint(self) -> None:
        """Extends the sweeper's balance checkpoint."""
        from officeflow.handoff.maintenance import balance_checkpoint

        balance_checkpoint.extend(0, quiet_seconds=0.0)

    def page(self, address: str) -> None:
        """Requests a page of the dashboards."""
        response = self.browser.get(address)
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}")

    def metrics(self) -> None:
        """Requests the metrics."""
        response = self.browser.get("/metrics", headers={"host": "127.0.0.1"})
        if response.status_code != 200:
            raise SystemExit(f"/metrics answered {response.status_code}")

    def receipts(self) -> None:
        """Reads the hand-offs about one order, as its page shows them."""
        from officeflow.handoff.queries import receipts_about

        if len(receipts_about(f"SO-{self.rows // 10:08}")) != 5:
            raise SystemExit("an order lacks hand-offs")


def timed(work: Callable[[], object]) -> list[float]:
    """Returns the seconds of each of `EACH` repetitions."""
    spent = []
    for _ in range(EACH):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return spent


if __name__ == "__main__":
    main()
