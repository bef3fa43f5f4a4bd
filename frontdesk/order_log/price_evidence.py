"""Whether the prices of an order log include tax, as the totals of its orders show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from frontdesk.order_log.import_context import CONTEXTS, ImportContext
from frontdesk.order_log.lookups import Lookups
from frontdesk.order_log.orders import order_lines
from frontdesk.orders.actions.pricing import price_lines
from officeflow.company.queries import get_office
from officeflow.errors import Refused
from officeflow.imports.mapping import ColumnMapping, checked_mapping
from officeflow.imports.prices import OPTION, WITH_TAX, WITHOUT_TAX
from officeflow.imports.reading import SAMPLED_LINES, Sample
from officeflow.imports.registry import FileRow, FileUnit, ImportJob
from officeflow.imports.row_reader import RowReader
from officeflow.money import ONE, ZERO, format_money, places

if TYPE_CHECKING:
    from frontdesk.order_log.importer import OrderLog

MOST_ORDERS = 40
MOST_ROWS = 1000
LEAST_AGREEING = Decimal("0.8")  # of the orders, for a choice to be proposed
SAMPLES = 3


@dataclass(frozen=True)
class ComparedOrder:
    """The total of an order in the file, and what it would cost here by each choice."""

    reference: str
    in_file: Decimal
    here: dict[str, Decimal]


def prices_have_tax(importer: OrderLog, sample: Sample, mapping: ColumnMapping) -> bool | None:
    """Returns whether the prices include tax, or None when the file does not show it."""
    compared = list(_compared(importer, sample, mapping))
    agreeing = {
        choice: sum(1 for each in compared if _is_close(each, choice))
        for choice in (WITH_TAX, WITHOUT_TAX)
    }
    best = max(agreeing, key=lambda choice: agreeing[choice])
    if len({*agreeing.values()}) == 1 or agreeing[best] < LEAST_AGREEING * len(compared):
        return None
    return best == WITH_TAX


def price_samples(
    importer: OrderLog, sample: Sample, mapping: ColumnMapping
) -> dict[str, list[str]]:
    """Returns what some orders would cost by each choice; those that tell the choices apart."""
    currency = get_office().currency
    telling = [
        each
        for each in _compared(importer, sample, mapping)
        if each.here[WITH_TAX] != each.here[WITHOUT_TAX]
    ][:SAMPLES]
    return {
        choice: [
            f"{each.reference}: {format_money(each.here[choice], currency)}"
            f" {'=' if each.here[choice] == each.in_file else '≠'} "
            f"{format_money(each.in_file, currency)}"
            for each in telling
        ]
        for choice in (WITH_TAX, WITHOUT_TAX)
    }


def _is_close(order: ComparedOrder, choice: str) -> bool:
    """Returns whether a total agrees with a choice, except for some rounding."""
    few = 3 * ONE.scaleb(-places(get_office().currency))
    return abs(order.here[choice] - order.in_file) <= few


def _compared(
    importer: OrderLog, sample: Sample, mapping: ColumnMapping
) -> Iterator[ComparedOrder]:
    """Yields the first orders of a file that have a total."""
    if "Order total" not in mapping.columns:
        return
    try:
        read = checked_mapping(importer, sample, mapping)
    except Refused:  # the columns are not all chosen yet
        return
    units = _units(importer, sample, read)
    here = {choice: _totals(importer, units, choice) for choice in (WITH_TAX, WITHOUT_TAX)}
    for unit in units:
        found = {choice: totals.get(unit.reference) for choice, totals in here.items()}
        both = {choice: totals for choice, totals in found.items() if totals is not None}
        if len(both) == len(here):
            yield ComparedOrder(
                unit.reference,
                both[WITH_TAX][0],
                {choice: gross for choice, (_there, gross) in both.items()},
            )


def _totals(
    importer: OrderLog, units: Sequence[FileUnit], choice: str
) -> dict[str, tuple[Decimal, Decimal]]:
    """Returns the totals of orders in the file and here, of those that are wholly accepted."""
    office = get_office()
    job = ImportJob(
        actor=None,  # type: ignore[arg-type]  # nothing is written
        source="",
        facts={"products": {}},
        options={OPTION: choice},
    )
    importer.prepare(units, job)
    found = {}
    for unit in units:
        context: ImportContext = job.memory[CONTEXTS][unit.rows[0].number]
        total = context.amounts.total
        try:
            lines = order_lines(context, Lookups.of(job), job, office, is_past=True)
            priced = price_lines(lines, office, is_past=True)
        except Refused:
            continue
        if total is not None and len(context.entries) == len(unit.rows):
            gross = sum((line.amounts.gross for line in priced), ZERO)
            found[unit.reference] = (total, gross)
    return found


def _units(importer: OrderLog, sample: Sample, mapping: ColumnMapping) -> list[FileUnit]:
    """Returns the first orders of the sample, with all of their rows."""
    reader = RowReader(importer, sample.headings, mapping)
    rows: dict[str, list[FileRow]] = {}
    lines = sample.lines[:MOST_ROWS]
    for line in lines:
        row = reader.read(line)
        if row.is_apart:
            continue
        reference = importer.reference_of(row)
        if reference and not importer.comes_last(reference):
            rows.setdefault(reference, []).append(row)
    if len(lines) in (MOST_ROWS, SAMPLED_LINES):  # the last one may have more rows
        rows = dict(list(rows.items())[:-1])
    return [
        FileUnit(reference=reference, rows=tuple(found))
        for reference, found in list(rows.items())[:MOST_ORDERS]
    ]
