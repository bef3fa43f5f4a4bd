"""What the preview of a file has said to be new."""

from __future__ import annotations

from dataclasses import dataclass, field

from frontdesk.order_log.import_context import ImportContext
from frontdesk.order_log.lookups import Lookups


@dataclass
class Announced:
    """What the preview has said to be new, each at the order that will bring it."""

    customers: set[str] = field(default_factory=set)
    products: dict[str, int] = field(default_factory=dict)  # the first row of the order

    def brings_product(self, context: ImportContext, sku: str, lookups: Lookups) -> bool:
        """Returns whether an order or a return will bring a product."""
        if sku in lookups.products:
            return False
        return self.products.setdefault(sku, context.first_row) == context.first_row

    def new_customer(self, context: ImportContext, lookups: Lookups) -> str:
        """Returns the name of the customer that an order or a return will bring; else nothing."""
        found = next((each.customer for each in context.entries if each.customer.key), None)
        if found is None or found.key in lookups.customers or found.key in self.customers:
            return ""
        self.customers.add(found.key)
        return found.name or found.key
