"""Grows an office to any size by copies of the pattern's rows, without Python for each row.

Copy `k` of a row has the id `id × 10,000 + k`, so that ids rise with time as in a real office, and
so do the numbers: of SO-000012 the copies are SO-120001, SO-120002, ... Times are some seconds
later in each copy. Invoices and credit notes go on without gaps. Rows of the pattern become SQL's
`format` templates once; each table is then one INSERT … SELECT.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

from benchmarks.offices import pattern
from officeflow import records
from officeflow.rollups import filling as rollups

MOST_COPIES = 10_000  # with the pattern itself
# Files of documents are drawn at their first use; these would be most of the bytes.
NOT_COPIED = {"accounting_documentfile", "frontdesk_paymentreceipt", "accounting_numberseries"}
MANY_ORDERS = 50_000  # from here on indexes are created anew after a growth
TRANSACTIONS = 1_000_000  # between the transaction ids of two copies
SYLLABLES_TEXT = (
    "nor man ber gen du bois ach ieng whit fiel ra dvo rak nguy en os ei sol gar cia web er sha"
    " lin say ju ma gol de mir okon kwo fos tan erik ssen al mei hart ley ho ka mau mar tin smi"
    " jon es bro wn clark wil tay lor pe tro va il ya zu han ket pos"
)
SYLLABLES = SYLLABLES_TEXT.split()
# Columns beside a template for each gapless number in it, with their types.
DOCUMENT = {"prefix": "text", "serial": "bigint", "step": "bigint"}

COPY_TABLE = """
CREATE SCHEMA pattern;
CREATE TABLE pattern.copy (
    k bigint PRIMARY KEY, digits text, word text, word_key text, phone3 text, phone2 text,
    later interval
)
"""
# Every sequence goes on behind the largest office.
MOVE_SEQUENCES = f"""
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, (last_value + 1) * {MOST_COPIES})
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
# Statements that drop indexes and unique constraints before many rows are inserted, and that create
# them again.
INDEXES = """
SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
              pg_get_constraintdef(oid))
FROM pg_constraint one
WHERE contype = 'u' AND conrelid = %(table)s::regclass
  AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = one.conindid)
UNION ALL
SELECT format('DROP INDEX %%I', indexname), indexdef
FROM pg_indexes JOIN pg_class ON relname = indexname JOIN pg_index ON indexrelid = pg_class.oid
WHERE tablename = %(table)s AND NOT indisprimary
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


@dataclass(frozen=True)
class Baseline:
    """The last id of each table before the pattern was written."""

    last: dict[str, int]

    @classmethod
    def now(cls) -> Baseline:
        """Reads the tables."""
        last = {}
        with connection.cursor() as cursor:
            for model in _models():
                column, table = model._meta.pk.column, model._meta.db_table
                if isinstance(_integer(model._meta.pk), models.IntegerField):
                    cursor.execute(f'SELECT coalesce(max("{column}"), 0) FROM "{table}"')
                    last[table] = cursor.fetchone()[0]
        return cls(last)


def _models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _integer(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    """Returns the field itself, or the one that a foreign key points at in the end."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


@dataclass(frozen=True)
class Template:
    """A template, and the gapless numbers in it: prefix, serial, and how many a copy has."""

    text: str
    documents: list[tuple[str, int, int]]

    def values(self, most: int) -> list[str | int | None]:
        """Returns the documents in one row, and None for those that it lacks."""
        known = [value for document in self.documents for value in document]
        return [*known, *[None] * (len(DOCUMENT) * most - len(known))]


