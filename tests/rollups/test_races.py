"""The sweeper fills roll-ups while rows of its hours are being written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import psycopg2
import pytest
from django.db import connection
from django.utils import timezone

from officeflow.handoff.models import Handoff
from officeflow.rollups import checking, filling
from officeflow.rollups.models import Bucket
from tests.dashboards.conftest import order  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other() -> psycopg2.extensions.connection:
    """Another connection, in a transaction that its test ends."""
    settings = connection.get_connection_params()
    settings.pop("cursor_factory", None)
    own = psycopg2.connect(**settings)
    yield own
    own.close()


def test_a_row_that_is_written_late_is_not_missed(
    order: Callable[[], object],  # noqa: F811
    other: psycopg2.extensions.connection,
    assert_equal_to_rows: Callable[[], None],
) -> None:
    order()
    first = Handoff.objects.earliest("pk")
    with other.cursor() as cursor:
        cursor.execute(
            "UPDATE handoff_handoff SET posted_at = posted_at - interval '3 days' WHERE id = %s",
            [first.pk],
        )
        filling.fill()  # sees neither the change nor its mark
        assert_equal_to_rows()
    other.commit()
    assert_equal_to_rows()
    filling.fill()
    assert_equal_to_rows()
    assert list(checking.differences()) == []


def test_no_hour_is_kept_of_which_a_transaction_may_still_write(
    office: object, other: psycopg2.extensions.connection
) -> None:
    with other.cursor() as cursor:
        # Open for two hours, as far as the others can see.
        cursor.execute("SELECT txid_current(), clock_timestamp()")
        began = cursor.fetchone()[1]
        filling.fill()
    last = Bucket.objects.order_by("-ends_at").values_list("ends_at", flat=True)[0]
    assert last <= began - timedelta(minutes=10)
    assert last <= timezone.now()
