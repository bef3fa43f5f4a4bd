"""The desk's tables."""

from frontdesk.models.complaints import (
    Category,
    Complaint,
    ComplaintPeriod,
    ComplaintRoute,
    Severity,
)
from frontdesk.models.customers import ContactKind, Customer, CustomerContact, CustomerNote
from frontdesk.models.methods import Method, MethodKind, PaymentMethod
from frontdesk.models.orders import Delivery, Order, OrderLine, OrderPeriod
from frontdesk.models.payments import Payment, Refund
from frontdesk.models.questions import Pause, Question
from frontdesk.models.slips import Slip
from frontdesk.models.sources import CustomerReference
from frontdesk.models.tills import TillCount

__all__ = [
    "Category",
    "Complaint",
    "ComplaintPeriod",
    "ComplaintRoute",
    "ContactKind",
    "Customer",
    "CustomerContact",
    "CustomerNote",
    "CustomerReference",
    "Delivery",
    "Method",
    "MethodKind",
    "Order",
    "OrderLine",
    "OrderPeriod",
    "Pause",
    "Payment",
    "PaymentMethod",
    "Question",
    "Refund",
    "Severity",
    "Slip",
    "TillCount",
]
