"""The API's addresses."""

from __future__ import annotations

from officeflow.permissions import Role
from tests.staff.addresses.backoffice import led, of_departments, ticket, verbs
from tests.staff.addresses.row import (
    ANYBODY,
    BOOKS,
    DASHBOARDS,
    DESK,
    QUEUES,
    SEES_ORDER,
    TILL,
    Answer,
    H,
    Row,
    customer,
    files_of,
    no_file,
    order,
    payment,
    post,
)

ADDRESSES: list[Row] = [
    post("api:sign-out", None),
    Row("api:products", frozenset(Role) - {H}),
    Row("api:customers", DESK),
    post("api:customers", DESK),
    Row("api:customer", DESK, customer),
    Row("api:orders", DESK),
    post("api:orders", DESK),
    Row("api:order", DESK, order),
    post("api:order-cancel", DESK, order),
    post("api:order-payments", DESK, order),
    post("api:order-hand-over", DESK, order),
    Row("api:complaints", DESK),
    post("api:complaints", DESK),
    Row("api:tickets", QUEUES),
    *verbs("api:ticket-take", is_post=True),
    *verbs("api:ticket-untake", is_post=True),
    *verbs("api:ticket-return", is_post=True),
    *verbs("api:ticket-complete", is_post=True),
    *verbs("api:ticket-steal", is_post=True),
    *verbs("api:ticket-hold", is_post=True),
    *verbs("api:ticket-resume", is_post=True),
    *led("api:ticket-reassign", is_post=True),
    *led("api:ticket-priority", is_post=True),
    *of_departments("api:ticket-comments", ticket),
    Row("api:invoices", BOOKS),
    Row("api:invoice-pdf", TILL, lambda world: {"number": world.invoice}),
    Row("api:payment-receipt", TILL, payment),
    Row("api:refund-receipt", TILL, lambda world: {"number": world.refund}, in_status=404),
    # Somebody who may find nothing is told so; everybody else is asked what for.
    Row("api:search", frozenset(Role), in_status=400),
    Row("api:attachments", SEES_ORDER, files_of, hidden_from=ANYBODY - SEES_ORDER),
    Row("api:attachment-file", None, no_file, in_status=404),
    post("api:attachment-remove", None, no_file, in_status=404),
    Row("api:handoffs", DASHBOARDS),
    Row("api:handoffs-summary", DASHBOARDS),
    Row("api-schema", None, stranger=Answer.SIGN_IN),
    Row("api-docs", None, stranger=Answer.SIGN_IN),
]
