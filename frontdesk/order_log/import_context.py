"""An order or a return of the file while it is imported, and the records that it needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from frontdesk.customers.models import Customer
from frontdesk.order_log.lookups import Lookups
from frontdesk.order_log.rows import Entry
from officeflow.catalogue.models import Product
from officeflow.imports.registry import FileUnit, ImportJob, RowResult, UnitResult
from officeflow.imports.states import RowOutcome


@dataclass
class ImportContext:
    """One order or return of the file while it is imported: its rows, and what became of each."""

    unit: FileUnit
    entries: list[Entry] = field(default_factory=list)
    results: list[RowResult] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)

    def refuse(self, number: int, reason: str) -> None:
        """One row is refused."""
        self.results.append(RowResult(number=number, outcome=RowOutcome.REFUSED, reason=reason))

    def there(self, number: int, reference: str) -> None:
        """One row was taken before."""
        self.results.append(
            RowResult(number=number, outcome=RowOutcome.EXISTING, reference=reference)
        )

    def taken(self, number: int, reference: str, reason: str = "") -> None:
        """One row is taken."""
        self.results.append(
            RowResult(
                number=number, outcome=RowOutcome.IMPORTED, reason=reason, reference=reference
            )
        )

    @property
    def result(self) -> UnitResult:
        """What became of the order."""
        return UnitResult(
            rows=sorted(self.results, key=lambda each: each.number), made=dict(self.made)
        )


def make_products(
    products: Iterable[Product], context: ImportContext, lookups: Lookups, job: ImportJob
) -> set[str]:
    """Puts on the list what is not on it yet; the codes of what was put there."""
    new = {product.sku: product for product in products if product.sku not in lookups.products}
    lookups.make_products(list(new.values()), job)
    context.made["products"] += len(new)
    return set(new)


def find_or_add_customer(context: ImportContext, lookups: Lookups, job: Job) -> Customer | None:
    """The customer's record, made when the file names one who is not known; None is a walk-in."""
    number = next((entry.customer for entry in context.entries if entry.customer), "")
    if not number:
        return None
    if number in lookups.customers:
        return lookups.customers[number]
    country = next((entry.country for entry in context.entries if entry.country), "")
    context.made["customers"] += 1
    return lookups.make_customer(number, country, job)
