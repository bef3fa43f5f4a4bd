"""The desk's tables."""

from frontdesk.models.complaints import (
    Category,
    Complaint,
    ComplaintPeriod,
    ComplaintRoute,
    Severity,
)
from frontdesk.models.customers import ContactKind, Customer, CustomerContact, CustomerNote
from frontdesk.models.orders import Delivery, Order, OrderLine, OrderPeriod
from frontdesk.models.payments import Method, Payment, Refund
from frontdesk.models.questions import Question

__all__ = [
    "Category",
    "Complaint",
    "ComplaintPeriod",
    "ComplaintRoute",
    "ContactKind",
    "Customer",
    "CustomerContact",
    "CustomerNote",
    "Delivery",
    "Method",
    "Order",
    "OrderLine",
    "OrderPeriod",
    "Payment",
    "Question",
    "Refund",
    "Severity",
]
