"""The triggers that keep the books as they were written."""

from __future__ import annotations

import pgtrigger
from django.db.models import BigIntegerField, Func

from officeflow.append_only import NO_TRUNCATE, UNCHANGEABLE

__all__ = ["NO_TRUNCATE", "UNCHANGEABLE", "TransactionId", "written_whole"]


class TransactionId(Func):
    """The number of the running transaction; the same in all its savepoints."""

    function = "txid_current"
    template = "%(function)s()"
    output_field = BigIntegerField()


def written_whole(parent_table: str, parent_column: str) -> pgtrigger.Trigger:
    """Refuses parts (postings, lines) that come after the transaction that wrote their whole."""
    return pgtrigger.Trigger(
        name="written_whole",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF (SELECT transaction_id FROM {parent_table} WHERE id = NEW.{parent_column})
                IS DISTINCT FROM txid_current() THEN
                RAISE EXCEPTION 'nothing is added to % % once it is written',
                    '{parent_table}', NEW.{parent_column} USING ERRCODE = '23514';
            END IF;
            RETURN NEW;
        """,  # noqa: S608 (names of our own tables)
    )
