"""The contracts: events that one side posts to the other, as frozen dataclasses without Django.

A field may be added with a default, but never gets a new meaning; a changed meaning is a new
contract. Names are in the past tense. Money and quantities are `Decimal` and strings in JSON; times
are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, ClassVar, TypeVar

import msgspec

C = TypeVar("C", bound="Contract")


def _value_of(value: Any) -> Any:
    """Returns the value of an enum member. Raises `TypeError` for anything else."""
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"a contract holds plain values, not {type(value).__name__}")


@dataclass(frozen=True, kw_only=True)
class Contract:
    """The base of every contract. `version` rises when fields are added."""

    version: ClassVar[int] = 1

    def to_json(self) -> str:
        """Returns the payload. Raises `TypeError` for a value that is not plain."""
        return msgspec.json.encode(self, enc_hook=_value_of).decode()

    @classmethod
    def from_payload(cls: type[C], payload: dict[str, Any]) -> C:
        """Returns the contract in a payload, without fields that this version does not know.

        Raises `msgspec.ValidationError` when a field is missing or of another type.
        """
        return msgspec.convert(payload, cls)


class GoodsProgress(StrEnum):
    """How far an order's goods are."""

    NONE = "none"  # cancelled before anything was fetched
    WAITING = "waiting"
    IN_PROGRESS = "in_progress"
    READY = "ready"
    SHIPPED = "shipped"
    HANDED_OVER = "handed_over"
    EXCEPTION = "exception"  # the goods have left although the order was cancelled
    PUTTING_BACK = "putting_back"  # cancelled, and on the way back to the shelf
    PUT_BACK = "put_back"


class BillingProgress(StrEnum):
    """How far an order's bill is."""

    INVOICED = "invoiced"
    PART_PAID = "part_paid"
    PAID = "paid"
    CREDITED = "credited"


class MoneyKind(StrEnum):
    """The kind of a payment method, which decides on which account the money lies."""

    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"


class ComplaintCategory(StrEnum):
    """What a complaint is about."""

    GOODS = "goods"
    BILLING = "billing"
    CONDUCT = "conduct"
    SERVICE = "service"
    OTHER = "other"


class ComplaintSeverity(StrEnum):
    """How serious a complaint is for the customer."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class ComplaintOutcome(StrEnum):
    """How a department answers a complaint."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"
    GOODWILL = "goodwill"


class ReturnReason(StrEnum):
    """Why a ticket goes back to the desk: the reasons that every office begins with.

    An office may add its own, so that `TicketReturned.reason` may hold another code.
    """

    INFORMATION_MISSING = "information_missing"
    OUT_OF_STOCK = "out_of_stock"
    ADDRESS_UNCLEAR = "address_unclear"
    ASK_CUSTOMER = "ask_customer"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Party:
    """A customer as known at the time of the event. A walk-in customer has none.

    The address is filled where a document needs it: with an order, not with a complaint.
    """

    number: str
    name: str
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """One line of an order as it was placed. `tax_rate` is a fraction."""

    position: int
    sku: str
    description: str
    is_goods: bool
    unit: str
    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal
    tax_rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


# --- from the front desk to the back office ---------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Contract):
    """A customer ordered something: to fulfilment, accounting and hr.

    `read_in_at` is when an order that another system took was read in from its file; an order
    of the counter has none. `contact_phone` and `contact_email` are those of the customer of a
    delivery.
    """

    version: ClassVar[int] = 4

    order_number: str
    site_code: str
    ordered_at: datetime
    customer: Party | None
    salesperson_id: int
    currency: str
    prices_include_tax: bool
    lines: tuple[OrderLine, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    is_delivery: bool
    delivery_address: str
    wanted_by_date: date | None
    note: str
    read_in_at: datetime | None = None
    contact_phone: str = ""
    contact_email: str = ""

    @property
    def known_at(self) -> datetime:
        """The time from which the office could work on it."""
        return max(self.ordered_at, self.read_in_at or self.ordered_at)


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Contract):
    """The desk cancelled an order: to every destination that `OrderPlaced` went to."""

    version: ClassVar[int] = 2

    order_number: str
    cancelled_at: datetime
    reason: str
    cancelled_by_name: str = ""


