"""The contracts: events that one side posts to the other, as frozen dataclasses without Django.

A field may be added with a default, but never gets a new meaning; a changed meaning is a new
contract. Names are in the past tense. Money and quantities are `Decimal` and strings in JSON; times
are UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from officeflow import limits

C = TypeVar("C", bound="Contract")


class OutOfBounds(ValueError):
    """A value of a contract is longer, larger or later than its limit.

    Forms, the API and imports refuse such values, so this is an error of the program.
    """


@dataclass(frozen=True)
class MaxLength:
    """The most characters of a text."""

    most: int

    def allows(self, value: str) -> bool:
        """Returns whether the text is short enough, and can be stored."""
        return len(value) <= self.most and "\x00" not in value


@dataclass(frozen=True)
class Range:
    """The least and the greatest number, or the first and the last date."""

    least: Any
    most: Any

    def allows(self, value: Any) -> bool:
        """Returns whether the value is in the range."""
        if isinstance(value, Decimal) and not value.is_finite():
            return False
        if isinstance(value, datetime):
            return bool(self.least <= value.date() <= self.most)
        return bool(self.least <= value <= self.most)


# What the fields of contracts may hold. The limits are those of `officeflow.limits`, or wider
# where a value is composed of several.
Reference = Annotated[str, MaxLength(20)]  # the number of a record, such as SO-000123
Code = Annotated[str, MaxLength(limits.CODE)]
ShortCode = Annotated[str, MaxLength(10)]
Currency = Annotated[str, MaxLength(3)]
Label = Annotated[str, MaxLength(limits.LABEL)]
PersonName = Annotated[str, MaxLength(150)]
Name = Annotated[str, MaxLength(limits.NAME)]
Email = Annotated[str, MaxLength(limits.EMAIL)]
WebAddress = Annotated[str, MaxLength(limits.ADDRESS)]
Text = Annotated[str, MaxLength(limits.TEXT)]
Number = Annotated[int, Range(0, limits.COUNT)]
Amount = Annotated[Decimal, Range(-limits.AMOUNT, limits.AMOUNT)]
Quantity = Annotated[Decimal, Range(Decimal(0), limits.QUANTITY)]
Percent = Annotated[Decimal, Range(Decimal(0), Decimal(100))]
Rate = Annotated[Decimal, Range(Decimal(0), Decimal(1))]
Day = Annotated[date, Range(limits.FIRST_DAY, limits.LAST_DAY)]
Moment = Annotated[datetime, Range(limits.FIRST_DAY, limits.LAST_DAY)]


def _check(value: Any, path: str) -> None:
    """Raises `OutOfBounds` for a dataclass with a value that its field may not hold."""
    kind: Any = type(value)
    for name, allows in _checks(kind):
        if (found := getattr(value, name)) is not None:
            allows(found, f"{path}.{name}")


@cache
def _checks(kind: Any) -> tuple[tuple[str, Callable[[Any, str], None]], ...]:
    """Returns the fields of a dataclass with limits, each with the function that checks it."""
    found = ((name, _check_of(hint)) for name, hint in hints_of(kind).items())
    return tuple((name, check) for name, check in found if check is not None)


def _check_each(check: Callable[[Any, str], None] | None, values: Any, path: str) -> None:
    if check is not None:
        for value in values:
            check(value, path)


def _check_of(hint: Any) -> Callable[[Any, str], None] | None:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        (limit,) = hint.__metadata__

        def check(value: Any, path: str) -> None:
            if not limit.allows(value):
                raise OutOfBounds(f"{path} is out of bounds")

        return check
    if origin in (Union, UnionType):
        (inner,) = (each for each in arguments if each is not NoneType)
        return _check_of(inner)
    if origin is tuple:
        return partial(_check_each, _check_of(arguments[0]))
    return _check if is_dataclass(hint) else None


@cache
def hints_of(kind: Any) -> dict[str, Any]:
    """Returns the types of a dataclass's fields, with their limits."""
    found = get_type_hints(kind, include_extras=True)
    return {field.name: found[field.name] for field in fields(kind)}


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
        """Returns the payload.

        Raises `TypeError` for a value that is not plain, and `OutOfBounds`.
        """
        _check(self, type(self).__name__)
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

    number: Reference
    name: Name
    address: Text = ""


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """One line of an order as it was placed. `tax_rate` is a fraction."""

    position: Number
    sku: Code
    description: Name
    is_goods: bool
    unit: ShortCode
    quantity: Quantity
    unit_price: Amount
    discount_percent: Percent
    tax_rate: Rate
    net: Amount
    tax: Amount
    gross: Amount


