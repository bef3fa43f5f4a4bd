"""Signs that look like digits and are none find nothing, and break nothing."""

from __future__ import annotations

import pytest

from frontdesk.orders.queries.orders import search_orders

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["²", "SO-²", "so ①", "SO-" + "9" * 5000])
def test_what_is_no_number_finds_no_order(office: object, typed: str) -> None:
    assert list(search_orders(typed)) == []
