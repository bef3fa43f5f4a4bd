"""The transaction id in a column, which shows which rows were written together."""

from django.db.models import BigIntegerField, Func


class TransactionId(Func):
    """The number of the PostgreSQL transaction that runs, the same in all its savepoints.

    It is a column's default in the database.
    """

    template = "(pg_current_xact_id()::text::bigint)"
    arity = 0
    output_field = BigIntegerField()
