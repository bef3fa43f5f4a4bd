"""Times the pages and the API over HTTP in offices of three sizes.

    make bench ARGS='pages [--sizes 10000 100000 1000000] [--quick] [--runs 25] [--profile=queue]'

One office grows from size to size: customers, orders with lines, tickets (a quarter of them open),
hand-offs with streams and receipts, payments, invoices with postings, messages and audit entries of
90 days, as the product writes them (`benchmarks/offices`). At each size the web, the worker and the
sweeper run as `make run` starts them, and one client requests each page in turn over a connection
that stays open. Prints p50 in milliseconds with its growth, the queries and the bytes of each page,
and writes `benchmarks/results/pages.json`. `--quick` measures the two smaller sizes and fails when
a page takes more than one and a half times its goal. A million orders take some 25 GB of the
folder for temporary files.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from officeflow.local.output import say  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "pages.json"
SIZES = [10_000, 100_000, 1_000_000]
WARM_UP = 3
IN_PROCESS = 5  # requests of each page that count queries
TOO_SLOW = 1.5  # times the goal fails `--quick`
CHECKED = 10_000  # up to this many orders the filled office is checked whole


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page, who asks for it, and how fast it should be.

    `goal` is p50 in milliseconds at every size, `growth` the largest size's p50 by the smallest's;
    None is no goal.
    """

    name: str
    person: str
    addresses: Callable[[Samples], list[str]]
    goal: float | None
    growth: float | None = None


@dataclass
class Samples:
    """Records of the filled office that the addresses name, other ones for each request."""

    orders: list[str] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    account: str = ""

    @classmethod
    def draw(cls, count: int) -> Samples:
        """Reads them from the database: the same in an office of any size."""
        from django.db.models import Count

        from backoffice.accounting.models import Account
        from backoffice.tickets.models import Ticket
        from benchmarks.offices.growth import spread
        from frontdesk.customers.models import Customer
        from frontdesk.orders.models import Order
        from officeflow.permissions import Department

        early = Account.objects.filter(postings__pk__lt=10_000).annotate(many=Count("postings"))
        return cls(
            orders=spread(Order.objects, "number", count),
            tickets=spread(Ticket.objects.of(Department.FULFILMENT), "number", count),
            names=spread(Customer.objects, "name", count),
            account=early.order_by("-many").values_list("code", flat=True)[0],
        )


def typing(samples: Samples) -> list[str]:
    """Returns the requests of the order form's customer field while names are typed."""
    address = "/desk/customers/lookup/?products=1&q="
    texts = []
    for place, name in enumerate(samples.names):
        first, _, last = name.partition(" ")
        texts.append((first[:3], first, f"{first} {last[:3]}", last[:4], last)[place % 5])
    return [address + quote(text) for text in texts]


PAGES = [
    Page(
        name="fulfilment’s queue",
        person="femi",
        addresses=lambda _: ["/office/queue/fulfilment/"],
        goal=30,
        growth=1.3,
    ),
    Page(name="counter", person="rosa", addresses=lambda _: ["/desk/"], goal=25),
    Page(name="orders", person="rosa", addresses=lambda _: ["/desk/orders/"], goal=25),
    Page(
        name="one order",
        person="rosa",
        addresses=lambda samples: [f"/desk/orders/{number}/" for number in samples.orders],
        goal=25,
    ),
    Page(
        name="one ticket",
        person="femi",
        addresses=lambda samples: [f"/office/tickets/{number}/" for number in samples.tickets],
        goal=25,
    ),
    Page(name="customer lookup", person="rosa", addresses=typing, goal=12, growth=1.5),
    Page(
        name="product lookup",
        person="rosa",
        addresses=lambda _: [f"/desk/products/lookup/?q={text}" for text in ("mug", "pen", "lamp")],
        goal=12,
    ),
    Page(
        name="search page",
        person="maya",
        addresses=lambda samples: [
            f"/search/?q={quote(text)}"
            for place, name in enumerate(samples.names)
            for text in [name.split()[place % 2], name][place % 2 :]
        ],
        goal=40,
    ),
    Page(
        name="hand-offs, today",
        person="maya",
        addresses=lambda _: ["/dashboards/handoffs/?range=today"],
        goal=50,
    ),
    Page(
        name="hand-offs, 30 days",
        person="maya",
        addresses=lambda _: ["/dashboards/handoffs/?range=30"],
        goal=50,
    ),
    Page(
        name="trade, 30 days",
        person="maya",
        addresses=lambda _: ["/dashboards/trade/?range=30"],
        goal=50,
    ),
    Page(
        name="trial balance",
        person="amir",
        addresses=lambda _: ["/office/accounting/accounts/"],
        goal=None,
    ),
    Page(
        name="one account",
        person="amir",
        addresses=lambda samples: [f"/office/accounting/accounts/{samples.account}/"],
        goal=None,
    ),
    Page(
        name="invoices",
        person="amir",
        addresses=lambda _: ["/office/accounting/invoices/"],
        goal=None,
    ),
    Page(
        name="audit trail",
        person="maya",
        addresses=lambda _: ["/administration/audit/"],
        goal=None,
    ),
]
TAKE = Page(name="take a ticket (API)", person="femi", addresses=lambda _: [], goal=10)


