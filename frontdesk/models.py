"""The models of all front desk packages, where Django looks for them."""

from frontdesk.complaints.models import Complaint, ComplaintPeriod, ComplaintRoute
from frontdesk.customers.models import (
    Customer,
    CustomerContact,
    CustomerNote,
    CustomerReference,
)
from frontdesk.notifications.models import DeskNotification
from frontdesk.orders.models import Order, OrderLine, OrderPeriod, Reopening, Rush
from frontdesk.payments.models.methods import PaymentMethod
from frontdesk.payments.models.payments import Payment, PaymentCorrection, Refund
from frontdesk.payments.models.receipts import PaymentReceipt
from frontdesk.payments.models.tills import TillCount
from frontdesk.questions.models import DeskQuestion, Hold

__all__ = [
    "Complaint",
    "ComplaintPeriod",
    "ComplaintRoute",
    "Customer",
    "CustomerContact",
    "CustomerNote",
    "CustomerReference",
    "DeskNotification",
    "DeskQuestion",
    "Hold",
    "Order",
    "OrderLine",
    "OrderPeriod",
    "Payment",
    "PaymentCorrection",
    "PaymentMethod",
    "PaymentReceipt",
    "Refund",
    "Reopening",
    "Rush",
    "TillCount",
]
