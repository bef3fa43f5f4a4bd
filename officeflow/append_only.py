"""Triggers for what is written once: documents, slips, counts of the till."""

from __future__ import annotations

import pgtrigger

UNCHANGEABLE = pgtrigger.Protect(
    name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete
)

# Tests flush their tables and say so; production has no such setting.
NO_TRUNCATE = pgtrigger.Trigger(
    name="no_truncate",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.Truncate,
    func="""
        IF current_setting('officeflow.allow_truncate', true) = 'test' THEN
            RETURN NULL;
        END IF;
        RAISE EXCEPTION 'the books are append-only';
    """,
)
