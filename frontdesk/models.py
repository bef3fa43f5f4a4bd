"""The front desk's tables, gathered from its nouns: Django looks for them here."""

from frontdesk.complaints.models import Complaint, ComplaintPeriod, ComplaintRoute
from frontdesk.customers.models import (
    Customer,
    CustomerContact,
    CustomerNote,
    CustomerReference,
)
from frontdesk.orders.models import Order, OrderLine, OrderPeriod
from frontdesk.payments.models.methods import PaymentMethod
from frontdesk.payments.models.payments import Payment, Refund
from frontdesk.payments.models.receipts import Slip
from frontdesk.payments.models.tills import TillCount
from frontdesk.questions.models import Pause, Question

__all__ = [
    "Complaint",
    "ComplaintPeriod",
    "ComplaintRoute",
    "Customer",
    "CustomerContact",
    "CustomerNote",
    "CustomerReference",
    "Order",
    "OrderLine",
    "OrderPeriod",
    "Pause",
    "Payment",
    "PaymentMethod",
    "Question",
    "Refund",
    "Slip",
    "TillCount",
]
