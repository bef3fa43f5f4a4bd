"""Plain Celery tasks without any guarantee, the baseline of the benchmark."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.db import transaction

QUEUE = "bench"


@shared_task(name="bench.insert", ignore_result=True, queue=QUEUE)
def insert(reference: str) -> None:
    """Writes one row."""
    from benchmarks.handoffs import effects

    with transaction.atomic():
        effects.insert(reference)


@shared_task(name="bench.open_shipment", ignore_result=True, queue=QUEUE)
def open_shipment(handoff_id: int, payload: dict[str, Any]) -> None:
    """Opens an order's ticket by the action that the hand-off's consumer calls too."""
    from backoffice.fulfilment.actions import open_shipments
    from benchmarks.handoffs.effects import notes
    from officeflow.handoff.contracts import OrderPlaced
    from officeflow.handoff.models import Handoff

    contract = OrderPlaced.from_payload(payload)
    with transaction.atomic():
        open_shipments([(contract, Handoff(pk=handoff_id))])
        notes().note_after_commit(contract.order_number)
