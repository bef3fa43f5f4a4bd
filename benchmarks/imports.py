"""Checks and imports a long file of orders, customers or products.

    make bench ARGS='imports [--kind customers] [--rows 100000] [--workbook] [--profile]'

Fills a temporary office from a file of that many rows, in a process of its own whose memory is
limited, and prints for each step the seconds, the rows a second, the statements a row, the longest
time between two steps of the progress, and the most memory that the process, and one that unpacks a
workbook, have used. The kinds are
`past-orders` (the default), `orders` (placed as at the counter), `customers` and `products`; orders
have five rows each. `--profile` prints where the import spends its time.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import os
import pstats
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

MOST_MEGABYTES = 600  # address space; the libraries take 300 of them
AT_ONCE = 1000


def order_row(row: int, lines: int) -> str:
    order = row // lines
    return (
        f"{order},{row % 28 + 1:02d}.03.2019 10:{row % 60:02d},P{row % 3000:05d},"
        f"Product {row % 3000},{row % 5 + 1},{row % 90 + 1}.50,{order % 9000},Client {order % 9000}"
    )


def customer_row(row: int, lines: int) -> str:
    return (
        f"{row},Customer {row},020 7{row % 10_000_000:07d},c{row}@example.org,{row} High Street,"
        f"London,W{row % 90} 1AA,GB"
    )


def product_row(row: int, lines: int) -> str:
    return f"P{row:06d},Product {row},{row % 90 + 1}.50,Category {row % 40},{5_000_000_000 + row}"


# By kind: the importer, its options, the headings, and a function that returns a row.
KINDS: dict[str, tuple[str, dict[str, str], str, Callable[[int, int], str]]] = {
    "past-orders": (
        "orders",
        {"history": "done"},
        "Order no,Date,SKU,Item,Qty,Price,Customer ID,Client",
        order_row,
    ),
    "orders": (
        "orders",
        {"history": "open"},
        "Order no,Date,SKU,Item,Qty,Price,Customer ID,Client",
        order_row,
    ),
    "customers": (
        "customers",
        {},
        "Customer ID,Name,Phone,E-mail,Street,City,Postcode,Country",
        customer_row,
    ),
    "products": ("products", {}, "Code,Name,Price,Category,Barcode", product_row),
}


def parts(kind: str, rows: int, lines: int) -> Iterator[bytes]:
    """Yields a file part by part."""
    _importer, _options, headings, row_of = KINDS[kind]
    yield f"{headings}\n".encode()
    for start in range(0, rows, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, rows))
        yield "".join(f"{row_of(row, lines)}\n" for row in numbers).encode()


def workbook(kind: str, rows: int, lines: int) -> Iterator[bytes]:
    """Yields the same file as XLSX."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for part in parts(kind, rows, lines):
        for line in part.decode().splitlines():
            sheet.append(line.split(","))
    stream = io.BytesIO()
    book.save(stream)
    yield stream.getvalue()


def main() -> int:
    """Runs the benchmark; returns 1 when a row has no outcome, else 0."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--kind", choices=list(KINDS), default="past-orders")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--lines", type=int, default=5)
    parser.add_argument("--workbook", action="store_true", help="an XLSX file instead of CSV")
    parser.add_argument("--profile", action="store_true")
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
        make = workbook if options.workbook else parts
        file = make(options.kind, options.rows, options.lines)
        if options.workbook:  # making it takes longer than most steps
            file = iter(list(file))
        name = "long.xlsx" if options.workbook else "long.csv"
        return measure(options.kind, options.rows, name, file, profile=options.profile)
    finally:
        postgres.kill()
        shutil.rmtree(folder, ignore_errors=True)


class Meter:
    """Prints what each step took."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.start_step()

    def start_step(self) -> None:
        """Begins to measure the next step."""
        self.began = self.last_progress = time.perf_counter()
        self.statements, self.longest = 0, 0.0

    def count(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        """Counts a statement, and notes when one writes the progress."""
        self.statements += 1
        if isinstance(sql, str) and sql.startswith('UPDATE "imports_importfile"'):
            now = time.perf_counter()
            self.longest = max(self.longest, now - self.last_progress)
            self.last_progress = now
        return execute(sql, params, many, context)

    def end_step(self, name: str) -> None:
        """Prints a line."""
        took = time.perf_counter() - self.began
        used, unpacker = (
            resource.getrusage(who).ru_maxrss // 1024
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        print(
            f"{name:<8}{took:>8.1f} s{self.rows / took:>8.0f} rows/s"
            f"{self.statements / self.rows:>7.2f} statements/row"
            f"{self.longest:>6.1f} s without progress{used:>6} MB, unpacker {unpacker} MB",
            flush=True,
        )
        self.start_step()


def measure(kind: str, rows: int, file_name: str, file: Iterator[bytes], *, profile: bool) -> int:
    """Imports the file and prints a line for each step."""
    from django.db import connection

    from officeflow.catalogue.actions import add_tax_rate
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
    add_tax_rate(actor=maya, name="Standard", rate=Decimal("0.2"))
    importer, options, _headings, _row_of = KINDS[kind]
    meter = Meter(rows)
    profiler = cProfile.Profile() if profile else None
    with connection.execute_wrapper(meter.count), profiler or nullcontext():
        found = upload_import_file(actor=maya, kind=importer, file_name=file_name, parts=file)
        meter.end_step("upload")
        check_import_file(
            actor=maya,
            import_file=found,
            mapping=ColumnMapping(**found.mapping),
            options=options,
        )
        check(found.number, seconds=36_000)
        meter.end_step("check")
        found.refresh_from_db()
        start_import_file(actor=maya, import_file=found)
        work(found.number, seconds=36_000)
        meter.end_step("import")
    found.refresh_from_db()
    print(found.state, found.rows_imported, "imported", found.rows_refused, "refused", found.made)
    if profiler is not None:
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(70)
    return 0 if found.rows_done == rows else 1


if __name__ == "__main__":
    raise SystemExit(main())
