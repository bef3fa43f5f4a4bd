"""Checks and imports a long file of orders that are done.

    make bench ARGS='imports [--rows 100000] [--lines 5]'

Fills a temporary office from a file of that many rows, five to an order, in a process of its own
whose memory is limited, and prints the seconds of each step, the rows a second and the most memory
that the process used.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

MOST_MEGABYTES = 600  # address space; the libraries take 300 of them


def parts(rows: int, lines: int) -> Iterator[bytes]:
    """Yields a file of orders part by part."""
    yield b"Order no,Date,SKU,Item,Qty,Price,Customer ID,Client\n"
    for start in range(0, rows, 1000):
        yield "".join(
            f"{row // lines},{row % 28 + 1:02d}.03.2019 10:{row % 60:02d},P{row % 3000:05d},"
            f"Product {row % 3000},{row % 5 + 1},{row % 90 + 1}.50,{row // lines % 9000},"
            f"Client {row // lines % 9000}\n"
            for row in range(start, min(start + 1000, rows))
        ).encode()


def main() -> int:
    """Runs the benchmark; returns 1 when a row has no outcome, else 0."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--lines", type=int, default=5)
    options = parser.parse_args()
    from officeflow.local.engines import TEST_SETTINGS, PostgresEngine

    folder = Path(tempfile.mkdtemp(prefix="office-", dir="/tmp"))
    folder.chmod(0o711)
    (folder / "static").mkdir()
    postgres = PostgresEngine(folder / "postgres", folder / "run", TEST_SETTINGS)
    try:
        postgres.start()
        postgres.wait_ready()
        os.environ |= {
            "OFFICEFLOW_MODE": "test",
            "OFFICEFLOW_VAR": str(folder),
            "SECRET_KEY": "only-for-a-benchmark-" + "x" * 50,
            "ALLOWED_HOSTS": "localhost",
            "DATABASE_URL": postgres.url,
            "REDIS_URL": "redis://localhost",
            "DJANGO_SETTINGS_MODULE": "officeflow.settings",
        }
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEGABYTES * 1024**2,) * 2)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        return measure(options.rows, options.lines)
    finally:
        postgres.kill()
        shutil.rmtree(folder, ignore_errors=True)


def measure(rows: int, lines: int) -> int:
    """Imports the file and prints a line for each step."""
    from officeflow.imports.actions import (
        check_import_file,
        start_import_file,
        upload_import_file,
    )
    from officeflow.imports.checking import check
    from officeflow.imports.mapping import ColumnMapping
    from officeflow.imports.running import work
    from tests.factories import make_office
    from tests.people import employ

    make_office()
    maya = employ("maya")
    last = time.perf_counter()

    def step(name: str) -> None:
        nonlocal last
        now = time.perf_counter()
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{name:<10}{now - last:>8.1f} s{rows / (now - last):>10.0f} rows/s{used:>7} MB")
        last = now

    found = upload_import_file(
        actor=maya, kind="orders", file_name="long.csv", parts=parts(rows, lines)
    )
    step("upload")
    check_import_file(
        actor=maya,
        import_file=found,
        mapping=ColumnMapping(**found.mapping),
        options={"history": "done"},
    )
    check(found.number, seconds=3600)
    step("check")
    found.refresh_from_db()
    start_import_file(actor=maya, import_file=found)
    work(found.number, seconds=36_000)
    step("import")
    found.refresh_from_db()
    print(found.state, found.rows_imported, "imported", found.rows_refused, "refused", found.made)
    return 0 if found.rows_done == rows else 1


if __name__ == "__main__":
    raise SystemExit(main())
