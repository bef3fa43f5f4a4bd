"""Triggers that keep written rows of the books unchanged."""

from __future__ import annotations

import pgtrigger


def written_whole(parent_table: str, parent_column: str) -> pgtrigger.Trigger:
    """Returns a trigger that refuses parts (postings, lines) written after their parent row's
    transaction."""
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
