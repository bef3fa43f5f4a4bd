"""Triggers that mark what changed after its hour, for the models whose rows are rolled up."""

from __future__ import annotations

from collections.abc import Sequence

import pgtrigger

# Rows of the last minutes are never in a bucket, so that writing them costs no mark. Buckets of an
# hour are made this long after its end, and after the transactions that were open then.
SETTLED = "interval '10 minutes'"
BEFORE = f"clock_timestamp() - {SETTLED}"


def marks(rollup: str, column: str, *, watched: Sequence[str] = ()) -> list[pgtrigger.Trigger]:
    """Returns the triggers of a table whose rows are rolled up by the time in `column`.

    A row that is inserted or deleted, or of which a `watched` column (or expression over ROW)
    changes, marks its time when that is past. The conditions are PostgreSQL's own, so that other
    rows never call a function.
    """
    name = rollup.replace(" ", "_")

    def past(row: str) -> str:
        return f"{row}.{column} < {BEFORE}"

    def marked(row: str) -> str:
        return f"INSERT INTO rollups_mark (rollup, at) VALUES ('{rollup}', {row}.{column});"  # noqa: S608

    changed = _changed([column, *watched])
    found = []
    for operation, row in ((pgtrigger.Insert, "NEW"), (pgtrigger.Delete, "OLD")):
        found.append(
            pgtrigger.Trigger(
                name=f"{name}_{'inserted' if row == 'NEW' else 'deleted'}",
                when=pgtrigger.After,
                operation=operation,
                condition=pgtrigger.Condition(past(row)),
                func=f"{marked(row)} RETURN NULL;",
            )
        )
    found.append(
        pgtrigger.Trigger(
            name=f"{name}_changed",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition(f"(({past('OLD')} OR {past('NEW')}) AND ({changed}))"),
            func=f"""
                IF OLD.{column} IS NOT NULL THEN {marked("OLD")} END IF;
                IF NEW.{column} IS DISTINCT FROM OLD.{column} AND NEW.{column} IS NOT NULL THEN
                    {marked("NEW")}
                END IF;
                RETURN NULL;
            """,
        )
    )
    return found


def marks_through(
    rollup: str, *, times: str, operation: pgtrigger.Operation, watched: Sequence[str] = ()
) -> pgtrigger.Trigger:
    """Returns the trigger of a table that other rows' figures are read from.

    A row marks the times that the query `times` returns as `at`, over OLD and NEW. With `watched`
    it does so only when one of these changes.
    """
    return pgtrigger.Trigger(
        name=f"{rollup.replace(' ', '_')}_of_others",
        when=pgtrigger.After,
        operation=operation,
        condition=pgtrigger.Condition(f"({_changed(watched)})") if watched else None,
        func=f"""
            INSERT INTO rollups_mark (rollup, at)
            SELECT '{rollup}', at FROM ({times}) found WHERE at < {BEFORE};
            RETURN NULL;
        """,  # noqa: S608 (SQL of our own)
    )


def _changed(watched: Sequence[str]) -> str:
    """Returns SQL for whether a column, or an expression over ROW, differs between OLD and NEW."""
    values = [each if "ROW" in each else f"ROW.{each}" for each in dict.fromkeys(watched)]
    return " OR ".join(
        f"{each.replace('ROW', 'OLD')} IS DISTINCT FROM {each.replace('ROW', 'NEW')}"
        for each in values
    )