@dataclass(frozen=True, kw_only=True)
class RushRequested(Contract):
    """The desk asks for an order's goods sooner, with a reason: to fulfilment."""

    order_number: str
    reason: str
    requested_at: datetime
    requested_by_name: str


@dataclass(frozen=True, kw_only=True)
class PaymentTaken(Contract):
    """Money came in at the desk: to accounting.

    `method` is the code of one of the office's payment methods, `method_kind` is a `MoneyKind`.
    Version 1 had no kind; its `method` was a `MoneyKind`.
    """

    version: ClassVar[int] = 2

    order_number: str
    payment_number: str
    amount: Decimal
    currency: str
    method: str
    taken_at: datetime
    method_kind: str = ""
    method_label: str = ""


@dataclass(frozen=True, kw_only=True)
class PaymentMethodCorrected(Contract):
    """The desk corrected how a payment was made: to accounting.

    `previous_…` is the method that was recorded before, in the same terms as the right one. The
    amount and the currency are the payment's.
    """

    order_number: str
    payment_number: str
    amount: Decimal
    currency: str
    previous_method: str
    previous_method_kind: MoneyKind
    previous_method_label: str
    method: str
    method_kind: MoneyKind
    method_label: str
    corrected_at: datetime


@dataclass(frozen=True, kw_only=True)
class RefundPaid(Contract):
    """The desk gave money back: to accounting. Its method is given as in `PaymentTaken`."""

    version: ClassVar[int] = 2

    order_number: str
    payment_number: str
    amount: Decimal
    currency: str
    method: str
    paid_at: datetime
    method_kind: str = ""
    method_label: str = ""


@dataclass(frozen=True, kw_only=True)
class TillCounted(Contract):
    """Somebody counted the till at the end of a day: to accounting.

    `difference` is the money counted less the money expected. `corrects_number` is the number of
    the earlier count of the same day that this one replaces, `corrected_difference` its difference.
    """

    count_number: str
    site_code: str
    day: date
    currency: str
    difference: Decimal
    counted_at: datetime
    counted_by_name: str
    corrects_number: str = ""
    corrected_difference: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class GoodsHandedOver(Contract):
    """The customer took the goods at the counter: to fulfilment."""

    order_number: str
    handed_over_at: datetime


@dataclass(frozen=True, kw_only=True)
class HandOverUndone(Contract):
    """The goods were not handed over after all and are at the counter: to fulfilment."""

    order_number: str
    undone_at: datetime
    undone_by_name: str


@dataclass(frozen=True, kw_only=True)
class ComplaintRaised(Contract):
    """A customer complained: to the department of the category. Sealed for conduct.

    `read_in_at` is when goods that another system took back were read in from its file.
    """

    version: ClassVar[int] = 2

    complaint_number: str
    site_code: str
    raised_at: datetime
    category: ComplaintCategory
    severity: ComplaintSeverity
    customer: Party | None
    order_number: str | None
    product_sku: str | None
    description: str
    desired_outcome: str
    read_in_at: datetime | None = None

    @property
    def known_at(self) -> datetime:
        """The time from which the office could work on it."""
        return max(self.raised_at, self.read_in_at or self.raised_at)


@dataclass(frozen=True, kw_only=True)
class ComplaintReopened(Contract):
    """The customer was not satisfied with the answer: to the same department."""

    complaint_number: str
    site_code: str
    reopened_at: datetime
    category: ComplaintCategory
    severity: ComplaintSeverity
    customer: Party | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class CustomerTold(Contract):
    """The desk told the customer a complaint's answer, or not after all: to the department."""

    complaint_number: str
    is_told: bool
    at: datetime
    by_name: str


