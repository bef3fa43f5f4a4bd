"""Two versions of the office at once: neither loses what the other one posts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from officeflow.handoff import registry
from officeflow.handoff.actions import replay
from officeflow.handoff.applying import apply, draining
from officeflow.handoff.clock import OfficeClock
from officeflow.handoff.contracts import CONTRACTS, GoodsHandedOver, OrderCancelled
from officeflow.handoff.equation import balance
from officeflow.handoff.maintenance import sweeper
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.staff.models import User
from tests.handoff.conftest import Recorder, post_handed_over

pytestmark = pytest.mark.django_db

NEWER = GoodsHandedOver.version + 1


def let_time_pass(**how_long: float) -> None:
    """Moves the times of waiting hand-offs into the past."""
    past = timedelta(**how_long)
    Handoff.objects.filter(state=HandoffState.WAITING).update(
        due_at=F("due_at") - past, left_at=F("left_at") - past, posted_at=F("posted_at") - past
    )


def a_newer_desk_posts(order: str, *destinations: Destination) -> None:
    """Posts a contract with a field that this version does not know."""
    post_handed_over(order, *destinations)
    for handoff in Handoff.objects.filter(subject=order):
        Handoff.objects.filter(pk=handoff.pk).update(
            payload=handoff.payload | {"wrapped_in": "paper"}, contract_version=NEWER
        )


def a_newer_worker_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives this process the newer version of the contract."""
    monkeypatch.setattr(GoodsHandedOver, "version", NEWER)


@pytest.mark.parametrize("age", [0, 60])
def test_an_old_worker_leaves_a_newer_version_to_a_newer_worker(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch, age: int
) -> None:
    a_newer_desk_posts("SO-000001")
    post_handed_over("SO-000002")
    let_time_pass(seconds=age)
    assert apply.apply_due("fulfilment") == 1
    assert recorder.applied == [("fulfilment", "SO-000002")]
    left = Handoff.objects.get(subject="SO-000001")
    assert left.state == HandoffState.WAITING
    assert left.attempts - left.attempts_forgiven == 0
    assert left.left_at is not None
    assert left.last_error == (
        "Left for a newer version: nothing here knows version 2 of GoodsHandedOver"
    )
    assert apply.apply_due("fulfilment") == 0  # it is not asked again at once
    a_newer_worker_comes(monkeypatch)
    let_time_pass(seconds=2.1)
    assert apply.apply_due("fulfilment") == 1
    assert Handoff.objects.get(subject="SO-000001").last_error == ""
    assert balance().balanced


def test_leaving_does_not_count_as_an_attempt(recorder: Recorder, settings: Any) -> None:
    settings.HANDOFF_MAX_ATTEMPTS = 2
    a_newer_desk_posts("SO-000001")
    for _ in range(5):
        apply.apply_due("fulfilment")
        let_time_pass(seconds=60)
    left = Handoff.objects.get()
    assert left.state == HandoffState.WAITING
    assert left.attempts - left.attempts_forgiven == 0


def test_later_handoffs_of_the_stream_wait_too(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_newer_desk_posts("SO-000001")
    post_handed_over("SO-000001")
    assert apply.apply_due("fulfilment") == draining.drain() == 0
    assert recorder.applied == []
    a_newer_worker_comes(monkeypatch)
    let_time_pass(seconds=60)
    assert apply.apply_due("fulfilment") == 2


def test_a_queue_of_unknown_handoffs_is_left_in_one_statement(
    recorder: Recorder, django_assert_max_num_queries: Any
) -> None:
    for number in range(10):
        a_newer_desk_posts(f"SO-{number:06}")
    let_time_pass(seconds=60)
    with django_assert_max_num_queries(12):
        assert apply.apply_due("fulfilment") == 0
    assert Handoff.objects.filter(left_at__isnull=False).count() == 10
    assert sweeper.find_overdue() == []


def test_the_wait_doubles_while_a_handoff_is_left_up_to_its_limit(recorder: Recorder) -> None:
    a_newer_desk_posts("SO-000001")
    waits = []
    for _ in range(5):
        apply.apply_due("fulfilment")
        left = Handoff.objects.annotate(wait=F("due_at") - OfficeClock()).get()
        waits.append(left.wait.total_seconds())  # type: ignore[attr-defined]
        let_time_pass(seconds=waits[-1] + 0.5)
    assert waits == pytest.approx([2, 2.5, 5.5, 10, 10], abs=0.4)


@pytest.mark.parametrize("contract", ["CarWashed", "GoodsHandedOver"])
def test_an_unconsumed_contract_is_left_too(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch, contract: str
) -> None:
    post_handed_over("SO-000001")
    Handoff.objects.update(contract=contract)
    with registry.without_consumers():
        assert apply.apply_due("fulfilment") == 0
    assert Handoff.objects.get().state == HandoffState.WAITING
    car_washed = type("CarWashed", (GoodsHandedOver,), {})
    registry.consumes(car_washed, Destination.FULFILMENT)(recorder)
    monkeypatch.setitem(CONTRACTS, "CarWashed", GoodsHandedOver)
    let_time_pass(seconds=2.1)
    assert apply.apply_due("fulfilment") == 1


def test_a_handoff_left_too_long_is_dead_and_can_be_replayed(
    recorder: Recorder, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_newer_desk_posts("SO-000001")
    apply.apply_due("fulfilment")
    let_time_pass(minutes=59)
    apply.apply_due("fulfilment")
    assert Handoff.objects.get().state == HandoffState.WAITING
    let_time_pass(minutes=2)
    apply.apply_due("fulfilment")
    dead = Handoff.objects.get()
    assert dead.state == HandoffState.DEAD
    assert dead.last_error.startswith("Left for a newer version")
    replay(actor=maya, handoff=dead, reason="The workers are up to date now")
    apply.apply_due("fulfilment")
    assert Handoff.objects.get().state == HandoffState.WAITING  # for another hour
    a_newer_worker_comes(monkeypatch)
    let_time_pass(seconds=60)
    assert apply.apply_due("fulfilment") == 1


def test_a_newer_worker_applies_an_older_version(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_handed_over("SO-000001")
    a_newer_worker_comes(monkeypatch)
    assert apply.apply_due("fulfilment") == 1


def test_an_older_payload_has_the_defaults_of_newer_fields() -> None:
    old = {"order_number": "SO-000001", "cancelled_at": "2026-03-02T09:30:00Z", "reason": "-"}
    assert OrderCancelled.from_payload(old | {"wrapped_in": "paper"}).reason == "-"
    before = CONTRACTS["PaymentTaken"].from_payload(
        {
            "order_number": "SO-000001",
            "payment_number": "PY-000001",
            "amount": "5.00",
            "currency": "EUR",
            "method": "cash",
            "taken_at": "2026-03-02T09:30:00Z",
        }
    )
    assert before.method_kind == ""  # type: ignore[attr-defined]