class Growth:
    """The pattern's rows as templates, and how often they have been copied."""

    def __init__(self, baseline: Baseline, connect: Callable[[], Any]) -> None:
        """`connect` opens a connection for the superuser with psycopg2."""
        self.connect = connect
        self.copies = 1
        self.inserts: dict[str, str] = {}
        with connection.cursor() as cursor:
            cursor.execute(COPY_TABLE)
            cursor.executemany(
                "INSERT INTO pattern.copy VALUES (%s,%s,%s,%s,%s,%s,%s)", list(copies())
            )
            self.series = _document_series(cursor)
            grown = [
                model
                for model in _models()
                if (table := model._meta.db_table) in baseline.last
                and table not in NOT_COPIED
                and self._keep(cursor, model, baseline.last[table])
            ]
            self.grown = {model._meta.db_table for model in grown}
            for model in grown:
                self.inserts[model._meta.db_table] = self._insert(cursor, model)
            cursor.execute("CREATE TABLE pattern.checkpoint AS TABLE handoff_balance_checkpoint")
            cursor.execute(MOVE_SEQUENCES)

    @staticmethod
    def _keep(cursor: Any, model: type[models.Model], last: int) -> bool:
        """Keeps the pattern's rows of a table aside; returns whether there are any."""
        table, key = model._meta.db_table, model._meta.pk.column
        cursor.execute(
            f'CREATE TABLE pattern."{table}" AS SELECT * FROM "{table}" WHERE "{key}" > {last}'
        )
        return bool(cursor.rowcount)

    def _insert(self, cursor: Any, model: type[models.Model]) -> str:
        """Returns the statement that adds copies of a table's rows."""
        table, key = model._meta.db_table, f'"{model._meta.pk.column}"'
        columns, values = [], []
        for field in model._meta.concrete_fields:
            if isinstance(field, models.GeneratedField):
                continue
            columns.append(f'"{field.column}"')
            values.append(self._value(cursor, table, field))
        return (
            f'INSERT INTO "{table}" ({", ".join(columns)}) SELECT {", ".join(values)} '
            f'FROM (SELECT * FROM pattern."{table}" ORDER BY {key} OFFSET 0) p '
            # The row comes first in the join, so that the copies are stored in the order of time.
            "CROSS JOIN LATERAL (SELECT * FROM pattern.copy "
            f"WHERE k BETWEEN %(first)s AND %(last)s + 0 * p.{key} ORDER BY k) c"
        )

    def _value(self, cursor: Any, table: str, field: models.Field[Any, Any]) -> str:
        """Returns the SQL of one column of a copy; makes the column a template where needed."""
        column = f'p."{field.column}"'
        if isinstance(field, models.ForeignKey):
            target = field.target_field.model._meta.db_table
            return f"{column} * {MOST_COPIES} + c.k" if target in self.grown else column
        if field.primary_key:
            return f"{column} * {MOST_COPIES} + c.k"
        if field.column == "transaction_id":
            return f"{column} + {TRANSACTIONS} * c.k"
        if (table, field.column) == ("accounting_invoice", "serial"):
            counts = " ".join(f"WHEN {pk} THEN {last}" for pk, _prefix, last in self.series)
            return f"{column} + c.k * CASE p.series_id {counts} END"
        if isinstance(field, models.DateTimeField):
            return f"{column} + c.later"
        if isinstance(field, models.CharField | models.TextField | models.JSONField):
            return self._text(cursor, table, field)
        return column

    def _text(self, cursor: Any, table: str, field: models.Field[Any, Any]) -> str:
        """Returns the SQL of a column of text; makes it a template when copies differ in it."""
        name, stored = f'p."{field.column}"', f'pattern."{table}"'
        cursor.execute(f'SELECT DISTINCT "{field.column}"::text FROM {stored}')
        found = [text for (text,) in cursor.fetchall() if text]
        made = {text: self._template(text) for text in found}
        if all(each.text == text.replace("%", "%%") for text, each in made.items()):
            return name
        most = max(len(each.documents) for each in made.values())
        own = [f"{field.column}.{part}{at}" for at in range(most) for part in DOCUMENT]
        changes = [f'ALTER "{field.column}" TYPE text']
        changes += [f'ADD "{column}" {DOCUMENT[column.rsplit(".")[-1][:-1]]}' for column in own]
        cursor.execute(f"ALTER TABLE {stored} {', '.join(changes)}")
        settings = ", ".join(f'"{column}" = %s' for column in [field.column, *own])
        cursor.executemany(
            f'UPDATE {stored} SET {settings} WHERE "{field.column}" = %s',
            [
                (each.text, *each.values(most), text)
                for text, each in made.items()
                if each.text != text
            ],
        )
        arguments = ["c.digits", "c.word", "c.word_key", "c.phone3", "c.phone2"]
        for at in range(most):
            prefix, serial, step = (f'p."{field.column}.{part}{at}"' for part in DOCUMENT)
            number = f"({serial} + c.k * {step})::text"
            arguments.append(f"{prefix} || lpad({number}, greatest(6, length({number})), '0')")
        value = f"format({name}, {', '.join(arguments)})"
        return f"({value})::jsonb" if isinstance(field, models.JSONField) else value

    def _template(self, text: str) -> Template:
        """Returns the text as a template of `format`, with the arguments of `_text`."""
        made = text.replace("%", "%%")
        prefixes = "|".join(kind.prefix for kind in records.kinds() if kind.prefix)
        made = re.sub(
            rf"\b({prefixes})-0*(\d+)\b",
            lambda found: f"{found[1]}-{int(found[2]):02d}%1$s",
            made,
            flags=re.IGNORECASE,
        )
        made = made.replace(pattern.WORD, "%2$s").replace(pattern.WORD_KEY, "%3$s")
        made = re.sub(r"020 7000 00(\d\d)", r"020 7%4$s %5$s\1", made)
        made = re.sub(r"\+4420700000(\d\d)", r"+44207%4$s%5$s\1", made)
        documents = []
        for _pk, prefix, last in self.series:
            for digits in sorted(set(re.findall(rf"{prefix}(\d+)", made))):
                documents.append((prefix, int(digits), last))
                made = made.replace(f"{prefix}{digits}", f"%{5 + len(documents)}$s")
        return Template(made, documents)

    def to(self, orders: int) -> None:
        """Adds copies until the office has so many orders, a multiple of the pattern's hundred."""
        wanted = orders // pattern.ORDERS
        if not self.copies <= wanted <= MOST_COPIES or orders % pattern.ORDERS:
            raise SystemExit(f"an office cannot have {orders} orders: give hundreds, rising")
        bounds = {"first": self.copies, "last": wanted - 1}
        many = (wanted - self.copies) * pattern.ORDERS >= MANY_ORDERS
        largest_first = sorted(self.inserts, key=lambda name: "handoff_" not in name)
        if wanted > self.copies:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda name: self._grow(name, bounds, many=many), largest_first))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE handoff_balance_checkpoint real SET"
                " posted = real.posted + kept.posted * %(more)s,"
                " applied = real.applied + kept.applied * %(more)s,"
                " attempts = real.attempts + kept.attempts * %(more)s"
                " FROM pattern.checkpoint kept WHERE kept.destination = real.destination",
                {"more": wanted - self.copies},
            )
            for pk, _prefix, last in self.series:
                cursor.execute(
                    "UPDATE accounting_numberseries SET last = %s WHERE id = %s",
                    [last * wanted, pk],
                )
        self.copies = wanted
        # The rows came without their triggers.
        rollups.forget()
        rollups.fill()

    def check_references(self) -> None:
        """Ends the benchmark when a row refers to one that does not exist: triggers were off."""
        with connection.cursor() as cursor:
            for model in _models():
                for field in model._meta.concrete_fields:
                    if not isinstance(field, models.ForeignKey):
                        continue
                    table, target = model._meta.db_table, field.target_field
                    cursor.execute(
                        f'SELECT count(*) FROM "{table}" own'
                        f' LEFT JOIN "{target.model._meta.db_table}" other'
                        f' ON other."{target.column}" = own."{field.column}"'
                        f' WHERE own."{field.column}" IS NOT NULL'
                        f' AND other."{target.column}" IS NULL'
                    )
                    if missing := cursor.fetchone()[0]:
                        raise SystemExit(f"{missing} rows of {table}: {field.column} is unknown")

    def _grow(self, table: str, bounds: dict[str, int], *, many: bool) -> None:
        """Adds copies to one table, without its triggers."""
        own = self.connect()
        own.autocommit = True
        with own.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            indexes = []
            if many:
                cursor.execute(INDEXES, {"table": table})
                indexes = cursor.fetchall()
            for drop, _create in indexes:
                cursor.execute(drop)
            cursor.execute(self.inserts[table], bounds)
            for _drop, create in indexes:
                cursor.execute(create)
            cursor.execute(f'VACUUM ANALYZE "{table}"')  # as autovacuum does over months
        own.close()