@dataclass(frozen=True, kw_only=True)
class TicketAnswered(Contract):
    """The desk answered a returned ticket's question: to the department that asked."""

    ticket_number: str
    answer: str
    answered_at: datetime
    answered_by_name: str


# --- from the back office to the front desk ---------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class TicketReturned(Contract):
    """A department returned a ticket to the desk with a question.

    `reason` is the code of one of the office's reasons, `reason_label` its label.
    """

    version: ClassVar[int] = 2

    ticket_number: str
    subject: str
    department: str
    reason: str
    question: str
    returned_at: datetime
    returned_by_name: str
    reason_label: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketHeld(Contract):
    """A department put a ticket on hold until a time, with a reason. HR posts none."""

    ticket_number: str
    subject: str
    department: str
    reason: str
    held_at: datetime
    until_at: datetime
    held_by_name: str


@dataclass(frozen=True, kw_only=True)
class TicketResumed(Contract):
    """The hold ended: a person ended it, its time came (no name), or the work was cancelled."""

    ticket_number: str
    subject: str
    department: str
    resumed_at: datetime
    resumed_by_name: str = ""


@dataclass(frozen=True, kw_only=True)
class FulfilmentProgressed(Contract):
    """The goods of an order reached another state."""

    order_number: str
    state: GoodsProgress
    at: datetime
    by_name: str = ""


@dataclass(frozen=True, kw_only=True)
class FulfilmentReopened(Contract):
    """Fulfilment works on an order's goods again: they are not ready, shipped or put back yet.

    `reason` is empty within the office's seconds for Undo.
    """

    order_number: str
    state: GoodsProgress
    reopened_at: datetime
    reopened_by_name: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RushAnswered(Contract):
    """Fulfilment accepted the desk's request for a rush, or refused it with a reason."""

    order_number: str
    is_accepted: bool
    answered_at: datetime
    answered_by_name: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class BillingProgressed(Contract):
    """The billing of an order reached another state."""

    order_number: str
    state: BillingProgress
    at: datetime
    invoice_number: str = ""
    credit_note_number: str = ""


@dataclass(frozen=True, kw_only=True)
class RefundDue(Contract):
    """Money is owed to the customer, to be paid back at the desk."""

    order_number: str
    amount: Decimal
    currency: str
    credit_note_number: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ComplaintTaken(Contract):
    """A department took the complaint in hand."""

    complaint_number: str
    taken_at: datetime


@dataclass(frozen=True, kw_only=True)
class ComplaintResolved(Contract):
    """A department answered a complaint: `message` is for the customer."""

    complaint_number: str
    outcome: ComplaintOutcome
    message: str
    resolved_at: datetime
    resolved_by_name: str


@dataclass(frozen=True, kw_only=True)
class ComplaintAnswerWithdrawn(Contract):
    """A department withdrew its answer to a complaint and works on it again."""

    complaint_number: str
    withdrawn_at: datetime
    withdrawn_by_name: str
    reason: str = ""


# --- to the mail server -----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MailDue(Contract):
    """A message is to be sent: to mail.

    Subject and body are in the message of that number. Only those of a secret message (an
    invitation, a link to set a new password) are here instead, in a sealed payload that is emptied
    when the message is sent.
    """

    message_number: str
    subject: str = ""
    body: str = ""


CONTRACTS: dict[str, type[Contract]] = {
    contract.__name__: contract
    for contract in (
        OrderPlaced,
        OrderCancelled,
        PaymentTaken,
        PaymentMethodCorrected,
        RefundPaid,
        TillCounted,
        RushRequested,
        GoodsHandedOver,
        HandOverUndone,
        ComplaintRaised,
        ComplaintReopened,
        CustomerTold,
        TicketAnswered,
        TicketReturned,
        TicketHeld,
        TicketResumed,
        FulfilmentProgressed,
        FulfilmentReopened,
        RushAnswered,
        BillingProgressed,
        RefundDue,
        ComplaintTaken,
        ComplaintResolved,
        ComplaintAnswerWithdrawn,
        MailDue,
    )
}
