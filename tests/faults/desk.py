"""The front desk as a process that reads commands from stdin and answers on stdout.

Each line is a JSON object. As a web process does, it drops a broken database connection before each
command.
"""

from __future__ import annotations

import json
import sys
import time
from decimal import Decimal
from typing import Any

import django


def place(note: str = "") -> dict[str, Any]:
    """Places a walk-in's order of a mug and postage."""
    from frontdesk.orders.actions.place import place_order
    from frontdesk.orders.actions.pricing import NewLine
    from officeflow.catalogue.models import Product
    from tests.people import employ

    began = time.monotonic()
    order = place_order(
        actor=employ("rita"),
        customer=None,
        lines=[
            NewLine(product=product, quantity=Decimal(2))
            for product in Product.objects.order_by("sku")
        ],
        note=note,
    )
    return {"number": order.number, "seconds": time.monotonic() - began}


def pay(number: str) -> dict[str, Any]:
    """Takes a part payment in cash."""
    from frontdesk.orders.models import Order
    from frontdesk.payments.actions.payments import take_payment
    from tests.people import employ

    take_payment(
        actor=employ("rita"),
        order=Order.objects.get(number=number),
        amount=Decimal("5.00"),
        method="cash",
    )
    return {}


def cancel(number: str) -> dict[str, Any]:
    """Cancels the order."""
    from frontdesk.orders.actions.cancel import cancel_order
    from frontdesk.orders.models import Order
    from tests.people import employ

    cancel_order(
        actor=employ("rita"), order=Order.objects.get(number=number), reason="Changed their mind"
    )
    return {}


def complain(category: str) -> dict[str, Any]:
    """Logs a walk-in's complaint."""
    from frontdesk.complaints.actions.complaints import raise_complaint
    from frontdesk.complaints.models import ComplaintCategory
    from tests.people import employ

    complaint = raise_complaint(
        actor=employ("rita"),
        customer=None,
        category=ComplaintCategory(category),
        description="He shouted at me on Tuesday",
    )
    return {"number": complaint.number}


def notify(destination: str, times: int) -> dict[str, Any]:
    """Sends the same notification many times; returns how many the broker took."""
    from officeflow.broker import breaker
    from officeflow.handoff.notifier import notify

    breaker.reset()
    return {"sent": sum(bool(notify(destination)) for _ in range(times))}


def alive() -> dict[str, Any]:
    """Returns the answer of `/readyz`."""
    from officeflow.health import ready

    return json.loads(ready().content)


def lose_notifications() -> dict[str, Any]:
    """Deletes every notification; returns their number."""
    from officeflow.handoff.models import Destination
    from officeflow.handoff.monitoring.heartbeat import broker_client
    from officeflow.handoff.notifier import flush, queue_of

    flush()
    queues = [queue_of(name) for name in Destination.values]
    lost = sum(broker_client().llen(queue) for queue in queues)
    broker_client().delete(*queues)
    return {"lost": lost}


def connections() -> dict[str, Any]:
    """Returns the number of database connections of this office."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return {"count": cursor.fetchone()[0]}


def lock_office(seconds: float) -> dict[str, Any]:
    """Locks the table of the office, which every page reads, for so many seconds."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE company_office IN ACCESS EXCLUSIVE MODE")
        print(json.dumps({"locked": True}), flush=True)
        time.sleep(seconds)
    return {}


def report() -> dict[str, Any]:
    """Returns all hand-offs and their effects at one moment."""
    from django.db import connection, transaction

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return collect_report()


def collect_report() -> dict[str, Any]:
    """Reads the report in the present transaction."""
    from django.db.models import Count

    from backoffice.accounting.models import Invoice
    from backoffice.hr.reports import count_commissions
    from backoffice.tickets.reports import complaint_ticket_counts, order_ticket_counts
    from frontdesk.reports import complaint_numbers, order_numbers
    from officeflow.handoff.equation import balance
    from officeflow.handoff.models import Destination, Handoff

    numbers = order_numbers()
    now = balance()
    tickets = order_ticket_counts(numbers)
    commissions = count_commissions(numbers)
    complaints = {each.value: complaint_numbers(each) for each in Destination}
    tickets_of_complaints = complaint_ticket_counts(
        {number for some in complaints.values() for number in some}
    )
    invoices = dict(
        Invoice.objects.filter(reverses=None)
        .order_by()
        .values_list("receivable__order_number")
        .annotate(Count("pk"))
    )
    return {
        "balanced": now.balanced,
        "waiting": now.waiting,
        "dead": now.dead,
        "orders": {
            number: {
                "fulfilment": tickets.get(number, 0),
                "accounting": invoices.get(number, 0),
                "hr": commissions.get(number, 0),
            }
            for number in sorted(numbers)
        },
        "complaints": {
            number: {destination: tickets_of_complaints.get((number, destination), 0)}
            for destination, numbers in complaints.items()
            for number in sorted(numbers)
        },
        "sealed": Handoff.objects.filter(is_sealed=True).exclude(payload={}).count(),
        "handoffs": [
            {**row, "delivered_at": row["delivered_at"] and row["delivered_at"].isoformat()}
            for row in Handoff.objects.order_by("destination", "subject", "sequence").values(
                "id",
                "destination",
                "subject",
                "sequence",
                "contract",
                "state",
                "attempts",
                "attempts_forgiven",
                "last_error",
                "delivered_at",
            )
        ],
    }


COMMANDS = {
    do.__name__: do
    for do in (
        place,
        pay,
        cancel,
        complain,
        notify,
        lose_notifications,
        alive,
        connections,
        lock_office,
        report,
    )
}


def main() -> None:
    """Creates the office and runs commands until stdin ends."""
    django.setup()
    from django.db import close_old_connections

    from tests.factories import make_office, make_product
    from tests.people import employ

    make_office()
    make_product("MUG", "Blue mug", "12.00")
    make_product("POST", "Postage", "4.20")
    employ("rita")
    print(json.dumps({"open": True}), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        close_old_connections()
        try:
            answer = COMMANDS[command.pop("do")](**command)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