def copies() -> Iterator[tuple[Any, ...]]:
    """Yields the rows of `pattern.copy`: what differs from copy to copy."""
    n = len(SYLLABLES)
    for k in range(1, MOST_COPIES):
        word = SYLLABLES[k * 37 % n] + SYLLABLES[(k // n + 5 * k) % n] + SYLLABLES[k // n * 29 % n]
        phone = f"{k:05d}"
        seconds = k * 0.1  # at most 17 minutes
        yield k, f"{k:04d}", word.title(), word, phone[:3], phone[3:], f"{seconds} seconds"


def _document_series(cursor: Any) -> list[tuple[int, str, int]]:
    """Returns id, prefix and last number of the series of invoices and of credit notes."""
    cursor.execute("SELECT id, series, year, last FROM accounting_numberseries")
    return [(pk, f"{series}-{year}-", last) for pk, series, year, last in cursor.fetchall()]


def spread(rows: Any, column: str, count: int) -> list[Any]:
    """Returns a column of some copies of many different rows, which a small office has too."""
    ids = [(1 + place * 7 % 100) * MOST_COPIES + 1 + place % 9 for place in range(8 * count)]
    found = dict(rows.filter(pk__in=ids).values_list("pk", column))
    return [found[pk] for pk in ids if pk in found][:count]
