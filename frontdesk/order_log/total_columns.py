"""Whether a column of totals has those of the lines or those of the orders."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from officeflow.errors import Refused
from officeflow.imports import cells, numbers
from officeflow.imports.mapping import ColumnMapping, cells_of
from officeflow.imports.reading import Sample

LINE, ORDER = "Line total", "Order total"
NEEDED = ("Order number", "Quantity", "Unit price", LINE)


def totals_of_orders(sample: Sample, mapping: ColumnMapping) -> ColumnMapping:
    """Returns the mapping with a column of totals as the orders' if their rows repeat it.

    They do when every order with several rows has one total in all of them, which is not quantity
    × price of each. A heading such as `Gesamt` can mean both.
    """
    if ORDER in mapping.columns or not all(name in mapping.columns for name in NEEDED):
        return mapping
    places = {name: mapping.columns[name][0] for name in NEEDED}
    signs = {name: numbers.find_sign(cells_of(sample, place)) for name, place in places.items()}
    orders: dict[str, list[tuple[Decimal, Decimal]]] = {}  # the totals, and quantity × price
    for line in sample.lines:
        found = {
            name: line.cells[place] for name, place in places.items() if place < len(line.cells)
        }
        with suppress(Refused):
            quantity, price, total = (
                cells.number(numbers.with_point(found.get(name, ""), name, signs[name]), name)
                for name in NEEDED[1:]
            )
            if quantity is not None and price is not None and total is not None:
                pair = total, quantity * price
                orders.setdefault(found.get("Order number", ""), []).append(pair)
    several = [rows for rows in orders.values() if len(rows) > 1]
    repeated = [rows for rows in several if len({total for total, _computed in rows}) == 1]
    differs = any(abs(total - computed) >= 1 for rows in repeated for total, computed in rows)
    if not several or len(repeated) < len(several) or not differs:
        return mapping
    columns = {name: found for name, found in mapping.columns.items() if name != LINE}
    return replace(mapping, columns=columns | {ORDER: mapping.columns[LINE]})