# --- from the front desk to the back office ---------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Contract):
    """A customer ordered something: to fulfilment, accounting and hr.

    `read_in_at` is when an order that another system took was read in from its file; an order
    of the counter has none. `contact_phone` and `contact_email` are those of the customer of a
    delivery.
    """

    version: ClassVar[int] = 4

    order_number: Reference
    site_code: Reference
    ordered_at: Moment
    customer: Party | None
    salesperson_id: Number
    currency: Currency
    prices_include_tax: bool
    lines: tuple[OrderLine, ...]
    net: Amount
    tax: Amount
    gross: Amount
    is_delivery: bool
    delivery_address: Text
    wanted_by_date: Day | None
    note: Text
    read_in_at: Moment | None = None
    contact_phone: Code = ""
    contact_email: Email = ""

    @property
    def known_at(self) -> datetime:
        """The time from which the office could work on it."""
        return max(self.ordered_at, self.read_in_at or self.ordered_at)


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Contract):
    """The desk cancelled an order: to every destination that `OrderPlaced` went to."""

    version: ClassVar[int] = 2

    order_number: Reference
    cancelled_at: Moment
    reason: Text
    cancelled_by_name: PersonName = ""


@dataclass(frozen=True, kw_only=True)
class RushRequested(Contract):
    """The desk asks for an order's goods sooner, with a reason: to fulfilment."""

    order_number: Reference
    reason: Text
    requested_at: Moment
    requested_by_name: PersonName


@dataclass(frozen=True, kw_only=True)
class PaymentTaken(Contract):
    """Money came in at the desk: to accounting.

    `method` is the code of one of the office's payment methods, `method_kind` is a `MoneyKind`.
    Version 1 had no kind; its `method` was a `MoneyKind`.
    """

    version: ClassVar[int] = 2

    order_number: Reference
    payment_number: Reference
    amount: Amount
    currency: Currency
    method: Reference
    taken_at: Moment
    method_kind: ShortCode = ""
    method_label: Label = ""


@dataclass(frozen=True, kw_only=True)
class PaymentMethodCorrected(Contract):
    """The desk corrected how a payment was made: to accounting.

    `previous_…` is the method that was recorded before, in the same terms as the right one. The
    amount and the currency are the payment's.
    """

    order_number: Reference
    payment_number: Reference
    amount: Amount
    currency: Currency
    previous_method: Reference
    previous_method_kind: MoneyKind
    previous_method_label: Label
    method: Reference
    method_kind: MoneyKind
    method_label: Label
    corrected_at: Moment


@dataclass(frozen=True, kw_only=True)
class RefundPaid(Contract):
    """The desk gave money back: to accounting. Its method is given as in `PaymentTaken`."""

    version: ClassVar[int] = 2

    order_number: Reference
    payment_number: Reference
    amount: Amount
    currency: Currency
    method: Reference
    paid_at: Moment
    method_kind: ShortCode = ""
    method_label: Label = ""


@dataclass(frozen=True, kw_only=True)
class TillCounted(Contract):
    """Somebody counted the till at the end of a day: to accounting.

    `difference` is the money counted less the money expected. `corrects_number` is the number of
    the earlier count of the same day that this one replaces, `corrected_difference` its difference.
    """

    count_number: Reference
    site_code: Reference
    day: Day
    currency: Currency
    difference: Amount
    counted_at: Moment
    counted_by_name: PersonName
    corrects_number: Reference = ""
    corrected_difference: Amount = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class GoodsHandedOver(Contract):
    """The customer took the goods at the counter: to fulfilment."""

    order_number: Reference
    handed_over_at: Moment


@dataclass(frozen=True, kw_only=True)
class HandOverUndone(Contract):
    """The goods were not handed over after all and are at the counter: to fulfilment."""

    order_number: Reference
    undone_at: Moment
    undone_by_name: PersonName


@dataclass(frozen=True, kw_only=True)
class ComplaintRaised(Contract):
    """A customer complained: to the department of the category. Sealed for conduct.

    `read_in_at` is when goods that another system took back were read in from its file.
    """

    version: ClassVar[int] = 2

    complaint_number: Reference
    site_code: Reference
    raised_at: Moment
    category: ComplaintCategory
    severity: ComplaintSeverity
    customer: Party | None
    order_number: Reference | None
    product_sku: Code | None
    description: Text
    desired_outcome: Text
    read_in_at: Moment | None = None

    @property
    def known_at(self) -> datetime:
        """The time from which the office could work on it."""
        return max(self.raised_at, self.read_in_at or self.raised_at)


