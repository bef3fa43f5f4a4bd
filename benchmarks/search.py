"""Times the search with many customers.

    make bench ARGS='search [--customers 50000] [--rounds 20]'

Fills a temporary office with customers, orders, contacts and as many products and searches for what
people type: whole and partial names, typing errors, accents, phones, streets, postcodes, numbers,
words of a product. Prints p50 and p95 of each kind in milliseconds, with a manager's permissions,
and whether PostgreSQL finds customers and products by an index.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

FIRST_NAMES = (
    "Nora Émile Grace Oliver Priya Tomáš Linh Harriet Samuel Ingrid Mateo Fatima Jonas Kavita "
    "Peter Amina Ruth Yusuf Charlotte Daniel Mei Lars Beatriz George Zuzana Wanjiru Hugo Anna "
    "John Mary Maria James Søren Bjørn Łukasz Đức Ana Jan Eva Petr Omar Leila Ivan Olga"
)
PARTS = (
    "nord mann ber gen du bois ach ieng whit field ra man dvo řák nguy ễn os ei sol berg gar cía "
    "web er shah lind say ju ma gold de mir okon kwo fos ter tan erik sson al meida hart ley "
    "ho rák ka mau mar tin smi th jon es bro wn clark e wil son tay lor"
)
THINGS = ["lamp", "lantern", "bulb", "candle", "shade", "table", "chair", "mirror", "clock"]
MATERIALS = ["brass", "steel", "oak", "glass", "paper", "linen", "marble", "copper"]
FIRST, SYLLABLES = FIRST_NAMES.split(), PARTS.split()
TABLES = ("frontdesk_customer", "catalogue_product")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def mistyped(word: str, chance: random.Random) -> str:
    """Returns the word with one typing error."""
    at = chance.randrange(1, max(len(word) - 1, 2))
    match chance.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + chance.choice(LETTERS) + word[at:]
        case 2:
            return word[:at] + chance.choice(LETTERS) + word[at + 1 :]
    return word[: at - 1] + word[at : at + 1] + word[at - 1 : at] + word[at + 1 :]


def fill(number: int, chance: random.Random) -> list[tuple[str, str, str]]:
    """Creates customers, an order for every fifth and a contact for every tenth.

    Returns names, phone numbers and addresses to search for.
    """
    from django.db import connection
    from django.utils import timezone

    from frontdesk.customers.contact import phone_key
    from frontdesk.customers.models import ContactKind, Customer, CustomerContact
    from frontdesk.orders.models import Order
    from officeflow.text import name_key
    from tests.factories import make_office
    from tests.people import employ

    site, maya = make_office().main_site, employ("maya")
    known: list[tuple[str, str, str]] = []
    for start in range(0, number, 5000):
        rows = []
        for at in range(start, min(start + 5000, number)):
            last = "".join(chance.choice(SYLLABLES) for _each in range(chance.choice((2, 2, 3))))
            name = f"{chance.choice(FIRST)} {last.title()}"
            street = "".join(chance.choice(SYLLABLES) for _each in range(3)).title()
            letters = "".join(chance.choice(LETTERS).upper() for _each in range(2))
            postcode = f"SW{at % 20} {chance.randrange(10)}{letters}"
            phone = f"020 {chance.randrange(7000, 9000)} {chance.randrange(10000):04d}"
            rows.append(
                Customer(
                    number=f"CU-{at + 1:06d}",
                    name=name,
                    name_key=name_key(name),
                    phone=phone,
                    phone_key=phone_key(phone, "Europe/London"),
                    address=f"{at % 200} {street} Street\nLondon {postcode}",
                    email=f"{name_key(last)}{at}@example.org",
                    email_key=f"{name_key(last)}{at}@example.org",
                )
            )
        rows = Customer.objects.bulk_create(rows)
        known += [(row.name, row.phone, row.address) for row in chance.sample(rows, 40)]
        now = timezone.now()
        Order.objects.bulk_create(
            Order(
                number=f"SO-{row.pk:06d}",
                site=site,
                customer=row,
                placed_by=maya,
                ordered_at=now,
                currency="GBP",
                prices_include_tax=True,
                net=10,
                tax=2,
                gross=12,
                invoice_number=f"INV-2026-{row.pk:06d}",
            )
            for row in rows[::5]
        )
        CustomerContact.objects.bulk_create(
            CustomerContact(
                customer=row,
                kind=ContactKind.PERSON,
                value=f"{chance.choice(FIRST)} Contact{row.pk}",
                key=f"{name_key(chance.choice(FIRST))} contact{row.pk}",
                added_by=maya,
                added_at=now,
            )
            for row in rows[::10]
        )
    fill_products(number, chance)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return known


def fill_products(number: int, chance: random.Random) -> None:
    """Creates products with names of three words."""
    from officeflow.catalogue.models import Product
    from officeflow.text import name_key
    from tests.factories import make_product

    first = make_product("FIRST", "First product", "10.00")
    for start in range(0, number, 5000):
        rows = []
        for at in range(start, min(start + 5000, number)):
            word = "".join(chance.choice(SYLLABLES) for _each in range(3))
            name = f"{chance.choice(THINGS)} {chance.choice(MATERIALS)} {word}"
            rows.append(
                Product(
                    sku=f"{word[:4].upper()}-{at}",
                    name=name,
                    name_key=name_key(name),
                    price=10,
                    price_list_id=first.price_list_id,
                    tax_rate_id=first.tax_rate_id,
                )
            )
        Product.objects.bulk_create(rows)


def searches(
    known: list[tuple[str, str, str]], chance: random.Random
) -> dict[str, Callable[[], str]]:
    """Returns a function for each kind of search that draws a text to search for."""

    def name() -> str:
        return chance.choice(known)[0]

    def phone() -> str:
        return chance.choice(known)[1]

    def address() -> str:
        return chance.choice(known)[2]

    return {
        "whole name": name,
        "first letters": lambda: name().split()[1][:4],
        "two letters": lambda: name()[:2],
        "first name": lambda: name().split()[0],
        "error in the last name": lambda: mistyped(name().split()[1].lower(), chance),
        "errors in both, swapped": lambda: " ".join(
            mistyped(word.lower(), chance) for word in reversed(name().split())
        ),
        "nobody": lambda: "".join(chance.choice(LETTERS) for _each in range(9)),
        "phone": phone,
        "phone with country": lambda: f"0044 {phone()[1:]}",
        "end of a phone": lambda: phone()[-7:],
        "last four digits": lambda: phone()[-4:],
        "street": lambda: " ".join(address().split()[1:3]),
        "postcode": lambda: "".join(address().split()[-2:]),
        "words of a product": lambda: f"{chance.choice(MATERIALS)} {chance.choice(THINGS)}",
        "number": lambda: f"so {chance.randrange(1, 40000)}",
        "bare digits": lambda: str(chance.randrange(1, 40000)),
        "invoice": lambda: f"inv-2026-{chance.randrange(1, 40000)}",
    }


def measure(known: list[tuple[str, str, str]], rounds: int, chance: random.Random) -> float:
    """Prints a line for each kind of search; returns the worst p95 in milliseconds."""
    from officeflow.staff.models import User
    from officeflow.ui import search

    maya = User.objects.get(username="maya")
    worst = 0.0
    print(f"{'typed':<26}{'p50 ms':>9}{'p95 ms':>9}{'found':>7}")
    for kind, ask in searches(known, chance).items():
        times, found = [], 0
        for _each in range(rounds):
            text = ask()
            start = time.perf_counter()
            result = search.find(maya, text)
            times.append((time.perf_counter() - start) * 1000)
            found += bool(result.total)
        p95 = statistics.quantiles(times, n=20)[-1]
        worst = max(worst, p95)
        print(f"{kind:<26}{statistics.median(times):>9.1f}{p95:>9.1f}{found:>4}/{rounds}")
    return worst


def sequential_scans(known: list[tuple[str, str, str]]) -> Iterator[str]:
    """Yields the plan of each query of a search that reads all customers or all products."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from frontdesk.customers.queries.customers import find_customers
    from officeflow.catalogue.queries import find_products
    from officeflow.ui.search import SearchQuery

    name, phone, address = known[0]
    street, postcode = " ".join(address.split()[1:3]), "".join(address.split()[-2:])
    for text in (name, name.split()[1][:-1] + "x", phone, phone[-4:], street, postcode):
        with CaptureQueriesContext(connection) as queries:
            find_customers(SearchQuery.of(text), limit=8)
            find_products(text)
        for query in queries.captured_queries:
            if not any(table in query["sql"] for table in TABLES):
                continue
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN " + query["sql"])
                plan = "\n".join(row[0] for row in cursor.fetchall())
            if any(f"Seq Scan on {table}" in plan for table in TABLES):
                yield f"{text}\n{plan}"


def main() -> int:
    """Runs the benchmark; returns 1 when a query reads the whole table, else 0."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--customers", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=20)
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
            "DATABASE_URL": postgres.superuser_url,
            "REDIS_URL": "redis://localhost",
            "DJANGO_SETTINGS_MODULE": "officeflow.settings",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        chance = random.Random(7)  # the same on every machine
        start = time.perf_counter()
        known = fill(options.customers, chance)
        print(f"{options.customers} customers in {time.perf_counter() - start:.1f} s")
        worst = measure(known, options.rounds, chance)
        scans = list(sequential_scans(known))
        print(f"worst p95: {worst:.1f} ms")
        print(
            "customers and products are found by an index"
            if not scans
            else f"SEQUENTIAL SCAN:\n{scans[0]}"
        )
        return 1 if scans else 0
    finally:
        postgres.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main())
