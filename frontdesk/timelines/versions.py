"""Which version of a page with a timeline is the newest: one indexed query each."""

from __future__ import annotations

from typing import Any

from django.db import connection

VERSION = """
    SELECT
        (SELECT row(version, changed_at)::text FROM {table} WHERE number = %(number)s),
        (SELECT count(*) FROM audit_auditentry WHERE subject = %(number)s AND realm = 'office'),
        (SELECT string_agg(
                concat_ws('.', id, state, attempts, accepted_at, returned_at), ',' ORDER BY id)
           FROM handoff_handoff WHERE subject = %(number)s)
"""


def order_version(number: str) -> tuple[Any, ...]:
    """Changes with an order, its audit entries and its hand-offs."""
    return _timeline("frontdesk_order", number)


def complaint_version(number: str) -> tuple[Any, ...]:
    """Changes with a complaint, its audit entries and its hand-offs."""
    return _timeline("frontdesk_complaint", number)


def _timeline(table: str, number: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(VERSION.format(table=table), {"number": number})
        return tuple(cursor.fetchone())
