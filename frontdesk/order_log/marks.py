"""How the rows of a file mark their orders as done or open."""

from __future__ import annotations

from django.utils.translation import ngettext

from frontdesk.order_log import status
from frontdesk.order_log.rows import clean_reference
from officeflow.imports.mapping import ColumnMapping
from officeflow.imports.reading import Sample


def sentence_about_marks(done: int, orders: int) -> str:
    """Returns how many orders a file marks as done; empty for none."""
    if not done:
        return ""
    return ngettext(
        "The file marks %(done)d of %(n)d order as done.",
        "The file marks %(done)d of %(n)d orders as done.",
        orders,
    ) % {"done": done, "n": orders}


def marks_in_sample(sample: Sample, mapping: ColumnMapping) -> dict[str, str]:
    """Returns how the first rows of a file mark their orders, by the order's number."""
    references, places = (mapping.columns.get(name, []) for name in ("Order number", "Status"))
    found: dict[str, list[str]] = {}
    for line in sample.lines if references and places else ():
        cells = dict(enumerate(line.cells))
        reference = clean_reference(cells.get(references[0], ""))
        kind = status.kind_of(cells.get(places[0], ""))
        if reference and kind not in (status.CANCELLED, status.REFUNDED):
            found.setdefault(reference, []).append(kind)
    return {reference: status.mark_of_order(marks) for reference, marks in found.items()}
