"""Hand-offs beside a model of them, whatever happens in whatever order, by Hypothesis.

`HANDOFF_MODEL=deep` looks for some minutes, and elsewhere each time, instead of some seconds:

    HANDOFF_MODEL=deep make test ARGS='tests/handoff/test_model.py -n 0'
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from officeflow.handoff.applying import apply, claims
from officeflow.handoff.contracts import GoodsHandedOver
from officeflow.staff.models import User
from tests.handoff.machine import EVER, Machine
from tests.handoff.model import MOST

DEEP = os.environ.get("HANDOFF_MODEL") == "deep"


@pytest.fixture
def effects_are_written() -> Iterator[None]:
    """Where the consumers leave their effects; what is rolled back goes with its transaction."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE effect (handoff bigint, at bigserial)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE effect")


@pytest.mark.django_db(transaction=True)
def test_hand_offs_do_what_the_model_allows_and_nothing_else(
    effects_are_written: None, maya: User, ada: User, settings_: None
) -> None:
    version = GoodsHandedOver.version
    Machine.operators = (maya, ada)
    try:
        with ThreadPoolExecutor(max_workers=1) as Machine.colleague:
            try:
                run_state_machine_as_test(
                    Machine,
                    settings=settings(
                        max_examples=600 if DEEP else 15,
                        stateful_step_count=60 if DEEP else 30,
                        derandomize=not DEEP,  # the same each time, unless it is to find more
                        deadline=None,
                        # Making a failure small takes minutes, because all of it commits.
                        phases=list(Phase) if DEEP else [Phase.explicit, Phase.generate],
                        suppress_health_check=list(HealthCheck),
                    ),
                )
            finally:
                Machine.colleague.submit(lambda: connection.close()).result()
    finally:
        GoodsHandedOver.version = version


@pytest.fixture
def settings_(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few attempts, so that dying is frequent, and hours that come only when a rule says so."""
    monkeypatch.setattr(apply, "FRESH_SECONDS", EVER)
    monkeypatch.setattr(apply, "SHARED_SECONDS", EVER)
    monkeypatch.setattr(claims, "MIN_LEFT_SECONDS", EVER)
    monkeypatch.setattr(claims, "MAX_LEFT_SECONDS", EVER)
    settings.HANDOFF_MAX_ATTEMPTS = MOST
    settings.HANDOFF_FRESH_SECONDS = EVER
    settings.HANDOFF_LEASE_SECONDS = EVER
    settings.HANDOFF_BACKOFF_SECONDS = settings.HANDOFF_BACKOFF_MAX_SECONDS = 2 * EVER
