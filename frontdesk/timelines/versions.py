"""Which version of a page with a timeline is the newest: one indexed query each."""

from __future__ import annotations

from typing import Any

from django.db import connection

STORY = """
    SELECT
        (SELECT row(version, changed_at)::text FROM {table} WHERE number = %(number)s),
        (SELECT count(*) FROM audit_auditentry WHERE subject = %(number)s AND realm = 'office'),
        (SELECT string_agg(
                concat_ws('.', id, state, attempts, accepted_at, returned_at), ',' ORDER BY id)
           FROM handoff_handoff WHERE subject = %(number)s)
"""


def order_version(number: str) -> tuple[Any, ...]:
    """Changes with an order, its trail and the receipts of its hand-offs."""
    return _story("frontdesk_order", number)


def complaint_version(number: str) -> tuple[Any, ...]:
    """Changes with a complaint, its trail and the receipts of its hand-offs."""
    return _story("frontdesk_complaint", number)


def _story(table: str, number: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(STORY.format(table=table), {"number": number})
        return tuple(cursor.fetchone())
