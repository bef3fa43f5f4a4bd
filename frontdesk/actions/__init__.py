"""Every write of the desk, one function a verb."""

from frontdesk.actions.complaints import confirm_complaint, raise_complaint, reopen_complaint
from frontdesk.actions.contacts import add_contact, add_note, remove_contact
from frontdesk.actions.customers import (
    LikelyDuplicate,
    StaleVersion,
    add_customer,
    change_customer,
)
from frontdesk.actions.merging import merge_customers
from frontdesk.actions.methods import StaleMethod, add_method, change_method
from frontdesk.actions.orders import NewLine, cancel_order, hand_over_order, place_order
from frontdesk.actions.payments import pay_refund, take_payment
from frontdesk.actions.questions import answer_question
from frontdesk.actions.routes import change_route
from frontdesk.actions.tills import DifferenceUnexplained, count_till

__all__ = [
    "DifferenceUnexplained",
    "LikelyDuplicate",
    "NewLine",
    "StaleMethod",
    "StaleVersion",
    "add_contact",
    "add_customer",
    "add_method",
    "add_note",
    "answer_question",
    "cancel_order",
    "change_customer",
    "change_method",
    "change_route",
    "confirm_complaint",
    "count_till",
    "hand_over_order",
    "merge_customers",
    "pay_refund",
    "place_order",
    "raise_complaint",
    "remove_contact",
    "reopen_complaint",
    "take_payment",
]
