"""The state of one order or return during its import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from frontdesk.customers.models import Customer
from frontdesk.order_log.lookups import Lookups
from frontdesk.order_log.order_amounts import OrderAmounts
from frontdesk.order_log.rows import LogCustomer, LogEntry
from frontdesk.order_log.status import mark_of_order
from officeflow.catalogue.models import Product, Unit
from officeflow.imports.registry import (
    FileUnit,
    ImportJob,
    RowResult,
    UnitResult,
    refuse_all,
)
from officeflow.imports.states import RowOutcome

MOST_NAMED = 5  # rows in a sentence
CONTEXTS = "contexts"  # in `ImportJob.memory`, by the number of a unit's first row


@dataclass
class ImportContext:
    """One order or return during its import: its entries, and the results of its rows.

    `faults` are the rows that cannot be read, with their reasons: with one the order is held back
    as a whole. `left_out` are reasons with the rows that are left out on purpose, and `warnings`
    what else the person has to look at.
    """

    unit: FileUnit
    amounts: OrderAmounts = field(default_factory=OrderAmounts)
    entries: list[LogEntry] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)
    left_out: dict[str, list[int]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    sums: dict[str, Decimal] = field(default_factory=dict)
    results: list[RowResult] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)

    def refuse(self, number: int, reason: str) -> None:
        """Adds the result of a refused row."""
        self.results.append(RowResult(number=number, outcome=RowOutcome.REFUSED, reason=reason))

    def leave_out(self, number: int, reason: str) -> None:
        """Adds the result of a row without which the order is imported."""
        self.refuse(number, reason)
        self.left_out.setdefault(reason, []).append(number)

    def hold_back(self) -> bool:
        """Refuses the whole order if one of its rows has a fault; returns whether one has."""
        if not self.faults:
            return False
        first = min(self.faults)
        because = _("Row %(row)d of this order cannot be read: %(reason)s") % {
            "row": first,
            "reason": self.faults[first],
        }
        known = {each.number for each in self.results}
        for row in self.unit.rows:
            if row.number not in known:
                self.refuse(row.number, self.faults.get(row.number, because))
        self.entries = []
        return True

    @property
    def mark(self) -> str:
        """What the file says of the order's state: `DONE`, `OPEN`, `PARTLY` or nothing."""
        return mark_of_order(entry.mark for entry in self.entries)

    @property
    def delivery_addresses(self) -> list[str]:
        """The different addresses to which the order is to be delivered, the first one first."""
        given = (entry.delivery_address for entry in self.entries)
        return list(dict.fromkeys(address for address in given if address))

    @property
    def notes(self) -> list[str]:
        """The different notes of the order's rows."""
        return list(dict.fromkeys(entry.note for entry in self.entries if entry.note))

    def existing(self, number: int, reference: str) -> None:
        """Adds the result of a row that was imported before."""
        self.results.append(
            RowResult(number=number, outcome=RowOutcome.EXISTING, reference=reference)
        )

    def imported(self, entry: LogEntry, reference: str, new: Product | None) -> None:
        """Adds the result of an imported row; `new` is the product that it brought, if any.

        A new product is to be looked at; its price may be rounded to 0.
        """
        is_free = new is not None and not new.price
        words = [entry.difference]
        if is_free:
            words.append(_("New product with the price 0, because one costs less than 0.00005."))
        elif new is not None:
            words.append(_("New product"))
        if new is not None and new.unit != Unit.PIECE:
            words[-1] = (
                words[-1].rstrip(".")
                + ". "
                + _("Sold by: %(unit)s") % {"unit": Unit(new.unit).label}
            )
        self.results.append(
            RowResult(
                number=entry.number,
                outcome=RowOutcome.IMPORTED,
                reason=" ".join(filter(None, words)),
                reference=reference,
                is_warning=bool(entry.difference) or new is not None,
            )
        )

    def say(self, number: int, words: str) -> None:
        """Adds words to the reason of a row."""
        self.results = [
            replace(each, reason=". ".join(filter(None, [each.reason.rstrip("."), words])))
            if each.number == number
            else each
            for each in self.results
        ]

    def refuse_all(self, reason: str) -> None:
        """Refuses every row of the order or return."""
        self.results = list(refuse_all(self.unit, reason).rows)

    @property
    def first_row(self) -> int:
        """The number of the first row."""
        return self.unit.rows[0].number

    @property
    def result(self) -> UnitResult:
        """The results of all rows, and the numbers of created records.

        The first imported row carries the warnings.
        """
        rows = sorted(self.results, key=lambda each: each.number)
        imported = [place for place, row in enumerate(rows) if row.outcome == RowOutcome.IMPORTED]
        warnings = [*self.warnings, *map(_left_out, self.left_out.items())]
        if warnings and imported:
            first = rows[imported[0]]
            reason = " ".join(filter(None, [*warnings, first.reason]))
            rows[imported[0]] = replace(first, reason=reason, is_warning=True)
        return UnitResult(rows=rows, made=dict(self.made), sums=self.sums)


def _left_out(found: tuple[str, list[int]]) -> str:
    """Returns the sentence about rows that are left out of an imported order."""
    reason, numbers = found
    rows = ", ".join(map(str, numbers[:MOST_NAMED])) + (" …" if len(numbers) > MOST_NAMED else "")
    return ngettext(
        "Row %(rows)s is left out: %(reason)s",
        "Rows %(rows)s are left out: %(reason)s",
        len(numbers),
    ) % {"rows": rows, "reason": reason}


def make_products(
    wanted: Iterable[tuple[ImportContext, Product]], lookups: Lookups, job: ImportJob
) -> dict[tuple[int, str], Product]:
    """Adds the products that are not in the catalogue.

    Returns them by their code and the order that brought them first, named by its first row.
    """
    new: dict[str, tuple[ImportContext, Product]] = {}
    for context, product in wanted:
        if product.sku not in lookups.products:
            new.setdefault(product.sku, (context, product))
    lookups.make_products([product for _context, product in new.values()], job)
    for context, _product in new.values():
        context.made["products"] += 1
    return {(context.first_row, sku): product for sku, (context, product) in new.items()}


def find_or_add_customers(
    contexts: Sequence[ImportContext], lookups: Lookups, job: ImportJob
) -> list[Customer | None]:
    """Returns the customer of each order or return, adding new ones; None for a walk-in."""
    given = [
        next((each.customer for each in context.entries if each.customer.key), None)
        for context in contexts
    ]
    new: dict[str, LogCustomer] = {}
    for context, customer in zip(contexts, given, strict=True):
        if customer is not None and customer.key not in lookups.customers | new:
            new[customer.key] = customer
            context.made["customers"] += 1
    lookups.make_customers(list(new.values()), job)
    lookups.keep_numbers([customer.key for customer in given if customer is not None], job)
    return [None if each is None else lookups.customers[each.key] for each in given]
