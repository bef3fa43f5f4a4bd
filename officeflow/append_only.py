"""Triggers of tables whose rows are never changed: documents, receipts, till counts."""

from __future__ import annotations

import pgtrigger

UNCHANGEABLE = pgtrigger.Protect(
    name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete
)

# Tests set `officeflow.allow_truncate` to flush their tables; production has no such setting.
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