def main() -> int:
    """Fills, measures, prints and writes; returns 1 when `--quick` finds a page too slow."""
    asked = arguments()
    from benchmarks.offices.filling import found_and_fill, prepare
    from benchmarks.offices.running import FILL_SETTINGS, RunningOffice

    figures: dict[str, dict[str, Any]] = {page.name: {} for page in [*PAGES, TAKE]}
    result: dict[str, Any] = {"machine": machine(), "sizes": [], "seconds to fill": {}}
    result["pages"] = figures
    with RunningOffice() as office:
        say("founding the office")
        prepare(office)
        growth = found_and_fill(office)
        for turn, size in enumerate(asked.sizes):
            say(f"filling {size:,} orders")
            began = time.monotonic()
            if turn:
                office.set_engine(FILL_SETTINGS)
            growth.to(size)
            result["seconds to fill"][str(size)] = time.monotonic() - began
            if size <= CHECKED:
                growth.check_references()
                say(office.manage("check_consistency").splitlines()[-1])
            office.set_engine({})  # those of `make run`
            say(f"measuring with {size:,} orders")
            office.start("web", "worker", "sweeper")
            office.wait_until_ready()
            for name, found in measure(office, asked.runs).items():
                figures[name][str(size)] = found
            office.stop("sweeper", "worker", "web")
            result["sizes"].append(size)
            # After each size, so that a run that is ended keeps what it has measured.
            asked.json.parent.mkdir(exist_ok=True)
            asked.json.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
            print_table(result["sizes"], figures)
            for name in asked.profile:
                profile_pages(name)
    print(
        f"The load of the machine was {result['machine']['load']:.1f} before the start. When others"
    )
    print("use it, p50 is an upper bound: compare the growth, the queries and the bytes.")
    return report_slow_pages(asked.sizes, figures) if asked.quick else 0


def arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="orders, rising")
    parser.add_argument("--quick", action="store_true", help="two sizes; fail when too slow")
    parser.add_argument("--runs", type=int, default=25, help="requests of each page")
    parser.add_argument("--profile", action="append", default=[], help="a part of a page's name")
    parser.add_argument("--json", type=Path, default=RESULTS)
    asked = parser.parse_args()
    if asked.quick:
        asked.sizes, asked.runs = SIZES[:2], min(asked.runs, 15)
    return asked


def measure(office: Any, runs: int) -> dict[str, dict[str, Any]]:
    """Returns the figures of each page."""
    from benchmarks.offices.http import signed_in

    samples = Samples.draw(runs + WARM_UP)
    browsers = {name: signed_in(office.port, name) for name in {page.person for page in PAGES}}
    for browser in browsers.values():
        for _ in range(8):  # each thread of the web opens its connection and compiles templates
            browser.get("/styleguide/clock/")
    found = {}
    for page in PAGES:
        addresses = page.addresses(samples)
        with cpu_used(office, runs + WARM_UP) as used:
            answers = over_http(browsers[page.person], addresses, runs)
        found[page.name] = {**answers, **used, **in_process(page.person, addresses)}
    for browser in browsers.values():
        browser.close()
    with cpu_used(office, runs + WARM_UP) as used:
        answers = take_tickets(office.port, runs)
    found[TAKE.name] = {**answers, **used}
    return found


@contextmanager
def cpu_used(office: Any, requests: int) -> Iterator[dict[str, float]]:
    """Yields a dictionary that then has the CPU milliseconds of a request, web and PostgreSQL."""
    from benchmarks.offices.running import cpu_seconds

    used: dict[str, float] = {}
    before = cpu_seconds(office)
    yield used
    after = cpu_seconds(office)
    for name, key in (("web", "web cpu"), ("postgres", "postgres cpu")):
        used[key] = (after[name] - before[name]) / requests * 1000


def over_http(browser: Any, addresses: list[str], runs: int) -> dict[str, Any]:
    """Returns times in milliseconds and bytes of a page over HTTP."""
    browser.close()  # the server ends connections that were idle; the next request opens another
    answers = []
    for address in itertools.islice(itertools.cycle(addresses), runs + WARM_UP):
        answer = browser.get(address)
        if answer.status != 200:
            raise SystemExit(f"{address} was answered with {answer.status}")
        answers.append(answer)
    return times(answers[WARM_UP:]) | {
        "bytes": round(statistics.median(len(answer.body) for answer in answers)),
        "bytes sent": round(statistics.median(answer.sent for answer in answers)),
    }


def times(answers: list[Any]) -> dict[str, float]:
    """Returns p50 and p95 in milliseconds."""
    seconds = [answer.seconds for answer in answers]
    return {
        "p50": statistics.median(seconds) * 1000,
        "p95": statistics.quantiles(seconds, n=20, method="inclusive")[-1] * 1000,
    }


