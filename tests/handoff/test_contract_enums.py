"""Each side knows all states and kinds in the contracts."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest

from backoffice.accounting.models import MoneyKind as BookedMoneyKind
from backoffice.accounting.states import ReceivableState
from backoffice.fulfilment.states import ShipmentState
from frontdesk.complaints.models import ComplaintCategory as DeskComplaintCategory
from frontdesk.orders.states import BillingState, FulfilmentState
from frontdesk.payments.models.methods import MethodKind
from officeflow.handoff import contract_labels
from officeflow.handoff.contracts import (
    BillingProgress,
    ComplaintCategory,
    ComplaintOutcome,
    ComplaintSeverity,
    GoodsProgress,
    MoneyKind,
    ReturnReason,
)


def values(kind: Any) -> set[str]:
    return {member.value for member in kind}


@pytest.mark.parametrize(
    ("travels", "known"),
    [
        (GoodsProgress, FulfilmentState),
        (BillingProgress, BillingState),
        (BillingProgress, ReceivableState),
        (MoneyKind, BookedMoneyKind),
        (MoneyKind, MethodKind),
        (ComplaintCategory, DeskComplaintCategory),
        (ComplaintSeverity, contract_labels.Severity),
        (ComplaintOutcome, contract_labels.Outcome),
        (ReturnReason, contract_labels.ReturnReason),
    ],
)
def test_each_side_knows_every_value_of_the_contract(
    travels: type[Enum], known: type[Enum]
) -> None:
    assert values(travels) <= values(known)


@pytest.mark.parametrize(
    ("known", "travels"),
    [
        (ReceivableState, BillingProgress),
        (MethodKind, MoneyKind),
        (DeskComplaintCategory, ComplaintCategory),
        (contract_labels.Severity, ComplaintSeverity),
        (contract_labels.Outcome, ComplaintOutcome),
    ],
)
def test_every_value_that_a_side_posts_is_in_the_contract(
    known: type[Enum], travels: type[Enum]
) -> None:
    assert values(known) <= values(travels)


def test_every_progress_of_a_shipment_is_in_the_contract() -> None:
    assert values(ShipmentState) - {"cancelled"} <= values(GoodsProgress)
