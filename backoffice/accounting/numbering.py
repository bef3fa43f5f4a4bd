"""Gapless document numbers such as `INV-2026-000001` and `CN-2026-000001`."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from backoffice.accounting.states import DocumentKind

PREFIXES = {DocumentKind.INVOICE: "INV", DocumentKind.CREDIT_NOTE: "CN"}


@dataclass(frozen=True)
class DocumentNumber:
    """A number of a series; `series_id` is the id of its `NumberSeries`."""

    series_id: int
    prefix: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.serial:06d}"


def next_document_numbers(kind: DocumentKind, year: int, count: int) -> list[DocumentNumber]:
    """Returns the next `count` numbers of a kind in a year of the office's time zone, rising.

    The counter's row stays locked until the transaction ends, and a rollback frees the numbers, so
    that there are no gaps. It must be the last lock that an action takes.
    """
    prefix = PREFIXES[kind]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounting_numberseries (series, year, last) VALUES (%s, %s, %s)
            ON CONFLICT (series, year)
            DO UPDATE SET last = accounting_numberseries.last + excluded.last
            RETURNING id, last
            """,
            [prefix, year, count],
        )
        series_id, last = cursor.fetchone()
    return [
        DocumentNumber(series_id=series_id, prefix=prefix, year=year, serial=serial)
        for serial in range(last - count + 1, last + 1)
    ]