@dataclass(frozen=True, kw_only=True)
class ComplaintReopened(Contract):
    """The customer was not satisfied with the answer: to the same department."""

    complaint_number: Reference
    site_code: Reference
    reopened_at: Moment
    category: ComplaintCategory
    severity: ComplaintSeverity
    customer: Party | None
    reason: Text


@dataclass(frozen=True, kw_only=True)
class CustomerTold(Contract):
    """The desk told the customer a complaint's answer, or not after all: to the department."""

    complaint_number: Reference
    is_told: bool
    at: Moment
    by_name: PersonName


@dataclass(frozen=True, kw_only=True)
class TicketAnswered(Contract):
    """The desk answered a returned ticket's question: to the department that asked."""

    ticket_number: Reference
    answer: Text
    answered_at: Moment
    answered_by_name: PersonName


# --- from the back office to the front desk ---------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class TicketReturned(Contract):
    """A department returned a ticket to the desk with a question.

    `reason` is the code of one of the office's reasons, `reason_label` its label.
    """

    version: ClassVar[int] = 2

    ticket_number: Reference
    subject: Reference
    department: Reference
    reason: Code
    question: Text
    returned_at: Moment
    returned_by_name: PersonName
    reason_label: Name = ""


@dataclass(frozen=True, kw_only=True)
class TicketHeld(Contract):
    """A department put a ticket on hold until a time, with a reason. HR posts none."""

    ticket_number: Reference
    subject: Reference
    department: Reference
    reason: Text
    held_at: Moment
    until_at: Moment
    held_by_name: PersonName


@dataclass(frozen=True, kw_only=True)
class TicketResumed(Contract):
    """The hold ended: a person ended it, its time came (no name), or the work was cancelled."""

    ticket_number: Reference
    subject: Reference
    department: Reference
    resumed_at: Moment
    resumed_by_name: PersonName = ""


@dataclass(frozen=True, kw_only=True)
class FulfilmentProgressed(Contract):
    """The goods of an order reached another state."""

    order_number: Reference
    state: GoodsProgress
    at: Moment
    by_name: PersonName = ""


@dataclass(frozen=True, kw_only=True)
class FulfilmentReopened(Contract):
    """Fulfilment works on an order's goods again: they are not ready, shipped or put back yet.

    `reason` is empty within the office's seconds for Undo.
    """

    order_number: Reference
    state: GoodsProgress
    reopened_at: Moment
    reopened_by_name: PersonName
    reason: Text = ""


@dataclass(frozen=True, kw_only=True)
class RushAnswered(Contract):
    """Fulfilment accepted the desk's request for a rush, or refused it with a reason."""

    order_number: Reference
    is_accepted: bool
    answered_at: Moment
    answered_by_name: PersonName = ""
    reason: Text = ""


@dataclass(frozen=True, kw_only=True)
class BillingProgressed(Contract):
    """The billing of an order reached another state."""

    order_number: Reference
    state: BillingProgress
    at: Moment
    invoice_number: Reference = ""
    credit_note_number: Reference = ""


@dataclass(frozen=True, kw_only=True)
class RefundDue(Contract):
    """Money is owed to the customer, to be paid back at the desk."""

    order_number: Reference
    amount: Amount
    currency: Currency
    credit_note_number: Reference
    due_at: Moment


@dataclass(frozen=True, kw_only=True)
class ComplaintTaken(Contract):
    """A department took the complaint in hand."""

    complaint_number: Reference
    taken_at: Moment


@dataclass(frozen=True, kw_only=True)
class ComplaintResolved(Contract):
    """A department answered a complaint: `message` is for the customer."""

    complaint_number: Reference
    outcome: ComplaintOutcome
    message: Text
    resolved_at: Moment
    resolved_by_name: PersonName


@dataclass(frozen=True, kw_only=True)
class ComplaintAnswerWithdrawn(Contract):
    """A department withdrew its answer to a complaint and works on it again."""

    complaint_number: Reference
    withdrawn_at: Moment
    withdrawn_by_name: PersonName
    reason: Text = ""


# --- to the mail server -----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MailDue(Contract):
    """A message is to be sent: to mail.

    Subject and body are in the message of that number. Only those of a secret message (an
    invitation, a link to set a new password) are here instead, in a sealed payload that is emptied
    when the message is sent.
    """

    message_number: Reference
    subject: Name = ""
    body: Text = ""


@dataclass(frozen=True, kw_only=True)
class PasswordForgotten(Contract):
    """Somebody asked for a link to set a new password: to mail, in a sealed payload.

    Whether `who`, an e-mail address or a user name, has an account is looked up when it is applied,
    so that the time of the page's answer does not tell. `office_address` begins the link.
    """

    who: Email
    office_address: WebAddress


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
        PasswordForgotten,
    )
}
