"""Races at the front desk, and between the front desk and the back office."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum

from backoffice.accounting.models import JournalEntry
from backoffice.tickets.actions import complete_ticket, take_ticket
from backoffice.tickets.models import Ticket, TicketPeriod
from backoffice.tickets.states import TicketState
from frontdesk.complaints.actions.complaints import (
    confirm_complaint,
    raise_complaint,
    reopen_complaint,
)
from frontdesk.complaints.models import Complaint, ComplaintCategory
from frontdesk.complaints.states import ComplaintState
from frontdesk.customers.actions.customers import add_customer, change_customer
from frontdesk.customers.actions.merge import merge_customers
from frontdesk.customers.imports.importer import CustomerFile
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.hand_over import hand_over_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Delivery, Order
from frontdesk.orders.states import FulfilmentState, OrderState
from frontdesk.payments.actions.corrections import correct_payment_method
from frontdesk.payments.actions.payments import pay_refund, take_payment
from frontdesk.payments.models.methods import DefaultMethod
from frontdesk.payments.models.payments import Payment, Refund
from frontdesk.questions.actions import answer_question
from frontdesk.questions.models import DeskQuestion
from officeflow.catalogue.models import Product
from officeflow.company.actions import add_site, change_site
from officeflow.handoff import contracts, equation
from officeflow.handoff.applying.draining import drain
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.idempotency.actions import run_once
from officeflow.imports.registry import FileRow, FileUnit, ImportJob
from officeflow.imports.states import RowOutcome
from officeflow.staff.models import User
from tests.orders import deliver
from tests.races import outcomes_at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 4


def two_mugs(rita: User, mug: Product, **details: Any) -> Order:
    """An order of 24.00."""
    lines = [NewLine(product=mug, quantity=Decimal(2))]
    return place_order(actor=rita, customer=None, lines=lines, **details)


def ready(order: Order) -> Order:
    """An order whose goods are ready for pick-up."""
    drain()
    Order.objects.filter(pk=order.pk).update(fulfilment_state=FulfilmentState.READY)
    order.refresh_from_db()
    return order


def posted(contract: str, order: Order) -> int:
    """Returns how many hand-offs with a contract about the order were posted."""
    return Handoff.objects.filter(contract=contract, subject=order.number).count()


def test_concurrent_payments_do_not_overpay(rita: User, mug: Product) -> None:
    for _ in range(ROUNDS):
        order = two_mugs(rita, mug)
        pay = [
            lambda order=order: take_payment(
                actor=rita, order=order, amount=Decimal(10), method=DefaultMethod.CASH
            )
        ] * 5
        came = outcomes_at_once(*pay)
        assert sorted(came) == ["Refused"] * 3 + ["done"] * 2
        order.refresh_from_db()
        taken = Payment.objects.filter(order=order).aggregate(sum=Sum("amount"))["sum"]
        assert order.paid == taken == Decimal(20)
        assert posted("PaymentTaken", order) == 2


def test_concurrent_requests_with_one_key_take_one_payment(rita: User, mug: Product) -> None:
    order = two_mugs(rita, mug)

    def pay() -> dict[str, Any]:
        payment = take_payment(
            actor=rita, order=order, amount=Decimal(1), method=DefaultMethod.CASH
        )
        return {"number": payment.number}

    def send() -> None:
        run_once(actor=rita, endpoint="payments", key="one", body={"amount": "1"}, effect=pay)

    assert outcomes_at_once(*[send] * 12) == ["done"] * 12
    assert Payment.objects.get().amount == Decimal(1)


def test_an_order_is_cancelled_once_by_two_people(rita: User, mug: Product) -> None:
    for _ in range(ROUNDS):
        order = two_mugs(rita, mug)
        came = outcomes_at_once(
            *[lambda order=order: cancel_order(actor=rita, order=order, reason="changed mind")] * 3
        )
        assert sorted(came) == ["Conflict", "Conflict", "done"]
        assert posted("OrderCancelled", order) == 3  # one to each department concerned
        assert order.periods.filter(ended_at__isnull=True).count() == 1


def test_an_order_is_cancelled_or_handed_over(rita: User, maya: User, mug: Product) -> None:
    for _ in range(ROUNDS):
        order = ready(two_mugs(rita, mug))
        came = outcomes_at_once(
            lambda order=order: cancel_order(actor=rita, order=order, reason="no"),
            lambda order=order: hand_over_order(actor=maya, order=order),
        )
        assert sorted(came) == ["Conflict", "done"]
        order.refresh_from_db()
        cancelled = came[0] == "done"
        assert order.state == (OrderState.CANCELLED if cancelled else OrderState.COMPLETED)
        assert posted("GoodsHandedOver", order) == (0 if cancelled else 1)


def test_an_order_is_handed_over_once_by_two_people(rita: User, maya: User, mug: Product) -> None:
    order = ready(two_mugs(rita, mug))
    came = outcomes_at_once(
        lambda: hand_over_order(actor=rita, order=order),
        lambda: hand_over_order(actor=maya, order=order),
    )
    assert sorted(came) == ["Conflict", "done"]
    assert posted("GoodsHandedOver", order) == 1


def test_a_concurrent_payment_and_cancellation_are_both_booked(
    rita: User, maya: User, mug: Product
) -> None:
    for _ in range(ROUNDS):
        order = two_mugs(rita, mug)
        came = outcomes_at_once(
            lambda order=order: take_payment(
                actor=rita, order=order, amount=Decimal(24), method=DefaultMethod.CARD
            ),
            lambda order=order: cancel_order(actor=maya, order=order, reason="no"),
        )
        assert came[1] == "done"  # money taken does not keep an order from being cancelled
        drain()
        order.refresh_from_db()
        paid = came[0] == "done"
        assert order.paid == (Decimal(24) if paid else 0)
        owed = Refund.objects.filter(order=order).aggregate(sum=Sum("amount"))["sum"] or 0
        assert owed == order.paid


def test_a_payment_is_corrected_once_by_two_people(rita: User, maya: User, mug: Product) -> None:
    for _ in range(ROUNDS):
        order = two_mugs(rita, mug)
        payment = take_payment(actor=rita, order=order, amount=Decimal(20), method="cash")
        came = outcomes_at_once(
            *[
                lambda actor=actor, method=method, payment=payment: correct_payment_method(
                    actor=actor, payment=payment, from_method="cash", method=method, reason="Wrong"
                )
                for actor in (rita, maya)
                for method in ("card", "transfer")
            ]
        )
        assert sorted(came) == ["Conflict"] * 3 + ["done"]
        drain([Destination.ACCOUNTING])
        payment.refresh_from_db()
        correction = payment.corrections.get()
        assert payment.method == correction.method
        entry = JournalEntry.objects.get(document=payment.number, kind="correction")
        money = {line.account.code: line.debit - line.credit for line in entry.postings.all()}
        assert money["1000"] == Decimal(-20)
        assert money["1010" if correction.method == "card" else "1020"] == Decimal(20)


def test_a_refund_is_paid_once(rita: User, maya: User, mug: Product) -> None:
    order = two_mugs(rita, mug)
    take_payment(actor=rita, order=order, amount=Decimal(24), method=DefaultMethod.CASH)
    cancel_order(actor=rita, order=order, reason="no")
    drain()
    refund = Refund.objects.get(order=order)
    came = outcomes_at_once(
        *[
            lambda person=person: pay_refund(actor=person, refund=refund, method=DefaultMethod.CASH)
            for person in (rita, maya, rita, maya)
        ]
    )
    assert sorted(came) == ["Conflict"] * 3 + ["done"]
    order.refresh_from_db()
    assert order.paid == 0
    assert posted("RefundPaid", order) == 1


def test_an_order_is_cancelled_while_its_shipment_is_completed(
    rita: User, femi: User, mug: Product
) -> None:
    for _ in range(ROUNDS):
        order = two_mugs(rita, mug, delivery=Delivery.DELIVERY, delivery_address="8 Mews")
        drain()
        ticket = Ticket.objects.get(subject=order.number)
        take_ticket(actor=femi, ticket=ticket)
        drain()
        came = outcomes_at_once(
            lambda order=order: (
                cancel_order(actor=rita, order=order, reason="no"),
                drain(),
            ),
            lambda ticket=ticket: (complete_ticket(actor=femi, ticket=ticket), drain()),
        )
        assert came[0] in ("done", "Conflict")
        drain()
        order.refresh_from_db()
        ticket.refresh_from_db()
        wanted = OrderState.CANCELLED if came[0] == "done" else OrderState.COMPLETED
        assert order.state == wanted
        if came[1] != "done":
            assert ticket.state == TicketState.CANCELLED
        assert equation.balance().balanced
        assert not Handoff.objects.exclude(state=HandoffState.APPLIED).exists()


def test_a_ticket_is_taken_while_its_order_is_cancelled(
    rita: User, femi: User, mug: Product
) -> None:
    for _ in range(ROUNDS):
        order = two_mugs(rita, mug)
        drain()
        ticket = Ticket.objects.get(subject=order.number)
        cancel_order(actor=rita, order=order, reason="no")
        outcomes_at_once(
            lambda ticket=ticket: take_ticket(actor=femi, ticket=ticket),
            drain,
        )
        drain()
        ticket.refresh_from_db()
        assert ticket.state == TicketState.CANCELLED
        still_open = TicketPeriod.objects.get(ticket=ticket, ended_at__isnull=True)
        assert still_open.state == TicketState.CANCELLED
        assert not Handoff.objects.exclude(state=HandoffState.APPLIED).exists()


def answered(rita: User) -> Complaint:
    """A complaint that a department has answered."""
    complaint = raise_complaint(
        actor=rita, customer=None, category=ComplaintCategory.SERVICE, description="late"
    )
    Complaint.objects.filter(pk=complaint.pk).update(state=ComplaintState.RESOLVED)
    return complaint


def test_a_complaint_is_confirmed_once(rita: User, maya: User, mug: Product) -> None:
    complaint = answered(rita)
    came = outcomes_at_once(
        lambda: confirm_complaint(actor=rita, complaint=complaint),
        lambda: confirm_complaint(actor=maya, complaint=complaint),
    )
    assert sorted(came) == ["Conflict", "done"]


def test_a_complaint_is_reopened_once(rita: User, maya: User, mug: Product) -> None:
    complaint = answered(rita)
    came = outcomes_at_once(
        lambda: reopen_complaint(actor=rita, complaint=complaint, reason="still late"),
        lambda: reopen_complaint(actor=maya, complaint=complaint, reason="still late"),
    )
    assert sorted(came) == ["Conflict", "done"]
    assert Handoff.objects.filter(contract="ComplaintReopened").count() == 1


def test_a_question_is_answered_once(rita: User, maya: User, mug: Product) -> None:
    order = two_mugs(rita, mug)
    deliver(
        contracts.TicketReturned(
            ticket_number="TK-000001",
            subject=order.number,
            department="fulfilment",
            reason="other",
            question="Which blue?",
            returned_at=order.ordered_at,
            returned_by_name="Femi",
        ),
        Destination.FRONTDESK,
        subject=order.number,
    )
    question = DeskQuestion.objects.get()
    came = outcomes_at_once(
        lambda: answer_question(actor=rita, question=question, answer="navy"),
        lambda: answer_question(actor=maya, question=question, answer="sky"),
    )
    assert sorted(came) == ["Conflict", "done"]
    assert Handoff.objects.filter(contract="TicketAnswered").count() == 1


def test_the_second_of_two_changes_to_a_customer_is_stale(
    rita: User, maya: User, mug: Product
) -> None:
    nora = add_customer(actor=rita, name="Nora Nordmann")
    came = outcomes_at_once(
        lambda: change_customer(actor=rita, customer=nora, version=1, name="Nora N"),
        lambda: change_customer(actor=maya, customer=nora, version=1, name="Nora M"),
    )
    assert sorted(came) == ["StaleRecord", "done"]


def test_the_second_customer_with_a_phone_is_a_likely_duplicate(
    rita: User, ravi: User, office: object
) -> None:
    def add(actor: User, name: str) -> Callable[[], Any]:
        return lambda: add_customer(
            actor=actor, name=name, phone="020 7946 0123", refuse_duplicates=True
        )

    for _round in range(ROUNDS):
        Customer.objects.all().delete()
        came_to = outcomes_at_once(add(rita, "Ole Berg"), add(ravi, "O. Berg"))
        assert sorted(came_to) == ["LikelyDuplicate", "done"]


def test_merging_two_records_in_both_directions_keeps_one(
    rita: User, ravi: User, nora: Customer
) -> None:
    twin = add_customer(actor=rita, name="Nora Nordman")

    def merge(actor: User, keep: Customer, other: Customer) -> Callable[[], Any]:
        return lambda: merge_customers(
            actor=actor, keep=keep, other=other, keep_version=1, other_version=1
        )

    assert sorted(outcomes_at_once(merge(rita, nora, twin), merge(ravi, twin, nora))) == [
        "Conflict",
        "done",
    ]
    assert Customer.objects.filter(merged_into=None).count() == 1


def test_rows_written_during_a_merge_belong_to_the_kept_record(
    rita: User, nora: Customer, mug: Product
) -> None:
    line = [NewLine(product=mug, quantity=Decimal(1))]
    twin = add_customer(actor=rita, name="Nora Nordman")

    def write() -> None:
        with transaction.atomic():
            place_order(actor=rita, customer=twin, lines=line)
            raise_complaint(
                actor=rita,
                customer=twin,
                category=ComplaintCategory.GOODS,
                description="It is chipped.",
            )

    writing = Thread(target=lambda: results.extend(outcomes_at_once(write)))
    results: list[str] = []
    with transaction.atomic():
        merge_customers(actor=rita, keep=nora, other=twin, keep_version=1, other_version=1)
        writing.start()
        writing.join(timeout=0.5)  # it waits for the merging, or has gone wrong by now
    writing.join(timeout=30)
    assert results == ["done"]
    assert Order.objects.get().customer == nora
    assert Complaint.objects.get().customer == nora


def test_two_imports_of_one_customer_add_one_record(rita: User, office: object) -> None:
    outcomes: list[RowOutcome] = []

    def import_file_of_nora() -> None:
        importer = CustomerFile()
        cells = {column.name: "" for column in importer.columns} | {"Name": "Ida Ingram"}
        unit = FileUnit(reference="2", rows=(FileRow(number=2, cells=cells),))
        job = ImportJob(actor=rita, source="", facts={})
        with transaction.atomic():
            importer.prepare([unit], job)
            result = importer.import_unit(unit, job)
        outcomes.append(result.rows[0].outcome)

    bringing = Thread(target=lambda: outcomes_at_once(import_file_of_nora))
    with transaction.atomic():
        import_file_of_nora()
        bringing.start()
        bringing.join(timeout=0.5)  # it waits for the first, or has made a second by now
    bringing.join(timeout=30)
    assert outcomes == [RowOutcome.IMPORTED, RowOutcome.EXISTING]
    assert Customer.objects.count() == 1


def test_cash_goes_into_a_drawer_or_its_site_is_closed_but_never_both(
    rita: User, ada: User, mug: Product
) -> None:
    for number in range(ROUNDS):
        site = add_site(actor=ada, code=f"SITE{number}", name=f"Site {number}")
        order = two_mugs(rita, mug)
        outcomes = outcomes_at_once(
            lambda order=order, site=site: take_payment(
                actor=rita, order=order, amount=Decimal(24), method=DefaultMethod.CASH, site=site
            ),
            lambda site=site: change_site(
                actor=ada, site=site, version=1, name=site.name, address="", is_active=False
            ),
        )
        assert sorted(outcomes) == ["Refused", "done"]
        site.refresh_from_db()
        assert site.is_active == order.payments.exists()
