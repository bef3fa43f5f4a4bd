"""The state of one order or return during its import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from frontdesk.customers.models import Customer
from frontdesk.order_log.lookups import Lookups
from frontdesk.order_log.rows import LogEntry
from officeflow.catalogue.models import Product
from officeflow.imports.registry import FileUnit, ImportJob, RowResult, UnitResult
from officeflow.imports.states import RowOutcome


@dataclass
class ImportContext:
    """One order or return during its import: its entries, and the results of its rows."""

    unit: FileUnit
    entries: list[LogEntry] = field(default_factory=list)
    results: list[RowResult] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)

    def refuse(self, number: int, reason: str) -> None:
        """Adds the result of a refused row."""
        self.results.append(RowResult(number=number, outcome=RowOutcome.REFUSED, reason=reason))

    def existing(self, number: int, reference: str) -> None:
        """Adds the result of a row that was imported before."""
        self.results.append(
            RowResult(number=number, outcome=RowOutcome.EXISTING, reference=reference)
        )

    def imported(self, number: int, reference: str, reason: str = "") -> None:
        """Adds the result of an imported row."""
        self.results.append(
            RowResult(
                number=number, outcome=RowOutcome.IMPORTED, reason=reason, reference=reference
            )
        )

    @property
    def result(self) -> UnitResult:
        """The results of all rows, and the numbers of created records."""
        return UnitResult(
            rows=sorted(self.results, key=lambda each: each.number), made=dict(self.made)
        )


def make_products(
    products: Iterable[Product], context: ImportContext, lookups: Lookups, job: ImportJob
) -> set[str]:
    """Adds the products that are not in the catalogue; returns their codes."""
    new = {product.sku: product for product in products if product.sku not in lookups.products}
    lookups.make_products(list(new.values()), job)
    context.made["products"] += len(new)
    return set(new)


def find_or_add_customer(
    context: ImportContext, lookups: Lookups, job: ImportJob
) -> Customer | None:
    """Returns the customer of an order or return, adding a new one; None for a walk-in."""
    entry = next((each for each in context.entries if each.customer.key), None)
    if entry is None:
        return None
    found = lookups.customers.get(entry.customer.key)
    if found is None:
        context.made["customers"] += 1
        return lookups.make_customer(entry.customer, job)
    return lookups.keep_customer(found, entry.customer, job)