def in_process(person: str, addresses: list[str]) -> dict[str, Any]:
    """Returns the number of a page's queries, their milliseconds, and the slowest."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from benchmarks.offices.http import session_of

    browser = session_of(person)
    browser.get(addresses[0])
    spent, counts, slowest = [], [], (0.0, "")
    for address in itertools.islice(itertools.cycle(addresses), IN_PROCESS):
        with CaptureQueriesContext(connection) as captured:
            browser.get(address)
        queries = [(float(each["time"]) * 1000, each["sql"]) for each in captured.captured_queries]
        spent.append(sum(ms for ms, _sql in queries))
        counts.append(len(queries))
        slowest = max(slowest, max(queries, default=slowest))
    return {
        "queries": round(statistics.median(counts)),
        "sql": statistics.median(spent),
        "slowest": {"ms": slowest[0], "sql": " ".join(slowest[1].split())},
    }


def take_tickets(port: int, runs: int) -> dict[str, Any]:
    """Returns the times of taking waiting tickets over the API."""
    from backoffice.tickets.models import Ticket
    from benchmarks.offices.http import program_of
    from officeflow.permissions import Department

    waiting = Ticket.objects.of(Department.FULFILMENT).filter(state="waiting").order_by("pk")
    numbers = list(waiting.values_list("number", flat=True)[: runs + WARM_UP])
    program = program_of(port, "femi")
    answers = [program.post(f"/api/v1/tickets/{number}/take/", {}) for number in numbers]
    program.close()
    wrong = [answer for answer in answers if answer.status != 200]
    if wrong:
        raise SystemExit(f"a ticket was not taken: {wrong[0].status} {wrong[0].body!r}")
    return times(answers[WARM_UP:]) | {"bytes": len(answers[0].body), "bytes sent": answers[0].sent}


def profile_pages(words: str) -> None:
    """Prints where the time of the pages goes whose name contains the words."""
    from benchmarks.offices.http import session_of
    from benchmarks.offices.profiles import print_profile

    samples = Samples.draw(10)
    for page in PAGES:
        if words in page.name:
            browser, addresses = session_of(page.person), itertools.cycle(page.addresses(samples))
            print_profile(page.name, lambda: browser.get(next(addresses)), 10)  # noqa: B023


def machine() -> dict[str, Any]:
    """Describes this machine."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "at": time.strftime("%F"),
        "load": os.getloadavg()[0],  # before the start
    }


def print_table(sizes: list[int], figures: dict[str, dict[str, Any]]) -> None:
    """Prints a row for each page, with a column for each size."""
    first, last = str(sizes[0]), str(sizes[-1])
    columns = "".join(f"{size:>11,}" for size in sizes)
    print(f"\n{'p50, ms':22}{columns}{'growth':>8}{'goal':>7}{'':6}", end="")
    print(f"{'p95':>7}{'CPU':>7}{'queries':>9}{'SQL':>7}{'kB':>7}{'kB sent':>9}")
    for page in [*PAGES, TAKE]:
        found = figures[page.name]
        cells = "".join(f"{found[str(size)]['p50']:11.1f}" for size in sizes)
        growth = found[last]["p50"] / found[first]["p50"]
        slow = page.goal is not None and any(row["p50"] > page.goal for row in found.values())
        grows = page.growth is not None and len(sizes) > 1 and growth > page.growth
        verdict = "" if page.goal is None else "over" if slow or grows else "met"
        goal = "" if page.goal is None else f"{page.goal:.0f}"
        end = found[last]
        print(f"{page.name:22}{cells}{growth:8.2f}{goal:>7} {verdict:5}{end['p95']:7.1f}", end="")
        print(f"{end['web cpu']:7.1f}", end="")
        print(f"{end.get('queries', ''):>9}{end.get('sql', 0):7.1f}", end="")
        print(f"{end['bytes'] / 1000:7.1f}{end['bytes sent'] / 1000:9.1f}")
    print(
        "growth: the largest size by the smallest. The columns after the goal are of the largest:"
    )
    print("p95, the CPU of the web and the time of the queries are in ms")


def report_slow_pages(sizes: list[int], figures: dict[str, dict[str, Any]]) -> int:
    """Prints a line for each page that is over its goal by half; returns 1 when there are any."""
    slow = 0
    for page in [*PAGES, TAKE]:
        for size in sizes:
            found = figures[page.name][str(size)]
            p50, cpu = found["p50"], found["web cpu"]
            if page.goal is not None and p50 > page.goal * TOO_SLOW:
                slow = 1
                print(
                    f"pages: {page.name} takes {p50:.0f} ms with {size:,} orders ({cpu:.0f} ms "
                    f"of CPU in the web); the goal is {page.goal:.0f} ms",
                    file=sys.stderr,
                )
    return slow


if __name__ == "__main__":
    sys.exit(main())
