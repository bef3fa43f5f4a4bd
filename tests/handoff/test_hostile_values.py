"""Whatever a contract may hold, its consumers apply it, or refuse it for a reason of the office."""

from __future__ import annotations

from dataclasses import is_dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest

from backoffice.accounting.actions import keep_file
from backoffice.accounting.models import Invoice
from officeflow import limits
from officeflow.company.models import Office
from officeflow.handoff import registry
from officeflow.handoff.contracts import (
    CONTRACTS,
    Contract,
    MaxLength,
    OrderPlaced,
    OutOfBounds,
    Range,
    hints_of,
)
from officeflow.handoff.models import Destination, HandoffState
from officeflow.money import line_amounts
from officeflow.staff.models import User
from tests.orders import order_placed, send

# Texts that are long, hard to draw, or longer when they are folded or written in capitals.
HOSTILE = {
    "a word without spaces": "W",
    "letters that grow": "ßﬃİŉΐ",
    "a sign that is a sentence": "\ufdfa",
    "marks": "e\u0301\u0323\u0332",
    "right to left": "\u202eم\u2067ש\u2069\u200f",
    "emoji": "👩\u200d👩\u200d👧🏽",
    "white space": "a\u3000\u00a0\t\r\n",
    "invisible": "\u200b\ufeff\u00ad",
    "markup": "<b>'\";--%s{}\\",
}
SAMPLES: dict[str, Any] = {
    "currency": "GBP",
    "site_code": "MAIN",
    "unit": "piece",
    "method_kind": "cash",
    "method": "cash",
    "department": "fulfilment",
}
PAIRS = sorted(
    (destination.value, contract)
    for destination in Destination
    for contract in registry.contracts_consumed(destination.value)
    if contract in CONTRACTS
)


def filled(hint: Any, text: str, *, name: str = "", last: bool = True, **known: Any) -> Any:
    """Returns a value at the limit of a field: the longest text, the greatest number or date.

    Fields in `known` have that value.
    """
    origin, arguments = get_origin(hint), get_args(hint)
    if name in known:
        return known[name]
    if origin is Annotated:
        (limit,) = hint.__metadata__
        if isinstance(limit, MaxLength):
            return SAMPLES.get(name) or (text * limit.most)[: limit.most]
        return _at(limit, arguments[0], last)
    if origin in (Union, UnionType):
        return filled(
            next(each for each in arguments if each is not NoneType),
            text,
            name=name,
            last=last,
            **known,
        )
    if origin is tuple:
        return (filled(arguments[0], text, last=last, **known),)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return list(hint)[-1 if last else 0]
    if is_dataclass(hint):
        values = {
            field: filled(inner, text, name=field, last=last, **known)
            for field, inner in hints_of(hint).items()
        }
        return _sound(hint(**values))
    assert hint is bool
    return True


def _at(limit: Range, kind: type, last: bool) -> Any:
    value = limit.most if last else limit.least
    if kind is datetime:
        return datetime.combine(value, time(23, 59), tzinfo=UTC)
    return value


def _sound(found: Any) -> Any:
    """Returns a line or an order whose amounts add up, as the desk's always do."""
    if type(found).__name__ == "OrderLine":
        amounts = line_amounts(
            quantity=found.quantity,
            unit_price=Decimal("999.9999"),
            tax_rate=found.tax_rate,
            currency="GBP",
            includes_tax=True,
        )
        return replace(
            found,
            unit_price=Decimal("999.9999"),
            net=amounts.net,
            tax=amounts.tax,
            gross=amounts.gross,
        )
    if isinstance(found, OrderPlaced):
        return replace(
            found,
            net=sum((line.net for line in found.lines), Decimal(0)),
            tax=sum((line.tax for line in found.lines), Decimal(0)),
            gross=sum((line.gross for line in found.lines), Decimal(0)),
        )
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("last", [True, False], ids=["greatest", "least"])
@pytest.mark.parametrize(("destination", "name"), PAIRS)
def test_no_value_kills_a_hand_off(
    office: Office, rita: User, destination: str, name: str, last: bool
) -> None:
    kind, to = CONTRACTS[name], Destination(destination)
    for place, text in enumerate(HOSTILE.values(), start=1):
        # Its own number, because a dead hand-off holds up its stream.
        number = f"SO-{place:06d}"
        known = {
            "order_number": number,
            "subject": number,
            "complaint_number": number,
            "salesperson_id": rita.pk,
            # The desk sells nothing of which there is none.
            "quantity": limits.QUANTITY if last else Decimal("0.001"),
        }
        contract: Contract = filled(kind, text, last=last, **known)
        if not isinstance(contract, OrderPlaced) and registry.is_consumed(
            destination, "OrderPlaced"
        ):
            send(order_placed(number, salesperson_id=rita.pk), to)
        handoff = send(contract, to, is_sealed=destination == "hr", subject=number)
        # A refusal for a reason of the business is dead at once; an error would be tried again.
        assert handoff.state in (HandoffState.APPLIED, HandoffState.DEAD), handoff.last_error
        for document in Invoice.objects.filter(file__isnull=True):
            assert keep_file(document=document).content


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_order_is_applied_by_every_department(
    office: Office, rita: User, text: str
) -> None:
    order = filled(OrderPlaced, text, order_number="SO-000001", salesperson_id=rita.pk)
    for destination in (Destination.FULFILMENT, Destination.ACCOUNTING, Destination.HR):
        handoff = send(order, destination)
        assert handoff.state == HandoffState.APPLIED, handoff.last_error
    assert keep_file(document=Invoice.objects.get()).content


@pytest.mark.parametrize(
    "changes",
    [
        {"delivery_address": "x" * (limits.TEXT + 1)},
        {"note": "a\x00b"},
        {"wanted_by_date": date(9999, 12, 31)},
        {"wanted_by_date": date(1, 1, 1)},
        {"ordered_at": datetime(9999, 12, 31, tzinfo=UTC)},
        {"gross": Decimal("1e20")},
        {"gross": Decimal("NaN")},
        {"order_number": "SO-" + "1" * 20},
    ],
    ids=str,
)
def test_a_value_out_of_bounds_is_not_posted(changes: dict[str, Any]) -> None:
    with pytest.raises(OutOfBounds, match=next(iter(changes))):
        replace(order_placed(), **changes).to_json()
